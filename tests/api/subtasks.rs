//! Subtasks: one level, and the progress that the parent shows.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::{SubtaskProgress, Task};
use tests::{Ask, Person, TestApp, assert_invalid, assert_problem};
use uuid::Uuid;

async fn add_to(ada: &Person, parent: Uuid, title: &str) -> Task {
    let body = json!({"title": title, "parent_id": parent});
    ada.create(&body).await.expect(201).json()
}

async fn read(ada: &Person, id: Uuid) -> Task {
    ada.read(id).await.expect(200).json()
}

/// How far the parent's subtasks are: done, of how many.
async fn progress(ada: &Person, parent: Uuid) -> (u32, u32) {
    let SubtaskProgress { total, completed } = read(ada, parent).await.subtasks;
    let path = format!("{}?parent_id={parent}", ada.tasks());
    let listed: Vec<Task> = ada.get(&path).ask().await.expect(200).json();
    let done = listed.iter().filter(|task| task.completed).count();
    let counted = (u32::try_from(done).unwrap(), u32::try_from(listed.len()).unwrap());
    assert_eq!((completed, total), counted, "what the parent says is what there is");
    counted
}

#[tokio::test]
async fn a_parent_shows_how_far_its_subtasks_are() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add("Move house").await;
    let (one, other) = (
        add_to(&ada, parent.id, "Boxes").await,
        add_to(&ada, parent.id, "Van").await,
    );
    assert_eq!(one.parent_id, Some(parent.id));
    assert_eq!(progress(&ada, parent.id).await, (0, 2));
    ada.patch(&ada.task_complete(one.id)).ask().await.expect(200);
    assert_eq!(progress(&ada, parent.id).await, (1, 2));
    ada.update(one.id, &json!({"completed": true})).await.expect(200);
    assert_eq!(progress(&ada, parent.id).await, (1, 2), "what is done is done");
    ada.update(other.id, &json!({"completed": true, "title": "Bus"}))
        .await
        .expect(200);
    assert_eq!(progress(&ada, parent.id).await, (2, 2));
    ada.patch(&ada.task_complete(one.id)).ask().await.expect(200);
    assert_eq!(progress(&ada, parent.id).await, (1, 2));
    ada.delete(&ada.task(other.id)).ask().await.expect(200);
    assert_eq!(progress(&ada, parent.id).await, (0, 1));
    ada.update(one.id, &json!({"parent_id": null})).await.expect(200);
    assert_eq!(progress(&ada, parent.id).await, (0, 0));
    let parents: Vec<Task> = ada
        .get(&format!("{}?parent_id=none&sort=title", ada.tasks()))
        .ask()
        .await
        .expect(200)
        .json();
    let titles: Vec<_> = parents.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, ["Boxes", "Move house"]);
}

#[tokio::test]
async fn ticking_a_subtask_is_no_conflict_for_who_edits_the_parent() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add("Move house").await;
    let subtask = add_to(&ada, parent.id, "Boxes").await;
    ada.patch(&ada.task_complete(subtask.id)).ask().await.expect(200);
    let request = ada.put(&ada.task(parent.id)).json(&json!({"title": "Move"}));
    request.header("if-match", "\"1\"").ask().await.expect(200);
}

#[tokio::test]
async fn concurrent_changes_of_subtasks_are_all_counted() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add("Move house").await;
    let added = join_all((0..20).map(|n| {
        let ada = &ada;
        async move { add_to(ada, parent.id, &format!("Box {n}")).await }
    }))
    .await;
    assert_eq!(progress(&ada, parent.id).await, (0, 20));
    join_all(added.iter().enumerate().map(|(n, task)| {
        let request = match n % 3 {
            0 => ada.patch(&ada.task_complete(task.id)),
            1 => ada.delete(&ada.task(task.id)),
            _ => ada.put(&ada.task(task.id)).json(&json!({"parent_id": null})),
        };
        async move { request.ask().await.expect(200) }
    }))
    .await;
    assert_eq!(progress(&ada, parent.id).await, (7, 7));
}

#[tokio::test]
async fn a_subtask_moves_from_one_parent_to_another() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (one, other) = (ada.add("One").await, ada.add("Other").await);
    let subtask = add_to(&ada, one.id, "Part").await;
    ada.patch(&ada.task_complete(subtask.id)).ask().await.expect(200);
    let body = json!({"parent_id": other.id, "completed": false});
    ada.update(subtask.id, &body).await.expect(200);
    assert_eq!(progress(&ada, one.id).await, (0, 0));
    assert_eq!(progress(&ada, other.id).await, (0, 1));
}

#[tokio::test]
async fn there_is_one_level_of_subtasks() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let (parent, other) = (ada.add("Parent").await, ada.add("Other").await);
    let subtask = add_to(&ada, parent.id, "Part").await;
    let trashed = ada.add("Gone").await;
    ada.delete(&ada.task(trashed.id)).ask().await.expect(200);
    let bobs = bob.add("Bob's").await;
    for (id, body) in [
        // Of a subtask, of itself, of what is not there, in the trash, or somebody else's.
        (other.id, json!({"parent_id": subtask.id})),
        (other.id, json!({"parent_id": other.id})),
        (other.id, json!({"parent_id": Uuid::now_v7()})),
        (other.id, json!({"parent_id": trashed.id})),
        (other.id, json!({"parent_id": bobs.id})),
        // A task that has subtasks.
        (parent.id, json!({"parent_id": other.id})),
    ] {
        assert_invalid(&ada.update(id, &body).await, &["parent_id"]);
    }
    for id in [subtask.id, trashed.id, bobs.id, Uuid::now_v7()] {
        let body = json!({"title": "New", "parent_id": id});
        assert_invalid(&ada.create(&body).await, &["parent_id"]);
    }
    assert_eq!(progress(&ada, parent.id).await, (0, 1));
    assert_eq!(progress(&ada, other.id).await, (0, 0));
    assert_eq!(progress(&bob, bobs.id).await, (0, 0));
    assert_eq!(ada.list().await.len(), 3);
    assert_eq!(read(&ada, other.id).await.version, 1, "what is refused changes nothing");
}

#[tokio::test]
async fn a_task_goes_to_the_trash_with_its_subtasks() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (parent, other) = (ada.add("Parent").await, ada.add("Other").await);
    let subtask = add_to(&ada, parent.id, "Part").await;
    ada.delete(&ada.task(parent.id)).ask().await.expect(200);
    for id in [parent.id, subtask.id] {
        assert_problem(&ada.read(id).await, 404, ErrorCode::NotFound);
        assert_problem(&ada.update(id, &json!({"title": "x"})).await, 404, ErrorCode::NotFound);
        assert_problem(&ada.patch(&ada.task_complete(id)).ask().await, 404, ErrorCode::NotFound);
        assert_problem(&ada.delete(&ada.task(id)).ask().await, 404, ErrorCode::NotFound);
    }
    assert_eq!(ada.list().await, [other]);
}

#[tokio::test]
async fn no_subtask_outlives_a_parent_that_is_deleted_meanwhile() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for _ in 0..10 {
        let parent = ada.add("Parent").await;
        let added = (0..5).map(|_| {
            let body: Value = json!({"title": "Part", "parent_id": parent.id});
            let ada = &ada;
            async move { ada.create(&body).await.status }
        });
        let (deleted, added) = tokio::join!(ada.delete(&ada.task(parent.id)).ask(), join_all(added));
        deleted.expect(200);
        assert!(added.iter().all(|status| [201, 400].contains(status)), "{added:?}");
        assert_eq!(ada.list().await, [], "{added:?}");
    }
}

#[tokio::test]
async fn a_task_has_500_subtasks_at_most() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add_full_parent().await;
    assert_eq!(progress(&ada, parent).await, (0, 500));
    let body = json!({"title": "One more", "parent_id": parent});
    let other = ada.add("Other").await;
    for answer in [
        ada.create(&body).await,
        ada.update(other.id, &json!({"parent_id": parent})).await,
    ] {
        let problem = assert_problem(&answer, 409, ErrorCode::LimitReached);
        let [field] = problem.error.fields.as_slice() else {
            panic!("{problem:?}")
        };
        assert_eq!((field.field.as_str(), field.limit), ("parent_id", Some(500)));
    }
    // What comes back from the trash, or comes next, is lost no more than it has room.
    let subtasks: Vec<Task> = ada
        .get(&format!("{}?parent_id={parent}&limit=1", ada.tasks()))
        .ask()
        .await
        .expect(200)
        .json();
    let trashed = subtasks.first().expect("a subtask").id;
    ada.delete(&ada.task(trashed)).ask().await.expect(200);
    let recurring = json!({"title": "Daily", "parent_id": parent, "recurrence": "FREQ=DAILY"});
    let recurring: Task = ada.create(&recurring).await.expect(201).json();
    let restored: Task = ada
        .post(&paths::trash_restore(&ada.id, trashed))
        .ask()
        .await
        .expect(200)
        .json();
    assert_eq!(restored.parent_id, None);
    ada.update(recurring.id, &json!({"completed": true})).await.expect(200);
    assert_eq!(progress(&ada, parent).await, (1, 500));
    let daily: Vec<Task> = ada
        .get(&format!("{}?q=daily&completed=false", ada.tasks()))
        .ask()
        .await
        .expect(200)
        .json();
    assert_eq!(daily.iter().map(|task| task.parent_id).collect::<Vec<_>>(), [None]);
}
