//! `POST /api/auth/refresh`: the session cookie buys access tokens.

use chrono::Utc;
use serde_json::json;
use shared::auth::AuthResponse;
use shared::error::ErrorCode;
use shared::paths;
use tests::token::Token;
use tests::{Ask, Person, TestApp, assert_problem, assert_unauthorized, assert_unauthorized_without_token};
use uuid::Uuid;

const DAY: i64 = 24 * 3600;

fn session(person: &Person) -> Token {
    Token::read(person.cookie.split_once('=').unwrap().1)
}

fn cookie(session: &Token) -> String {
    format!("taskward_session={}", session.sign())
}

#[tokio::test]
async fn refresh_answers_as_signing_in_does() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = ada.refresh().await.expect(200);
    let auth: AuthResponse = answer.json();
    assert_eq!(auth.user.id, ada.id);
    assert_eq!(auth.user.email, ada.email);
    assert_eq!(auth.token_type, "bearer");
    assert_eq!(auth.expires_in, 3600);
    let (old, new) = (Token::read(&ada.token), Token::read(auth.access_token.reveal()));
    assert_eq!(old.text("sid"), new.text("sid"), "the same session");
    ada.with_token(auth.access_token.reveal()).me().await.expect(200);
    ada.me().await.expect(200);
    let cookie = answer.session_cookie();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.has(attribute), "{attribute}: {cookie:?}");
    }
}

#[tokio::test]
async fn refresh_works_after_the_access_token_has_expired() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let expired = Token::read(&ada.token).with("exp", Utc::now().timestamp() - 1).sign();
    let request = app
        .post(paths::REFRESH)
        .header("cookie", &ada.cookie)
        .bearer_auth(expired);
    request.ask().await.expect(200);
}

#[tokio::test]
async fn refresh_needs_the_session_cookie() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    assert_unauthorized_without_token(&app.post(paths::REFRESH).ask().await);
    // An access token must not prolong itself.
    let answer = app.post(paths::REFRESH).bearer_auth(&ada.token).ask().await;
    assert_problem(&answer, 401, ErrorCode::Unauthorized);
    assert!(answer.cookies().iter().all(|cookie| cookie.value.is_empty()));
}

#[tokio::test]
async fn a_session_signed_by_hand_is_accepted_if_it_says_what_the_server_says() {
    // The control of the tests below: what they change is all that is wrong.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    app.refresh_with(&cookie(&session(&ada))).await.expect(200);
    app.refresh_with(&format!("theme=dark; {}; lang=en", ada.cookie))
        .await
        .expect(200);
}

#[tokio::test]
async fn refresh_refuses_every_bad_session() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let good = session(&ada);
    let now = Utc::now().timestamp();
    let mut bad = vec![
        good.clone().with("exp", now).sign(),
        good.clone().with("exp", now - DAY).sign(),
        good.clone().with("iat", now + 300).sign(),
        good.clone().with("nbf", now + 300).sign(),
        good.clone().with("auth_time", now + 300).sign(),
        good.sign_with("another secret, which is long enough too"),
        good.sign_hs384(),
        good.unsecured("none"),
        good.clone().with_header("alg", "RS256").sign(),
        good.clone().with_header("typ", "at+jwt").sign(),
        good.clone().with_header("crit", json!(["x"])).sign(),
        good.clone().with("aud", "taskward-api").sign(),
        good.clone().with("iss", "somebody").sign(),
        good.clone().with("epoch", good.number("epoch") + 1).sign(),
        good.clone().with("sub", Uuid::now_v7().to_string()).sign(),
        ada.token.clone(),
        String::new(),
        "nonsense".to_owned(),
        "x".repeat(3000),
    ];
    for claim in ["sub", "sid", "epoch", "auth_time", "iat", "exp", "iss", "aud"] {
        bad.push(good.clone().with(claim, json!(null)).sign());
    }
    for session in bad {
        let answer = app.refresh_with(&format!("taskward_session={session}")).await;
        assert_eq!(
            answer.status,
            401,
            "{:?}",
            session.split('.').map(readable).collect::<Vec<_>>()
        );
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
        assert!(
            answer.cookies().iter().all(|cookie| cookie.value.is_empty()),
            "{answer:?}"
        );
    }
}

/// A part of a token, for whoever has to find out which one was accepted.
fn readable(part: &str) -> String {
    use base64::Engine;
    let bytes = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[tokio::test]
async fn a_session_slides() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let now = Utc::now().timestamp();
    let old = session(&ada)
        .with("auth_time", now - 6 * DAY)
        .with("iat", now - 6 * DAY)
        .with("exp", now + DAY);
    let answer = app.refresh_with(&cookie(&old)).await.expect(200);
    let renewed = answer.session_cookie();
    let new = Token::read(&renewed.value);
    assert!((new.number("exp") - now - 7 * DAY).abs() <= 2, "{new:?}");
    assert!((renewed.max_age() - 7 * DAY).abs() <= 2, "{renewed:?}");
    assert_eq!(new.number("auth_time"), now - 6 * DAY, "it still began when it began");
    assert_eq!(new.text("sid"), old.text("sid"));
    app.refresh_with(&renewed.pair()).await.expect(200);
}

#[tokio::test]
async fn a_session_never_outlives_its_greatest_age() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let now = Utc::now().timestamp();
    // Two days before the end of the thirty, a week more is not to be had.
    let old = session(&ada).with("auth_time", now - 28 * DAY);
    let answer = app.refresh_with(&cookie(&old)).await.expect(200);
    let renewed = answer.session_cookie();
    assert_eq!(Token::read(&renewed.value).number("exp"), now - 28 * DAY + 30 * DAY);
    assert!((renewed.max_age() - 2 * DAY).abs() <= 2, "{renewed:?}");
    // A minute before the end, an hour's access is not to be had either.
    let last = session(&ada).with("auth_time", now - 30 * DAY + 60);
    let answer = app.refresh_with(&cookie(&last)).await.expect(200);
    let access = Token::read(answer.value()["access_token"].as_str().unwrap());
    assert!(access.number("exp") <= now + 60, "{access:?}");
    assert_eq!(
        answer.value()["expires_in"],
        access.number("exp") - access.number("iat")
    );
    // After the end, nothing is, whatever the cookie's own exp says.
    for age in [30 * DAY, 31 * DAY, 400 * DAY] {
        let over = session(&ada).with("auth_time", now - age).with("exp", now + DAY);
        assert_unauthorized(&app.refresh_with(&cookie(&over)).await);
    }
}

#[tokio::test]
async fn session_lives_as_long_as_configured() {
    let app = TestApp::spawn_with(&["--session-ttl", "2h", "--session-max-age", "3h"]).await;
    let ada = app.register("ada").await;
    assert_eq!(session(&ada).number("exp") - session(&ada).number("iat"), 7200);
    let now = Utc::now().timestamp();
    let old = session(&ada).with("auth_time", now - 2 * 3600);
    let renewed = app.refresh_with(&cookie(&old)).await.expect(200).session_cookie();
    assert!((renewed.max_age() - 3600).abs() <= 2, "{renewed:?}");
    let over = session(&ada).with("auth_time", now - 3 * 3600);
    assert_unauthorized(&app.refresh_with(&cookie(&over)).await);
}

#[tokio::test]
async fn refresh_can_be_repeated_with_one_cookie() {
    // Two tabs that wake up together must not sign each other out.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (first, second) = tokio::join!(app.refresh_with(&ada.cookie), app.refresh_with(&ada.cookie));
    for answer in [first.expect(200), second.expect(200)] {
        let auth: AuthResponse = answer.json();
        ada.with_token(auth.access_token.reveal()).me().await.expect(200);
    }
    app.refresh_with(&ada.cookie).await.expect(200);
}

#[tokio::test]
async fn refresh_refuses_what_a_foreign_site_caused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let own = app.url.clone();
    let other_port = "http://127.0.0.1:1".to_owned();
    let null = "null".to_owned();
    for (field, value, allowed) in [
        ("sec-fetch-site", "same-origin", true),
        ("sec-fetch-site", "none", true),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "nonsense", false),
        ("origin", &own, true),
        ("origin", "https://evil.example", false),
        ("origin", &other_port, false),
        ("origin", &null, false),
        ("origin", &format!("{own}.evil.example"), false),
        ("origin", "", false),
    ] {
        for path in [paths::REFRESH, paths::LOGOUT] {
            let session = app.login(&ada).await;
            let answer = app
                .post(path)
                .header("cookie", &session.cookie)
                .header(field, value)
                .ask()
                .await;
            if allowed {
                answer.expect(200);
            } else {
                assert_eq!(answer.status, 403, "{path} {field}: {value}");
                assert_problem(&answer, 403, ErrorCode::CrossSite);
                assert!(answer.cookies().is_empty(), "{answer:?}");
                // And nothing happened.
                session.me().await.expect(200);
            }
        }
    }
}

#[tokio::test]
async fn refresh_accepts_the_public_origin_behind_a_proxy() {
    let app = TestApp::spawn_with(&["--public-url", "https://tasks.example.org"]).await;
    let ada = app.register("ada").await;
    let request = |origin: &'static str| {
        app.post(paths::REFRESH)
            .header("cookie", &ada.cookie)
            .header("origin", origin)
    };
    request("https://tasks.example.org").ask().await.expect(200);
    for origin in [
        "http://tasks.example.org",
        "https://tasks.example.org:8443",
        "https://evil.example",
        "https://example.org",
    ] {
        assert_problem(&request(origin).ask().await, 403, ErrorCode::CrossSite);
    }
}

#[tokio::test]
async fn no_other_site_is_invited() {
    // Without CORS headers a browser keeps every answer from foreign pages.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let preflight = app
        .request(reqwest::Method::OPTIONS, &ada.tasks())
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "POST")
        .ask()
        .await;
    let simple = ada
        .get(&ada.tasks())
        .header("origin", "https://evil.example")
        .ask()
        .await
        .expect(200);
    for answer in [preflight, simple] {
        for name in answer.headers.keys() {
            assert!(!name.as_str().starts_with("access-control-"), "{answer:?}");
        }
    }
}
