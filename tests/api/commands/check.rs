//! `taskward check`

use super::{Ended, run, taskward};
use std::fs;
use tests::{Backend, Binary, Database};

/// Each thing that was looked at, and whether it was right.
fn findings(ended: &Ended) -> Vec<(bool, String)> {
    let finding = |line: &str| {
        let (verdict, rest) = line.split_at(7);
        let right = match verdict.trim() {
            "ok" => true,
            "wrong" => false,
            _ => panic!("{line}"),
        };
        (right, rest.split_once(':').expect(line).0.to_owned())
    };
    ended.stdout.lines().map(finding).collect()
}

fn all(right: bool) -> Vec<(bool, String)> {
    let things = ["settings", "secret", "database", "schema"];
    things.map(|thing| (right, thing.to_owned())).into()
}

#[test]
fn everything_is_right_once_the_schema_is_there() {
    let database = Database::empty();
    taskward(&database, &["migrate"]).well();
    let ended = taskward(&database, &["check"]).well();
    assert_eq!(findings(&ended), all(true));
    let system = match Backend::current() {
        Backend::Sqlite => "SQLite 3.",
        Backend::Postgres => "PostgreSQL ",
    };
    assert!(ended.stdout.contains(system), "{ended:?}");
}

#[test]
fn a_database_without_the_schema_is_wrong_and_stays_as_it_is() {
    let database = Database::empty();
    let ended = taskward(&database, &["check"]).badly();
    let mut found = findings(&ended);
    let last = found.pop().unwrap();
    assert!(!last.0, "{ended:?}");
    assert!(
        found.iter().all(|(right, thing)| *right || thing == "database"),
        "{ended:?}"
    );
    match Backend::current() {
        Backend::Sqlite => assert_eq!(fs::read_dir(database.dir()).unwrap().count(), 0, "nothing was made"),
        Backend::Postgres => {
            assert!(ended.stdout.contains("taskward migrate"), "what to do: {ended:?}");
            assert_eq!(database.count("pg_tables WHERE schemaname = 'public'"), 0);
        }
    }
}

#[test]
fn a_schema_that_is_behind_is_wrong() {
    let database = Database::empty();
    taskward(&database, &["migrate"]).well();
    let applied = database.count("__diesel_schema_migrations");
    database.execute("DELETE FROM __diesel_schema_migrations WHERE version = '20261121000001'");
    let ended = taskward(&database, &["check"]).badly();
    assert_eq!(findings(&ended)[3], (false, "schema".to_owned()));
    assert!(ended.stdout.contains("20261121000001"), "{ended:?}");
    let now = database.count("__diesel_schema_migrations");
    assert_eq!(now, applied - 1, "nothing was changed");
}

#[test]
fn a_schema_of_a_later_version_is_wrong() {
    let database = Database::empty();
    taskward(&database, &["migrate"]).well();
    database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')");
    let ended = taskward(&database, &["check"]).badly();
    assert_eq!(findings(&ended)[3], (false, "schema".to_owned()));
    assert!(ended.stdout.contains("99990101000000"), "{ended:?}");
}

#[test]
fn each_thing_that_is_wrong_has_its_line() {
    let database = Database::empty();
    let port = tests::postgres::free_port();
    let url = format!("postgres://taskward:hush-hush@127.0.0.1:{port}/taskward");
    let ended = taskward(
        &database,
        &[
            "check",
            "--database-url",
            &url,
            "--jwt-secret",
            "short",
            "--access-token-ttl",
            "31d",
        ],
    )
    .badly();
    assert_eq!(findings(&ended), all(false)[..3]);
    for words in ["ACCESS_TOKEN_TTL", "JWT_SECRET", "refused"] {
        assert!(ended.stdout.contains(words), "{words}: {ended:?}");
    }
    assert!(!format!("{ended:?}").contains("hush"), "{ended:?}");
}

#[test]
fn a_missing_secret_is_wrong_where_none_is_made() {
    let database = Database::empty();
    let url = "postgres://taskward@127.0.0.1:1/taskward";
    let mut command = Binary::command(&database, &["check", "--database-url", url]);
    let ended = run(command.env_remove("JWT_SECRET"), "").badly();
    assert_eq!(findings(&ended)[1], (false, "secret".to_owned()));
    assert!(ended.stdout.contains("openssl rand"), "{ended:?}");
}

#[tokio::test]
async fn a_running_server_is_not_disturbed() {
    let database = Database::empty();
    let server = Binary::start(&database, &[]);
    let ada = server.register("ada").await;
    for _ in 0..3 {
        ada.add("Milk").await;
        taskward(&database, &["check"]).well();
    }
    assert_eq!(ada.list().await.len(), 3);
}

mod sqlite_only {
    use super::*;

    #[test]
    #[ignore = "only on SQLite"]
    fn the_secret_that_the_first_start_makes_is_not_made_by_looking() {
        let database = Database::empty();
        taskward(&database, &["migrate"]).well();
        let check = || run(Binary::command(&database, &["check"]).env_remove("JWT_SECRET"), "");
        let before = check().well();
        let file = database.dir().join("jwt_secret");
        assert!(before.stdout.contains("jwt_secret") && !file.exists(), "{before:?}");
        drop(Binary::run(Binary::command(&database, &[]).env_remove("JWT_SECRET")).unwrap());
        let after = check().well();
        assert!(
            !after.stdout.contains(fs::read_to_string(&file).unwrap().trim()),
            "{after:?}"
        );
        fs::write(&file, "cut").unwrap();
        assert_eq!(findings(&check().badly())[1], (false, "secret".to_owned()));
    }

    #[test]
    #[ignore = "only on SQLite"]
    fn a_file_that_is_no_database_is_wrong() {
        let database = Database::empty();
        let file = database.dir().join("taskward.db");
        let text = "not a database, but long enough to be taken for one\n".repeat(100);
        fs::write(&file, &text).unwrap();
        let ended = taskward(&database, &["check"]).badly();
        assert_eq!(findings(&ended)[2], (false, "database".to_owned()));
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }

    #[tokio::test]
    #[ignore = "only on SQLite"]
    async fn damage_to_the_embedded_database_is_found() {
        let database = Database::empty();
        let server = Binary::start(&database, &[]);
        let ada = server.register("ada").await;
        for number in 0..50 {
            ada.create(&serde_json::json!({"title": format!("Task {number}"), "description": "x".repeat(1000)}))
                .await
                .expect(201);
        }
        server.terminate();
        server.finish();
        taskward(&database, &["check"]).well();
        let file = database.dir().join("taskward.db");
        let mut bytes = fs::read(&file).unwrap();
        let end = bytes.len();
        bytes[end - 8192..].fill(0x5a);
        fs::write(&file, bytes).unwrap();
        let ended = taskward(&database, &["check"]).badly();
        assert_eq!(findings(&ended)[2], (false, "database".to_owned()));
    }
}
