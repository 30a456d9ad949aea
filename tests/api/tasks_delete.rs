//! `DELETE /api/{user_id}/tasks/{id}`.

use serde_json::json;
use shared::error::ErrorCode;
use tests::{Ask, TestApp, assert_problem};

#[tokio::test]
async fn delete_task_says_so_and_the_task_is_gone() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (kept, gone) = (ada.add("Kept").await, ada.add("Gone").await);
    let answer = ada.delete(&ada.task(gone.id)).ask().await.expect(200);
    assert_eq!(answer.value(), json!({"message": "Task deleted successfully"}));
    assert_problem(&ada.read(gone.id).await, 404, ErrorCode::NotFound);
    assert_problem(
        &ada.update(gone.id, &json!({"title": "Back"})).await,
        404,
        ErrorCode::NotFound,
    );
    assert_problem(
        &ada.patch(&ada.task_complete(gone.id)).ask().await,
        404,
        ErrorCode::NotFound,
    );
    assert_eq!(ada.list().await, [kept]);
    assert_eq!(app.database().count("tasks"), 2, "it is in the trash");
}

#[tokio::test]
async fn delete_task_succeeds_once() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let path = ada.task(task.id);
    let (first, second) = tokio::join!(ada.delete(&path).ask(), ada.delete(&path).ask());
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404]);
    assert_problem(&ada.delete(&path).ask().await, 404, ErrorCode::NotFound);
}
