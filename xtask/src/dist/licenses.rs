//! The licences of what others wrote, in their own words.

use crate::metadata::Package;
use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// How the names of such files begin.
const NAMES: [&str; 6] = ["COPYING", "COPYRIGHT", "LICENCE", "LICENSE", "NOTICE", "UNLICENSE"];

/// One text of all of them. What several packages have to the letter stands there once.
pub(super) fn of(packages: &[&Package]) -> Result<String> {
    let mut by_text: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    let mut without = Vec::new();
    for &package in packages {
        let texts = texts(&package.folder)?;
        if texts.is_empty() {
            without.push(package);
        }
        for text in texts {
            by_text.entry(text).or_default().push(package);
        }
    }
    let mut all = String::from("Taskward contains the following software by others, under the licences below.\n");
    for (text, packages) in &by_text {
        all.push_str("\n────────────────────────────────────────────────────────────\n");
        for package in packages {
            writeln!(all, "{}", title(package))?;
        }
        writeln!(all, "\n{}", text.trim_end())?;
    }
    if !without.is_empty() {
        all.push_str("\n────────────────────────────────────────────────────────────\n");
        all.push_str("These state their licence, and come without its text:\n");
        for package in without {
            writeln!(all, "{}", title(package))?;
        }
    }
    Ok(all)
}

fn title(package: &Package) -> String {
    let Package { name, version, .. } = package;
    let license = package.license.as_deref().unwrap_or("no licence stated");
    let repository = package
        .repository
        .as_deref()
        .map_or(String::new(), |url| format!(", {url}"));
    format!("{name} {version} ({license}{repository})")
}

fn texts(folder: &Path) -> Result<Vec<String>> {
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if entry.file_type()?.is_file() && NAMES.iter().any(|known| name.starts_with(known)) {
            let bytes = fs::read(entry.path()).with_context(|| format!("reading {}", entry.path().display()))?;
            texts.insert(name, String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
    Ok(texts.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_stands_there_once_with_all_that_it_is_of() {
        let root = tempfile::tempdir().unwrap();
        let package = |name: &str, files: &[(&str, &str)]| {
            let folder = root.path().join(name);
            fs::create_dir(&folder).unwrap();
            for (file, text) in files {
                fs::write(folder.join(file), text).unwrap();
            }
            Package {
                name: name.to_owned(),
                version: "1.0.0".to_owned(),
                license: Some("MIT".to_owned()),
                folder,
                ..Package::default()
            }
        };
        let packages = [
            package(
                "a",
                &[("LICENSE-MIT", "Permission\r\nis granted"), ("README.md", "not this")],
            ),
            package("b", &[("license.txt", "Permission\nis granted"), ("NOTICE", "By B")]),
            package("c", &[]),
        ];
        let text = of(&packages.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(text.matches("Permission\nis granted").count(), 1);
        assert!(text.contains("a 1.0.0 (MIT)\nb 1.0.0 (MIT)\n\nPermission"), "{text}");
        assert!(text.contains("\nBy B\n") && !text.contains("not this"), "{text}");
        assert!(text.ends_with("without its text:\nc 1.0.0 (MIT)\n"), "{text}");
    }
}
