//! What is kept of a password, and what of it is ever seen again.

use crate::case::{Case, cases};
use serde_json::json;
use shared::paths;
use std::fs;
use tests::person::PASSWORD;
use tests::{Answer, Ask, Backend, Database, TestApp};

pub(super) fn cases() -> Vec<Case> {
    cases![
        passwords_are_kept_as_bcrypt_of_a_keyed_digest,
        equal_passwords_have_different_hashes,
        hash_of_a_lower_cost_is_renewed_at_sign_in,
        hash_of_a_lower_cost_is_not_renewed_by_a_wrong_password,
        no_answer_holds_a_hash_or_a_password,
        passwords_are_nowhere_in_the_database,
    ]
}

async fn passwords_are_kept_as_bcrypt_of_a_keyed_digest() {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    // bcrypt's own alphabet and length, at the cost that the tests have.
    let good = "users WHERE password_hash LIKE '$2b$04$%' AND length(password_hash) = 60";
    assert_eq!(app.database().count(good), 1);
}

async fn equal_passwords_have_different_hashes() {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    app.register("eve").await;
    let distinct = "(SELECT DISTINCT password_hash FROM users) AS hashes";
    assert_eq!(app.database().count(distinct), 2);
}

async fn hash_of_a_lower_cost_is_renewed_at_sign_in() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let database = app.database();
    app.stop();
    let app = TestApp::spawn_on(&database, &["--bcrypt-cost", "5"]).await;
    assert_eq!(database.count("users WHERE password_hash LIKE '$2b$04$%'"), 1);
    app.login(&ada).await;
    assert_eq!(database.count("users WHERE password_hash LIKE '$2b$05$%'"), 1);
    // The password is the same, and so are the sessions.
    app.login(&ada).await;
    app.try_login(&ada.email, "wrong horse battery").await.expect(401);
    assert_eq!(database.count("users WHERE password_hash LIKE '$2b$05$%'"), 1);
    app.me_with(&format!("Bearer {}", ada.token)).await.expect(200);
}

async fn hash_of_a_lower_cost_is_not_renewed_by_a_wrong_password() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let database = app.database();
    app.stop();
    let app = TestApp::spawn_on(&database, &["--bcrypt-cost", "5"]).await;
    app.try_login(&ada.email, "wrong horse battery").await.expect(401);
    assert_eq!(database.count("users WHERE password_hash LIKE '$2b$04$%'"), 1);
    app.login(&ada).await;
}

async fn no_answer_holds_a_hash_or_a_password() {
    let app = TestApp::spawn().await;
    let mut answers: Vec<Answer> = Vec::new();
    let body = json!({"email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
    answers.push(app.post_json(paths::REGISTER, &body).await.expect(201));
    answers.push(app.post_json(paths::REGISTER, &body).await.expect(409));
    answers.push(app.try_login("ada@example.org", PASSWORD).await.expect(200));
    answers.push(
        app.try_login("ada@example.org", "wrong horse battery")
            .await
            .expect(401),
    );
    let ada = app.register("eve").await;
    answers.push(ada.me().await.expect(200));
    answers.push(ada.refresh().await.expect(200));
    let wrong = json!({"current_password": "wrong horse battery", "new_password": "battery horse correct"});
    answers.push(ada.post(paths::PASSWORD).json(&wrong).ask().await.expect(401));
    let change = json!({"current_password": PASSWORD, "new_password": "battery horse correct"});
    answers.push(ada.post(paths::PASSWORD).json(&change).ask().await.expect(200));
    let broken = app.post(paths::LOGIN).header("content-type", "application/json");
    let text = format!("{{\"email\": \"ada@example.org\", \"password\": \"{PASSWORD}\" oops");
    answers.push(broken.body(text).ask().await.expect(400));
    for answer in answers {
        for secret in [
            PASSWORD,
            "wrong horse battery",
            "battery horse correct",
            "$2b$",
            "$2a$",
            "$2y$",
            "hash",
        ] {
            let fields = format!("{:?}", answer.headers);
            assert!(
                !answer.text().contains(secret) && !fields.contains(secret),
                "{secret}: {answer:?}"
            );
        }
    }
}

async fn passwords_are_nowhere_in_the_database() {
    let app = TestApp::spawn().await;
    let password = "an-unusual-zebra-in-the-file";
    let ada = app.register_with("ada@example.org", password).await;
    app.try_login(&ada.email, "an-unusual-zebra-that-is-wrong")
        .await
        .expect(401);
    ada.add("an ordinary title").await;
    let text = everything(&app.database());
    assert!(text.contains("an ordinary title"), "this looks into the right place");
    assert!(!text.contains("unusual-zebra"));
    for token in [&*ada.token, ada.cookie.split_once('=').unwrap().1] {
        assert!(!text.contains(token.rsplit('.').next().unwrap()));
    }
}

/// All that the database has: of SQLite the files, of PostgreSQL the rows.
fn everything(database: &Database) -> String {
    match Backend::current() {
        Backend::Sqlite => {
            let files = fs::read_dir(database.dir()).unwrap();
            let files = files.map(|entry| fs::read(entry.unwrap().path()).unwrap());
            files
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .collect()
        }
        Backend::Postgres => database.rows(&[
            "users",
            "tasks",
            "sign_in_failures",
            "known_networks",
            "signed_out_sessions",
        ]),
    }
}
