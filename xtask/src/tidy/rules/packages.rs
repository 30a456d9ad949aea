//! Rules on who depends on whom.

use crate::tidy::project::Project;
use crate::tidy::rule::{Forbidden, Rule};
use crate::tidy::violation::Violation;
use toml::{Table, Value};

pub(super) const DEPENDENCIES: Rule = Rule {
    name: "dependencies",
    says: "frontend → shared ← api; tests → api, shared; nothing depends on xtask, its bundler or tests; bench/limits on nothing of ours",
    reason: "either end can be changed, built and understood without the other",
    check: dependencies,
};

pub(super) const SHARED_IS_PURE: Rule = Rule {
    name: "shared-is-pure",
    says: "crates/shared knows no database, server, browser or runtime, and does no input or output",
    reason: "it runs in the browser as well as in the server, and says the same in both",
    check: shared_is_pure,
};

pub(super) const LINTS: Rule = Rule {
    name: "lints",
    says: "every package takes the workspace's lints",
    reason: "a package without `[lints] workspace = true` is checked for nothing, and nobody notices",
    check: lints,
};

/// What a package may depend on, of the workspace's own.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("bench/limits", &[]),
    ("crates/api", &["shared"]),
    ("crates/frontend", &["shared"]),
    ("crates/shared", &[]),
    ("tests", &["api", "shared"]),
    ("xtask", &[]),
    ("xtask/bundler", &[]),
];

const IMPURE: [&str; 12] = [
    "actix",
    "axum",
    "bcrypt",
    "diesel",
    "gloo",
    "hyper",
    "leptos",
    "reqwest",
    "ring",
    "tokio",
    "wasm-bindgen",
    "web-sys",
];

fn dependencies(project: &Project) -> Vec<Violation> {
    let name_of = |package: &str| {
        let manifest = project.manifest(package)?;
        Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
    };
    let ours: Vec<String> = project.packages().filter_map(name_of).collect();
    let mut violations = Vec::new();
    for package in project.packages() {
        let path = format!("{package}/Cargo.toml");
        let Some(manifest) = project.manifest(package) else {
            violations.push(Violation::new(&path, 1, "cannot be read"));
            continue;
        };
        let allowed = ALLOWED.iter().find(|(name, _)| *name == package);
        for dependency in dependencies_of(&manifest) {
            let fine = match allowed {
                Some((_, allowed)) => allowed.contains(&dependency.as_str()),
                None => !matches!(dependency.as_str(), "bundler" | "tests" | "xtask"),
            };
            if ours.contains(&dependency) && !fine {
                violations.push(Violation::new(&path, 1, format!("depends on `{dependency}`")));
            }
        }
    }
    violations
}

fn shared_is_pure(project: &Project) -> Vec<Violation> {
    let manifest = project.manifest("crates/shared").unwrap_or_default();
    let mut violations: Vec<Violation> = dependencies_of(&manifest)
        .into_iter()
        .filter(|dependency| IMPURE.iter().any(|impure| dependency.starts_with(impure)))
        .map(|dependency| Violation::new("crates/shared/Cargo.toml", 1, format!("depends on `{dependency}`")))
        .collect();
    let io = Forbidden {
        within: &["crates/shared/src"],
        except: &[],
        names: &[
            &["std", "env"],
            &["std", "fs"],
            &["std", "io"],
            &["std", "net"],
            &["std", "process"],
            &["std", "thread"],
        ],
    };
    violations.extend(io.find(project));
    violations
}

fn lints(project: &Project) -> Vec<Violation> {
    let takes_them = |manifest: &Table| manifest.get("lints")?.get("workspace")?.as_bool();
    project
        .packages()
        .filter(|package| {
            let manifest = project.manifest(package);
            manifest.is_some_and(|manifest| takes_them(&manifest) != Some(true))
        })
        .map(|package| {
            Violation::new(
                &format!("{package}/Cargo.toml"),
                1,
                "does not say `[lints] workspace = true`",
            )
        })
        .collect()
}

/// The packages that a manifest depends on in whatever way, by their own names.
fn dependencies_of(manifest: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let table = manifest.get(kind).and_then(Value::as_table);
        for (name, value) in table.into_iter().flatten() {
            let renamed = value.get("package").and_then(Value::as_str);
            found.push(renamed.unwrap_or(name).to_owned());
        }
    }
    let targets = manifest.get("target").and_then(Value::as_table);
    for (_, target) in targets.into_iter().flatten() {
        found.extend(target.as_table().map(dependencies_of).unwrap_or_default());
    }
    found
}
