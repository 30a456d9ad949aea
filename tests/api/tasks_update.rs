//! `PUT /api/{user_id}/tasks/{id}`.

use serde_json::{Value, json};
use shared::tasks::Task;
use tests::{Ask, Person, TestApp, assert_invalid};

async fn milk(ada: &Person) -> Task {
    ada.create(&json!({"title": "Milk", "description": "Two litres"}))
        .await
        .expect(201)
        .json()
}

#[tokio::test]
async fn update_task_changes_what_is_given_and_leaves_the_rest_alone() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = milk(&ada).await;
    for (body, title, description, completed) in [
        (json!({"title": "Bread"}), "Bread", Some("Two litres"), false),
        (json!({"description": "A loaf"}), "Bread", Some("A loaf"), false),
        (json!({"completed": true}), "Bread", Some("A loaf"), true),
        (json!({"completed": true}), "Bread", Some("A loaf"), true),
        (json!({"description": null}), "Bread", None, true),
        (
            json!({"title": " Wine ", "description": "", "completed": false}),
            "Wine",
            Some(""),
            false,
        ),
        (json!({"description": "Red"}), "Wine", Some("Red"), false),
    ] {
        let answer = ada.update(task.id, &body).await.expect(200);
        let updated: Task = answer.json();
        assert_eq!(updated.title, title, "{body}");
        assert_eq!(updated.description.as_deref(), description, "{body}");
        assert_eq!(updated.completed, completed, "{body}");
        assert_eq!(
            (updated.id, &updated.user_id, updated.created_at),
            (task.id, &task.user_id, task.created_at)
        );
        assert_eq!(
            ada.read(task.id).await.expect(200).value(),
            answer.value(),
            "and it stays so"
        );
    }
}

#[tokio::test]
async fn update_task_moves_updated_at_and_only_that() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = milk(&ada).await;
    let updated: Task = ada.update(task.id, &json!({"title": "Bread"})).await.expect(200).json();
    assert!(updated.updated_at > task.updated_at, "{updated:?}");
    assert_eq!(updated.created_at, task.created_at);
}

#[tokio::test]
async fn update_task_with_nothing_in_it_changes_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = milk(&ada).await;
    let updated: Task = ada.update(task.id, &json!({})).await.expect(200).json();
    assert_eq!(
        (&updated.title, &updated.description, updated.completed),
        (&task.title, &task.description, task.completed)
    );
}

#[tokio::test]
async fn update_task_changes_one_task_only() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let (first, second, third) = (milk(&ada).await, milk(&ada).await, milk(&bob).await);
    ada.update(second.id, &json!({"title": "Bread", "completed": true}))
        .await
        .expect(200);
    assert_eq!(ada.read(first.id).await.json::<Task>(), first);
    assert_eq!(bob.read(third.id).await.json::<Task>(), third);
}

#[tokio::test]
async fn update_task_lets_nobody_set_what_the_server_sets() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let task = milk(&ada).await;
    let body = json!({"id": uuid::Uuid::now_v7(), "user_id": bob.id, "created_at": "2001-01-01T00:00:00Z",
        "updated_at": "2001-01-01T00:00:00Z", "version": 99, "unknown": [1, {}], "title": "Bread"});
    let updated: Task = ada.update(task.id, &body).await.expect(200).json();
    assert_eq!(
        (updated.id, &updated.user_id, updated.created_at),
        (task.id, &task.user_id, task.created_at)
    );
    assert!(updated.updated_at >= task.updated_at);
    assert_eq!(bob.list().await, []);
}

#[tokio::test]
async fn update_task_reports_every_member_that_is_wrong_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = milk(&ada).await;
    let long = "x".repeat(10_001);
    for (body, fields) in [
        (json!({"title": null}), &["title"][..]),
        (json!({"completed": null}), &["completed"]),
        (json!({"title": null, "completed": null}), &["title", "completed"]),
        (
            json!({"title": 1, "description": 2, "completed": 3}),
            &["title", "description", "completed"],
        ),
        (json!({"completed": "true"}), &["completed"]),
        (json!({"completed": 1}), &["completed"]),
        (json!({"completed": []}), &["completed"]),
        (json!({"title": ""}), &["title"]),
        (json!({"title": " \n"}), &["title"]),
        (json!({"title": "x".repeat(201)}), &["title"]),
        (json!({"title": "a\0b"}), &["title"]),
        (json!({"title": "a\nb"}), &["title"]),
        (json!({"description": long}), &["description"]),
        (json!({"description": "a\u{1b}[31mb"}), &["description"]),
        (json!({"title": "Bread", "description": false}), &["description"]),
        (json!({"title": "", "description": "ok", "completed": true}), &["title"]),
    ] {
        assert_invalid(&ada.update(task.id, &body).await, fields);
    }
    assert_eq!(ada.read(task.id).await.json::<Task>(), task);
}

#[tokio::test]
async fn update_task_keeps_the_limits_of_create() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = milk(&ada).await;
    let (title, description) = ("🛒".repeat(200), "é\n".repeat(5000));
    let body = json!({"title": format!(" {title} "), "description": description});
    let updated: Task = ada.update(task.id, &body).await.expect(200).json();
    assert_eq!(updated.title, title);
    assert_eq!(updated.description.as_deref(), Some(&*description));
    assert_invalid(
        &ada.update(task.id, &json!({"title": "🛒".repeat(201)})).await,
        &["title"],
    );
    assert_invalid(
        &ada.update(task.id, &json!({"description": "🛒".repeat(10_001)})).await,
        &["description"],
    );
}

#[tokio::test]
async fn update_task_does_not_create_one() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    ada.update(uuid::Uuid::now_v7(), &json!({"title": "Milk", "completed": false}))
        .await
        .expect(404);
    assert_eq!(ada.get(&ada.tasks()).ask().await.value(), Value::Array(Vec::new()));
}
