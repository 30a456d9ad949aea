//! What a change in another version is answered with: the task as it is now, so that neither text is lost.

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use shared::error::{ErrorCode, Problem};
use shared::tasks::Task;
use tests::{Ask, Person, TestApp, assert_problem};
use uuid::Uuid;

/// Each request that changes a task. Some take one statement, and some several.
fn changes(ada: &Person, id: Uuid) -> [RequestBuilder; 5] {
    [
        ada.put(&ada.task(id)).json(&json!({"title": "Mine"})),
        ada.put(&ada.task(id)).json(&json!({"priority": 1})),
        ada.put(&ada.task(id))
            .json(&json!({"completed": true, "due": {"date": "2027-01-31"}})),
        ada.patch(&ada.task_complete(id)),
        ada.delete(&ada.task(id)),
    ]
}

#[tokio::test]
async fn a_stale_change_is_answered_with_the_task_as_it_is_now() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let recurring = json!({"title": "Rent", "recurrence": "FREQ=DAILY"});
    for body in [json!({"title": "Milk"}), recurring] {
        let task: Task = ada.create(&body).await.expect(201).json();
        let theirs = ada.update(task.id, &json!({"title": "Theirs"})).await.expect(200);
        for request in changes(&ada, task.id) {
            let answer = request.header("if-match", "\"1\"").ask().await;
            let problem = assert_problem(&answer, 412, ErrorCode::PreconditionFailed);
            assert_eq!(problem.current, Some(theirs.value()), "{answer:?}");
            assert_eq!(answer.header("etag"), theirs.header("etag"), "{answer:?}");
            let current: Task = serde_json::from_value(problem.current.unwrap()).unwrap();
            assert_eq!(current, theirs.json());
        }
        assert_eq!(
            ada.read(task.id).await.expect(200).value(),
            theirs.value(),
            "nothing was changed"
        );
    }
    // And with its tag, the change is made.
    let task = ada.add("Milk").await;
    let stale = ada
        .put(&ada.task(task.id))
        .json(&json!({"title": "Mine"}))
        .header("if-match", "\"7\"");
    let tag = stale.ask().await.expect(412).header("etag").to_owned();
    let again = ada
        .put(&ada.task(task.id))
        .json(&json!({"title": "Mine"}))
        .header("if-match", tag);
    again.ask().await.expect(200);
}

#[tokio::test]
async fn every_other_failure_has_no_current() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    for answer in [
        ada.update(task.id, &json!({"title": ""})).await,
        ada.read(Uuid::now_v7()).await,
        app.get(&ada.task(task.id)).ask().await,
    ] {
        assert!(
            !answer.value().as_object().unwrap().contains_key("current"),
            "{answer:?}"
        );
        let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem.current, None::<Value>);
    }
}
