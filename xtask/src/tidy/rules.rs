//! Every rule: its name, what it says, why, and the function that finds what breaks it.

mod api;
mod circles;
mod database;
mod documents;
pub(super) mod files;
mod frontend;
mod packages;
mod types;
mod words;

use super::rule::Rule;

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
    words::WORDS,
    files::READABLE,
    files::NO_MOD_RS,
    files::NO_GLOB_EXPORTS,
    files::LENGTH,
    circles::CIRCLES,
    documents::VARIABLES,
    documents::GLOSSARY,
    documents::SUBJECTS,
];

#[cfg(test)]
mod tests;
