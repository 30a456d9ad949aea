//! `GET /api/{user_id}/tasks`.

use serde_json::json;
use shared::tasks::Task;
use tests::{Ask, TestApp};
use uuid::Uuid;

fn ids(tasks: &[Task]) -> Vec<Uuid> {
    tasks.iter().map(|task| task.id).collect()
}

#[tokio::test]
async fn list_tasks_is_a_bare_empty_array_at_first() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = ada.get(&ada.tasks()).ask().await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.text(), "[]");
}

#[tokio::test]
async fn list_tasks_is_newest_first() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut created = Vec::new();
    for index in 0..30 {
        created.push(ada.add(&format!("Task {index}")).await);
    }
    created.reverse();
    assert_eq!(ada.list().await, created);
}

#[tokio::test]
async fn the_order_is_the_same_every_time_and_does_not_depend_on_changes() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for index in 0..10 {
        ada.add(&format!("Task {index}")).await;
    }
    let before = ids(&ada.list().await);
    ada.update(before[7], &json!({"title": "Changed"})).await.expect(200);
    ada.patch(&ada.task_complete(before[3])).ask().await.expect(200);
    for _ in 0..3 {
        assert_eq!(ids(&ada.list().await), before);
    }
    ada.delete(&ada.task(before[5])).ask().await.expect(200);
    let rest: Vec<_> = before.iter().copied().filter(|id| *id != before[5]).collect();
    assert_eq!(ids(&ada.list().await), rest);
}

#[tokio::test]
async fn list_tasks_shows_each_task_as_reading_it_does() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    ada.create(&json!({"title": "Milk", "description": "Two litres"}))
        .await
        .expect(201);
    let done = ada.add("Bread").await;
    ada.patch(&ada.task_complete(done.id)).ask().await.expect(200);
    let listed = ada.get(&ada.tasks()).ask().await.expect(200).value();
    for task in listed.as_array().unwrap() {
        let id = task["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(&ada.read(id).await.expect(200).value(), task);
    }
}

#[tokio::test]
async fn a_task_is_the_same_however_it_is_asked_for() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let home = ada.add_list("Home").await;
    let parent: Task = ada
        .create(&json!({"title": "Move house", "list_id": home.id, "due": {"date": "2027-01-31"}}))
        .await
        .expect(201)
        .json();
    for title in ["Boxes", "Van"] {
        let body = json!({"title": title, "parent_id": parent.id});
        let task: Task = ada.create(&body).await.expect(201).json();
        ada.patch(&ada.task_complete(task.id)).ask().await.expect(200);
    }
    let planned = json!({
        "title": "Rent \u{1F3E0}",
        "description": "By \"standing\" order",
        "due": {"date": "2027-03-28", "time": "09:30", "zone": "Europe/Berlin"},
        "priority": 3,
        "tags": ["Home", "Grüße"],
        "recurrence": "FREQ=MONTHLY",
        "position": "7f",
    });
    ada.create(&planned).await.expect(201);
    let open = ada.add("Bread").await;
    ada.patch(&ada.task_complete(open.id)).ask().await.expect(200);
    ada.patch(&ada.task_complete(open.id)).ask().await.expect(200);

    let whole = ada.get(&ada.tasks()).ask().await.expect(200);
    let tasks = whole.value();
    assert_eq!(tasks.as_array().unwrap().len(), 5);
    let parent = &tasks[4];
    assert_eq!(parent["subtasks"], json!({"total": 2, "completed": 2}));
    for query in ["limit=200", "priority=0&priority=3"] {
        let asked = ada.get(&format!("{}?{query}", ada.tasks())).ask().await.expect(200);
        assert_eq!(asked.text(), whole.text(), "{query}");
    }
    for task in tasks.as_array().unwrap() {
        let id = task["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(&ada.read(id).await.expect(200).value(), task);
    }
}

#[tokio::test]
async fn without_a_limit_the_whole_list_comes() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for index in 0..250 {
        ada.add(&format!("Task {index}")).await;
    }
    let answer = ada.get(&ada.tasks()).ask().await.expect(200);
    assert_eq!(answer.value().as_array().unwrap().len(), 250);
    assert_eq!(answer.header("link"), "");
}
