//! `ETag` and `If-Match`: nobody overwrites what they have not seen.

use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use shared::error::ErrorCode;
use shared::tasks::Task;
use tests::{Ask, Person, TestApp, assert_problem};
use uuid::Uuid;

async fn tag(ada: &Person, id: Uuid) -> String {
    ada.read(id).await.expect(200).header("etag").to_owned()
}

/// Each request that changes a task.
fn changes(ada: &Person, id: Uuid) -> [RequestBuilder; 3] {
    [
        ada.put(&ada.task(id)).json(&json!({"title": "Bread"})),
        ada.patch(&ada.task_complete(id)),
        ada.delete(&ada.task(id)),
    ]
}

#[tokio::test]
async fn every_change_of_a_task_changes_its_tag() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let mut tags = vec![tag(&ada, task.id).await];
    assert_eq!(tag(&ada, task.id).await, tags[0], "reading does not");
    for _ in 0..2 {
        ada.update(task.id, &json!({"title": "Bread"})).await.expect(200);
        tags.push(tag(&ada, task.id).await);
        ada.patch(&ada.task_complete(task.id)).ask().await.expect(200);
        tags.push(tag(&ada, task.id).await);
    }
    let distinct: std::collections::HashSet<_> = tags.iter().collect();
    assert_eq!(distinct.len(), 5, "{tags:?}");
}

#[tokio::test]
async fn a_change_with_the_current_tag_is_made() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for index in 0..3 {
        for form in ["{}", "\"x\", {}", "{} , \"x\"", "*"] {
            let task = ada.add("Milk").await;
            let value = form.replace("{}", &tag(&ada, task.id).await);
            let request = changes(&ada, task.id).into_iter().nth(index).unwrap();
            request.header("if-match", value).ask().await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_change_with_a_stale_tag_is_not_made() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let stale = tag(&ada, task.id).await;
    let current: Task = ada.update(task.id, &json!({"title": "Wine"})).await.expect(200).json();
    let fresh = tag(&ada, task.id).await;
    for value in [
        stale.clone(),
        "\"nonsense\"".to_owned(),
        "\"\"".to_owned(),
        format!("{stale}, \"x\""),
        // If-Match compares strongly (RFC 9110 §13.1.1).
        format!("W/{fresh}"),
    ] {
        for request in changes(&ada, task.id) {
            let answer = request.header("if-match", &value).ask().await;
            assert_problem(&answer, 412, ErrorCode::PreconditionFailed);
        }
    }
    assert_eq!(ada.read(task.id).await.expect(200).json::<Task>(), current);
}

#[tokio::test]
async fn an_if_match_that_does_not_parse_changes_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    for value in ["", "1", "nonsense", "\"", "\"unclosed", "1\"", "W/", "**", "-"] {
        for request in changes(&ada, task.id) {
            let answer = request.header("if-match", value).ask().await;
            match answer.status {
                412 => assert_problem(&answer, 412, ErrorCode::PreconditionFailed),
                _ => assert_problem(&answer, 400, ErrorCode::InvalidInput),
            };
        }
    }
    assert_eq!(ada.list().await, [task]);
}

#[tokio::test]
async fn if_match_on_a_task_that_is_not_there_finds_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for request in changes(&ada, Uuid::now_v7()) {
        assert_problem(
            &request.header("if-match", "\"1\"").ask().await,
            404,
            ErrorCode::NotFound,
        );
    }
}

#[tokio::test]
async fn input_is_checked_before_the_precondition() {
    // RFC 9110 §13.2.1: a precondition is for requests that would otherwise succeed.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let request = ada.request(Method::PUT, &ada.task(task.id)).json(&json!({"title": ""}));
    tests::assert_invalid(&request.header("if-match", "\"nonsense\"").ask().await, &["title"]);
}

#[tokio::test]
async fn of_concurrent_changes_with_one_tag_exactly_one_is_made() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let tag = tag(&ada, task.id).await;
    let answers = join_all((0..10).map(|index| {
        let request = ada
            .put(&ada.task(task.id))
            .json(&json!({"title": format!("Title {index}")}));
        request.header("if-match", &tag).ask()
    }))
    .await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(made.len(), 1);
    for answer in &refused {
        assert_problem(answer, 412, ErrorCode::PreconditionFailed);
    }
    assert_eq!(ada.read(task.id).await.json::<Task>(), made[0].json::<Task>());
}

#[tokio::test]
async fn answers_to_changes_have_the_tag_of_what_they_show() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let created = ada.create(&json!({"title": "Milk"})).await.expect(201);
    let id = created.json::<Task>().id;
    assert_eq!(created.header("etag"), tag(&ada, id).await);
    let updated = ada.update(id, &json!({"title": "Bread"})).await.expect(200);
    assert_eq!(updated.header("etag"), tag(&ada, id).await);
    let toggled = ada.patch(&ada.task_complete(id)).ask().await.expect(200);
    assert_eq!(toggled.header("etag"), tag(&ada, id).await);
}
