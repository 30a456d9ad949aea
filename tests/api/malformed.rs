//! Bodies that are no good, on every route that takes one. What else can be malformed, the attack suite has.

use crate::routes;
use shared::error::ErrorCode;
use tests::{Ask, TestApp, assert_problem};
use uuid::Uuid;

#[tokio::test]
async fn bodies_that_are_not_a_json_object_are_bad_input() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for route in routes::with_body(&ada.id, Uuid::now_v7()) {
        for body in [
            "",
            " ",
            "{",
            "}",
            "{]",
            "{\"title\":}",
            "nul",
            "[]",
            "\"title\"",
            "1",
            "null",
            "true",
            "{}{}",
            "{\"title\":\"x\"",
            "{'title':'x'}",
            "{\"title\":\"x\",}",
            "\u{feff}{}",
            "{\"title\":\"\t\"}",
            "{\"title\":NaN}",
            "{\"title\":\"\\ud800\"}",
            "{\"title\":\"\\x\"}",
        ] {
            let request = ada.request(route.method.clone(), &route.path);
            let answer = request
                .header("content-type", "application/json")
                .body(body)
                .ask()
                .await;
            let problem = assert_problem(&answer, 400, ErrorCode::InvalidInput);
            assert!(problem.error.fields.is_empty(), "{body}: {answer:?}");
        }
    }
    assert_eq!(ada.list().await, []);
}

#[tokio::test]
async fn bodies_of_another_type_are_415() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for route in routes::with_body(&ada.id, Uuid::now_v7()) {
        let body = route.body.unwrap().to_string();
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/json2",
            "text/json",
            "json",
            "*/*",
            "",
        ] {
            let request = ada.request(route.method.clone(), &route.path);
            let answer = request
                .header("content-type", content_type)
                .body(body.clone())
                .ask()
                .await;
            assert_problem(&answer, 415, ErrorCode::UnsupportedMediaType);
        }
        let without = ada.request(route.method.clone(), &route.path).body(body).ask().await;
        assert_problem(&without, 415, ErrorCode::UnsupportedMediaType);
    }
    assert_eq!(ada.list().await, []);
}

#[tokio::test]
async fn json_may_be_announced_with_a_charset_and_in_any_case() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
    ] {
        let request = ada.post(&ada.tasks()).header("content-type", content_type);
        request.body("{\"title\":\"Milk\"}").ask().await.expect(201);
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_are_413() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for route in routes::with_body(&ada.id, Uuid::now_v7()) {
        let mut body = route.body.unwrap();
        body["filler"] = "x".repeat(1_000_000).into();
        let answer = ada.request(route.method.clone(), &route.path).json(&body).ask().await;
        assert_problem(&answer, 413, ErrorCode::TooLarge);
    }
    assert_eq!(ada.list().await, []);
}
