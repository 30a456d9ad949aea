//! One body for every failure, and the order in which failures are decided.

use crate::routes;
use reqwest::Method;
use shared::error::ErrorCode;
use std::collections::HashSet;
use tests::{Ask, TestApp, assert_invalid, assert_problem};
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
        .map(shared::field_error::FieldError::sentence)
        .collect();
    assert_eq!(problem.detail, sentences.join("; "));
}
