//! `POST /api/auth/login`.

use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::person::PASSWORD;
use tests::token::Token;
use tests::{TestApp, assert_invalid, assert_problem};

#[tokio::test]
async fn login_answers_as_registering_does() {
    let app = TestApp::spawn().await;
    let body = json!({"email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
    let registered = app.post_json(paths::REGISTER, &body).await.expect(201);
    let answer = app.try_login("ada@example.org", PASSWORD).await.expect(200);
    let (first, second) = (registered.value(), answer.value());
    assert_eq!(first["user"], second["user"]);
    assert_eq!(second["token_type"], "bearer");
    assert_eq!(second["expires_in"], 3600);
    let (first, second) = (registered.session_cookie(), answer.session_cookie());
    assert_eq!((first.name, first.attributes), (second.name, second.attributes));
    let token = answer.value()["access_token"].as_str().unwrap().to_owned();
    app.me_with(&format!("Bearer {token}")).await.expect(200);
}

#[tokio::test]
async fn each_login_is_a_session_of_its_own() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let again = app.login(&ada).await;
    assert_eq!(again.id, ada.id);
    assert_ne!(
        Token::read(&again.token).text("sid"),
        Token::read(&ada.token).text("sid")
    );
    ada.me().await.expect(200);
    again.me().await.expect(200);
}

#[tokio::test]
async fn login_takes_the_email_in_any_case() {
    let app = TestApp::spawn().await;
    app.register_with("Ada@Example.org", PASSWORD).await;
    for email in ["ada@example.org", "ADA@EXAMPLE.ORG", "  aDa@example.ORG\t"] {
        let answer = app.try_login(email, PASSWORD).await.expect(200);
        assert_eq!(answer.value()["user"]["email"], "ada@example.org");
    }
}

#[tokio::test]
async fn login_rejects_input_that_could_be_nobodys() {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    assert_invalid(&app.post_json(paths::LOGIN, &json!({})).await, &["email", "password"]);
    assert_invalid(
        &app.post_json(paths::LOGIN, &json!({"email": 1, "password": null}))
            .await,
        &["email", "password"],
    );
    assert_invalid(&app.try_login("not an email", "correct horse").await, &["email"]);
    assert_invalid(&app.try_login("ada@example.org", "").await, &["password"]);
    assert_invalid(&app.try_login("ada@example.org", "nul\0in it").await, &["password"]);
    assert_invalid(&app.try_login("ada@example.org", &"x".repeat(129)).await, &["password"]);
    // What is too short to be chosen today is an attempt like any other.
    assert_problem(
        &app.try_login("ada@example.org", "x").await,
        401,
        ErrorCode::InvalidCredentials,
    );
    assert_problem(
        &app.try_login("ada@example.org", &"🔑".repeat(128)).await,
        401,
        ErrorCode::InvalidCredentials,
    );
}
