//! One body for every failure, and the order in which failures are decided.

use crate::routes;
use reqwest::Method;
use shared::error::ErrorCode;
use std::collections::HashSet;
use tests::problem::without_request_id;
use tests::{Ask, TestApp, assert_invalid, assert_problem, assert_unauthorized, assert_unauthorized_without_token};
use uuid::Uuid;

#[tokio::test]
async fn unknown_api_paths_are_problems_and_never_the_app() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/auth",
        "/api/auth/nothing",
        "/api/auth/login/",
        "/api/openapi.yaml",
        &format!("/api/{}", ada.id),
        &format!("/api/{}/nothing", ada.id),
        &format!("{}/", ada.tasks()),
        &format!("{}/{}/nothing", ada.tasks(), Uuid::now_v7()),
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = ada.request(method, path).header("accept", "text/html").ask().await;
            assert_problem(&answer, 404, ErrorCode::NotFound);
        }
    }
}

#[tokio::test]
async fn every_known_path_refuses_other_methods_and_names_its_own() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let all = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    for (path, methods) in routes::methods(&ada.id, task.id) {
        for method in all.iter().filter(|method| !methods.contains(method)) {
            let answer = ada.request(method.clone(), &path).ask().await;
            assert_problem(&answer, 405, ErrorCode::MethodNotAllowed);
            let allowed: HashSet<_> = answer.header("allow").split(", ").collect();
            for method in &all {
                let listed = allowed.contains(method.as_str());
                assert_eq!(listed, methods.contains(method), "{method}: {answer:?}");
            }
        }
    }
    assert_eq!(ada.list().await, [task]);
}

#[tokio::test]
async fn every_response_has_a_request_id_of_its_own() {
    let app = TestApp::spawn().await;
    let mut ids = HashSet::new();
    for path in [
        "/health",
        "/health",
        "/api/nothing",
        "/api/nothing",
        "/api/auth/me",
        "/",
    ] {
        // `ask` checks that there is one.
        ids.insert(app.get(path).ask().await.request_id().to_owned());
    }
    assert_eq!(ids.len(), 6);
}

#[tokio::test]
async fn a_client_cannot_put_anything_into_the_log_by_a_request_id() {
    let app = TestApp::spawn().await;
    let answer = app.get("/api/nothing").header("x-request-id", "made up").ask().await;
    assert_problem(&answer, 404, ErrorCode::NotFound);
    assert_ne!(answer.request_id(), "made up");
}

#[tokio::test]
async fn protected_routes_answer_401_without_a_token_whatever_else_is_wrong() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let somebody = Uuid::now_v7();
    let mut bodies = HashSet::new();
    for (user_id, id) in [
        (&*ada.id, task.id),
        (&*ada.id, somebody),
        (&somebody.to_string(), task.id),
    ] {
        for route in routes::protected(user_id, id) {
            let request = || app.request(route.method.clone(), &route.path);
            let json = |body: &str| {
                request()
                    .header("content-type", "application/json")
                    .body(body.to_owned())
            };
            for request in [
                request(),
                json(""),
                json("{"),
                json("{}"),
                json(&format!("{{\"title\": \"{}\"}}", "x".repeat(2_000_000))),
                request().header("content-type", "text/plain").body("x"),
                request()
                    .header("content-type", "text/plain")
                    .body("x".repeat(2_000_000)),
                request().header("if-match", "\"999\""),
            ] {
                let answer = request.ask().await;
                assert_unauthorized_without_token(&answer);
                bodies.insert(without_request_id(&answer).to_string());
            }
        }
    }
    assert_eq!(bodies.len(), 1, "one body for all of them: {bodies:?}");
    assert_eq!(ada.list().await, [task], "and nothing was done");
}

#[tokio::test]
async fn malformed_paths_and_queries_answer_401_without_a_token() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for path in [
        "/api/nobody/tasks".to_owned(),
        "/api/%00/tasks".to_owned(),
        format!("{}?limit=abc&cursor=!", ada.tasks()),
        format!("{}/not-a-uuid", ada.tasks()),
    ] {
        assert_unauthorized_without_token(&app.get(&path).ask().await);
        assert_unauthorized(&app.get(&path).bearer_auth("nonsense").ask().await);
    }
}

#[tokio::test]
async fn another_users_path_answers_403_whatever_else_is_wrong() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let task = bob.add("Secret").await;
    let mut bodies = HashSet::new();
    for user_id in [&*bob.id, &Uuid::now_v7().to_string(), "nobody", "%00", "%F0%9F%92%A5"] {
        for route in routes::tasks(user_id, task.id) {
            let request = || ada.request(route.method.clone(), &route.path);
            let json = |body: &str| {
                request()
                    .header("content-type", "application/json")
                    .body(body.to_owned())
            };
            for request in [
                request(),
                json("{"),
                json("{}"),
                json(&format!("{{\"title\": \"{}\"}}", "x".repeat(2_000_000))),
                request().header("content-type", "text/plain").body("x"),
                request().header("if-match", "\"999\""),
                request().query(&[("limit", "abc")]),
            ] {
                let answer = request.ask().await;
                assert_problem(&answer, 403, ErrorCode::Forbidden);
                bodies.insert(without_request_id(&answer).to_string());
            }
        }
        let answer = ada.get(&format!("/api/{user_id}/tasks/not-a-uuid")).ask().await;
        assert_problem(&answer, 403, ErrorCode::Forbidden);
    }
    assert_eq!(bodies.len(), 1, "the same bytes for everybody: {bodies:?}");
    assert_eq!(bob.list().await, [task], "and nothing was done");
}

#[tokio::test]
async fn task_ids_that_do_not_parse_are_bad_input() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for id in ["1", "not-a-uuid", "%00", "0190-", "%F0%9F%92%A5"] {
        let path = format!("{}/{id}", ada.tasks());
        for (method, path) in [
            (Method::GET, path.clone()),
            (Method::DELETE, path.clone()),
            (Method::PATCH, format!("{path}/complete")),
        ] {
            let answer = ada.request(method, &path).ask().await;
            assert_invalid(&answer, &["id"]);
        }
    }
}

#[tokio::test]
async fn bad_input_names_every_member_that_is_wrong() {
    let app = TestApp::spawn().await;
    let answer = app
        .post_json("/api/auth/register", &serde_json::json!({"name": 7}))
        .await;
    let problem = assert_invalid(&answer, &["email", "password", "name"]);
    let sentences: Vec<_> = problem
        .error
        .fields
        .iter()
        .map(shared::error::FieldError::sentence)
        .collect();
    assert_eq!(problem.detail, sentences.join("; "));
}
