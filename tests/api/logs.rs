//! What the program logs. What it must never log, the attack suite looks for.

use serde_json::{Value, json};
use shared::paths;
use std::collections::HashSet;
use tests::{Ask, Binary, Database};

const WRONG: &str = "wrong horse battery";

/// Requests that fail, each for another reason. Returns their ids.
async fn fail(server: &Binary) -> Vec<String> {
    let ada = server.register("ada").await;
    ada.add("A title that is nobody's business").await;
    let login = |email: &str| {
        let body = json!({"email": email, "password": WRONG});
        server.post(paths::LOGIN).json(&body)
    };
    let mut failed = Vec::new();
    for request in [
        login("ada@example.org"),
        login("nobody@example.org"),
        login("not an email"),
        server.post(paths::LOGIN).body("x"),
        server
            .post(paths::REGISTER)
            .json(&json!({"email": "ada@example.org", "password": WRONG})),
        server
            .get(paths::ME)
            .header("authorization", format!("Bearer {}x", ada.token)),
        server
            .post(paths::REFRESH)
            .header("cookie", "taskward_session=nonsense"),
        ada.get("/api/nothing"),
        ada.get(&format!("{}?limit=0", ada.tasks())),
    ] {
        let answer = request.ask().await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
        failed.push(answer.request_id().to_owned());
    }
    failed
}

#[tokio::test]
async fn the_log_has_every_request_under_its_id() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json"]);
    let failed = fail(&server).await;
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
