//! Pages of other sites: none may read anything, unless its origin is configured, and then never by a cookie.

use crate::case::{Case, cases};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use shared::paths;
use tests::{Answer, Ask, TestApp, assert_unauthorized_without_token};

const APP: &str = "https://app.example.org";

const FLAGS: [&str; 2] = ["--cors-origins", "https://app.example.org,http://localhost:3000"];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        no_origin_is_allowed_by_default,
        no_preflight_is_answered_by_default,
        a_configured_origin_may_call_with_a_token,
        a_configured_origins_preflight_is_answered,
        a_configured_origin_may_not_use_the_cookie,
        an_answer_for_one_origin_is_not_kept_for_another,
        methods_and_headers_that_are_not_needed_are_not_allowed,
        failures_can_be_read_by_a_configured_origin,
    ];
    for (name, origin) in [
        ("another_site", "https://evil.example"),
        ("the_same_host_on_http", "http://app.example.org"),
        ("another_port", "https://app.example.org:8443"),
        ("the_parent", "https://example.org"),
        ("a_child", "https://evil.app.example.org"),
        ("a_longer_name", "https://evilapp.example.org"),
        ("a_longer_domain", "https://app.example.org.evil.example"),
        ("ours_as_user", "https://app.example.org@evil.example"),
        ("in_capitals", "HTTPS://APP.EXAMPLE.ORG"),
        ("with_a_slash", "https://app.example.org/"),
        ("null", "null"),
        ("a_wildcard", "*"),
        ("both_in_one", "https://app.example.org,https://evil.example"),
        ("an_underscore_for_a_dot", "https://app_example.org"),
    ] {
        cases.push(Case::new(
            "attack::headers",
            format!("cors::refuses::{name}"),
            move || other_origin(origin),
        ));
    }
    cases
}

#[track_caller]
fn assert_closed(answer: &Answer) {
    for name in answer.headers.keys() {
        assert!(!name.as_str().starts_with("access-control-"), "{name}: {answer:?}");
    }
}

fn preflight(app: &TestApp, path: &str, origin: &str, method: &str, headers: &str) -> RequestBuilder {
    app.request(Method::OPTIONS, path)
        .header("origin", origin.as_bytes())
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers)
}

async fn no_origin_is_allowed_by_default() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for origin in [APP, "null", "http://127.0.0.1", &app.url] {
        let answer = ada.get(&ada.tasks()).header("origin", origin).ask().await;
        assert_closed(&answer.expect(200));
    }
}

async fn no_preflight_is_answered_by_default() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for path in [ada.tasks(), paths::LOGIN.to_owned(), paths::REFRESH.to_owned()] {
        let answer = preflight(&app, &path, APP, "POST", "authorization,content-type")
            .ask()
            .await;
        assert!(answer.status >= 400, "{answer:?}");
        assert_closed(&answer);
    }
}

async fn other_origin(origin: &'static str) {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let request = ada.get(&ada.tasks()).header("origin", origin.as_bytes());
    let answer = request.ask().await;
    assert!(matches!(answer.status, 200 | 400 | 403), "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), "", "{answer:?}");
    let answer = preflight(&app, &ada.tasks(), origin, "POST", "authorization")
        .ask()
        .await;
    assert_eq!(answer.header("access-control-allow-origin"), "", "{answer:?}");
}

async fn a_configured_origin_may_call_with_a_token() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for origin in [APP, "http://localhost:3000"] {
        let request = app.get(&ada.tasks()).bearer_auth(&ada.token);
        let answer = request.header("origin", origin).ask().await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        let request = app.post(&ada.tasks()).bearer_auth(&ada.token);
        let request = request.header("origin", origin).json(&json!({"title": "Milk"}));
        let answer = request.ask().await.expect(201);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
    }
}

async fn a_configured_origins_preflight_is_answered() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let answer = preflight(&app, &ada.tasks(), APP, method, "authorization,content-type,if-match");
        let answer = answer.ask().await;
        assert!(answer.status < 300, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), APP);
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        assert!(
            answer.header("access-control-allow-methods").contains(method),
            "{answer:?}"
        );
        let allowed = answer.header("access-control-allow-headers").to_lowercase();
        for header in ["authorization", "content-type", "if-match"] {
            assert!(allowed.contains(header), "{answer:?}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer:?}");
    }
}

async fn a_configured_origin_may_not_use_the_cookie() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for path in [paths::REFRESH, paths::LOGOUT] {
        for fetch_site in [None, Some("cross-site"), Some("same-site")] {
            let mut request = app.post(path).header("cookie", &ada.cookie).header("origin", APP);
            if let Some(fetch_site) = fetch_site {
                request = request.header("sec-fetch-site", fetch_site);
            }
            let answer = request.ask().await;
            assert_eq!(answer.status, 403, "{answer:?}");
            assert_eq!(answer.header("access-control-allow-credentials"), "");
            assert_eq!(answer.cookies(), []);
        }
    }
    let request = app
        .get(&ada.tasks())
        .header("cookie", &ada.cookie)
        .header("origin", APP);
    assert_unauthorized_without_token(&request.ask().await);
    app.refresh_with(&ada.cookie).await.expect(200);
}

async fn an_answer_for_one_origin_is_not_kept_for_another() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for request in [
        ada.get(&ada.tasks()).header("origin", APP),
        ada.get(&ada.tasks()).header("origin", "https://evil.example"),
        preflight(&app, &ada.tasks(), APP, "GET", "authorization"),
    ] {
        let answer = request.ask().await;
        let vary = answer.header("vary").to_lowercase();
        assert!(vary.contains("origin"), "{answer:?}");
    }
}

async fn methods_and_headers_that_are_not_needed_are_not_allowed() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for (method, headers) in [
        ("TRACE", "authorization"),
        ("CONNECT", "authorization"),
        ("PROPFIND", "authorization"),
        ("GET", "x-forwarded-for"),
        ("GET", "cookie"),
        ("GET", "x-http-method-override"),
    ] {
        let answer = preflight(&app, &ada.tasks(), APP, method, headers).ask().await;
        let methods = answer.header("access-control-allow-methods").to_owned();
        let allowed = answer.header("access-control-allow-headers").to_lowercase();
        let unneeded = ["TRACE", "CONNECT", "PROPFIND", "*"];
        assert!(unneeded.iter().all(|each| !methods.contains(each)), "{answer:?}");
        assert!(
            !allowed.contains("x-") && !allowed.contains("cookie") && !allowed.contains('*'),
            "{answer:?}"
        );
    }
}

async fn failures_can_be_read_by_a_configured_origin() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for request in [
        app.get(paths::ME),
        ada.get("/api/nobody/tasks"),
        ada.get("/api/nothing"),
        ada.post(&ada.tasks()).json(&json!({"title": ""})),
    ] {
        let answer = request.header("origin", APP).ask().await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), APP, "{answer:?}");
        assert_eq!(answer.header("content-type"), shared::error::PROBLEM_JSON, "{answer:?}");
    }
}
