//! What Cargo knows of the packages that the workspace is made of.

use crate::{process, workspace};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A package, ours or somebody else's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    /// Where it comes from; nothing for one of the workspace.
    pub(crate) source: Option<String>,
    /// The SPDX expression that it states.
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) description: Option<String>,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

/// The packages, and who depends on whom.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    packages: BTreeMap<String, Package>,
    /// Not for tests, nor for build scripts.
    depends: BTreeMap<String, BTreeSet<String>>,
}

impl Metadata {
    /// Asks Cargo. Every feature and every system counts.
    pub(crate) fn load() -> Result<Self> {
        let mut cargo = workspace::cargo();
        cargo.args(["metadata", "--format-version", "1", "--all-features", "--locked"]);
        let printed = process::output(&mut cargo).context("`cargo metadata` failed; is Cargo.lock up to date?")?;
        Self::read(&printed)
    }

    pub(crate) fn read(json: &str) -> Result<Self> {
        let json: Value = serde_json::from_str(json).context("reading what `cargo metadata` printed")?;
        let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
        let mut metadata = Self::default();
        for each in list(&json, "packages") {
            let need = |name| text(&each, name).with_context(|| format!("a package has no {name}"));
            let mut folder = PathBuf::from(need("manifest_path")?);
            folder.pop();
            let package = Package {
                id: need("id")?,
                name: need("name")?,
                version: need("version")?,
                source: text(&each, "source"),
                license: text(&each, "license"),
                repository: text(&each, "repository"),
                description: text(&each, "description"),
                folder,
            };
            metadata.packages.insert(package.id.clone(), package);
        }
        let nodes = json
            .get("resolve")
            .map(|resolve| list(resolve, "nodes"))
            .unwrap_or_default();
        for node in nodes {
            let ids = list(&node, "deps").into_iter().filter(|dependency| {
                let is_normal = |kind: &Value| kind.get("kind").is_none_or(Value::is_null);
                list(dependency, "dep_kinds").iter().any(is_normal)
            });
            let ids = ids.filter_map(|dependency| text(&dependency, "pkg"));
            metadata
                .depends
                .insert(text(&node, "id").context("a node has no id")?, ids.collect());
        }
        Ok(metadata)
    }

    /// Those of other people.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.values().filter(|package| package.source.is_some())
    }

    /// What these packages of ours are made of, themselves included.
    pub(crate) fn reached(&self, names: &[&str]) -> Vec<&Package> {
        let ours = |package: &&Package| package.source.is_none() && names.contains(&package.name.as_str());
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut queue: Vec<&str> = self
            .packages
            .values()
            .filter(ours)
            .map(|package| package.id.as_str())
            .collect();
        while let Some(id) = queue.pop() {
            if reached.insert(id) {
                queue.extend(self.depends_on(id));
            }
        }
        let mut packages: Vec<&Package> = reached.iter().filter_map(|id| self.packages.get(*id)).collect();
        packages.sort_by_key(|package| (&package.name, &package.version));
        packages
    }

    /// The packages that one needs to run.
    pub(crate) fn depends_on(&self, id: &str) -> impl Iterator<Item = &str> {
        self.depends.get(id).into_iter().flatten().map(String::as_str)
    }

    /// A package by its id.
    pub(crate) fn package(&self, id: &str) -> Option<&Package> {
        self.packages.get(id)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// `app` of ours, which depends on `a` and for its tests on `b`.
    pub(crate) const SMALL: &str = r#"{"packages": [
        {"id": "app 1", "name": "app", "version": "1.0.0", "source": null, "license": "MIT", "manifest_path": "/x/app/Cargo.toml"},
        {"id": "a 2", "name": "a", "version": "2.0.0", "source": "registry+https://github.com/rust-lang/crates.io-index",
         "license": "MIT/Apache-2.0", "manifest_path": "/x/a/Cargo.toml", "description": "<A>"},
        {"id": "b 3", "name": "b", "version": "3.0.0", "source": "git+https://example.org/b", "license": null,
         "manifest_path": "/x/b/Cargo.toml"}],
        "resolve": {"nodes": [
        {"id": "app 1", "deps": [{"pkg": "a 2", "dep_kinds": [{"kind": null}]}, {"pkg": "b 3", "dep_kinds": [{"kind": "dev"}]}]},
        {"id": "a 2", "deps": []}, {"id": "b 3", "deps": []}]}}"#;

    #[test]
    fn what_something_is_made_of_is_reached_through_its_dependencies() {
        let metadata = Metadata::read(SMALL).unwrap();
        let names = |packages: Vec<&Package>| {
            packages
                .into_iter()
                .map(|package| package.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(metadata.reached(&["app"])), ["a", "app"]);
        assert_eq!(names(metadata.foreign().collect()), ["a", "b"]);
        assert!(Metadata::read("no JSON").is_err());
    }

    #[test]
    fn cargo_says_what_the_server_is_made_of() {
        let metadata = Metadata::load().unwrap();
        let server = metadata.reached(&["api"]);
        let has = |name: &str| server.iter().any(|package| package.name == name);
        assert!(has("actix-web") && has("shared"));
        assert!(!has("leptos"), "it is the app's");
    }
}
