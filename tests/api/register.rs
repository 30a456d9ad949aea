//! `POST /api/auth/register`.

use chrono::Utc;
use serde_json::{Value, json};
use shared::auth::AuthResponse;
use shared::paths;
use std::collections::BTreeSet;
use tests::token::Token;
use tests::{Answer, Ask, TestApp, assert_invalid};

async fn register(app: &TestApp, email: &str, password: &str) -> Answer {
    app.post_json(paths::REGISTER, &json!({"email": email, "password": password}))
        .await
}

fn members(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn register_makes_an_account_and_signs_in() {
    let app = TestApp::spawn().await;
    let before = Utc::now();
    let body = json!({"email": "Ada@Example.ORG ", "password": "correct horse", "name": " Ada L. "});
    let answer = app.post_json(paths::REGISTER, &body).await.expect(201);
    let after = Utc::now();

    let value = answer.value();
    assert_eq!(
        members(&value),
        BTreeSet::from(["access_token", "expires_at", "expires_in", "token_type", "user"])
    );
    assert_eq!(
        members(&value["user"]),
        BTreeSet::from(["created_at", "email", "id", "name"])
    );
    assert_eq!(value["token_type"], "bearer");
    assert_eq!(value["expires_in"], 3600);
    let auth: AuthResponse = answer.json();
    assert_eq!(auth.user.email, "ada@example.org", "trimmed, in lower case");
    assert_eq!(auth.user.name.as_deref(), Some("Ada L."), "trimmed");
    let second = chrono::TimeDelta::seconds(1);
    assert!(before - second <= auth.user.created_at && auth.user.created_at <= after + second);
    let life = auth.expires_at - before;
    assert!((3599..=3601).contains(&life.num_seconds()), "{life}");
    for time in ["/expires_at", "/user/created_at"] {
        assert!(
            value.pointer(time).unwrap().as_str().unwrap().ends_with('Z'),
            "UTC: {value}"
        );
    }

    let me = app
        .get(paths::ME)
        .bearer_auth(auth.access_token.reveal())
        .ask()
        .await
        .expect(200);
    assert_eq!(me.value(), value["user"]);
}

#[tokio::test]
async fn register_works_without_a_name() {
    let app = TestApp::spawn().await;
    for (email, name) in [("a@example.org", None), ("b@example.org", Some(Value::Null))] {
        let mut body = json!({"email": email, "password": "correct horse"});
        if let Some(name) = name {
            body["name"] = name;
        }
        let answer = app.post_json(paths::REGISTER, &body).await.expect(201);
        assert_eq!(answer.value()["user"]["name"], Value::Null);
    }
}

#[tokio::test]
async fn access_token_says_who_and_until_when() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let token = Token::read(&ada.token);
    assert_eq!(token.header["alg"], "HS256");
    assert_eq!(token.header["typ"], "at+jwt");
    assert_eq!(token.text("sub"), ada.id);
    assert_eq!(token.text("user_id"), ada.id);
    assert_eq!(token.text("email"), ada.email);
    assert_eq!(token.text("iss"), "taskward");
    assert_eq!(token.text("aud"), "taskward-api");
    assert_eq!(token.number("exp") - token.number("iat"), 3600);
    assert!((token.number("iat") - Utc::now().timestamp()).abs() <= 2);
    assert!(token.number("epoch") >= 0);
    token.text("sid").parse::<uuid::Uuid>().unwrap();
    assert!(!ada.token.contains(&ada.password));
}

#[tokio::test]
async fn access_token_lives_as_long_as_configured() {
    for (setting, seconds) in [("90", 90), ("90s", 90), ("15m", 900), ("2h", 7200)] {
        let app = TestApp::spawn_with(&["--access-token-ttl", setting]).await;
        let answer = register(&app, "ada@example.org", "correct horse").await.expect(201);
        let value = answer.value();
        assert_eq!(value["expires_in"], seconds, "{setting}");
        let token = Token::read(value["access_token"].as_str().unwrap());
        assert_eq!(token.number("exp") - token.number("iat"), seconds, "{setting}");
    }
}

#[tokio::test]
async fn issuer_and_audience_are_as_configured() {
    let app = TestApp::spawn_with(&["--jwt-issuer", "https://tasks.example.org", "--jwt-audience", "tasks"]).await;
    let ada = app.register("ada").await;
    let token = Token::read(&ada.token);
    assert_eq!(token.text("iss"), "https://tasks.example.org");
    assert_eq!(token.text("aud"), "tasks");
    ada.me().await.expect(200);
}

#[tokio::test]
async fn session_cookie_says_which_session_and_until_when() {
    let app = TestApp::spawn().await;
    let answer = register(&app, "ada@example.org", "correct horse").await.expect(201);
    let cookie = answer.session_cookie();
    assert_eq!(cookie.max_age(), 7 * 24 * 3600);
    let session = Token::read(&cookie.value);
    assert_eq!(session.header["alg"], "HS256");
    assert_eq!(session.header["typ"], "session+jwt");
    assert_eq!(session.text("aud"), "taskward-session");
    assert_eq!(session.number("exp") - session.number("iat"), 7 * 24 * 3600);
    assert_eq!(session.number("auth_time"), session.number("iat"));
    let access = Token::read(answer.value()["access_token"].as_str().unwrap());
    assert_eq!(session.text("sid"), access.text("sid"));
}

#[tokio::test]
async fn similar_emails_are_different_accounts() {
    let app = TestApp::spawn().await;
    let mut ids = BTreeSet::new();
    for email in [
        "ada@example.org",
        "ada+tasks@example.org",
        "a.da@example.org",
        "ada@example.com",
        "adá@example.org",
    ] {
        ids.insert(app.register_with(email, "correct horse").await.id);
    }
    assert_eq!(ids.len(), 5);
}

#[tokio::test]
async fn register_rejects_what_is_no_email() {
    let app = TestApp::spawn().await;
    for email in [
        "",
        " ",
        "ada",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "a b@example.org",
        "ada@exa mple.org",
        "ada@example.org, bob@example.org",
        "Ada <ada@example.org>",
        "ada@localhost",
        "ada@\u{0}example.org",
        "ada\u{7}@example.org",
        "ada@example.org\r\nBcc: bob@example.org",
    ] {
        assert_invalid(&register(&app, email, "correct horse").await, &["email"]);
    }
    assert_eq!(app.database().count("users"), 0);
}

#[tokio::test]
async fn register_accepts_an_email_of_255_characters_at_most() {
    let app = TestApp::spawn().await;
    let fits = fitting_email(255);
    assert_eq!(fits.chars().count(), 255);
    let answer = register(&app, &format!("  {fits} "), "correct horse").await;
    // RFC 5321 §4.5.3.1 caps a path at 254 characters: a stricter reading than the contract's is not ours to take.
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_invalid(&register(&app, &fitting_email(256), "correct horse").await, &["email"]);
}

/// An address of so many characters, with parts no longer than RFC 5321 allows.
fn fitting_email(length: usize) -> String {
    let domain = [63, 63, 58].map(|label| "b".repeat(label)).join(".");
    let local = "a".repeat(64);
    let rest = length - local.len() - 1 - domain.len() - 1;
    format!("{local}@{domain}.{}", "c".repeat(rest))
}

#[tokio::test]
async fn register_rejects_a_password_of_fewer_than_8_or_more_than_128_characters() {
    let app = TestApp::spawn().await;
    for (index, (password, accepted)) in [
        (String::new(), false),
        ("zq8!kfw".to_owned(), false),
        ("zq8!kfw2".to_owned(), true),
        ("x".repeat(128), true),
        ("x".repeat(129), false),
        // Characters are code points: neither bytes nor UTF-16 units.
        ("é".repeat(7), false),
        ("é".repeat(8), true),
        ("🔑".repeat(7), false),
        ("🔑".repeat(8), true),
        ("🔑".repeat(128), true),
        ("🔑".repeat(129), false),
        // A password is not trimmed.
        ("   zq8  ".to_owned(), true),
        (" q8!kfw ".to_owned(), true),
        ("zq8!kfw\0".to_owned(), false),
        ("\0".repeat(8), false),
        ("zq8!kfw2\0".to_owned(), false),
        ("tab\tand\nline".to_owned(), true),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("person{index}@example.org");
        let answer = register(&app, &email, &password).await;
        if accepted {
            answer.expect(201);
            app.try_login(&email, &password).await.expect(200);
        } else {
            let problem = assert_invalid(&answer, &["password"]);
            assert!(password.is_empty() || !answer.text().contains(&password), "{problem:?}");
        }
    }
}

#[tokio::test]
async fn register_rejects_a_name_that_is_empty_or_longer_than_100_characters() {
    let app = TestApp::spawn().await;
    for (index, (name, accepted)) in [
        (json!(""), false),
        (json!(" \t"), false),
        (json!("é".repeat(100)), true),
        (json!("é".repeat(101)), false),
        (json!("a\nb"), false),
        (json!("a\0b"), false),
        (json!(7), false),
        (json!(["Ada"]), false),
        (json!("O'Hara <b>—</b> \"x\" 名前"), true),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("person{index}@example.org");
        let body = json!({"email": email, "password": "correct horse", "name": name});
        let answer = app.post_json(paths::REGISTER, &body).await;
        if accepted {
            assert_eq!(answer.expect(201).value()["user"]["name"], name);
        } else {
            assert_invalid(&answer, &["name"]);
        }
    }
}

#[tokio::test]
async fn register_reports_members_of_the_wrong_type_all_at_once() {
    let app = TestApp::spawn().await;
    for wrong in [json!(null), json!(7), json!(true), json!([]), json!({})] {
        let answer = app
            .post_json(paths::REGISTER, &json!({"email": wrong, "password": wrong}))
            .await;
        assert_invalid(&answer, &["email", "password"]);
    }
    assert_invalid(
        &app.post_json(paths::REGISTER, &json!({})).await,
        &["email", "password"],
    );
}
