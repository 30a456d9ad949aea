//! Settings: what is wrong is an error at the start that says so.

use nix::unistd::geteuid;
use serde_json::json;
use shared::auth::AuthResponse;
use std::process::Command;
use tests::binary::Finished;
use tests::person::PASSWORD;
use tests::token::SECRET;
use tests::{Ask, Binary, Database};

/// The program with nothing set, neither by flags nor by the environment.
fn bare(database: &Database) -> Command {
    let command = Binary::command(database, &[]);
    let mut bare = Command::new(command.get_program());
    bare.env_clear().current_dir(database.dir());
    bare
}

#[track_caller]
fn must_fail(command: &mut Command) -> Finished {
    let finished = Binary::run(command).expect_err("it must not start");
    assert!(finished.status.code().is_some_and(|code| code != 0), "{finished:?}");
    assert!(!finished.output.contains("panicked"), "{finished:?}");
    finished
}

#[test]
fn a_bad_secret_is_refused_with_advice() {
    let database = Database::empty();
    for secret in [
        "",
        "short",
        "31 bytes are one byte too few..",
        "changeme-changeme-changeme-changeme",
        "your-secret-key-your-secret-key-1234",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "your-256-bit-secret-your-256-bit-secret",
        "Change this secret before going to production!",
    ] {
        let finished = must_fail(Binary::command(&database, &[]).env("JWT_SECRET", secret));
        assert!(finished.output.contains("JWT_SECRET"), "{secret}: {finished:?}");
        assert!(
            finished.output.contains("openssl rand"),
            "how to make a good one: {finished:?}"
        );
        assert!(secret.is_empty() || !finished.output.contains(secret), "{finished:?}");
    }
    Binary::run(Binary::command(&database, &[]).env("JWT_SECRET", "32 bytes: that is just long enough"))
        .expect("it starts");
}

#[test]
fn a_wrong_setting_is_refused_by_name() {
    let database = Database::empty();
    for (variable, value) in [
        ("PORT", "abc"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", ""),
        ("HOST", "not an address"),
        ("BCRYPT_COST", "3"),
        ("BCRYPT_COST", "32"),
        ("BCRYPT_COST", "twelve"),
        ("ACCESS_TOKEN_TTL", "soon"),
        ("ACCESS_TOKEN_TTL", "0"),
        ("ACCESS_TOKEN_TTL", "-5m"),
        ("ACCESS_TOKEN_TTL", "31d"),
        ("SESSION_TTL", "1 parsec"),
        ("SESSION_TTL", "31d"),
        ("SESSION_MAX_AGE", "x"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_POOL_SIZE", "many"),
        ("WORKERS", "0"),
        ("PUBLIC_URL", "tasks.example.org"),
        ("PUBLIC_URL", "ftp://tasks.example.org"),
        ("PUBLIC_URL", "https://example.org/tasks"),
        ("METRICS_ADDR", "nowhere"),
        ("SHUTDOWN_TIMEOUT", "x"),
        ("DATABASE_STATEMENT_TIMEOUT", "0"),
        ("REQUEST_TIMEOUT", "0"),
        ("KEEP_ALIVE", "never"),
        ("SEND_TIMEOUT", "never"),
        ("DRAIN_DELAY", "-1"),
        ("DRAIN_DELAY", "2h"),
        ("LOG_FORMAT", "xml"),
        ("LOG", "[["),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "taskward.db"),
        ("DATABASE_URL", "mysql://u:p@localhost/d"),
        ("DATABASE_URL", "postgre://u:p@localhost/d"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("JWT_ISSUER", ""),
        ("JWT_AUDIENCE", ""),
    ] {
        let mut command = bare(&database);
        command.env("JWT_SECRET", SECRET).env("PORT", "0").env(variable, value);
        let finished = must_fail(&mut command);
        assert!(finished.output.contains(variable), "{variable}={value}: {finished:?}");
        assert!(
            finished.output.lines().count() < 15,
            "a message, not a dump: {finished:?}"
        );
    }
    let left: Vec<_> = std::fs::read_dir(database.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(left.is_empty(), "nothing was made: {left:?}");
}

#[test]
fn an_unknown_flag_is_refused() {
    let database = Database::empty();
    let finished = must_fail(bare(&database).arg("--prot=8080"));
    assert!(finished.output.contains("--prot"), "{finished:?}");
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_it() {
    let database = Database::empty();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let finished = must_fail(&mut Binary::command(&database, &["--port", &port]));
    assert!(
        finished.output.contains("PORT") && finished.output.contains(&port),
        "{finished:?}"
    );
}

#[test]
fn a_database_that_cannot_be_reached_is_an_error_without_its_password() {
    let database = Database::empty();
    let port = tests::postgres::free_port();
    let url = format!("postgres://taskward:hush-hush@127.0.0.1:{port}/taskward");
    let mut command = bare(&database);
    let finished = must_fail(
        command
            .env("JWT_SECRET", SECRET)
            .env("PORT", "0")
            .env("DATABASE_URL", url),
    );
    assert!(!finished.output.contains("hush"), "{finished:?}");
    assert!(finished.output.to_lowercase().contains("database"), "{finished:?}");
    assert!(
        finished.output.to_lowercase().contains("refused"),
        "the cause: {finished:?}"
    );
}

#[test]
fn postgresql_needs_a_secret_that_all_nodes_share() {
    let database = Database::empty();
    let mut command = bare(&database);
    let finished = must_fail(
        command
            .env("PORT", "0")
            .env("DATABASE_URL", "postgres://taskward@127.0.0.1:1/taskward"),
    );
    assert!(
        finished.output.contains("JWT_SECRET") && finished.output.contains("openssl rand"),
        "{finished:?}"
    );
}

#[test]
fn version_says_which_one_it_is() {
    let database = Database::empty();
    let finished = Binary::run(bare(&database).arg("--version")).expect_err("it shows the version and ends");
    assert_eq!(finished.status.code(), Some(0));
    assert_eq!(
        finished.output.trim(),
        format!("taskward {}", env!("CARGO_PKG_VERSION"))
    );
}

#[tokio::test]
async fn a_flag_wins_over_the_environment() {
    let database = Database::empty();
    let server =
        Binary::run(Binary::command(&database, &["--access-token-ttl", "2m"]).env("ACCESS_TOKEN_TTL", "5m")).unwrap();
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let answer = server.post_json(shared::paths::REGISTER, &body).await.expect(201);
    assert_eq!(answer.value()["expires_in"], 120);
}

#[tokio::test]
async fn settings_come_from_the_environment() {
    let database = Database::empty();
    let server = Binary::run(
        Binary::command(&database, &[])
            .env("ACCESS_TOKEN_TTL", "5m")
            .env("JWT_ISSUER", "me"),
    )
    .unwrap();
    let ada = server.register("ada").await;
    let token = tests::token::Token::read(&ada.token);
    assert_eq!(token.number("exp") - token.number("iat"), 300);
    assert_eq!(token.text("iss"), "me");
}

/// The program as somebody starts it who has set nothing but where the data goes.
fn embedded(database: &Database, data_dir: &str) -> Command {
    let mut command = bare(database);
    command
        .env("DATA_DIR", data_dir)
        .env("PORT", "0")
        .env("BCRYPT_COST", "4");
    command
}

#[tokio::test]
async fn the_public_address_is_what_the_program_prints() {
    let database = Database::empty();
    let server = Binary::start(&database, &["--public-url", "https://tasks.example.org"]);
    assert!(
        server.output().contains("https://tasks.example.org"),
        "{}",
        server.output()
    );
    server.get(shared::paths::HEALTH).ask().await.expect(200);
}

mod sqlite_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on SQLite"]
    async fn the_embedded_default_makes_its_folder_and_a_secret_that_it_keeps() {
        let database = Database::empty();
        let data_dir = database.dir().join("deep/er/data");
        let start = || Binary::run(&mut embedded(&database, data_dir.to_str().unwrap())).expect("it starts");

        let server = start();
        let ada = server.register("ada").await;
        ada.add("Milk").await;
        server.kill();
        let secret_file = data_dir.join("jwt_secret");
        let secret = std::fs::read_to_string(&secret_file).unwrap();
        assert!(data_dir.join("taskward.db").is_file());

        let server = start();
        let ada = ada.at(&server.url);
        ada.me().await.expect(200);
        let auth: AuthResponse = server.refresh_with(&ada.cookie).await.expect(200).json();
        assert_eq!(ada.with_token(auth.access_token.reveal()).list().await.len(), 1);
        assert_eq!(std::fs::read_to_string(&secret_file).unwrap(), secret);
        let output = server.kill().output;
        assert!(!output.contains(secret.trim()), "{output}");
    }

    #[test]
    #[ignore = "only on SQLite"]
    fn a_data_folder_that_cannot_be_made_is_an_error_that_names_it() {
        let database = Database::empty();
        std::fs::write(database.dir().join("file"), "").unwrap();
        let finished = must_fail(&mut embedded(&database, "file/data"));
        assert!(finished.output.contains("file/data"), "{finished:?}");
        if !geteuid().is_root() {
            let finished = must_fail(&mut embedded(&database, "/proc/nothing"));
            assert!(finished.output.contains("/proc/nothing"), "{finished:?}");
        }
    }
}
