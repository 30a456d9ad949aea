//! Every rule: its name, what it says, why, and the function that finds what breaks it.

mod api;
pub(super) mod circles;
mod database;
mod documents;
pub(super) mod files;
mod frontend;
mod packages;
mod types;

use super::Violation;
use super::project::{Project, is_in};

/// A rule of the architecture.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) reason: &'static str,
    pub(super) check: fn(&Project) -> Vec<Violation>,
}

/// The rules.
pub(super) const RULES: &[Rule] = &[
    packages::DEPENDENCIES,
    packages::SHARED_IS_PURE,
    packages::LINTS,
    api::LAYERS,
    api::DIESEL,
    api::BCRYPT,
    api::SIGNATURES,
    api::ENVIRONMENT,
    api::STATUS,
    database::NO_HTTP,
    database::OWNER,
    database::TRANSACTIONS,
    database::MIGRATIONS,
    types::WIRE_AND_ROWS,
    types::SECRETS,
    frontend::LAYERS,
    frontend::MODEL,
    frontend::FETCH,
    frontend::PATHS,
    frontend::CONTENT_SECURITY,
    frontend::RAW_HTML,
    files::READABLE,
    files::NO_MOD_RS,
    files::NO_GLOB_EXPORTS,
    files::LENGTH,
    circles::CIRCLES,
    documents::VARIABLES,
    documents::SUBJECTS,
];

/// Names that the code of some modules must not have.
struct Forbidden {
    /// The modules, given without extension.
    within: &'static [&'static str],
    /// Modules of these that may have the names.
    except: &'static [&'static str],
    names: &'static [&'static [&'static str]],
}

impl Forbidden {
    fn find(&self, project: &Project) -> Vec<Violation> {
        let sources = self.within.iter().flat_map(|module| project.sources(module));
        sources
            .filter(|source| !self.except.iter().any(|module| is_in(&source.path, module)))
            .flat_map(|source| {
                let found = self.names.iter().flat_map(|name| source.naming(name));
                found.map(|name| Violation::new(&source.path, name.line, format!("names `{}`", name.display())))
            })
            .collect()
    }
}

fn find_all(project: &Project, rules: &[Forbidden]) -> Vec<Violation> {
    rules.iter().flat_map(|rule| rule.find(project)).collect()
}

#[cfg(test)]
mod tests;
