//! `PATCH /api/{user_id}/tasks/{id}/complete`.

use futures_util::future::join_all;
use serde_json::json;
use shared::tasks::Task;
use tests::{Ask, TestApp};

#[tokio::test]
async fn complete_task_toggles() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task: Task = ada
        .create(&json!({"title": "Milk", "description": "x"}))
        .await
        .expect(201)
        .json();
    let mut before = task.clone();
    for completed in [true, false, true] {
        let answer = ada.patch(&ada.task_complete(task.id)).ask().await.expect(200);
        let toggled: Task = answer.json();
        assert_eq!(toggled.completed, completed);
        assert!(toggled.updated_at > before.updated_at);
        assert_eq!(
            toggled,
            Task {
                completed,
                updated_at: toggled.updated_at,
                completed_at: completed.then_some(toggled.updated_at),
                version: before.version + 1,
                ..task.clone()
            }
        );
        assert_eq!(ada.read(task.id).await.expect(200).json::<Task>(), toggled);
        before = toggled;
    }
}

#[tokio::test]
async fn complete_task_needs_no_body_and_minds_none() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let request = ada
        .patch(&ada.task_complete(task.id))
        .json(&json!({"completed": false, "title": "Bread"}));
    let toggled: Task = request.ask().await.expect(200).json();
    assert!(toggled.completed);
    assert_eq!(toggled.title, "Milk");
}

#[tokio::test]
async fn concurrent_toggles_all_count() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let path = ada.task_complete(task.id);
    let answers = join_all((0..21).map(|_| ada.patch(&path).ask())).await;
    let done = answers
        .into_iter()
        .filter(|answer| answer.clone().expect(200).json::<Task>().completed)
        .count();
    assert_eq!(done, 11, "each saw what the one before it had left");
    assert!(ada.read(task.id).await.json::<Task>().completed);
}
