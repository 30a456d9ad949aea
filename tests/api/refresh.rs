//! `POST /api/auth/refresh`: the session cookie buys access tokens.

use chrono::Utc;
use shared::auth::AuthResponse;
use shared::error::ErrorCode;
use shared::paths;
use tests::token::Token;
use tests::{Ask, Person, TestApp, assert_problem, assert_unauthorized, assert_unauthorized_without_token};

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
    assert_eq!(access.number("exp"), now + 60, "{access:?}");
    assert!(answer.session_cookie().max_age() <= 60, "{answer:?}");
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
