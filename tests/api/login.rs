//! `POST /api/auth/login`.

use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use std::time::{Duration, Instant};
use tests::person::PASSWORD;
use tests::problem::without_request_id;
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
async fn login_takes_the_password_exactly_as_it_was_typed() {
    let app = TestApp::spawn().await;
    app.register_with("ada@example.org", " Pässwörd ").await;
    for wrong in [
        "Pässwörd",
        " Pässwörd",
        "Pässwörd ",
        " pässwörd ",
        " PÄSSWÖRD ",
        // The same to the eye, other code points.
        " Pa\u{308}sswo\u{308}rd ",
        " Password ",
        " Pässwörd  ",
    ] {
        assert_problem(
            &app.try_login("ada@example.org", wrong).await,
            401,
            ErrorCode::InvalidCredentials,
        );
    }
    app.try_login("ada@example.org", " Pässwörd ").await.expect(200);
}

#[tokio::test]
async fn every_byte_of_a_long_password_counts() {
    let app = TestApp::spawn().await;
    // bcrypt by itself looks at 72 bytes.
    for (index, unit) in ["x", "é", "🔑"].into_iter().enumerate() {
        let email = format!("person{index}@example.org");
        let password = unit.repeat(127);
        app.register_with(&email, &format!("{password}1")).await;
        for wrong in [
            format!("{password}2"),
            password.clone(),
            format!("{password}{unit}"),
            unit.repeat(72),
        ] {
            assert_problem(&app.try_login(&email, &wrong).await, 401, ErrorCode::InvalidCredentials);
        }
        app.try_login(&email, &format!("{password}1")).await.expect(200);
    }
}

#[tokio::test]
async fn wrong_password_and_unknown_email_cannot_be_told_apart() {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    let wrong = app.try_login("ada@example.org", "wrong horse battery").await;
    let short = app.try_login("ada@example.org", "x").await;
    let unknown = app.try_login("bob@example.org", PASSWORD).await;
    let bytes = |answer: &tests::Answer| answer.text().replace(answer.request_id(), "");
    let fields = |answer: &tests::Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("date");
        headers.remove("x-request-id");
        headers
    };
    for answer in [&wrong, &short, &unknown] {
        assert_problem(answer, 401, ErrorCode::InvalidCredentials);
        assert!(
            !answer.header("www-authenticate").contains("error="),
            "no token was sent: {answer:?}"
        );
        assert!(answer.cookies().is_empty());
        assert_eq!(bytes(answer), bytes(&wrong));
        assert_eq!(without_request_id(answer), without_request_id(&wrong));
        assert_eq!(fields(answer), fields(&wrong));
    }
}

#[tokio::test]
async fn an_unknown_email_takes_as_long_as_a_wrong_password() {
    // At this cost a hash takes tens of milliseconds: more than everything else together.
    let app = TestApp::spawn_with(&["--bcrypt-cost", "10"]).await;
    app.register("ada").await;
    let mut quickest = [Duration::MAX; 2];
    for _ in 0..5 {
        for (email, quickest) in ["ada@example.org", "bob@example.org"].into_iter().zip(&mut quickest) {
            let start = Instant::now();
            app.try_login(email, "wrong horse battery").await.expect(401);
            *quickest = start.elapsed().min(*quickest);
        }
    }
    let [wrong, unknown] = quickest;
    assert!(
        unknown > wrong / 2 && wrong > unknown / 2,
        "wrong: {wrong:?}, unknown: {unknown:?}"
    );
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

#[tokio::test]
async fn sql_in_credentials_is_text() {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    for password in ["' OR '1'='1", "'; DROP TABLE users; --", "\\", "%", "\" OR 1=1"] {
        assert_problem(
            &app.try_login("ada@example.org", password).await,
            401,
            ErrorCode::InvalidCredentials,
        );
    }
    for email in ["'or'1'='1@example.org", "%@example.org", "_da@example.org"] {
        assert_problem(
            &app.try_login(email, PASSWORD).await,
            401,
            ErrorCode::InvalidCredentials,
        );
    }
    assert_eq!(app.database().count("users"), 1);
}
