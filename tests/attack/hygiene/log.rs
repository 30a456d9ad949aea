//! The log at its most talkative, while the service is used and attacked with everything that is secret.

use crate::case::{Case, cases};
use crate::forge;
use chrono::Utc;
use serde_json::{Value, json};
use shared::paths;
use tests::token::{SECRET, Token};
use tests::{Answer, Ask, Backend, Binary, Database, Person};

const PASSWORD: &str = "zebra-crossing-at-noon";
const WRONG: &str = "wrong-zebra-at-midnight";
const NEW: &str = "new-zebra-in-the-morning";
const FOREIGN: &str = "zebra-secret-of-the-other-issuer-0123456789";
const PREVIOUS: &str = "zebra-secret-of-last-year-0123456789";
const TITLE: &str = "A title that is nobody's business";

pub(super) fn cases() -> Vec<Case> {
    cases![
        trace_log_as_json_holds_no_secret,
        trace_log_for_people_holds_no_secret,
        lines_cannot_be_forged_by_what_people_type,
        failures_of_the_server_are_logged_with_their_cause,
    ]
}

async fn trace_log_as_json_holds_no_secret() {
    holds_no_secret("json").await;
}

async fn trace_log_for_people_holds_no_secret() {
    holds_no_secret("pretty").await;
}

async fn holds_no_secret(format: &str) {
    let database = Database::migrated();
    let mut flags = vec![
        "--log",
        "trace",
        "--log-format",
        format,
        "--better-auth-cookies",
        "true",
    ];
    let url = database.url().replace("taskward@", "taskward:zebra-of-the-database@");
    if Backend::current() == Backend::Postgres {
        flags.extend(["--database-url", &url]);
    }
    let mut command = Binary::command(&database, &flags);
    command
        .env("BETTER_AUTH_SECRET", FOREIGN)
        .env("JWT_SECRET_PREVIOUS", PREVIOUS);
    let server = Binary::run(&mut command).unwrap();
    let secrets = use_everything(&server).await;
    server.terminate();
    let output = server.finish().output;
    assert!(output.lines().count() > 50, "trace is on: {output}");
    for secret in &secrets {
        for part in telling_parts(secret) {
            assert!(!output.contains(part), "{part}: {}", line_with(&output, part));
        }
    }
    for hint in ["zebra", "$2a$", "$2b$", "$2y$", "nobody's business"] {
        assert!(!output.contains(hint), "{hint}: {}", line_with(&output, hint));
    }
    assert!(!output.contains("panicked"), "{output}");
}

fn line_with<'a>(output: &'a str, part: &str) -> &'a str {
    output.lines().find(|line| line.contains(part)).unwrap_or_default()
}

/// What of a secret must not be seen: all of it, and of a token each part that is its own.
fn telling_parts(secret: &str) -> Vec<&str> {
    let mut parts: Vec<_> = secret.split('.').filter(|part| part.len() > 40).collect();
    parts.push(secret);
    parts
}

/// Every way to handle a secret, well and badly. Returns all the secrets.
async fn use_everything(server: &Binary) -> Vec<String> {
    let mut secrets: Vec<String> = [PASSWORD, WRONG, NEW, SECRET, FOREIGN, PREVIOUS]
        .map(str::to_owned)
        .into();
    let ada = server.register_with("ada@example.org", PASSWORD).await;
    let other = server.login(&ada).await;
    let renewed = other.refresh().await.expect(200);
    secrets.push(access_token(&renewed));
    secrets.push(renewed.session_cookie().value);
    for session in [&ada, &other] {
        secrets.push(session.token.clone());
        secrets.push(session.cookie.split_once('=').unwrap().1.to_owned());
    }
    ada.add(TITLE).await;
    secrets.extend(misuse(server, &ada).await);
    secrets.extend(use_foreign(server).await);

    let change = json!({"current_password": PASSWORD, "new_password": NEW});
    let changed = ada.post(paths::PASSWORD).json(&change).ask().await.expect(200);
    secrets.push(access_token(&changed));
    secrets.push(changed.session_cookie().value);
    let ada = ada.with_token(access_token(&changed));
    ada.post(paths::LOGOUT_EVERYWHERE).ask().await.expect(200);
    secrets
}

fn access_token(answer: &Answer) -> String {
    answer.value()["access_token"].as_str().unwrap().to_owned()
}

/// Secrets in every place where they do not belong.
async fn misuse(server: &Binary, ada: &Person) -> Vec<String> {
    let forged = format!("{}x", ada.token);
    let wrongly_signed = Token::read(&ada.token).sign_with(WRONG);
    let session = ada.cookie.split_once('=').unwrap().1;
    for request in [
        server
            .post(paths::LOGIN)
            .json(&json!({"email": "ada@example.org", "password": WRONG})),
        server
            .post(paths::LOGIN)
            .json(&json!({"email": "nobody@example.org", "password": WRONG})),
        server
            .post(paths::LOGIN)
            .json(&json!({"email": WRONG, "password": PASSWORD})),
        server
            .post(paths::LOGIN)
            .json(&json!({"email": ["ada@example.org"], "password": {"is": PASSWORD}})),
        server
            .post(paths::REGISTER)
            .json(&json!({"email": "ada@example.org", "password": WRONG})),
        server
            .post(paths::LOGIN)
            .header("content-type", "application/json")
            .body(format!("{{\"password\":\"{WRONG}\"")),
        server
            .post(paths::LOGIN)
            .header("content-type", "text/plain")
            .body(WRONG),
        server.post(paths::LOGIN).basic_auth("ada@example.org", Some(PASSWORD)),
        server.get(paths::ME).bearer_auth(&forged),
        server.get(paths::ME).bearer_auth(&wrongly_signed),
        server.get(paths::ME).bearer_auth(session),
        server
            .get(paths::ME)
            .header("authorization", format!("Bearer {0},{0}", ada.token)),
        server.get(paths::ME).header("x-access-token", &ada.token),
        server
            .get(paths::ME)
            .query(&[("access_token", &ada.token), ("password", &PASSWORD.to_owned())]),
        server.get(&format!("/{}", ada.token)),
        server.get(&format!("/api/{}/tasks", ada.token)),
        server.get(&format!("/api/{}/tasks/{session}", ada.id)),
        server
            .post(paths::REFRESH)
            .header("cookie", format!("taskward_session={forged}")),
        server
            .post(paths::REFRESH)
            .header("cookie", format!("session={session}; password={PASSWORD}")),
        server
            .post(paths::REFRESH)
            .header("cookie", &ada.cookie)
            .header("origin", format!("https://{PASSWORD}.example")),
        ada.post(paths::PASSWORD)
            .json(&json!({"current_password": WRONG, "new_password": NEW})),
        ada.delete(paths::ME).json(&json!({"password": WRONG})),
        ada.delete(&format!("{}/{}", ada.tasks(), ada.token)),
        ada.put(&ada.task(uuid::Uuid::now_v7()))
            .header("if-match", &ada.token)
            .json(&json!({"title": PASSWORD})),
    ] {
        let answer = request.ask().await;
        assert!(answer.status < 500, "{answer:?}");
    }
    vec![forged, wrongly_signed]
}

/// Tokens of the other issuer, in the header and in its cookie.
async fn use_foreign(server: &Binary) -> Vec<String> {
    let now = Utc::now().timestamp();
    let id = "U4IwuRgRN7ZhLVlWuSJIVvNjdk0S4OX2";
    let claims = json!({
        "session": {"expiresAt": "2099-01-01T00:00:00Z", "token": "zebra-of-a-session", "userId": id, "id": "s"},
        "user": {"id": id, "email": "eve@example.org", "emailVerified": true, "name": "Eve"},
        "iat": now, "exp": now + 300,
    });
    let sign = |claims: &Value| forge::sign(r#"{"alg":"HS256"}"#, claims.to_string(), FOREIGN);
    let good = sign(&claims);
    let mail = sign(&json!({"email": "eve@example.org", "iat": now, "exp": now + 300}));
    let tasks = paths::tasks(id);
    server.get(&tasks).bearer_auth(&good).ask().await.expect(200);
    server.get(&tasks).bearer_auth(&mail).ask().await.expect(401);
    for (cookie, status) in [(&good, 200), (&mail, 401)] {
        let request = server
            .get(&tasks)
            .header("cookie", format!("better-auth.session_data={cookie}"));
        request.ask().await.expect(status);
    }
    server.post(paths::LOGOUT).bearer_auth(&good).ask().await.expect(200);
    vec![good, mail]
}

async fn lines_cannot_be_forged_by_what_people_type() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "pretty", "--log", "debug"]);
    let forged = "2026-01-01T00:00:00Z INFO audit: event=Login outcome=\"success\"";
    for email in [
        format!("\"x\n{forged}\"@example.org"),
        format!("x\r\n{forged}@example.org"),
        format!("x\u{2028}{forged}@example.org"),
        format!("x\u{85}{forged}@example.org"),
        format!("x\u{1b}[2J{forged}@example.org"),
        // An address, by the letter of RFC 5321.
        "\"x outcome=success\"@example.org".to_owned(),
        "\"x\\\" event=Login outcome=\\\"success\\\" \\\"y\"@example.org".to_owned(),
    ] {
        server.try_login(&email, WRONG).await;
    }
    for path in ["/a%0a2026-01-01T00:00:00Z%20INFO%20audit:", "/%1b[31m"] {
        server.get(path).header("user-agent", "x\u{85}y".as_bytes()).ask().await;
    }
    // A name is kept as it is, but it is nobody who tries something: it is not in the log.
    let body = json!({"email": "ada@example.org", "password": PASSWORD, "name": "x outcome=\"success\""});
    server.post_json(paths::REGISTER, &body).await.expect(201);
    server.terminate();
    let output = server.finish().output;
    for line in output.lines() {
        assert!(!line.trim_start().starts_with("2026-01-01"), "{line}");
        assert!(
            !line.contains('\u{1b}') && !line.contains('\u{85}') && !line.contains('\u{2028}'),
            "{line:?}"
        );
        // However an address quotes, it does not end what it is quoted in.
        assert!(line.matches("outcome=\"").count() <= 1, "{line}");
    }
}

async fn failures_of_the_server_are_logged_with_their_cause() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json"]);
    let ada = server.register_with("ada@example.org", PASSWORD).await;
    database.execute("ALTER TABLE tasks RENAME TO moved");
    let answer = ada.get(&ada.tasks()).ask().await;
    assert_eq!(answer.status, 500, "{answer:?}");
    server.terminate();
    let output = server.finish().output;
    let logged = output.lines().any(|line| {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        let line_says = |text: &str| line.to_string().contains(text);
        let cause = line_says("does not exist") || line_says("no such table");
        line["level"] == "ERROR" && line_says(answer.request_id()) && line_says("tasks") && cause
    });
    assert!(logged, "{output}");
}
