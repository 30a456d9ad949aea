//! Many requests in a short time, right or wrong.

use super::{WRONG, retry_after, try_from};
use crate::case::{Case, cases};
use serde_json::json;
use shared::paths;
use tests::person::PASSWORD;
use tests::{Answer, Ask, TestApp};

pub(super) fn cases() -> Vec<Case> {
    cases![
        sign_ins_are_limited_per_address,
        registrations_share_the_limit_of_sign_ins,
        what_carries_no_password_is_not_limited_with_sign_ins,
        every_request_with_a_password_shares_the_limit,
        renewals_have_a_limit_of_their_own,
        renewals_without_a_session_count_as_well,
        a_limit_says_when_to_come_back,
    ]
}

const TRUSTED: [&str; 2] = ["--trusted-proxies", "127.0.0.1"];

async fn renew(app: &TestApp, address: &str, cookie: &str) -> Answer {
    let request = app.post(paths::REFRESH).header("x-forwarded-for", address);
    request.header("cookie", cookie).ask().await
}

async fn sign_ins_are_limited_per_address() {
    let app = TestApp::spawn_with(&[&TRUSTED[..], &["--sign-in-rate", "3"]].concat()).await;
    let ada = app.register("ada").await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(try_from(&app, "203.0.113.5", &ada.email, PASSWORD).await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    try_from(&app, "203.0.113.6", &ada.email, PASSWORD).await.expect(200);
}

async fn registrations_share_the_limit_of_sign_ins() {
    let app = TestApp::spawn_with(&[&TRUSTED[..], &["--sign-in-rate", "3"]].concat()).await;
    let register = async |index: usize| {
        let body = json!({"email": format!("ada{index}@example.org"), "password": PASSWORD});
        let request = app.post(paths::REGISTER).header("x-forwarded-for", "203.0.113.5");
        request.json(&body).ask().await
    };
    for index in 0..3 {
        register(index).await.expect(201);
    }
    for answer in [
        register(3).await,
        try_from(&app, "203.0.113.5", "ada0@example.org", PASSWORD).await,
    ] {
        let wait = retry_after(&answer);
        assert!(wait <= 20, "three a minute: {wait} s");
    }
    assert_eq!(app.database().count("users"), 3);
}

async fn what_carries_no_password_is_not_limited_with_sign_ins() {
    let app = TestApp::spawn_with(&["--sign-in-rate", "1"]).await;
    let ada = app.register("ada").await;
    retry_after(&app.try_login(&ada.email, PASSWORD).await);
    ada.me().await.expect(200);
    ada.refresh().await.expect(200);
    ada.add("Milk").await;
    app.get(paths::HEALTH).ask().await.expect(200);
}

async fn every_request_with_a_password_shares_the_limit() {
    let app = TestApp::spawn_with(&[&TRUSTED[..], &["--sign-in-rate", "2"]].concat()).await;
    let ada = app.register("ada").await;
    let from = "203.0.113.5";
    let change = json!({"current_password": WRONG, "new_password": "battery horse correct"});
    let change = ada.post(paths::PASSWORD).header("x-forwarded-for", from).json(&change);
    change.ask().await.expect(401);
    let delete = ada.delete(paths::ME).header("x-forwarded-for", from);
    delete.json(&json!({"password": WRONG})).ask().await.expect(401);
    retry_after(&try_from(&app, from, &ada.email, PASSWORD).await);
}

async fn renewals_have_a_limit_of_their_own() {
    let flags = [&TRUSTED[..], &["--refresh-rate", "2", "--sign-in-rate", "3"]].concat();
    let app = TestApp::spawn_with(&flags).await;
    let ada = app.register("ada").await;
    let from = "203.0.113.5";
    renew(&app, from, &ada.cookie).await.expect(200);
    renew(&app, from, &ada.cookie).await.expect(200);
    let refused = renew(&app, from, &ada.cookie).await;
    let wait = retry_after(&refused);
    assert!(wait <= 30, "two a minute: {wait} s");
    ada.me().await.expect(200);
    // Whoever has to wait stays signed in.
    assert_eq!(refused.cookies(), []);
    renew(&app, "203.0.113.6", &ada.cookie).await.expect(200);
    // Nor does it cost sign-ins, nor they it.
    for _ in 0..3 {
        try_from(&app, from, &ada.email, PASSWORD).await.expect(200);
    }
    retry_after(&try_from(&app, from, &ada.email, PASSWORD).await);
    renew(&app, "203.0.113.6", &ada.cookie).await.expect(200);
}

async fn renewals_without_a_session_count_as_well() {
    let app = TestApp::spawn_with(&[&TRUSTED[..], &["--refresh-rate", "2"]].concat()).await;
    let from = "203.0.113.5";
    renew(&app, from, "taskward_session=nonsense").await.expect(401);
    renew(&app, from, "theme=dark").await.expect(401);
    retry_after(&renew(&app, from, "taskward_session=nonsense").await);
}

async fn a_limit_says_when_to_come_back() {
    let app = TestApp::spawn_with(&["--sign-in-rate", "1", "--refresh-rate", "1"]).await;
    let ada = app.register("ada").await;
    let seconds: i64 = retry_after(&app.try_login(&ada.email, PASSWORD).await);
    assert!((1..=60).contains(&seconds), "{seconds} s");
    app.refresh_with(&ada.cookie).await.expect(200);
    let seconds: i64 = retry_after(&app.refresh_with(&ada.cookie).await);
    assert!((1..=60).contains(&seconds), "{seconds} s");
}
