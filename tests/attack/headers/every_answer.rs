//! Every kind of answer there is, successes and failures, on http and on https.

use crate::case::Case;
use crate::ground::{self, unknown_email};
use crate::wire;
use reqwest::Method;
use serde_json::json;
use shared::paths;
use tests::person::PASSWORD;
use tests::site::Site;
use tests::{Answer, Ask, Person, TestApp};

const HTTPS: &str = "https://tasks.example.org";

/// How to get an answer of a kind.
type Get = for<'a> fn(&'a Site, &'a Person) -> std::pin::Pin<Box<dyn Future<Output = Answer> + 'a>>;

/// A kind of answer: its status and whether it is anybody's own business.
struct Kind {
    name: &'static str,
    status: u16,
    get: Get,
}

macro_rules! kinds {
    ($($name:ident $status:literal |$app:ident, $ada:ident| $get:expr;)+) => {
        [$(Kind { name: stringify!($name), status: $status, get: |$app, $ada| Box::pin(async move { $get }) }),+]
    };
}

/// Answers that nobody may keep: of the API, and every failure.
fn private() -> Vec<Kind> {
    let kinds = kinds![
        registered 201 |app, _ada| {
            let body = json!({"email": unknown_email(), "password": PASSWORD});
            app.post_json(paths::REGISTER, &body).await
        };
        signed_in 200 |app, ada| app.try_login(&ada.email, PASSWORD).await;
        renewed 200 |app, ada| app.refresh_with(&ada.cookie).await;
        signed_out 200 |_app, ada| ada.post(paths::LOGOUT).ask().await;
        me 200 |_app, ada| ada.me().await;
        tasks 200 |_app, ada| ada.get(&ada.tasks()).ask().await;
        task_made 201 |_app, ada| ada.create(&json!({"title": "Milk"})).await;
        task_deleted 200 |_app, ada| {
            let task = ada.add("Milk").await;
            ada.delete(&ada.task(task.id)).ask().await
        };
        head 200 |_app, ada| ada.request(Method::HEAD, &ada.tasks()).ask().await;
        health 200 |app, _ada| app.get(paths::HEALTH).ask().await;
        ready 200 |app, _ada| app.get(paths::READY).ask().await;
        bad_body 400 |_app, ada| ada.post(&ada.tasks()).header("content-type", "application/json").body("{").ask().await;
        bad_field 400 |_app, ada| ada.create(&json!({"title": ""})).await;
        bad_query 400 |_app, ada| ada.get(&format!("{}?limit=0", ada.tasks())).ask().await;
        no_token 401 |app, _ada| app.get(paths::ME).ask().await;
        bad_token 401 |app, _ada| app.me_with("Bearer nonsense").await;
        bad_password 401 |app, ada| app.try_login(&ada.email, "wrong horse battery").await;
        forbidden 403 |_app, ada| ada.get("/api/nobody/tasks").ask().await;
        cross_site 403 |app, _ada| app.post(paths::REFRESH).header("sec-fetch-site", "cross-site").ask().await;
        no_task 404 |_app, ada| ada.read(uuid::Uuid::now_v7()).await;
        no_route 404 |app, _ada| app.get("/api/nothing").ask().await;
        no_file 404 |app, _ada| app.get("/nothing-0123456789abcdef.js").ask().await;
        wrong_method 405 |app, _ada| app.get(paths::LOGIN).ask().await;
        wrong_method_of_a_page 405 |app, _ada| app.post("/").ask().await;
        options 405 |app, _ada| app.request(Method::OPTIONS, paths::ME).ask().await;
        email_exists 409 |app, ada| {
            let body = json!({"email": ada.email, "password": PASSWORD});
            app.post_json(paths::REGISTER, &body).await
        };
        wrong_version 412 |_app, ada| {
            let task = ada.add("Milk").await;
            ada.delete(&ada.task(task.id)).header("if-match", "\"99\"").ask().await
        };
        too_large 413 |_app, ada| ada.create(&json!({"title": "x".repeat(300_000)})).await;
        url_too_long 414 |app, _ada| app.get(&format!("/{}", "x".repeat(9000))).ask().await;
        wrong_type 415 |app, _ada| app.post(paths::LOGIN).body("x").ask().await;
        headers_too_large 431 |app, _ada| app.get("/").header("x-filler", "x".repeat(30_000)).ask().await;
    ];
    kinds.into()
}

/// Answers that are the same for everybody.
fn public() -> Vec<Kind> {
    let kinds = kinds![
        description 200 |app, _ada| app.get(paths::OPENAPI).ask().await;
        documentation 200 |app, _ada| app.get(paths::DOCS).ask().await;
        file_of_the_documentation 200 |app, _ada| app.get(&format!("{}/swagger-ui.css", paths::DOCS)).ask().await;
        page 200 |app, _ada| app.get("/").ask().await;
        page_of_a_deep_link 200 |app, _ada| app.get("/account").ask().await;
        page_not_modified 304 |app, _ada| {
            let tag = app.get("/").ask().await.header("etag").to_owned();
            app.get("/").header("if-none-match", tag).ask().await
        };
        script 200 |app, _ada| asset(app, ".js").await;
        style 200 |app, _ada| asset(app, ".css").await;
        program 200 |app, _ada| asset(app, ".wasm").await;
    ];
    kinds.into()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = crate::case::cases![
        a_full_password_queue_answers_as_carefully,
        too_many_tries_are_answered_as_carefully,
        what_is_no_http_is_answered_without_a_word_about_the_server,
    ];
    for https in [false, true] {
        let kinds = private().into_iter().map(|kind| (kind, true));
        let kinds = kinds.chain(public().into_iter().map(|kind| (kind, false)));
        for (kind, private) in kinds {
            let scheme = if https { "https" } else { "http" };
            let name = format!("{scheme}::{}", kind.name);
            cases.push(Case::new("attack::headers", name, move || {
                look_at(kind, private, https)
            }));
        }
    }
    cases
}

async fn look_at(kind: Kind, private: bool, https: bool) {
    let flags: &[&str] = if https { &["--public-url", HTTPS] } else { &[] };
    let app = ground::with(flags).await;
    let ada = app.somebody().await;
    let answer = (kind.get)(&app, &ada).await;
    assert_eq!(answer.status, kind.status, "{answer:?}");
    assert_careful(&answer, private, https);
}

#[track_caller]
fn assert_careful(answer: &Answer, private: bool, https: bool) {
    for (name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), expected, "{name}: {answer:?}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{answer:?}");
    assert!(policy.contains("frame-ancestors 'none'"), "{answer:?}");
    if private {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{answer:?}");
    }
    let transport = answer.header("strict-transport-security");
    if https {
        let age = transport
            .strip_prefix("max-age=")
            .and_then(|rest| rest.split(';').next())
            .and_then(|age| age.parse::<u32>().ok());
        assert!(age.is_some_and(|age| age >= 365 * 24 * 3600), "{answer:?}");
    } else {
        assert_eq!(transport, "", "{answer:?}");
    }
    for name in [
        "server",
        "x-powered-by",
        "via",
        "x-aspnet-version",
        "x-runtime",
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "x-xss-protection",
    ] {
        assert_eq!(answer.header(name), "", "{name}: {answer:?}");
    }
    for (name, _) in &answer.headers {
        // Each cookie has a field of its own (RFC 6265 §3).
        let most = if name == "set-cookie" { 2 } else { 1 };
        assert!(
            answer.headers.get_all(name).iter().count() <= most,
            "{name} stands once: {answer:?}"
        );
    }
}

/// The first file of the app with this ending that its page names.
async fn asset(app: &Site, ending: &str) -> Answer {
    let page = app.get("/").ask().await.expect(200).text();
    let name = page
        .split(['"', '\'', '=', ' ', '>'])
        .find(|text| text.ends_with(ending) && text.contains('-'))
        .unwrap_or_else(|| panic!("the app's page names no {ending}: {page}"));
    let path = format!("/{}", name.trim_start_matches(['.', '/']));
    app.get(&path).ask().await
}

async fn a_full_password_queue_answers_as_carefully() {
    let app = TestApp::spawn_with(&["--bcrypt-cost", "11", "--password-queue", "1"]).await;
    let ada = app.register("ada").await;
    let tries = (0..20).map(|_| app.try_login(&ada.email, PASSWORD));
    let answers = futures_util::future::join_all(tries).await;
    let refused = answers.iter().find(|answer| answer.status == 503);
    assert_careful(refused.expect("one too many"), true, false);
}

async fn too_many_tries_are_answered_as_carefully() {
    let app = TestApp::spawn_with(&["--sign-in-rate", "1"]).await;
    let tries = (0..3).map(|_| app.try_login("ada@example.org", "wrong horse battery"));
    let answers = futures_util::future::join_all(tries).await;
    let refused = answers.iter().find(|answer| answer.status == 429);
    assert_careful(refused.expect("one too many"), true, false);
}

async fn what_is_no_http_is_answered_without_a_word_about_the_server() {
    let app = TestApp::spawn().await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-\0: x\r\n\r\n",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nzz\r\n{}",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n{}",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answers = wire::exchange(app.address, bytes).await;
        assert!(
            answers.statuses.iter().all(|status| (400..500).contains(status)),
            "{answers:?}"
        );
        let text = answers.text.to_lowercase();
        for word in ["actix", "rust", "taskward", "hyper", "panic", ".rs", "server:"] {
            assert!(!text.contains(word), "{answers:?}");
        }
    }
    app.get(paths::READY).ask().await.expect(200);
}
