//! What the binary is made of, for programs: a software bill of materials (`CycloneDX` 1.5).

use crate::metadata::{Metadata, Package};
use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The bill of `main`, which is made of `packages`.
pub(super) fn of(main: &Package, packages: &[&Package], metadata: &Metadata) -> Result<String> {
    let components: Vec<Value> = packages
        .iter()
        .filter(|each| each.id != main.id)
        .map(|each| component(each))
        .collect();
    let there: BTreeSet<&str> = packages.iter().map(|package| package.id.as_str()).collect();
    let dependencies: Vec<Value> = packages
        .iter()
        .map(|package| {
            let on = metadata.depends_on(&package.id).filter(|id| there.contains(id));
            let on: Vec<String> = on.filter_map(|id| metadata.package(id)).map(url).collect();
            json!({"ref": url(package), "dependsOn": on})
        })
        .collect();
    let mut program = component(main);
    if let Some(members) = program.as_object_mut() {
        members.insert("type".to_owned(), json!("application"));
    }
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": program},
        "components": components,
        "dependencies": dependencies,
    });
    let text = serde_json::to_string_pretty(&bill).context("writing the bill of materials")?;
    Ok(text + "\n")
}

fn component(package: &Package) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("type", json!("library"));
    put("bom-ref", json!(url(package)));
    put("name", json!(package.name));
    put("version", json!(package.version));
    put("purl", json!(url(package)));
    if let Some(description) = &package.description {
        put("description", json!(description.trim()));
    }
    if let Some(license) = &package.license {
        // The slash is Cargo's old way to say OR, which SPDX does not know.
        let expression = license.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ");
        put("licenses", json!([{"expression": expression}]));
    }
    if let Some(repository) = &package.repository {
        put("externalReferences", json!([{"type": "vcs", "url": repository}]));
    }
    Value::Object(members)
}

/// The package's URL (purl), by which databases of vulnerabilities know it.
fn url(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::SMALL;

    #[test]
    fn the_bill_names_what_is_in_the_binary_and_who_needs_it() {
        let metadata = Metadata::read(SMALL).unwrap();
        let packages = metadata.reached(&["app"]);
        let main = packages.iter().find(|package| package.name == "app").unwrap();
        let bill: Value = serde_json::from_str(&of(main, &packages, &metadata).unwrap()).unwrap();
        assert_eq!(bill["bomFormat"], "CycloneDX");
        assert_eq!(bill["metadata"]["component"]["type"], "application");
        let component = json!({
            "type": "library", "bom-ref": "pkg:cargo/a@2.0.0", "name": "a", "version": "2.0.0", "purl": "pkg:cargo/a@2.0.0",
            "description": "<A>", "licenses": [{"expression": "MIT OR Apache-2.0"}],
        });
        assert_eq!(bill["components"], json!([component]));
        let needs = json!({"ref": "pkg:cargo/app@1.0.0", "dependsOn": ["pkg:cargo/a@2.0.0"]});
        assert!(bill["dependencies"].as_array().unwrap().contains(&needs), "{bill}");
    }
}
