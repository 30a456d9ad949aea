//! `GET /api/{user_id}/tasks/{id}`.

use serde_json::json;
use shared::error::ErrorCode;
use shared::tasks::Task;
use std::collections::HashSet;
use tests::problem::without_request_id;
use tests::{Ask, TestApp, assert_problem};
use uuid::Uuid;

#[tokio::test]
async fn read_task_answers_with_the_task() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let created: Task = ada
        .create(&json!({"title": "Milk", "description": "x"}))
        .await
        .expect(201)
        .json();
    let answer = ada.read(created.id).await.expect(200);
    assert_eq!(answer.json::<Task>(), created);
    let tag = answer.header("etag");
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2,
        "a strong validator: {answer:?}"
    );
}

#[tokio::test]
async fn a_task_of_somebody_else_is_as_absent_as_one_that_never_was() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let foreign = bob.add("Secret").await;
    let gone = ada.add("Gone").await;
    ada.delete(&ada.task(gone.id)).ask().await.expect(200);
    let mut bodies = HashSet::new();
    for id in [foreign.id, gone.id, Uuid::now_v7(), Uuid::nil(), Uuid::max()] {
        for request in [
            ada.get(&ada.task(id)),
            ada.put(&ada.task(id)).json(&json!({"title": "Mine"})),
            ada.put(&ada.task(id)).json(&json!({})),
            ada.patch(&ada.task_complete(id)),
            ada.delete(&ada.task(id)),
        ] {
            let answer = request.ask().await;
            assert_problem(&answer, 404, ErrorCode::NotFound);
            bodies.insert(without_request_id(&answer).to_string());
        }
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_eq!(bob.list().await, [foreign]);
}
