//! What `deny.toml` asks of the packages that others wrote: their licences, their versions, and where they come from.
//!
//! The file is cargo-deny's, which knows more: also whether somebody has found a hole in one of them. It is 200 packages itself, several
//! minutes to compile, so that it is used where it is installed; what is checked here needs none of them. A key of the file that is
//! not known here is refused: a rule must not hold in one place only.

use crate::metadata::{Metadata, Package};
use crate::{process, tools, workspace};
use anyhow::{Context as _, Result, anyhow, bail};
use spdx::{Expression, ParseMode};
use std::collections::BTreeMap;
use std::fs;
use toml::{Table, Value};

const FILE: &str = "deny.toml";

/// Checks all of it, and more where cargo-deny is installed.
pub(crate) fn check() -> Result<()> {
    let text = fs::read_to_string(workspace::root().join(FILE)).with_context(|| format!("reading {FILE}"))?;
    let rules = Rules::read(&text).with_context(|| format!("reading {FILE}"))?;
    let metadata = Metadata::load()?;
    let packages: Vec<&Package> = metadata.foreign().collect();
    let broken = rules.broken_by(&packages);
    for line in &broken {
        println!("{line}");
    }
    if !broken.is_empty() {
        bail!("{} things are not as {FILE} asks", broken.len());
    }
    println!(
        "The licences, versions and sources of {} packages are as {FILE} asks.",
        packages.len()
    );
    if tools::on_path("cargo-deny").is_none() {
        println!("Advisories were not looked up: cargo-deny is not installed (cargo install --locked cargo-deny).");
        return Ok(());
    }
    process::run(workspace::cargo().args(["deny", "--all-features", "check", "bans", "licenses", "sources"]))?;
    if let Err(error) = process::run(workspace::cargo().args(["deny", "fetch", "db"])) {
        println!("Advisories were not looked up: their database cannot be had ({error:#}).");
        return Ok(());
    }
    process::run(workspace::cargo().args(["deny", "--all-features", "check", "--disable-fetch", "advisories"]))
}

/// The part of cargo-deny's configuration that is used.
#[derive(Debug, Default)]
struct Rules {
    licenses: Vec<String>,
    /// Packages that must not be there, or at most in one version.
    denied: Vec<(String, Denied)>,
    registries: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Denied {
    Always,
    Twice,
}

impl Rules {
    fn read(text: &str) -> Result<Self> {
        let file: Table = text.parse()?;
        let mut rules = Self::default();
        for (section, value) in &file {
            let table = value.as_table().with_context(|| format!("{section} is no table"))?;
            for (key, value) in table {
                let is = |wanted: &str| value.as_str() == Some(wanted);
                match (section.as_str(), key.as_str()) {
                    ("licenses", "allow") => rules.licenses = texts(value)?,
                    ("sources", "allow-registry") => rules.registries = texts(value)?,
                    ("bans", "deny") => rules.denied = denied(value)?,
                    // Of every other one it is asked here that it be as it stands there.
                    ("sources", "unknown-registry" | "unknown-git") | ("licenses", "unused-allowed-license")
                        if is("deny") => {}
                    ("bans", "multiple-versions") if is("allow") => {}
                    ("graph", "all-features") if value.as_bool() == Some(true) => {}
                    // It needs a database, which is cargo-deny's.
                    ("advisories", _) => {}
                    _ => bail!("{section}.{key} is not known to xtask/src/deny.rs, or not with that value"),
                }
            }
        }
        Ok(rules)
    }

    /// What is not as it should be, a line each.
    fn broken_by(&self, packages: &[&Package]) -> Vec<String> {
        let mut broken = Vec::new();
        let mut used = Vec::new();
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for package in packages {
            let Package { name, version, .. } = package;
            versions.entry(name).or_default().push(version);
            match self.licensed(package) {
                Ok(licenses) => used.extend(licenses),
                Err(error) => broken.push(format!("{name} {version}: {error:#}")),
            }
            let source = package.source.as_deref().unwrap_or_default();
            let known = |registry: &String| source.strip_prefix("registry+") == Some(registry);
            if !self.registries.iter().any(known) {
                broken.push(format!("{name} {version} comes from {source}"));
            }
        }
        for (name, denied) in &self.denied {
            match (denied, versions.get(name.as_str())) {
                (Denied::Always, Some(versions)) => broken.push(format!("{name} is there, in {}", versions.join(", "))),
                (Denied::Twice, Some(versions)) if versions.len() > 1 => {
                    broken.push(format!("{name} is there several times, in {}", versions.join(", ")));
                }
                _ => {}
            }
        }
        let unused = self.licenses.iter().filter(|license| !used.contains(license));
        broken.extend(unused.map(|license| format!("no package needs the licence {license}")));
        broken
    }

    /// The licences among the allowed ones that a package may be used under. Fails if they are not enough.
    fn licensed(&self, package: &Package) -> Result<Vec<String>> {
        let stated = package.license.as_deref().context("states no licence")?;
        let expression =
            Expression::parse_mode(stated, ParseMode::LAX).map_err(|error| anyhow!("the licence {stated}: {error}"))?;
        let allowed = |license: &str| self.licenses.iter().any(|each| each == license);
        if !expression.evaluate(|license| allowed(&license.to_string())) {
            bail!("the licence {stated} is not among the allowed ones");
        }
        let named = expression.requirements().map(|each| each.req.to_string());
        Ok(named.filter(|license| allowed(license)).collect())
    }
}

fn texts(value: &Value) -> Result<Vec<String>> {
    let texts = value.as_array().context("no list")?.iter();
    texts
        .map(|text| Ok(text.as_str().context("no text")?.to_owned()))
        .collect()
}

fn denied(value: &Value) -> Result<Vec<(String, Denied)>> {
    let entries = value.as_array().context("bans.deny is no list")?.iter();
    entries
        .map(|entry| {
            let entry = entry.as_table().context("what bans.deny has is no table")?;
            let name = entry
                .get("crate")
                .and_then(Value::as_str)
                .context("what bans.deny has is no crate")?;
            for key in entry.keys() {
                if !matches!(key.as_str(), "crate" | "deny-multiple-versions" | "reason") {
                    bail!("bans.deny has {key}, which is not known to xtask/src/deny.rs");
                }
            }
            let twice = entry.get("deny-multiple-versions").and_then(Value::as_bool) == Some(true);
            Ok((name.to_owned(), if twice { Denied::Twice } else { Denied::Always }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::SMALL;

    const GOOD: &str = "[licenses]\nallow = [\"MIT\"]\n[sources]\nunknown-git = \"deny\"\n\
                        allow-registry = [\"https://github.com/rust-lang/crates.io-index\"]\n[bans]\nmultiple-versions = \"allow\"\n\
                        deny = [{ crate = \"openssl\" }, { crate = \"a\", deny-multiple-versions = true, reason = \"large\" }]";

    fn broken(rules: &str, change: impl FnOnce(&mut Vec<Package>)) -> Vec<String> {
        let metadata = Metadata::read(SMALL).unwrap();
        let mut packages: Vec<Package> = metadata
            .foreign()
            .filter(|package| package.name == "a")
            .cloned()
            .collect();
        change(&mut packages);
        Rules::read(rules)
            .unwrap()
            .broken_by(&packages.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_package_as_the_file_asks_is_taken() {
        assert_eq!(broken(GOOD, |_| ()), [""; 0]);
    }

    #[test]
    fn what_is_not_as_the_file_asks_is_named() {
        let one = |change: fn(&mut Package)| {
            let broken = broken(GOOD, |packages| change(packages.first_mut().unwrap()));
            broken.first().cloned().unwrap_or_default()
        };
        assert_eq!(one(|a| a.license = None), "a 2.0.0: states no licence");
        assert!(one(|a| a.license = Some("GPL-3.0-only".to_owned())).contains("not among the allowed"));
        assert!(one(|a| a.license = Some("MIT AND GPL-3.0-only".to_owned())).contains("not among the allowed"));
        assert!(one(|a| a.license = Some("my own".to_owned())).contains("my own"));
        assert!(
            one(|a| a.source = Some("git+https://example.org".to_owned()))
                .ends_with("comes from git+https://example.org")
        );
        assert!(one(|a| a.name = "openssl".to_owned()).starts_with("openssl is there"));
        let twice = broken(GOOD, |packages| {
            let mut other = packages.first().unwrap().clone();
            other.version = "3.0.0".to_owned();
            packages.push(other);
        });
        assert_eq!(twice, ["a is there several times, in 2.0.0, 3.0.0"]);
        let unused = broken(&GOOD.replace("\"MIT\"", "\"MIT\", \"ISC\""), |_| ());
        assert_eq!(unused, ["no package needs the licence ISC"]);
    }

    #[test]
    fn a_rule_that_is_not_known_is_refused() {
        for text in [
            "[bans]\nwildcards = \"deny\"",
            "[sources]\nunknown-git = \"warn\"",
            "[bans]\ndeny = [{ crate = \"a\", wrappers = [] }]",
        ] {
            assert!(Rules::read(text).is_err(), "{text}");
        }
    }
}
