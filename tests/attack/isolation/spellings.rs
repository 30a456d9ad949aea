//! A path can be written in many ways. Whatever way a stranger finds, it leads to nothing of anybody else's.

use crate::case::Case;
use crate::ground;
use crate::wire;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use tests::site::Site;
use tests::{Ask, Person, TestApp, assert_problem};

/// How a path is written that is meant to reach `{ada}`'s tasks with `{eve}`'s token.
const SPELLINGS: [(&str, &str); 48] = [
    ("plain", "/api/{ada}/tasks"),
    ("slash_twice_at_the_start", "//api/{ada}/tasks"),
    ("slash_twice_inside", "/api//{ada}/tasks"),
    ("slash_twice_before_tasks", "/api/{ada}//tasks"),
    ("slash_at_the_end", "/api/{ada}/tasks/"),
    ("slash_twice_at_the_end", "/api/{ada}/tasks//"),
    ("dot", "/api/./{ada}/tasks"),
    ("dot_at_the_end", "/api/{ada}/tasks/."),
    ("parent", "/api/{eve}/../{ada}/tasks"),
    ("parent_after_tasks", "/api/{eve}/tasks/../../{ada}/tasks"),
    ("parent_out_of_the_root", "/../../api/{ada}/tasks"),
    ("parent_escaped", "/api/{eve}/%2e%2e/{ada}/tasks"),
    ("parent_escaped_in_capitals", "/api/{eve}/%2E%2E/{ada}/tasks"),
    ("parent_half_escaped", "/api/{eve}/.%2e/{ada}/tasks"),
    ("parent_escaped_twice", "/api/{eve}/%252e%252e/{ada}/tasks"),
    ("parent_overlong", "/api/{eve}/%c0%ae%c0%ae/{ada}/tasks"),
    (
        "parent_overlong_three_bytes",
        "/api/{eve}/%e0%80%ae%e0%80%ae/{ada}/tasks",
    ),
    ("parent_in_utf_16", "/api/{eve}/%u002e%u002e/{ada}/tasks"),
    ("slash_escaped", "/api/{eve}%2f..%2f{ada}/tasks"),
    ("slash_escaped_twice", "/api/{eve}%252f..%252f{ada}/tasks"),
    (
        "slash_escaped_after_own_id",
        "/api/{eve}/tasks%2f..%2f..%2f{ada}%2ftasks",
    ),
    ("slash_overlong", "/api/{eve}%c0%af..%c0%af{ada}/tasks"),
    ("backslash", "/api/{eve}\\..\\{ada}/tasks"),
    ("backslash_escaped", "/api/{eve}/%5c..%5c{ada}/tasks"),
    ("semicolon", "/api/{eve};{ada}/tasks"),
    ("semicolon_behind", "/api/{ada};user={eve}/tasks"),
    ("semicolon_and_parent", "/api/{eve}/..;/{ada}/tasks"),
    ("nul_behind", "/api/{ada}%00/tasks"),
    ("nul_between", "/api/{ada}%00{eve}/tasks"),
    ("nul_before_the_own_id", "/api/{eve}%00{ada}/tasks"),
    ("line_break", "/api/{ada}%0d%0a/tasks"),
    ("tab", "/api/{ada}%09/tasks"),
    ("space", "/api/{ada}%20/tasks"),
    ("id_in_capitals", "/api/{ADA}/tasks"),
    ("id_without_hyphens", "/api/{ada:simple}/tasks"),
    ("id_in_braces", "/api/%7B{ada}%7D/tasks"),
    ("id_as_urn", "/api/urn:uuid:{ada}/tasks"),
    ("id_escaped", "/api/{ada:escaped}/tasks"),
    ("two_ids", "/api/{eve},{ada}/tasks"),
    ("wildcard", "/api/*/tasks"),
    ("percent", "/api/%25/tasks"),
    ("sql", "/api/'%20OR%20'1'='1/tasks"),
    ("ids_in_the_query", "/api/{eve}/tasks?user_id={ada}&owner_id={ada}"),
    ("ids_in_the_query_twice", "/api/{ada}/tasks?user_id={eve}"),
    ("route_in_capitals", "/API/{ada}/TASKS"),
    ("route_escaped", "/%61pi/{ada}/%74asks"),
    ("file_ending", "/api/{ada}/tasks.json"),
    ("fragment", "/api/{ada}/tasks#/api/{eve}/tasks"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<_> = SPELLINGS
        .iter()
        .map(|(name, spelling)| {
            Case::new("attack::isolation", format!("spelling::{name}"), || {
                reaches_nothing(spelling)
            })
        })
        .collect();
    cases.push(Case::new(
        "attack::isolation",
        "spelling::absolute_form_of_another_host",
        absolute_form,
    ));
    cases.push(Case::new(
        "attack::isolation",
        "spelling::ones_own_id_otherwise",
        ones_own_id_otherwise,
    ));
    cases.push(Case::new(
        "attack::isolation",
        "spelling::files_of_the_machine",
        files_of_the_machine,
    ));
    cases
}

async fn reaches_nothing(spelling: &str) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let eve = app.somebody().await;
    let adas = ada.add("Ada's secret").await;
    let eves = eve.add("Eve's own").await;
    let escaped: Vec<_> = ada.id.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = spelling
        .replace("{ada}", &ada.id)
        .replace("{ADA}", &ada.id.to_uppercase())
        .replace("{ada:simple}", &ada.id.replace('-', ""))
        .replace("{ada:escaped}", &escaped.concat())
        .replace("{eve}", &eve.id);
    for token in [None, Some(&eve.token)] {
        for (method, body) in [
            ("GET", ""),
            ("POST", "{\"title\":\"Planted\"}"),
            ("DELETE", ""),
            ("PUT", "{\"title\":\"Planted\"}"),
        ] {
            assert_harmless(&app, &ada, method, &path, token, body).await;
            let (start, query) = path.split_once('?').unwrap_or((&path, ""));
            let task = format!("{}/{}?{query}", start.trim_end_matches('/'), adas.id);
            assert_harmless(&app, &ada, method, &task, token, body).await;
        }
    }
    assert_eq!(ada.list().await, [adas]);
    // What Eve planted under a path that was hers all along is hers.
    for task in eve.list().await {
        assert!(task.id == eves.id || task.title == "Planted", "{task:?}");
    }
}

/// One answer, no failure of the server's, and nothing of Ada's in it.
async fn assert_harmless(app: &Site, ada: &Person, method: &str, path: &str, token: Option<&String>, body: &str) {
    let bearer = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        app.address,
        bearer.unwrap_or_default(),
        body.len(),
    );
    let answers = wire::exchange(app.address, request.as_bytes()).await;
    assert_eq!(answers.statuses.len(), 1, "{path}: {answers:?}");
    let status = answers.statuses[0];
    assert!(status < 500, "{method} {path}: {answers:?}");
    // A path outside of the API gets the app's page.
    let api = format!("/api/{}", ada.id);
    assert!(
        token.is_some() || !(status < 300 && path.starts_with(&api)),
        "{method} {path}: {answers:?}"
    );
    assert!(!answers.text.contains("secret"), "{method} {path}: {answers:?}");
}

async fn absolute_form() {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let eve = app.somebody().await;
    ada.add("Ada's secret").await;
    for host in ["evil.example", "127.0.0.1", "ada@evil.example"] {
        let path = format!("http://{host}{}", ada.tasks());
        assert_harmless(&app, &ada, "GET", &path, Some(&eve.token), "").await;
        assert_harmless(&app, &ada, "GET", &path, None, "").await;
    }
}

/// Whoever spells their own id in another way gets what is theirs, or nothing.
async fn ones_own_id_otherwise() {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let task = ada.add("Milk").await;
    for spelling in [
        ada.id.to_uppercase(),
        ada.id.replace('-', ""),
        format!("{{{}}}", ada.id),
        format!("urn:uuid:{}", ada.id),
        format!("%20{}", ada.id),
    ] {
        let answer = ada.get(&paths::tasks(&spelling)).ask().await;
        match answer.status {
            200 => assert_eq!(answer.json::<Vec<Task>>(), std::slice::from_ref(&task)),
            _ => drop(assert_problem(&answer, 403, ErrorCode::Forbidden)),
        }
    }
}

async fn files_of_the_machine() {
    let app = TestApp::spawn().await;
    for path in [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/..\\..\\etc\\passwd",
        "/assets/../../Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "/./../Cargo.toml",
        "/file:///etc/passwd",
        "/api/docs/../../../Cargo.toml",
        "/api/docs/..%2f..%2fCargo.toml",
        "/api/docs/%2e%2e%2fCargo.toml",
        "/.git/config",
        "/.env",
        "/jwt_secret",
        "/taskward.db",
        "/data/jwt_secret",
        "/index.html.br",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answers = wire::exchange(app.address, request.as_bytes()).await;
        assert_eq!(answers.statuses.len(), 1, "{path}: {answers:?}");
        for leak in ["root:", "[workspace]", "[core]", "SQLite format", tests::token::SECRET] {
            assert!(!answers.text.contains(leak), "{path}: {answers:?}");
        }
    }
    app.get(paths::READY).ask().await.expect(200);
}
