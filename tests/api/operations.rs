//! `/health`, `/ready`, `/metrics` and what operators rely on.

use crate::routes;
use reqwest::Method;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::postgres::free_port;
use tests::{Ask, TestApp, assert_problem};

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
        let get = ada.get(&path).ask().await.expect(200);
        let head = ada.request(Method::HEAD, &path).ask().await.expect(200);
        assert!(head.body.is_empty(), "{head:?}");
        for field in ["content-type", "etag", "cache-control"] {
            assert_eq!(head.header(field), get.header(field), "{path}");
        }
    }
    // Neither does it open anything.
    app.request(Method::HEAD, paths::ME).ask().await.expect(401);
}

#[tokio::test]
async fn metrics_are_not_on_the_public_address() {
    let port = free_port();
    for flags in [&[][..], &["--metrics-addr", &format!("127.0.0.1:{port}")]] {
        let app = TestApp::spawn_with(flags).await;
        let ada = app.register("ada").await;
        for path in [
            "/metrics",
            "/metrics/",
            "//metrics",
            "/%6detrics",
            "/api/metrics",
            "/api/../metrics",
        ] {
            for answer in [app.get(path).ask().await, ada.get(path).ask().await] {
                assert!(!answer.text().contains("# TYPE"), "{path}: {answer:?}");
            }
        }
        assert_problem(&app.get("/metrics").ask().await, 404, ErrorCode::NotFound);
        // Whoever may choose the Host header is still not on the other address.
        let host = format!("127.0.0.1:{port}");
        assert_problem(
            &app.get("/metrics").header("host", host).ask().await,
            404,
            ErrorCode::NotFound,
        );
    }
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
