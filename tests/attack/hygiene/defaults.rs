//! What somebody gets who configures nothing.

use crate::case::{Case, cases};
use api::config::Config;
use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tests::{Binary, Database};

pub(super) fn cases() -> Vec<Case> {
    cases![
        nothing_is_reachable_from_elsewhere_by_default,
        passwords_cost_enough_by_default,
        tokens_live_shortly_by_default,
        guessing_is_slow_by_default,
        nothing_of_others_is_believed_by_default,
        every_setting_is_documented_in_the_help,
        every_setting_is_documented_in_the_readme,
        every_secret_can_be_given_out_of_sight,
    ]
}

/// The configuration of an empty environment.
fn defaults() -> Config {
    let command = Config::command().mut_args(|flag| flag.env(Resettable::Reset));
    Config::from_arg_matches(&command.get_matches_from(["taskward"])).unwrap()
}

async fn nothing_is_reachable_from_elsewhere_by_default() {
    let config = defaults();
    assert_eq!(config.host, "127.0.0.1");
    assert_eq!(config.metrics_addr, None);
}

async fn passwords_cost_enough_by_default() {
    // OWASP: 10 at least.
    assert!(defaults().bcrypt_cost >= 12);
    assert!(defaults().password_queue >= 16);
}

async fn tokens_live_shortly_by_default() {
    let config = defaults();
    assert!(config.access_token_ttl <= Duration::from_hours(1));
    assert!(config.session_ttl <= Duration::from_hours(7 * 24));
    assert!(config.session_max_age <= Duration::from_hours(30 * 24));
}

async fn guessing_is_slow_by_default() {
    let config = defaults();
    assert!(config.sign_in_tries <= 10);
    assert!(config.sign_in_rate.get() <= 100);
    assert!(config.refresh_rate.get() <= 1000);
}

async fn nothing_of_others_is_believed_by_default() {
    let config = defaults();
    assert!(config.trusted_proxies.is_empty());
    assert!(config.cors_origins.is_empty());
    assert!(config.jwt_secret.is_none(), "no secret is built in");
    assert!(config.jwt_secret_previous.is_empty());
    assert_eq!(config.better_auth_secrets().count(), 0);
    assert!(!config.better_auth_cookies);
    assert!(config.better_auth_jwks_url.is_none());
}

/// The variables that settings are read from.
fn variables() -> Vec<String> {
    let command = Config::command();
    let arguments = command.get_arguments().filter(|argument| {
        let id = argument.get_id().as_str();
        !["help", "version"].contains(&id)
    });
    let variables: Vec<_> = arguments
        .map(|argument| {
            let variable = argument
                .get_env()
                .unwrap_or_else(|| panic!("{} has no variable", argument.get_id()));
            assert!(
                argument.get_help().is_some_and(|help| !help.to_string().is_empty()),
                "{}",
                argument.get_id()
            );
            variable.to_str().unwrap().to_owned()
        })
        .collect();
    assert!(variables.len() > 20);
    variables
}

async fn every_setting_is_documented_in_the_help() {
    let database = Database::empty();
    let mut command = Command::new(Binary::command(&database, &[]).get_program());
    let finished = Binary::run(command.env_clear().arg("--help")).expect_err("it only prints something");
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    for variable in variables() {
        let flag = format!("--{}", variable.to_lowercase().replace('_', "-"));
        for text in [format!("[env: {variable}"), flag] {
            assert!(finished.output.contains(&text), "{text}: {finished:?}");
        }
    }
    for default in ["127.0.0.1", "8080", "1h", "7d", "30d"] {
        let text = format!("[default: {default}]");
        assert!(finished.output.contains(&text), "{text}: {finished:?}");
    }
}

async fn every_setting_is_documented_in_the_readme() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(path).unwrap();
    for variable in variables() {
        assert!(readme.contains(&format!("`{variable}`")), "{variable}");
    }
}

async fn every_secret_can_be_given_out_of_sight() {
    // Flags are visible to everybody on the machine; what is secret must be possible without one.
    let command = Config::command();
    let secret = [
        "jwt_secret",
        "jwt_secret_previous",
        "better_auth_secret",
        "better_auth_secrets",
        "database_url",
    ];
    for name in secret {
        let argument = command.get_arguments().find(|argument| argument.get_id() == name);
        let argument = argument.unwrap_or_else(|| panic!("{name}"));
        assert!(argument.get_env().is_some(), "{name}");
        assert!(argument.is_hide_env_values_set(), "{name} would be shown by --help");
    }
}
