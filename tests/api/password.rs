//! `POST /api/auth/password`.

use serde_json::{Value, json};
use shared::auth::AuthResponse;
use shared::error::ErrorCode;
use shared::paths;
use tests::token::Token;
use tests::{Answer, Ask, Person, TestApp, assert_invalid, assert_problem, assert_unauthorized};

const NEW: &str = "battery horse correct";

async fn change(person: &Person, current: impl Into<Value>, new: impl Into<Value>) -> Answer {
    let body = json!({"current_password": current.into(), "new_password": new.into()});
    person.post(paths::PASSWORD).json(&body).ask().await
}

#[tokio::test]
async fn change_password_answers_as_signing_in_does() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = change(&ada, &*ada.password, NEW).await.expect(200);
    let auth: AuthResponse = answer.json();
    assert_eq!(auth.user.id, ada.id);

    let current = ada.with_token(auth.access_token.reveal());
    current.me().await.expect(200);
    let cookie = answer.session_cookie();
    assert_eq!(cookie.max_age(), 7 * 24 * 3600);
    app.refresh_with(&cookie.pair()).await.expect(200);
}

#[tokio::test]
async fn only_the_new_password_signs_in_afterwards() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    change(&ada, &*ada.password, NEW).await.expect(200);
    assert_problem(
        &app.try_login(&ada.email, &ada.password).await,
        401,
        ErrorCode::InvalidCredentials,
    );
    app.try_login(&ada.email, NEW).await.expect(200);
}

#[tokio::test]
async fn change_password_needs_the_current_one() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = change(&ada, "wrong horse battery", NEW).await;
    assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    assert!(answer.cookies().is_empty());
    // Nothing changed, and the session goes on.
    ada.me().await.expect(200);
    ada.refresh().await.expect(200);
    app.try_login(&ada.email, NEW).await.expect(401);
    app.try_login(&ada.email, &ada.password).await.expect(200);
}

#[tokio::test]
async fn change_password_rejects_a_bad_new_password() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for new in [
        json!(null),
        json!(7),
        json!(""),
        json!("1234567"),
        json!("é".repeat(7)),
        json!("x".repeat(129)),
        json!("1234567\0x"),
    ] {
        assert_invalid(&change(&ada, &*ada.password, new).await, &["new_password"]);
    }
    assert_invalid(&change(&ada, "", "short").await, &["current_password", "new_password"]);
    assert_invalid(
        &ada.post(paths::PASSWORD).json(&json!({})).ask().await,
        &["current_password", "new_password"],
    );
    ada.me().await.expect(200);
    app.try_login(&ada.email, &ada.password).await.expect(200);
}

#[tokio::test]
async fn change_password_takes_every_password_that_registering_takes() {
    let app = TestApp::spawn().await;
    for (index, new) in ["zq8!kfw2".to_owned(), "🔑".repeat(128), " spaces ".to_owned()]
        .into_iter()
        .enumerate()
    {
        let ada = app.register(&format!("ada{index}")).await;
        change(&ada, &*ada.password, &*new).await.expect(200);
        app.try_login(&ada.email, &new).await.expect(200);
    }
}

#[tokio::test]
async fn the_session_keeps_its_age_limit_from_a_fresh_proof() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = change(&ada, &*ada.password, NEW).await.expect(200);
    let session = Token::read(&answer.session_cookie().value);
    // The person has just proved who they are (OpenID Connect Core §2: auth_time).
    assert!(
        (session.number("auth_time") - chrono::Utc::now().timestamp()).abs() <= 2,
        "{session:?}"
    );
}

#[tokio::test]
async fn old_tokens_stay_dead_after_a_second_change_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let first: AuthResponse = change(&ada, &*ada.password, NEW).await.expect(200).json();
    let second = ada.with_token(first.access_token.reveal());
    change(&second, NEW, &*ada.password).await.expect(200);
    assert_unauthorized(&app.me_with(&format!("Bearer {}", ada.token)).await);
    assert_unauthorized(&app.me_with(&format!("Bearer {}", second.token)).await);
}
