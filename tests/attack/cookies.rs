//! The session cookie, and the sites that would like to use it.

mod attributes;
mod cross_site;
mod forms;
mod names;

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [attributes::cases(), cross_site::cases(), forms::cases(), names::cases()]
        .into_iter()
        .flatten()
        .collect()
}

/// Where the site is, for a server that knows it is reached by https.
const HTTPS: &str = "https://tasks.example.org";
