//! `/api/{user_id}/trash`.

use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use std::collections::BTreeSet;
use std::time::Instant;
use tests::{Ask, Person, TestApp, assert_invalid, assert_problem};
use uuid::Uuid;

async fn trash(ada: &Person) -> Vec<Task> {
    ada.get(&paths::trash(&ada.id)).ask().await.expect(200).json()
}

async fn delete(ada: &Person, id: Uuid) {
    ada.delete(&ada.task(id)).ask().await.expect(200);
}

async fn restore(ada: &Person, id: Uuid) -> Task {
    ada.post(&paths::trash_restore(&ada.id, id))
        .ask()
        .await
        .expect(200)
        .json()
}

#[tokio::test]
async fn what_was_deleted_is_in_the_trash_and_comes_back_as_it_was() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body =
        json!({"title": "Milk", "description": "two", "due": {"date": "2026-11-30"}, "priority": 2, "tags": ["Shop"]});
    let task: Task = ada.create(&body).await.expect(201).json();
    delete(&ada, task.id).await;
    let [gone] = trash(&ada).await.try_into().expect("one task");
    assert!(gone.deleted_at.is_some());
    let answer = ada
        .post(&paths::trash_restore(&ada.id, task.id))
        .ask()
        .await
        .expect(200);
    let back: Task = answer.json();
    assert_eq!(answer.header("etag"), format!("\"{}\"", back.version));
    assert!(
        back.version > gone.version,
        "who has seen it deleted sees that it is back"
    );
    let as_before = Task {
        version: task.version,
        updated_at: task.updated_at,
        ..back.clone()
    };
    assert_eq!(as_before, task);
    assert_eq!(trash(&ada).await, []);
    assert_eq!(ada.list().await, [back]);
    let again = ada.post(&paths::trash_restore(&ada.id, task.id)).ask().await;
    assert_problem(&again, 404, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_task_in_the_trash_is_gone_for_everything_else() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (task, live) = (ada.add("Gone").await, ada.add("Live").await);
    delete(&ada, task.id).await;
    for answer in [
        ada.read(task.id).await,
        ada.update(task.id, &json!({"title": "x"})).await,
        ada.patch(&ada.task_complete(task.id)).ask().await,
        ada.delete(&ada.task(task.id)).ask().await,
    ] {
        assert_problem(&answer, 404, ErrorCode::NotFound);
    }
    assert_invalid(
        &ada.create(&json!({"title": "Sub", "parent_id": task.id})).await,
        &["parent_id"],
    );
    // And what is not in the trash is not there for the trash.
    for request in [
        ada.delete(&paths::trashed(&ada.id, live.id)),
        ada.post(&paths::trash_restore(&ada.id, live.id)),
    ] {
        assert_problem(&request.ask().await, 404, ErrorCode::NotFound);
    }
    assert_eq!(ada.list().await, [live]);
}

#[tokio::test]
async fn the_trash_is_listed_last_deleted_first_page_by_page() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut tasks = Vec::new();
    for n in 0..5 {
        tasks.push(ada.add(&format!("Task {n}")).await.id);
    }
    for n in [3, 0, 4, 1, 2] {
        delete(&ada, tasks[n]).await;
    }
    let expected = [tasks[2], tasks[1], tasks[4], tasks[0], tasks[3]];
    assert_eq!(
        trash(&ada).await.iter().map(|task| task.id).collect::<Vec<_>>(),
        expected
    );
    let mut seen = Vec::new();
    let mut url = Some(format!("{}?limit=2", paths::trash(&ada.id)));
    while let Some(next) = url.take() {
        let page = ada.get(&next).ask().await.expect(200);
        seen.extend(page.json::<Vec<Task>>().into_iter().map(|task| task.id));
        if page.headers.contains_key("link") {
            url = page
                .header("link")
                .strip_prefix('<')
                .and_then(|link| link.split_once('>'))
                .map(|(url, _)| url.to_owned());
        }
    }
    assert_eq!(seen, expected);
    assert_invalid(
        &ada.get(&format!("{}?limit=0&cursor=x", paths::trash(&ada.id)))
            .ask()
            .await,
        &["limit", "cursor"],
    );
}

#[tokio::test]
async fn subtasks_come_back_with_their_parent_or_for_themselves() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let sub = async |parent: Uuid, title: &str| -> Task {
        ada.create(&json!({"title": title, "parent_id": parent}))
            .await
            .expect(201)
            .json()
    };
    let parent = ada.add("Parent").await;
    let (one, other, early) = (
        sub(parent.id, "One").await,
        sub(parent.id, "Other").await,
        sub(parent.id, "Early").await,
    );
    ada.patch(&ada.task_complete(one.id)).ask().await.expect(200);
    delete(&ada, early.id).await;
    delete(&ada, parent.id).await;
    assert_eq!(trash(&ada).await.len(), 4);
    let back = restore(&ada, parent.id).await;
    assert_eq!(
        (back.subtasks.total, back.subtasks.completed),
        (2, 1),
        "without the one deleted before"
    );
    assert_eq!(ada.list().await.len(), 3);
    // One whose parent is there is its subtask again.
    assert_eq!(restore(&ada, early.id).await.parent_id, Some(parent.id));
    let counted: Task = ada.read(parent.id).await.expect(200).json();
    assert_eq!((counted.subtasks.total, counted.subtasks.completed), (3, 1));
    // One whose parent is in the trash stands for itself, and stays when the parent comes back.
    delete(&ada, parent.id).await;
    assert_eq!(restore(&ada, other.id).await.parent_id, None);
    let back = restore(&ada, parent.id).await;
    assert_eq!((back.subtasks.total, back.subtasks.completed), (2, 1));
    let other: Task = ada.read(other.id).await.expect(200).json();
    assert_eq!(other.parent_id, None);
}

#[tokio::test]
async fn a_task_is_restored_once_however_often_it_is_asked_for_at_the_same_time() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add("Parent").await;
    let sub: Task = ada
        .create(&json!({"title": "Sub", "parent_id": parent.id}))
        .await
        .expect(201)
        .json();
    delete(&ada, sub.id).await;
    let restore = || ada.post(&paths::trash_restore(&ada.id, sub.id)).ask();
    let answers = futures_util::future::join_all((0..8).map(|_| restore())).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 404).count(), 7);
    let parent: Task = ada.read(parent.id).await.expect(200).json();
    assert_eq!(parent.subtasks.total, 1);
}

#[tokio::test]
async fn what_is_deleted_from_the_trash_is_gone_for_good() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (one, other) = (ada.add("One").await, ada.add("Other").await);
    delete(&ada, one.id).await;
    delete(&ada, other.id).await;
    let answer = ada.delete(&paths::trashed(&ada.id, one.id)).ask().await.expect(200);
    assert_eq!(answer.value(), json!({"message": "Task deleted for good"}));
    let again = ada.delete(&paths::trashed(&ada.id, one.id)).ask().await;
    assert_problem(&again, 404, ErrorCode::NotFound);
    assert_eq!(trash(&ada).await.len(), 1);
    assert_eq!(app.database().count("tasks"), 1);
}

#[tokio::test]
async fn emptying_the_trash_leaves_what_is_not_in_it_and_what_is_others() {
    let app = TestApp::spawn().await;
    let (ada, eve) = (app.register("ada").await, app.register("eve").await);
    let list = ada.add_list("Home").await;
    let parent: Task = ada
        .create(&json!({"title": "Parent", "list_id": list.id}))
        .await
        .expect(201)
        .json();
    ada.create(&json!({"title": "Sub", "parent_id": parent.id}))
        .await
        .expect(201);
    let (live, eves) = (ada.add("Live").await, eve.add("Eve's").await);
    ada.delete(&paths::list(&ada.id, list.id)).ask().await.expect(200);
    delete(&eve, eves.id).await;
    let answer = ada.delete(&paths::trash(&ada.id)).ask().await.expect(200);
    assert_eq!(
        answer.value(),
        json!({"message": "Trash emptied successfully", "deleted": 2})
    );
    assert_eq!(trash(&ada).await, []);
    assert_eq!(ada.list().await, [live]);
    assert_eq!(trash(&eve).await.len(), 1);
    let database = app.database();
    assert_eq!((database.count("tasks"), database.count("lists")), (2, 0));
    let answer = ada.delete(&paths::trash(&ada.id)).ask().await.expect(200);
    assert_eq!(answer.value()["deleted"], 0);
}

#[tokio::test]
async fn what_has_been_in_the_trash_for_too_long_is_purged() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let live = ada.add("Live").await;
    let recent = ada.add("Recent").await;
    delete(&ada, recent.id).await;
    let list = Uuid::now_v7();
    let old = |title: &str, days: i64, list: Option<Uuid>| {
        let deleted = chrono::Utc::now() - chrono::TimeDelta::days(days);
        json!({"id": Uuid::now_v7(), "title": title, "deleted_at": deleted.to_rfc3339(), "list_id": list})
    };
    let mut tasks = vec![old("Still there", 29, None)];
    tasks.extend((0..1100).map(|n| old(&format!("Old {n}"), 31, Some(list))));
    let file = json!({
        "format": "taskward", "version": 1, "tasks": tasks,
        "lists": [{"id": list, "name": "Old", "deleted_at": "2020-01-01T00:00:00Z"}],
    });
    ada.post(&paths::import(&ada.id)).json(&file).ask().await.expect(200);
    let database = app.database();
    assert_eq!((database.count("tasks"), database.count("lists")), (1103, 1));
    app.stop();
    let app = TestApp::spawn_on(&database, &[]).await;
    let patience = Instant::now() + tests::PATIENCE;
    while (database.count("tasks"), database.count("lists")) != (3, 0) {
        assert!(Instant::now() < patience, "{} tasks", database.count("tasks"));
        tokio::task::yield_now().await;
        std::thread::yield_now();
    }
    let ada = app.login(&ada).await;
    let mut titles: Vec<_> = trash(&ada).await.into_iter().map(|task| task.title).collect();
    titles.sort();
    assert_eq!(titles, ["Recent", "Still there"]);
    assert_eq!(ada.list().await, [live]);
}

#[tokio::test]
async fn others_write_while_a_trash_is_emptied() {
    const TASKS: usize = 8000;
    let app = TestApp::spawn().await;
    let (ada, bob) = (app.register("ada").await, app.register("bob").await);
    let deleted = (chrono::Utc::now() - chrono::TimeDelta::days(1)).to_rfc3339();
    let list = Uuid::now_v7();
    let mut tasks = Vec::with_capacity(TASKS);
    for _ in 0..TASKS / 2 {
        let parent = Uuid::now_v7();
        tasks.push(json!({"id": parent, "title": "Old", "list_id": list, "deleted_at": deleted}));
        tasks.push(json!({"id": Uuid::now_v7(), "title": "Part", "parent_id": parent, "deleted_at": deleted}));
    }
    ada.import(&[json!({"id": list, "name": "Old", "deleted_at": deleted})], &tasks)
        .await;
    let database = app.database();
    let emptying = {
        let ada = ada.clone();
        tokio::spawn(async move { ada.delete(&paths::trash(&ada.id)).ask().await })
    };
    let (mut seen, mut added) = (BTreeSet::new(), 0);
    while !emptying.is_finished() {
        bob.add("Milk").await;
        added += 1;
        seen.insert(database.count("tasks") - added);
    }
    assert_eq!(emptying.await.unwrap().expect(200).value()["deleted"], TASKS);
    assert!(seen.len() > 10, "in a few pieces only: {seen:?}");
    assert_eq!((database.count("tasks"), database.count("lists")), (added, 0));
}

#[tokio::test]
async fn a_task_goes_from_the_trash_with_its_subtasks_however_many() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add_full_parent().await;
    let live = ada.add("Live").await;
    delete(&ada, parent).await;
    ada.delete(&paths::trashed(&ada.id, parent)).ask().await.expect(200);
    assert_eq!(app.database().count("tasks"), 1);
    assert_eq!(ada.list().await, [live]);
}
