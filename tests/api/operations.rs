//! `/health`, `/ready`, `/metrics` and what operators rely on.

use crate::routes;
use reqwest::Method;
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tests::postgres::free_port;
use tests::service::until;
use tests::{Ask, Backend, TestApp, assert_problem};

#[tokio::test]
async fn health_is_healthy() {
    let app = TestApp::spawn().await;
    let answer = app.get(paths::HEALTH).ask().await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.value(), json!({"status": "healthy"}));
    // A bad token is none of its business.
    app.get(paths::HEALTH).bearer_auth("nonsense").ask().await.expect(200);
}

#[tokio::test]
async fn ready_is_ready() {
    let app = TestApp::spawn().await;
    app.get(paths::READY).ask().await.expect(200);
}

#[tokio::test]
async fn head_answers_as_get_does_without_the_body() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let readable = routes::methods(&ada.id, task.id)
        .into_iter()
        .filter(|(_, methods)| methods.contains(&Method::GET));
    for (path, _) in readable {
        let get = ada.get(&path).ask().await;
        let head = ada.request(Method::HEAD, &path).ask().await.expect(get.status);
        assert!(head.body.is_empty(), "{head:?}");
        for field in ["content-type", "etag", "cache-control"] {
            assert_eq!(head.header(field), get.header(field), "{path}");
        }
    }
    // Neither does it open anything.
    app.request(Method::HEAD, paths::ME).ask().await.expect(401);
}

#[tokio::test]
async fn metrics_have_an_address_of_their_own() {
    let address = format!("127.0.0.1:{}", free_port());
    let app = TestApp::spawn_with(&["--metrics-addr", &address]).await;
    let ada = app.register("ada").await;
    for title in ["Milk", "Bread", "Wine"] {
        ada.add(title).await;
    }
    let metrics = tests::site::Site::new(address.parse().unwrap());
    let answer = metrics.get("/metrics").ask().await.expect(200);
    assert!(
        answer.header("content-type").starts_with("text/plain; version=0.0.4"),
        "{answer:?}"
    );
    let text = answer.text();
    let count = |route: &str| {
        let series = text
            .lines()
            .find(|line| line.contains("_count{") && line.contains(&format!("\"{route}\"")) && line.contains("201"));
        series
            .and_then(|line| line.rsplit(' ').next())
            .and_then(|number| number.parse::<u64>().ok())
    };
    assert_eq!(count(paths::TASKS), Some(3), "{text}");
    assert_eq!(count(paths::REGISTER), Some(1), "{text}");
    assert!(
        !text.contains(&ada.id) && !text.contains("ada@"),
        "labels are few, and nobody's: {text}"
    );
    // Nothing else is there.
    for path in [paths::HEALTH, paths::ME, paths::OPENAPI, "/", &ada.tasks()] {
        let answer = metrics.get(path).bearer_auth(&ada.token).ask().await;
        assert_problem(&answer, 404, ErrorCode::NotFound);
    }
}

/// The value of a series.
#[track_caller]
fn value(metrics: &str, series: &str) -> u64 {
    let line = metrics
        .lines()
        .find(|line| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' ')));
    let value = line.and_then(|line| line.rsplit(' ').next());
    value
        .unwrap_or_else(|| panic!("{series}: {metrics}"))
        .parse()
        .expect("a number")
}

/// Names that begin as those of our metrics do.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| {
            ["http_request", "process_", "taskward_"]
                .iter()
                .any(|start| word.starts_with(start))
        })
        .collect()
}

#[tokio::test]
async fn every_metric_that_the_dashboard_and_the_operators_page_name_is_there() {
    let address = format!("127.0.0.1:{}", free_port());
    let app = TestApp::spawn_with(&["--metrics-addr", &address]).await;
    app.register("ada").await;
    let metrics = tests::site::Site::new(address.parse().unwrap());
    let text = metrics.get("/metrics").ask().await.expect(200).text();
    let there = metrics_in(&text);

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let dashboard = fs::read_to_string(root.join("deploy/grafana/taskward.json")).unwrap();
    let page = fs::read_to_string(root.join("docs/operations.md")).unwrap();
    // `process_*` stands for all that begin so.
    let named: BTreeSet<_> = metrics_in(&dashboard).union(&metrics_in(&page)).copied().collect();
    assert!(named.len() > 15, "{named:?}");
    for name in named {
        let known = there.contains(name) || name.ends_with('_') && there.iter().any(|each| each.starts_with(name));
        assert!(known, "there is no {name}: {text}");
    }

    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    let expressions: Vec<_> = targets.map(|target| target["expr"].as_str().unwrap()).collect();
    assert!(expressions.len() > 15, "{expressions:?}");
    for expression in expressions {
        for selector in expression.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            for label in selector.split(',').map(|pair| pair.split('=').next().unwrap()) {
                // Prometheus adds two, for where a number comes from.
                let known = ["job", "instance"].contains(&label) || text.contains(&format!("{label}=\""));
                assert!(known, "there is no label {label}: {expression}");
            }
        }
    }
}

#[tokio::test]
async fn metrics_tell_how_authentication_ends() {
    let address = format!("127.0.0.1:{}", free_port());
    let app = TestApp::spawn_with(&["--metrics-addr", &address, "--sign-in-rate", "5"]).await;
    let metrics = tests::site::Site::new(address.parse().unwrap());
    let text = async || metrics.get("/metrics").ask().await.expect(200).text();
    let ada = app.register("ada").await;
    app.login(&ada).await;
    for _ in 0..2 {
        app.try_login(&ada.email, "wrong horse battery").await.expect(401);
    }
    app.try_login("nobody@example.org", "wrong horse battery")
        .await
        .expect(401);
    app.try_login(&ada.email, &ada.password).await.expect(429);
    app.me_with("Bearer nonsense").await.expect(401);
    app.get(paths::ME).ask().await.expect(401);
    app.refresh_with("taskward_session=nonsense").await.expect(401);
    ada.post(paths::LOGOUT).ask().await.expect(200);
    ada.me().await.expect(401);

    let text = text().await;
    let total = |event: &str, outcome: &str| {
        let series = format!("taskward_authentications_total{{event=\"{event}\",outcome=\"{outcome}\"}}");
        value(&text, &series)
    };
    assert_eq!(total("register", "success"), 1);
    assert_eq!(total("login", "success"), 1);
    assert_eq!(total("login", "refused"), 3);
    assert_eq!(total("login", "throttled"), 1);
    assert_eq!(total("logout", "success"), 1);
    assert_eq!(
        value(&text, "taskward_tokens_rejected_total"),
        3,
        "a request without a token has none to reject"
    );
}

#[tokio::test]
async fn metrics_tell_how_busy_the_server_is() {
    let address = format!("127.0.0.1:{}", free_port());
    let flags = [
        "--metrics-addr",
        &address,
        "--database-pool-size",
        "3",
        "--password-queue",
        "7",
    ];
    let app = TestApp::spawn_with(&flags).await;
    let metrics = tests::site::Site::new(address.parse().unwrap());
    app.register("ada").await;
    let mut text = String::new();
    // What a server does at its start may still open a connection.
    until("nothing waits for a connection", async || {
        text = metrics.get("/metrics").ask().await.expect(200).text();
        value(&text, "taskward_database_connections_awaited") == 0
    })
    .await;
    // The embedded database has one writer.
    let max = if Backend::current() == Backend::Sqlite { 1 } else { 3 };
    assert_eq!(value(&text, "taskward_database_connections_max"), max);
    let open = |state: &str| value(&text, &format!("taskward_database_connections{{state=\"{state}\"}}"));
    assert!((1..=max).contains(&(open("idle") + open("used"))), "{text}");
    assert_eq!(value(&text, "taskward_password_queue_max"), 7);
    assert_eq!(value(&text, "taskward_password_queue"), 0);
    assert_eq!(value(&text, "http_requests_in_flight"), 1, "the request for them");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        value(&text, &format!("taskward_build_info{{version=\"{version}\"}}")),
        1
    );
    if cfg!(target_os = "linux") {
        assert!(value(&text, "process_resident_memory_bytes") > 1_000_000);
        assert!(value(&text, "process_open_fds") > 3);
        let started = value(&text, "process_start_time_seconds");
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs();
        assert!(started > now - 86_400 && started <= now + 2, "{started}");
    }
}

#[tokio::test]
async fn metrics_show_passwords_that_wait() {
    let address = format!("127.0.0.1:{}", free_port());
    let app = TestApp::spawn_with(&["--metrics-addr", &address, "--bcrypt-cost", "13"]).await;
    let metrics = tests::site::Site::new(address.parse().unwrap());
    let site = (*app).clone();
    let sign_in = tokio::spawn(async move { site.try_login("nobody@example.org", "wrong horse battery").await });
    let mut seen = false;
    while !sign_in.is_finished() {
        let text = metrics.get("/metrics").ask().await.expect(200).text();
        seen |= value(&text, "taskward_password_queue") == 1;
    }
    assert!(seen, "one sign-in was under way");
    sign_in.await.unwrap().expect(401);
}

#[tokio::test]
async fn answers_with_personal_data_are_not_cached_and_nothing_is_sniffed_or_framed() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let login = app.try_login(&ada.email, &ada.password).await.expect(200);
    for answer in [
        login,
        ada.me().await,
        ada.get(&ada.tasks()).ask().await,
        app.get("/api/nothing").ask().await,
    ] {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer:?}");
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{answer:?}"
        );
        assert_eq!(answer.header("server"), "", "{answer:?}");
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "the site is not https: {answer:?}"
        );
    }
}

#[tokio::test]
async fn browsers_are_told_to_stay_on_https_where_the_site_is_https() {
    let app = TestApp::spawn_with(&["--public-url", "https://tasks.example.org"]).await;
    let answer = app.get(paths::HEALTH).ask().await.expect(200);
    assert!(
        answer.header("strict-transport-security").starts_with("max-age="),
        "{answer:?}"
    );
}
