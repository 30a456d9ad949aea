//! Passwords that others try first cannot be chosen, neither at the start nor later.

use crate::case::{Case, cases};
use crate::ground::{self, unknown_email};
use serde_json::json;
use shared::paths;
use std::time::{Duration, Instant};
use tests::{Ask, TestApp, assert_invalid};

/// Some of the most common ones, and of those that a rule about capitals and digits would let pass.
const COMMON: [&str; 18] = [
    "12345678",
    "123456789",
    "1234567890",
    "password",
    "password1",
    "PASSWORD",
    "Password1",
    "PASSWORD123",
    "P@ssw0rd",
    "qwertyuiop",
    "QwErTyUiOp",
    "1q2w3e4r",
    "iloveyou",
    "iloveyou1",
    "sunshine",
    "football",
    "baseball",
    "superman",
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        password_that_is_the_email_is_refused,
        password_that_is_the_emails_local_part_is_refused,
        password_with_no_capitals_nor_digits_is_fine_if_it_is_not_common,
        password_that_is_too_long_costs_no_hashing,
        password_that_is_common_costs_no_hashing,
    ];
    for password in COMMON {
        cases.push(Case::new(
            module_path!(),
            format!("common_password_{password}_is_refused"),
            move || async move { is_refused(&unknown_email(), password.to_owned()).await },
        ));
    }
    cases
}

/// At registration, and at a change of the password.
async fn is_refused(email: &str, password: String) {
    let app = ground::plain().await;
    let body = json!({"email": email, "password": password});
    assert_invalid(&app.post_json(paths::REGISTER, &body).await, &["password"]);
    let ada = app.register_with(email, "correct horse battery").await;
    let body = json!({"current_password": ada.password, "new_password": password});
    let answer = ada.post(paths::PASSWORD).json(&body).ask().await;
    assert_invalid(&answer, &["new_password"]);
    // The word stands in the explanation.
    assert!(
        password == "password" || !answer.text().contains(&password),
        "{answer:?}"
    );
    // As a try to sign in it is like any other.
    app.try_login(email, &password).await.expect(401);
    app.login(&ada).await;
}

async fn password_that_is_the_email_is_refused() {
    for spell in [
        |email: &str| email.to_owned(),
        |email: &str| email.to_uppercase(),
        |email: &str| format!(" {email} "),
    ] {
        let email = unknown_email();
        is_refused(&email, spell(&email)).await;
    }
}

async fn password_that_is_the_emails_local_part_is_refused() {
    for spell in [str::to_owned, str::to_uppercase] {
        let email = unknown_email();
        let (local, _) = email.split_once('@').unwrap();
        is_refused(&email, spell(local)).await;
    }
}

async fn password_with_no_capitals_nor_digits_is_fine_if_it_is_not_common() {
    let app = TestApp::spawn().await;
    for (index, password) in ["zebra crossing", "нет совсем", "ada.lovelace!"].iter().enumerate() {
        app.register_with(&format!("ada{index}@example.org"), password).await;
    }
}

/// At this cost a single hash takes minutes.
async fn without_hashing(bodies: &[(&str, serde_json::Value)]) {
    let app = TestApp::spawn_with(&["--bcrypt-cost", "20"]).await;
    let start = Instant::now();
    for (path, body) in bodies {
        let answer = app.post_json(path, body).await;
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

async fn password_that_is_too_long_costs_no_hashing() {
    let long = |length: usize| "x".repeat(length);
    let email = "ada@example.org";
    without_hashing(&[
        (paths::REGISTER, json!({"email": email, "password": long(129)})),
        (paths::REGISTER, json!({"email": email, "password": long(60_000)})),
        (paths::LOGIN, json!({"email": email, "password": long(129)})),
        (paths::LOGIN, json!({"email": email, "password": long(60_000)})),
        (paths::LOGIN, json!({"email": "no email", "password": "x"})),
        (paths::LOGIN, json!({"email": email, "password": ""})),
    ])
    .await;
}

async fn password_that_is_common_costs_no_hashing() {
    let email = "ada@example.org";
    without_hashing(&[
        (paths::REGISTER, json!({"email": email, "password": "password1"})),
        (paths::REGISTER, json!({"email": email, "password": email})),
    ])
    .await;
}
