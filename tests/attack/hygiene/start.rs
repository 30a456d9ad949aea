//! Configurations that would be a hole: the server does not start with them, says why, and gives nothing away by it.

use crate::case::Case;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use tests::binary::Finished;
use tests::token::SECRET;
use tests::{Binary, Database};

const OTHER: &str = "hush-secret-of-the-other-issuer-0123456789";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = crate::case::cases![
        a_postgres_that_is_not_there_tells_no_password,
        text_that_is_not_utf_8_tells_no_secret,
        help_tells_no_secret_of_the_environment,
        equal_secrets_are_refused_with_the_reason,
        different_secrets_are_accepted,
    ];
    for (name, variable, value) in [
        ("jwt_secret_short", "JWT_SECRET", "hush-hush"),
        ("jwt_secret_empty", "JWT_SECRET", ""),
        (
            "jwt_secret_well_known",
            "JWT_SECRET",
            "hush-changeme-changeme-changeme-changeme",
        ),
        (
            "jwt_secret_of_a_tutorial",
            "JWT_SECRET",
            "your-256-bit-secret-hush-your-256-bit-secret",
        ),
        (
            "jwt_secret_one_letter",
            "JWT_SECRET",
            "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
        ),
        (
            "jwt_secret_of_better_auths_documentation",
            "JWT_SECRET",
            "better-auth-secret-12345678901234567890",
        ),
        ("previous_short", "JWT_SECRET_PREVIOUS", "hush-hush"),
        ("better_auth_secret_short", "BETTER_AUTH_SECRET", "hush-hush"),
        (
            "better_auth_secret_public_default",
            "BETTER_AUTH_SECRET",
            "better-auth-secret-12345678901234567890",
        ),
        (
            "better_auth_secrets_short",
            "BETTER_AUTH_SECRETS",
            "2:hush-hush,1:hush-hush-hush",
        ),
        ("better_auth_secrets_without_a_secret", "BETTER_AUTH_SECRETS", "2:,1:"),
        ("better_auth_url_on_http", "BETTER_AUTH_URL", "http://auth.example.org"),
        (
            "better_auth_jwks_on_http",
            "BETTER_AUTH_JWKS_URL",
            "http://auth.example.org/jwks",
        ),
        (
            "better_auth_jwks_of_a_file",
            "BETTER_AUTH_JWKS_URL",
            "file:///etc/passwd",
        ),
        ("better_auth_cookies_neither", "BETTER_AUTH_COOKIES", "perhaps"),
        (
            "database_of_another_kind",
            "DATABASE_URL",
            "mysql://u:hush-hush@127.0.0.1/x",
        ),
        (
            "database_url_mistyped",
            "DATABASE_URL",
            "postgre://u:hush-hush@127.0.0.1/x",
        ),
        (
            "database_url_with_a_bad_option",
            "DATABASE_URL",
            "postgres://u:hush-hush@127.0.0.1:1/x?sslmode=perhaps",
        ),
        ("cors_for_everybody", "CORS_ORIGINS", "*"),
        ("cors_for_null", "CORS_ORIGINS", "null"),
        ("cors_for_a_page", "CORS_ORIGINS", "https://app.example.org/page"),
        ("public_url_with_a_path", "PUBLIC_URL", "https://tasks.example.org/app"),
        ("public_url_with_a_user", "PUBLIC_URL", "https://user@tasks.example.org"),
        ("trusted_proxies_everybody_by_name", "TRUSTED_PROXIES", "all"),
        ("bcrypt_too_cheap", "BCRYPT_COST", "3"),
        ("tries_none", "SIGN_IN_TRIES", "0"),
        ("rate_none", "SIGN_IN_RATE", "0"),
        ("token_without_an_end", "ACCESS_TOKEN_TTL", "0"),
        ("token_longer_than_its_session", "ACCESS_TOKEN_TTL", "31d"),
        ("issuer_empty", "JWT_ISSUER", ""),
        ("audience_empty", "JWT_AUDIENCE", ""),
        ("log_filter_broken", "LOG", "info,,=="),
    ] {
        cases.push(Case::new(
            "attack::hygiene",
            format!("refuses_to_start::{name}"),
            move || async move {
                let finished = must_not_start(&[(variable, value)]);
                // Of the two that hold secrets, one stands for both.
                let names = [variable.trim_end_matches("ETS"), &flag(variable)];
                assert!(names.iter().any(|name| finished.output.contains(name)), "{finished:?}");
            },
        ));
    }
    cases
}

fn flag(variable: &str) -> String {
    format!("--{}", variable.to_lowercase().replace('_', "-"))
}

/// With these variables the server ends at once, says something, and none of the secrets.
#[track_caller]
fn must_not_start(variables: &[(&str, &str)]) -> Finished {
    let database = Database::empty();
    let mut command = without_database_url(&database, variables);
    for (name, value) in variables {
        command.env(name, value);
    }
    let finished = Binary::run(&mut command).err();
    let finished = finished.unwrap_or_else(|| panic!("it starts with {variables:?}"));
    assert!(!finished.status.success(), "{finished:?}");
    assert!(!finished.output.trim().is_empty(), "{finished:?}");
    for leak in ["hush", SECRET, "panicked"] {
        assert!(!finished.output.contains(leak), "{leak}: {finished:?}");
    }
    finished
}

/// The usual command, whose flags do not stand before the variables that are tried.
fn without_database_url(database: &Database, variables: &[(&str, &str)]) -> std::process::Command {
    let usual = Binary::command(database, &[]);
    let mut arguments: Vec<_> = usual.get_args().map(ToOwned::to_owned).collect();
    for (variable, _) in variables {
        if let Some(place) = arguments
            .iter()
            .position(|argument| argument.to_str() == Some(&flag(variable)))
        {
            arguments.drain(place..place + 2);
        }
    }
    let mut command = std::process::Command::new(usual.get_program());
    command
        .args(arguments)
        .env_clear()
        .env("JWT_SECRET", SECRET)
        .current_dir(database.dir());
    command
}

async fn a_postgres_that_is_not_there_tells_no_password() {
    for url in [
        "postgres://hush-user:hush-hush@127.0.0.1:1/hush",
        "postgres://u:hush%2Dhush@127.0.0.1:1/x?sslmode=verify-full",
        "postgres://u:hush-hush@127.0.0.1:1/x?sslrootcert=/nowhere/hush.pem&sslmode=verify-full",
    ] {
        must_not_start(&[("DATABASE_URL", url), ("DATABASE_WAIT", "1s")]);
    }
}

async fn text_that_is_not_utf_8_tells_no_secret() {
    let database = Database::empty();
    for variable in [
        "JWT_SECRET",
        "BETTER_AUTH_SECRET",
        "DATABASE_URL",
        "JWT_SECRET_PREVIOUS",
    ] {
        let mut command = without_database_url(&database, &[("DATABASE_URL", "")]);
        command.env(
            variable,
            OsStr::from_bytes(b"hush-hush-hush-hush-hush-hush-hush-hush-\xff"),
        );
        let finished = Binary::run(&mut command).expect_err("it must not start");
        assert!(!finished.status.success(), "{finished:?}");
        for leak in ["hush", "panicked"] {
            assert!(!finished.output.contains(leak), "{variable}: {finished:?}");
        }
    }
}

async fn help_tells_no_secret_of_the_environment() {
    let database = Database::empty();
    for argument in ["--help", "-h", "--version", "--no-such-flag"] {
        let mut command = std::process::Command::new(Binary::command(&database, &[]).get_program());
        command.env_clear().arg(argument);
        for variable in [
            "JWT_SECRET",
            "JWT_SECRET_PREVIOUS",
            "BETTER_AUTH_SECRET",
            "BETTER_AUTH_SECRETS",
        ] {
            command.env(variable, format!("hush-{OTHER}"));
        }
        command.env("DATABASE_URL", "postgres://u:hush-hush@127.0.0.1/x");
        let finished = Binary::run(&mut command).expect_err("it only prints something");
        assert!(!finished.output.contains("hush"), "{finished:?}");
        assert!(!finished.output.is_empty());
    }
}

async fn equal_secrets_are_refused_with_the_reason() {
    let versioned = format!("2:{OTHER},1:{SECRET}");
    let spaced = format!("1: {SECRET} ");
    for variables in [
        vec![("BETTER_AUTH_SECRET", SECRET)],
        vec![("BETTER_AUTH_SECRETS", versioned.as_str())],
        vec![("BETTER_AUTH_SECRETS", spaced.as_str())],
        vec![("JWT_SECRET_PREVIOUS", OTHER), ("BETTER_AUTH_SECRET", OTHER)],
    ] {
        // A comma separates the secrets of a list.
        let own = SECRET.replace(',', "");
        let variables: Vec<_> = variables
            .into_iter()
            .map(|(name, value)| (name, value.replace(SECRET, &own)))
            .chain([("JWT_SECRET", own.clone())])
            .collect();
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let finished = must_not_start(&variables);
        assert!(!finished.output.contains(&own), "{finished:?}");
        for word in ["JWT_SECRET", "BETTER_AUTH_SECRET", "differ", "verified"] {
            assert!(finished.output.contains(word), "{word}: {finished:?}");
        }
    }
}

async fn different_secrets_are_accepted() {
    // The control: what is refused above is refused for being equal.
    let database = Database::migrated();
    let several = format!("2:{OTHER}-2,1:{OTHER}-1");
    let mut command = Binary::command(&database, &[]);
    command
        .env("BETTER_AUTH_SECRET", OTHER)
        .env("BETTER_AUTH_SECRETS", several);
    command.env("JWT_SECRET_PREVIOUS", "hush-secret-of-last-year-0123456789");
    Binary::run(&mut command).expect("it starts");
}
