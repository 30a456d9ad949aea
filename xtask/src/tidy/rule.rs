//! What a rule is.

use super::project::{Project, is_in};
use super::violation::Violation;

/// A rule of the architecture.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) reason: &'static str,
    pub(super) check: fn(&Project) -> Vec<Violation>,
}

/// Names that the code of some modules must not have.
pub(super) struct Forbidden {
    /// The modules, given without extension.
    pub(super) within: &'static [&'static str],
    /// Modules of these that may have the names.
    pub(super) except: &'static [&'static str],
    pub(super) names: &'static [&'static [&'static str]],
}

impl Forbidden {
    pub(super) fn find(&self, project: &Project) -> Vec<Violation> {
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

/// What breaks any of several.
pub(super) fn find_all(project: &Project, rules: &[Forbidden]) -> Vec<Violation> {
    rules.iter().flat_map(|rule| rule.find(project)).collect()
}
