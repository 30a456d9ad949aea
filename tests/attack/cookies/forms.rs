//! What a plain form on another site can send (Fetch §4.1: no preflight) is never taken for JSON.

use crate::case::Case;
use crate::ground::{self, unknown_email};
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::person::PASSWORD;
use tests::{Ask, assert_problem};

const TYPES: [(&str, Option<&str>); 11] = [
    ("a_form", Some("application/x-www-form-urlencoded")),
    ("a_form_with_files", Some("multipart/form-data; boundary=x")),
    ("plain_text", Some("text/plain")),
    ("plain_text_with_a_charset", Some("text/plain;charset=UTF-8")),
    ("no_type", None),
    ("an_empty_type", Some("")),
    ("html", Some("text/html")),
    ("xml", Some("application/xml")),
    ("json_as_text", Some("text/json")),
    ("json_as_a_parameter", Some("text/plain; application/json")),
    ("json_behind_a_comma", Some("text/plain, application/json")),
];

pub(super) fn cases() -> Vec<Case> {
    let cases = TYPES.into_iter().map(|(name, content_type)| {
        Case::new("attack::cookies", format!("forms::{name}_is_refused"), move || {
            is_refused(content_type)
        })
    });
    cases.collect()
}

async fn is_refused(content_type: Option<&'static str>) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let task = ada.add("Milk").await;
    let stranger = unknown_email();
    let change = json!({"current_password": PASSWORD, "new_password": "battery horse correct"});
    for (request, body) in [
        (
            app.post(paths::LOGIN),
            json!({"email": ada.email, "password": PASSWORD}),
        ),
        (
            app.post(paths::REGISTER),
            json!({"email": stranger, "password": PASSWORD}),
        ),
        (ada.post(paths::PASSWORD), change),
        (ada.delete(paths::ME), json!({"password": PASSWORD})),
        (ada.post(&ada.tasks()), json!({"title": "Planted"})),
        (ada.put(&ada.task(task.id)), json!({"title": "Planted"})),
    ] {
        let mut request = request.body(body.to_string());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = request.ask().await;
        assert_problem(&answer, 415, ErrorCode::UnsupportedMediaType);
        assert_eq!(answer.cookies(), []);
    }
    app.try_login(&stranger, PASSWORD).await.expect(401);
    app.login(&ada).await;
    assert_eq!(ada.list().await, [task]);
}
