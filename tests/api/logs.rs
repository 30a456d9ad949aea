//! What the program logs, and what it must never log.

use serde_json::{Value, json};
use shared::paths;
use std::collections::HashSet;
use tests::token::SECRET;
use tests::{Ask, Backend, Binary, Database};

const PASSWORD: &str = "zebra-crossing-at-noon";
const WRONG: &str = "wrong-zebra-at-midnight";
const NEW: &str = "new-zebra-in-the-morning";

/// Uses the service in every way that handles secrets. Returns the secrets, and the ids of the requests that failed.
async fn use_everything(server: &Binary) -> (Vec<String>, Vec<String>) {
    let mut secrets: Vec<String> = [PASSWORD, WRONG, NEW, SECRET].map(str::to_owned).into();
    let mut failed = Vec::new();
    let ada = server.register_with("ada@example.org", PASSWORD).await;
    let other = server.login(&ada).await;
    let renewed = other.refresh().await.expect(200);
    secrets.push(renewed.value()["access_token"].as_str().unwrap().to_owned());
    secrets.push(renewed.session_cookie().value);
    for session in [&ada, &other] {
        secrets.push(session.token.clone());
        secrets.push(session.cookie.split_once('=').unwrap().1.to_owned());
    }
    let forged = format!("{}x", ada.token);
    secrets.push(forged.clone());

    ada.add("A title that is nobody's business").await;
    for answer in [
        server.try_login("ada@example.org", WRONG).await,
        server.try_login("nobody@example.org", WRONG).await,
        server.try_login("not an email", WRONG).await,
        server
            .post_json(paths::REGISTER, &json!({"email": "ada@example.org", "password": WRONG}))
            .await,
        server
            .post(paths::LOGIN)
            .header("content-type", "application/json")
            .body(format!("{{\"password\":\"{WRONG}\""))
            .ask()
            .await,
        server
            .post(paths::LOGIN)
            .header("content-type", "text/plain")
            .body(WRONG)
            .ask()
            .await,
        server.me_with(&format!("Bearer {forged}")).await,
        server
            .get(&format!("{}?access_token={}", paths::ME, ada.token))
            .ask()
            .await,
        server.refresh_with(&format!("taskward_session={forged}")).await,
        ada.get("/api/nothing").ask().await,
        ada.get(&format!("{}?limit=0", ada.tasks())).ask().await,
        ada.post(paths::PASSWORD)
            .json(&json!({"current_password": WRONG, "new_password": NEW}))
            .ask()
            .await,
    ] {
        assert!((400..500).contains(&answer.status), "{answer:?}");
        failed.push(answer.request_id().to_owned());
    }
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    let changed = ada.post(paths::PASSWORD).json(&body).ask().await.expect(200);
    let token = changed.value()["access_token"].as_str().unwrap().to_owned();
    secrets.push(changed.session_cookie().value);
    let ada = ada.with_token(token.clone());
    secrets.push(token);
    ada.post(paths::LOGOUT).ask().await.expect(200);
    (secrets, failed)
}

/// The parts of a token: a signature alone is as good as nothing, but it has no place in a log either.
fn parts(secret: &str) -> Vec<&str> {
    let mut parts: Vec<_> = secret.split('.').filter(|part| part.len() > 40).collect();
    parts.push(secret);
    parts
}

#[tokio::test]
async fn no_password_token_or_secret_is_ever_logged() {
    for format in ["pretty", "json"] {
        let database = Database::migrated();
        let mut command = Binary::command(&database, &["--log", "trace", "--log-format", format]);
        if Backend::current() == Backend::Postgres {
            // A trusting cluster takes any password.
            let url = database.url().replace("taskward@", "taskward:zebra-of-the-database@");
            command = Binary::command(
                &database,
                &["--log", "trace", "--log-format", format, "--database-url", &url],
            );
        }
        let server = Binary::run(&mut command).unwrap();
        let (secrets, _) = use_everything(&server).await;
        server.terminate();
        let output = server.finish().output;
        assert!(output.lines().count() > 50, "trace is on: {output}");
        for secret in &secrets {
            for part in parts(secret) {
                if let Some(line) = output.lines().find(|line| line.contains(part)) {
                    panic!("{part} is in the log: {line}");
                }
            }
        }
        for hint in ["zebra", "$2a$", "$2b$", "$2y$"] {
            if let Some(line) = output.lines().find(|line| line.contains(hint)) {
                panic!("{hint} is in the log: {line}");
            }
        }
    }
}

#[tokio::test]
async fn the_log_has_every_request_under_its_id() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json"]);
    let (_, failed) = use_everything(&server).await;
    let fine = server.get(paths::HEALTH).ask().await.request_id().to_owned();
    server.terminate();
    let output = server.finish().output;
    let distinct: HashSet<_> = failed.iter().collect();
    assert_eq!(distinct.len(), failed.len());
    for id in failed.iter().chain([&fine]) {
        let line = output.lines().find(|line| line.contains(id.as_str()));
        let line = line.unwrap_or_else(|| panic!("{id}: {output}"));
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    assert!(
        !output.contains("nobody's business"),
        "what people write is not for the log: {output}"
    );
}

#[tokio::test]
async fn the_cause_of_a_failure_is_in_the_log_and_not_in_the_answer() {
    if !Backend::Postgres.is() {
        return;
    }
    let database = Database::migrated();
    let server = Binary::start(&database, &[]);
    let ada = server.register("ada").await;
    // A mistake of ours, as far as the server can tell.
    database.execute("ALTER TABLE tasks RENAME TO moved");
    let answer = ada.get(&ada.tasks()).ask().await;
    tests::assert_problem(&answer, 500, shared::error::ErrorCode::InternalError);
    let again = ada.create(&json!({"title": "Milk"})).await;
    assert_eq!(
        tests::problem::without_request_id(&again),
        tests::problem::without_request_id(&answer),
        "constant text"
    );
    let text = answer.text();
    for leak in [
        "tasks\\\"",
        "relation",
        "does not exist",
        "SELECT",
        "select",
        "diesel",
        "postgres",
    ] {
        assert!(!text.contains(leak), "{text}");
    }
    server.terminate();
    let output = server.finish().output;
    let cause = output
        .lines()
        .find(|line| line.contains(answer.request_id()) && line.contains("does not exist"));
    assert!(cause.is_some(), "{output}");
}

#[tokio::test]
async fn log_lines_have_the_trace_that_the_request_belongs_to() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = "00f067aa0ba902b7";
    let valid = format!("00-{trace}-{parent}-01");
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json"]);
    let ask = async |fields: &[&str]| {
        let mut request = server.get(paths::HEALTH);
        for field in fields {
            request = request.header("traceparent", *field);
        }
        request.ask().await.expect(200).request_id().to_owned()
    };
    let traced = [ask(&[&valid]).await, ask(&[&valid]).await];
    let foreign = "00-11111111111111111111111111111111-2222222222222222-00";
    let others = [
        ask(&[]).await,
        ask(&["nonsense"]).await,
        ask(&[&valid.to_uppercase()]).await,
        ask(&["00-00000000000000000000000000000000-00f067aa0ba902b7-01"]).await,
        ask(&[&valid, foreign]).await,
        ask(&["ü"]).await,
    ];
    server.terminate();
    let output = server.finish().output;
    let span = |id: &str| {
        let lines = output
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut spans = lines.map(|line| line["span"].clone()).filter(|span| span["id"] == id);
        spans.next().unwrap_or_else(|| panic!("{id}: {output}"))
    };
    let is_id = |value: &Value, digits: usize| {
        let id = value.as_str().unwrap_or_default();
        id.len() == digits && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && id.bytes().any(|byte| byte != b'0')
    };
    let mut spans = HashSet::new();
    for id in &traced {
        let span = span(id);
        assert_eq!(
            (&span["trace_id"], &span["parent_span_id"]),
            (&json!(trace), &json!(parent)),
            "{span}"
        );
        assert!(is_id(&span["span_id"], 16), "{span}");
        spans.insert(span["span_id"].to_string());
    }
    let mut begun = HashSet::new();
    for id in &others {
        let span = span(id);
        assert!(is_id(&span["trace_id"], 32) && is_id(&span["span_id"], 16), "{span}");
        assert_eq!(span.get("parent_span_id"), None, "{span}");
        assert_ne!(span["trace_id"], trace, "{span}");
        begun.insert(span["trace_id"].to_string());
        spans.insert(span["span_id"].to_string());
    }
    assert_eq!(begun.len(), others.len());
    assert_eq!(spans.len(), traced.len() + others.len());
}
