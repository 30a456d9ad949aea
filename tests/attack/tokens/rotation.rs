//! Changing the secret: the old one is good for as long as the configuration says so, and not a request longer.

use crate::case::{Case, cases};
use crate::forge::{parts, sign_parts};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use shared::error::ErrorCode;
use tests::token::Token;
use tests::{Binary, Database, TestApp, assert_problem, assert_unauthorized};

// Without a comma, which separates the previous ones.
const NEW: &str = "the next secret of the tests is long enough";
const OLD: &str = "the last secret of the tests was long enough";
const OLDEST: &str = "the first secret of the tests was long enough";

pub(super) fn cases() -> Vec<Case> {
    cases![
        previous_secret_is_accepted_until_it_is_removed,
        new_tokens_are_signed_with_the_new_secret,
        several_previous_secrets_are_accepted,
        a_secret_that_was_never_one_is_refused,
        short_previous_secret_is_refused_at_the_start,
        well_known_previous_secret_is_refused_at_the_start,
        secret_that_looks_like_base64_is_not_decoded,
    ]
}

async fn previous_secret_is_accepted_until_it_is_removed() {
    let app = TestApp::spawn_with(&["--jwt-secret", OLD]).await;
    let ada = app.register("ada").await;
    let database = app.database();
    app.stop();

    let app = TestApp::spawn_on(&database, &["--jwt-secret", NEW, "--jwt-secret-previous", OLD]).await;
    app.me_with(&format!("Bearer {}", ada.token)).await.expect(200);
    let renewed = app.refresh_with(&ada.cookie).await.expect(200);
    let token = renewed.value()["access_token"].as_str().unwrap().to_owned();
    app.stop();

    let app = TestApp::spawn_on(&database, &["--jwt-secret", NEW]).await;
    assert_unauthorized(&app.me_with(&format!("Bearer {}", ada.token)).await);
    assert_problem(&app.refresh_with(&ada.cookie).await, 401, ErrorCode::Unauthorized);
    // Whoever renewed in between is still signed in.
    app.me_with(&format!("Bearer {token}")).await.expect(200);
    app.refresh_with(&renewed.session_cookie().pair()).await.expect(200);
}

async fn new_tokens_are_signed_with_the_new_secret() {
    let app = TestApp::spawn_with(&["--jwt-secret", NEW, "--jwt-secret-previous", OLD]).await;
    let ada = app.register("ada").await;
    for token in [&*ada.token, ada.cookie.split_once('=').unwrap().1] {
        let [header, payload, _] = parts(token);
        assert_eq!(token, sign_parts(header, payload, NEW));
        assert_ne!(token, sign_parts(header, payload, OLD));
    }
}

async fn several_previous_secrets_are_accepted() {
    let previous = format!("{OLD},{OLDEST}");
    let app = TestApp::spawn_with(&["--jwt-secret", NEW, "--jwt-secret-previous", &previous]).await;
    let ada = app.register("ada").await;
    let token = Token::read(&ada.token);
    for secret in [NEW, OLD, OLDEST] {
        let answer = app.me_with(&format!("Bearer {}", token.sign_with(secret))).await;
        answer.expect(200);
    }
}

async fn a_secret_that_was_never_one_is_refused() {
    let app = TestApp::spawn_with(&["--jwt-secret", NEW, "--jwt-secret-previous", OLD]).await;
    let ada = app.register("ada").await;
    let token = Token::read(&ada.token);
    for secret in [OLDEST, "", ",", &format!("{NEW},{OLD}"), &format!("{OLD},")] {
        let answer = app.me_with(&format!("Bearer {}", token.sign_with(secret))).await;
        assert_unauthorized(&answer);
    }
}

async fn short_previous_secret_is_refused_at_the_start() {
    for previous in ["short", "the last secret of the tests was long enough,short", ","] {
        refuses_to_start(previous);
    }
}

async fn well_known_previous_secret_is_refused_at_the_start() {
    refuses_to_start("your-256-bit-secret-your-256-bit-secret");
    refuses_to_start("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

fn refuses_to_start(previous: &str) {
    let database = Database::migrated();
    let mut command = Binary::command(&database, &[]);
    let finished = Binary::run(command.env("JWT_SECRET_PREVIOUS", previous)).expect_err("it must not start");
    assert!(!finished.status.success(), "{finished:?}");
    assert!(finished.output.contains("JWT_SECRET_PREVIOUS"), "{finished:?}");
    for secret in previous.split(',').filter(|secret| secret.len() > 5) {
        assert!(!finished.output.contains(secret), "{finished:?}");
    }
}

async fn secret_that_looks_like_base64_is_not_decoded() {
    let bytes: Vec<u8> = (0..48).map(|byte| byte * 5).collect();
    let secret = BASE64_STANDARD.encode(&bytes);
    let app = TestApp::spawn_with(&["--jwt-secret", &secret]).await;
    let ada = app.register("ada").await;
    let [header, payload, _] = parts(&ada.token);
    let decoded = sign_parts(header, payload, &bytes);
    assert_unauthorized(&app.me_with(&format!("Bearer {decoded}")).await);
    let raw = sign_parts(header, payload, &secret);
    app.me_with(&format!("Bearer {raw}")).await.expect(200);
}
