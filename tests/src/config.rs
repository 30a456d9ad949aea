//! What a server in the tests is told: the flags of a test, and what suits most of them.

use crate::token;
use api::config::Config;
use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches};
use std::path::Path;

/// The configuration of a test's server: these flags, and what every test wants unless they say otherwise.
pub(crate) fn config(database_url: &str, data_dir: &Path, flags: &[&str]) -> Config {
    // Without the environment: a developer's own settings must not change what is tested.
    let command = Config::command().mut_args(|flag| flag.env(Resettable::Reset));
    let flags = command_line(database_url, data_dir, flags);
    let matches = command
        .try_get_matches_from(flags)
        .unwrap_or_else(|error| panic!("{error}"));
    Config::from_arg_matches(&matches).unwrap_or_else(|error| panic!("{error}"))
}

/// The program's name, these flags, and the defaults of the tests for those that are not among them.
pub(crate) fn command_line(database_url: &str, data_dir: &Path, flags: &[&str]) -> Vec<String> {
    let data_dir = data_dir.to_str().expect("a path in UTF-8");
    let defaults = [
        ("--database-url", database_url),
        ("--data-dir", data_dir),
        ("--jwt-secret", token::SECRET),
        ("--port", "0"),
        ("--workers", "1"),
        ("--bcrypt-cost", "4"),
        ("--database-pool-size", "3"),
        // Every test comes from one address. Those of the throttle set their own limits.
        ("--sign-in-tries", "1000000"),
        ("--sign-in-rate", "1000000"),
        ("--refresh-rate", "1000000"),
    ];
    let mut line = vec!["taskward".to_owned()];
    for (flag, value) in defaults {
        if !flags.contains(&flag) {
            line.extend([flag.to_owned(), value.to_owned()]);
        }
    }
    line.extend(flags.iter().map(|&flag| flag.to_owned()));
    line
}
