//! Devices on which somebody has signed in: nobody's guesses hold them up, and they are no way to guess.

use super::{FLAGS, WHILE, WRONG, attack, gets_in, let_pass, lock_out, prolong, retry_after, try_from, try_with};
use crate::case::{Case, cases};
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::person::PASSWORD;
use tests::site::Site;
use tests::{Answer, Ask, SetCookie, TestApp, assert_problem};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_known_device_is_held_up_by_no_guesses_anywhere,
        a_known_device_gets_through_a_flood_at_its_address,
        a_device_cookie_is_for_one_account,
        a_forged_device_cookie_is_none,
        a_device_cookie_has_few_tries_and_is_none_after_them,
        the_right_password_gives_a_device_its_tries_back,
        a_device_cookie_opens_nothing,
        a_device_cookie_is_kept_like_the_sessions_and_names_nobody,
        every_way_to_sign_in_makes_a_device_known,
    ]
}

const HERE: &str = "198.51.100.7";

/// The cookie of a device on which this account has been signed in to.
async fn device(site: &Site, email: &str) -> SetCookie {
    let answer = try_from(site, "192.0.2.1", email, PASSWORD).await;
    answer.expect(200).device_cookie()
}

async fn a_known_device_is_held_up_by_no_guesses_anywhere() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let device = device(&app, &ada.email).await.pair();
    attack(&app, &ada.email).await;
    assert!(!gets_in(&app, "203.0.113.200", &ada.email).await);
    let answer = try_with(&app, "203.0.113.200", &device, &ada.email, PASSWORD).await;
    answer.expect(200);
    lock_out(&app, HERE, &ada.email).await;
    assert!(!gets_in(&app, HERE, &ada.email).await);
    let answer = try_with(&app, HERE, &device, &ada.email, PASSWORD).await;
    answer.expect(200);
}

async fn a_known_device_gets_through_a_flood_at_its_address() {
    let flags = [
        "--sign-in-rate",
        "2",
        "--sign-in-tries",
        "1",
        "--trusted-proxies",
        "127.0.0.1",
    ];
    let app = TestApp::spawn_with(&flags).await;
    let ada = app.register("ada").await;
    let device = device(&app, &ada.email).await.pair();
    for _ in 0..2 {
        try_from(&app, HERE, "nobody@example.org", WRONG).await;
    }
    retry_after(&try_from(&app, HERE, &ada.email, PASSWORD).await);
    let answer = try_with(&app, HERE, &device, &ada.email, PASSWORD).await;
    answer.expect(200);
    // It is no way to have many more requests than others.
    retry_after(&try_with(&app, HERE, &device, &ada.email, PASSWORD).await);
}

/// Somebody with these cookies has to wait as if they had none.
async fn assert_unknown(app: &TestApp, cookies: &str, email: &str) {
    retry_after(&try_with(app, HERE, cookies, email, PASSWORD).await);
}

async fn a_device_cookie_is_for_one_account() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let device = device(&app, &eve.email).await.pair();
    lock_out(&app, HERE, &ada.email).await;
    assert_unknown(&app, &device, &ada.email).await;
}

async fn a_forged_device_cookie_is_none() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let value = device(&app, &ada.email).await.value;
    lock_out(&app, HERE, &ada.email).await;
    let parts: Vec<_> = value.split('.').collect();
    let [exp, nonce, signature] = parts[..] else {
        panic!("{value}")
    };
    let other = device(&app, &ada.email).await.value;
    let other = other.split('.').nth(1).unwrap();
    for forged in [
        String::new(),
        "nonsense".to_owned(),
        format!("{exp}.{nonce}"),
        format!("{exp}.{nonce}."),
        format!("9{exp}.{nonce}.{signature}"),
        format!("{exp}.{other}.{signature}"),
        format!("{exp}.{nonce}.{}", signature.chars().rev().collect::<String>()),
        format!("{exp}.{nonce}.{signature}."),
        ada.cookie.split_once('=').unwrap().1.to_owned(),
    ] {
        assert_unknown(&app, &format!("taskward_device={forged}"), &ada.email).await;
    }
    // The control: it is not the waiting that keeps it out.
    let answer = try_with(&app, HERE, &format!("taskward_device={value}"), &ada.email, PASSWORD).await;
    answer.expect(200);
}

async fn a_device_cookie_has_few_tries_and_is_none_after_them() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let device = device(&app, &ada.email).await.pair();
    lock_out(&app, HERE, &ada.email).await;
    for _ in 0..3 {
        let answer = try_with(&app, HERE, &device, &ada.email, WRONG).await;
        assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    }
    assert_unknown(&app, &device, &ada.email).await;
    // Elsewhere, its bearer is a stranger like any other, and not kept out for it.
    let answer = try_with(&app, "192.0.2.99", &device, &ada.email, PASSWORD).await;
    answer.expect(200);
    // A day later it is one again.
    let_pass(&app.database(), 25 * 3600);
    lock_out(&app, HERE, &ada.email).await;
    let answer = try_with(&app, HERE, &device, &ada.email, PASSWORD).await;
    answer.expect(200);
}

async fn the_right_password_gives_a_device_its_tries_back() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let device = device(&app, &ada.email).await.pair();
    for _ in 0..3 {
        for _ in 0..2 {
            try_with(&app, HERE, &device, &ada.email, WRONG).await.expect(401);
        }
        try_with(&app, HERE, &device, &ada.email, PASSWORD).await.expect(200);
    }
    prolong(&app.database());
    let_pass(&app.database(), WHILE);
    try_with(&app, HERE, &device, &ada.email, PASSWORD).await.expect(200);
}

async fn a_device_cookie_opens_nothing() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let value = device(&app, &ada.email).await.value;
    for name in ["taskward_device", "taskward_session"] {
        let cookie = format!("{name}={value}");
        app.refresh_with(&cookie).await.expect(401);
        let request = app.get(&ada.tasks()).header("cookie", &cookie);
        request.ask().await.expect(401);
    }
    app.me_with(&format!("Bearer {value}")).await.expect(401);
    let wrong = try_with(&app, HERE, &format!("taskward_device={value}"), &ada.email, "x").await;
    wrong.expect(401);
}

async fn a_device_cookie_is_kept_like_the_sessions_and_names_nobody() {
    for https in [false, true] {
        let flags: &[&str] = if https {
            &["--public-url", "https://tasks.example.org"]
        } else {
            &[]
        };
        let app = TestApp::spawn_with(flags).await;
        let ada = app.register("ada").await;
        let answer = app.try_login(&ada.email, PASSWORD).await.expect(200);
        let (session, device) = (answer.session_cookie(), answer.device_cookie());
        let without_age = |cookie: &SetCookie| {
            let mut attributes = cookie.attributes.clone();
            attributes.retain(|each| !each.starts_with("Max-Age="));
            attributes
        };
        assert_eq!(without_age(&device), without_age(&session));
        assert_eq!(device.name, session.name.replace("session", "device"));
        assert_eq!(device.max_age(), 365 * 86_400);
        for part in ["ada", "example", ada.id.as_str(), &ada.id.replace('-', "")] {
            assert!(!device.value.contains(part), "{device:?}");
        }
        assert!(!answer.text().contains(&device.value));
        let again = app.try_login(&ada.email, PASSWORD).await.expect(200);
        assert_ne!(again.device_cookie().value, device.value);
    }
}

async fn every_way_to_sign_in_makes_a_device_known() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let new = "battery horse correct";
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let registered = app.post_json(paths::REGISTER, &body).await.expect(201);
    let ada = app.login_with("ada@example.org", PASSWORD).await;
    let body = json!({"current_password": PASSWORD, "new_password": new});
    let changed = ada.post(paths::PASSWORD).json(&body).ask().await.expect(200);
    lock_out(&app, HERE, "ada@example.org").await;
    for answer in [registered, changed] {
        let device = answer.device_cookie().pair();
        let answer: Answer = try_with(&app, HERE, &device, "ada@example.org", new).await;
        answer.expect(200);
    }
}
