//! `taskward migrate`

use super::{run, taskward};
use tests::{Backend, Binary, Database};

#[tokio::test]
async fn the_schema_is_brought_up_to_date_once() {
    let database = Database::empty();
    let first = taskward(&database, &["migrate"]).well();
    assert!(first.stdout.contains("20261121000000, 20261121000001"), "{first:?}");
    assert_eq!(database.count("users"), 0);
    let second = taskward(&database, &["migrate"]).well();
    assert!(second.stdout.contains("already"), "{second:?}");

    let server = Binary::start(&database, &[]);
    server.register("ada").await;
    server.kill();
    taskward(&database, &["migrate"]).well();
    assert_eq!(database.count("users"), 1);
}

/// Migrating is often a job of its own, which has no business with the secret that tokens are signed with.
#[test]
fn no_secret_is_needed() {
    let database = Database::empty();
    run(Binary::command(&database, &["migrate"]).env_remove("JWT_SECRET"), "").well();
    if Backend::current() == Backend::Sqlite {
        assert!(!database.dir().join("jwt_secret").exists());
    }
}

#[test]
fn a_database_that_is_not_there_is_an_error_without_its_password() {
    let database = Database::empty();
    let port = tests::postgres::free_port();
    let url = format!("postgres://taskward:hush-hush@127.0.0.1:{port}/taskward");
    let ended = taskward(&database, &["migrate", "--database-url", &url]).badly();
    assert!(ended.stderr.contains("refused"), "{ended:?}");
    assert!(!ended.stderr.contains("hush"), "{ended:?}");
}
