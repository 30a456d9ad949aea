//! What failures tell whoever causes them: what they did wrong, and nothing of the server's insides.

use crate::case::{Case, cases};
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use std::collections::BTreeSet;
use tests::postgres::free_port;
use tests::{Answer, Ask, Binary, Database, TestApp, assert_problem};

pub(super) fn cases() -> Vec<Case> {
    cases![
        refusals_say_nothing_of_the_insides,
        failures_of_the_server_are_constant,
        every_answer_has_an_id_of_its_own,
        a_request_id_of_the_clients_is_not_taken,
        counters_are_not_on_the_public_address,
        counters_name_nobody,
        the_api_is_not_on_the_counters_address,
        the_description_tells_no_secret_of_this_server,
    ]
}

/// Words that only somebody says who shows what the server is made of.
const INSIDES: [&str; 27] = [
    "select",
    "relation",
    "does not exist",
    "SELECT",
    "INSERT",
    "UPDATE ",
    "sqlite",
    "SQLite",
    "postgres",
    "diesel",
    "actix",
    "serde",
    "jsonwebtoken",
    "bcrypt",
    "tokio",
    "rustc",
    ".rs:",
    "src/",
    "/root",
    "/home",
    "/tmp",
    "panicked",
    "unwrap",
    "thread '",
    "stack backtrace",
    "::",
    "taskward.db",
];

#[track_caller]
fn assert_silent(answer: &Answer) {
    let text = answer.text();
    for word in INSIDES {
        assert!(!text.contains(word), "{word}: {answer:?}");
    }
}

async fn refusals_say_nothing_of_the_insides() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let json = |body: &str| {
        let request = ada.post(&ada.tasks()).header("content-type", "application/json");
        request.body(body.to_owned())
    };
    for request in [
        json("{"),
        json("[1,2"),
        json("{\"title\":1e999}"),
        json("{\"title\":\"\\ud800\"}"),
        json(&"[".repeat(1000)),
        json("{\"title\":{}}"),
        ada.get(&format!("{}/nothing", ada.tasks())),
        ada.get(&format!("{}?limit=x&cursor=y", ada.tasks())),
        ada.get("/api/nothing"),
        ada.get("/nothing.js"),
        ada.get(paths::LOGIN),
        ada.put(&ada.task(task.id)).header("if-match", "\"7\"").json(&json!({})),
        ada.post(&ada.tasks()).body("x"),
        ada.create_large(),
        app.get(paths::ME),
        app.get(paths::ME).bearer_auth("a.b.c"),
        app.post(paths::REFRESH),
        app.post(paths::REFRESH).header("origin", "null"),
        app.post(paths::REGISTER)
            .json(&json!({"email": "ada@example.org", "password": "correct horse battery"})),
        app.post(paths::LOGIN)
            .json(&json!({"email": 1, "password": [], "x": null})),
    ] {
        let answer = request.ask().await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
        assert_silent(&answer);
    }
}

trait CreateLarge {
    fn create_large(&self) -> reqwest::RequestBuilder;
}

impl CreateLarge for tests::Person {
    fn create_large(&self) -> reqwest::RequestBuilder {
        self.post(&self.tasks()).json(&json!({"title": "x".repeat(100_000)}))
    }
}

async fn failures_of_the_server_are_constant() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    app.database().execute("ALTER TABLE tasks RENAME TO moved");
    let mut bodies = BTreeSet::new();
    for request in [
        ada.get(&ada.tasks()),
        ada.get(&ada.task(task.id)),
        ada.post(&ada.tasks()).json(&json!({"title": "Bread"})),
        ada.put(&ada.task(task.id)).json(&json!({"title": "Bread"})),
        ada.delete(&ada.task(task.id)),
    ] {
        let answer = request.ask().await;
        assert_problem(&answer, 500, ErrorCode::InternalError);
        assert_silent(&answer);
        bodies.insert(answer.text().replace(answer.request_id(), ""));
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

async fn every_answer_has_an_id_of_its_own() {
    let app = TestApp::spawn().await;
    let mut ids = BTreeSet::new();
    for _ in 0..20 {
        for path in [paths::HEALTH, "/api/nothing", paths::ME, "/"] {
            // `ask` checks that there is one.
            ids.insert(app.get(path).ask().await.request_id().to_owned());
        }
    }
    assert_eq!(ids.len(), 80);
}

async fn a_request_id_of_the_clients_is_not_taken() {
    let app = TestApp::spawn().await;
    // Else anybody could give their request the id of another one, and confuse whoever reads the log.
    for id in ["01890000-0000-7000-8000-000000000000", "x", "x\" outcome=\"success"] {
        let answer = app.get(paths::ME).header("x-request-id", id).ask().await;
        assert_ne!(answer.request_id(), id);
        assert!(!answer.text().contains(id), "{answer:?}");
    }
}

async fn counters_are_not_on_the_public_address() {
    let port = free_port();
    let counters = format!("127.0.0.1:{port}");
    for flags in [&[][..], &["--metrics-addr", &counters]] {
        let app = TestApp::spawn_with(flags).await;
        let ada = app.register("ada").await;
        for request in [app.get("/metrics"), ada.get("/metrics")] {
            assert_problem(&request.ask().await, 404, ErrorCode::NotFound);
        }
        for path in [
            "/metrics",
            "/metrics/",
            "//metrics",
            "/%6detrics",
            "/api/metrics",
            "/api/../metrics",
            "/METRICS",
            "/./metrics",
            "/metrics?x",
            "/x/../metrics",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            let answers = crate::wire::exchange(app.address, request.as_bytes()).await;
            assert!(!answers.text.contains("# TYPE"), "{path}: {answers:?}");
            // Nor by the other one's name.
            let request = format!("GET {path} HTTP/1.1\r\nHost: {counters}\r\nConnection: close\r\n\r\n");
            let answers = crate::wire::exchange(app.address, request.as_bytes()).await;
            assert!(!answers.text.contains("# TYPE"), "{path}: {answers:?}");
        }
    }
}

async fn counters_name_nobody() {
    let port = free_port();
    let app = TestApp::spawn_with(&["--metrics-addr", &format!("127.0.0.1:{port}")]).await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    ada.read(task.id).await.expect(200);
    app.get("/private-name-of-a-file").ask().await;
    app.get(&format!("/api/{}/nothing", ada.id)).ask().await;
    app.try_login("somebody@example.org", "wrong horse battery").await;
    let method = reqwest::Method::from_bytes(b"PRIVATE-METHOD").unwrap();
    app.request(method, paths::ME).ask().await;
    let counters = tests::site::Site::new(([127, 0, 0, 1], port).into());
    let text = counters.get("/metrics").ask().await.expect(200).text();
    assert!(text.contains("# TYPE"), "{text}");
    for name in [&*ada.id, &task.id.to_string(), "ada@", "somebody", "private-name"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    // Whoever makes methods up does not make counters.
    assert!(!text.contains("PRIVATE-METHOD"), "{text}");
}

async fn the_api_is_not_on_the_counters_address() {
    let port = free_port();
    let app = TestApp::spawn_with(&["--metrics-addr", &format!("127.0.0.1:{port}")]).await;
    let ada = app.register("ada").await;
    let counters = tests::site::Site::new(([127, 0, 0, 1], port).into());
    for path in [
        "/",
        paths::ME,
        &ada.tasks(),
        paths::OPENAPI,
        paths::DOCS,
        paths::LOGIN,
        "/index.html",
    ] {
        let answer = counters.get(path).bearer_auth(&ada.token).ask().await;
        assert_problem(&answer, 404, ErrorCode::NotFound);
    }
}

async fn the_description_tells_no_secret_of_this_server() {
    let database = Database::migrated();
    let mut command = Binary::command(&database, &[]);
    command.env("BETTER_AUTH_SECRET", "secret-of-the-other-issuer-0123456789-abc");
    let server = Binary::run(&mut command).unwrap();
    let ada = server.register("ada").await;
    for path in [paths::OPENAPI, paths::DOCS, paths::HEALTH, paths::READY, "/"] {
        let text = ada.get(path).ask().await.expect(200).text();
        let url = database.url();
        for secret in [
            tests::token::SECRET,
            "secret-of-the-other",
            url,
            &ada.id,
            &ada.email,
            "postgres://",
            "sqlite://",
        ] {
            assert!(!text.contains(secret), "{path} tells {secret}");
        }
    }
}
