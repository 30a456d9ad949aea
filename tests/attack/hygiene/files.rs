//! Who else on the machine can read what the server keeps.

use crate::case::{Case, cases, only_on};
use serde_json::json;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tests::token::Token;
use tests::{Backend, Binary, Database};

pub(super) fn cases() -> Vec<Case> {
    let cases = cases![
        a_generated_secret_is_its_owners_alone,
        a_generated_secret_is_random_and_stays,
        a_data_folder_that_is_made_is_its_owners_alone,
        the_database_is_nobody_elses_to_read_in_a_folder_that_is,
        a_secret_file_with_a_bad_secret_is_refused,
    ];
    only_on(Backend::Sqlite, cases).collect()
}

/// A server with a data folder of its own and nothing else set, as somebody starts it for the first time.
fn start(folder: &Path) -> Binary {
    let database = Database::empty();
    // Everybody may read new files, unless the program says otherwise: the mask that most systems have.
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "umask 022; exec \"$0\""])
        .arg(Binary::command(&database, &[]).get_program());
    command.env_clear().env("DATA_DIR", folder).current_dir("/");
    for (variable, value) in [("PORT", "0"), ("WORKERS", "1"), ("BCRYPT_COST", "4")] {
        command.env(variable, value);
    }
    Binary::run(&mut command).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .permissions()
        .mode()
        & 0o777
}

async fn a_generated_secret_is_its_owners_alone() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let server = start(&folder);
    assert_eq!(mode(&folder.join("jwt_secret")), 0o600);
    drop(server);
}

async fn a_generated_secret_is_random_and_stays() {
    let place = tempfile::tempdir().unwrap();
    let (one, two) = (place.path().join("one"), place.path().join("two"));
    let secret = |folder: &Path| fs::read_to_string(folder.join("jwt_secret")).unwrap().trim().to_owned();
    let server = start(&one);
    let ada = server.register("ada").await;
    drop(server);
    let first = secret(&one);
    assert!(first.len() >= 43, "256 bits at least: {} characters", first.len());
    drop(start(&two));
    assert_ne!(secret(&two), first);
    // It is what the tokens are signed with, and signs them after a restart, too.
    let server = start(&one);
    assert_eq!(secret(&one), first);
    ada.at(&server.url).me().await.expect(200);
    let forged = Token::read(&ada.token).sign_with(&first);
    server.me_with(&format!("Bearer {forged}")).await.expect(200);
}

async fn a_data_folder_that_is_made_is_its_owners_alone() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("deep/data");
    let server = start(&folder);
    server.register("ada").await;
    assert_eq!(mode(&folder), 0o700);
}

async fn the_database_is_nobody_elses_to_read_in_a_folder_that_is() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    fs::create_dir(&folder).unwrap();
    // As a package or a container makes it.
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    let server = start(&folder);
    let ada = server.register("ada").await;
    ada.create(&json!({"title": "Milk"})).await.expect(201);
    let mut seen = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o077, 0, "{} has mode {:o}", path.display(), mode(&path));
        seen += 1;
    }
    assert!(seen >= 2, "the database and the secret");
}

async fn a_secret_file_with_a_bad_secret_is_refused() {
    for bad in ["", "short", "changeme-changeme-changeme-changeme"] {
        let place = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", place.path().join("taskward.db").display());
        fs::write(place.path().join("jwt_secret"), bad).unwrap();
        let database = Database::empty();
        let mut command = Binary::command(&database, &["--database-url", &url]);
        let finished = Binary::run(command.env_remove("JWT_SECRET")).expect_err("it must not start");
        assert!(!finished.status.success(), "{finished:?}");
        assert!(bad.is_empty() || !finished.output.contains(bad), "{finished:?}");
        // Nor is it replaced in silence.
        assert_eq!(fs::read_to_string(place.path().join("jwt_secret")).unwrap(), bad);
    }
}
