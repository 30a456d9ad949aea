//! `PATCH /api/{user_id}/tasks`.

use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::{Task, TasksChanged};
use tests::{Answer, Ask, Person, TestApp, assert_invalid, assert_problem};
use uuid::Uuid;

async fn patch(ada: &Person, ids: &[Uuid], change: Value) -> Answer {
    let body = json!({"ids": ids, "change": change});
    ada.patch(&ada.tasks()).json(&body).ask().await
}

async fn three(ada: &Person) -> [Task; 3] {
    [ada.add("One").await, ada.add("Two").await, ada.add("Three").await]
}

#[tokio::test]
async fn one_change_is_made_to_all_and_answered_in_the_order_asked_for() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let [one, two, three] = three(&ada).await;
    let ids = [two.id, one.id, two.id];
    let change = json!({"priority": 3, "due": {"date": "2026-12-24"}, "completed": true});
    let changed: TasksChanged = patch(&ada, &ids, change).await.expect(200).json();
    assert_eq!(
        changed.tasks.iter().map(|task| task.id).collect::<Vec<_>>(),
        [two.id, one.id]
    );
    assert_eq!(changed.created, []);
    for task in &changed.tasks {
        assert!(task.completed && task.completed_at.is_some() && task.version > 1);
        let task = serde_json::to_value(task).unwrap();
        assert_eq!(
            (&task["priority"], &task["due"]),
            (&json!(3), &json!({"date": "2026-12-24"}))
        );
    }
    let listed = ada.list().await;
    assert_eq!(listed[0], three, "what was not asked for is as it was");
    assert!(changed.tasks.iter().all(|task| listed.contains(task)));
    let changed: TasksChanged = patch(&ada, &[one.id], json!({"due": null, "completed": false}))
        .await
        .expect(200)
        .json();
    assert_eq!((&changed.tasks[0].due, changed.tasks[0].completed), (&None, false));
}

#[tokio::test]
async fn nothing_is_changed_if_one_is_not_there() {
    let app = TestApp::spawn().await;
    let (ada, eve) = (app.register("ada").await, app.register("eve").await);
    let [one, two, three] = three(&ada).await;
    let eves = eve.add("Eve's").await;
    ada.delete(&ada.task(three.id)).ask().await.expect(200);
    for missing in [Uuid::now_v7(), eves.id, three.id] {
        let answer = patch(&ada, &[one.id, missing, two.id], json!({"priority": 1})).await;
        assert_problem(&answer, 404, ErrorCode::NotFound);
    }
    assert_eq!(ada.list().await, [two, one]);
    assert_eq!(eve.list().await, [eves]);
}

#[tokio::test]
async fn tags_are_added_and_removed_whatever_their_case() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let with = async |title: &str, tags: Value| -> Uuid {
        let task: Task = ada
            .create(&json!({"title": title, "tags": tags}))
            .await
            .expect(201)
            .json();
        task.id
    };
    let (one, other) = (
        with("One", json!(["Home", "été"])).await,
        with("Other", json!([])).await,
    );
    let change = json!({"add_tags": ["HOME", "flat"], "remove_tags": ["ÉTÉ", "never"]});
    let changed: TasksChanged = patch(&ada, &[one, other], change).await.expect(200).json();
    assert_eq!(changed.tasks[0].tags, ["Home", "flat"]);
    assert_eq!(changed.tasks[1].tags, ["HOME", "flat"]);
    // They are found by them, too.
    let found: Vec<Task> = ada
        .get(&format!("{}?tag=flat", ada.tasks()))
        .ask()
        .await
        .expect(200)
        .json();
    assert_eq!(found.len(), 2);
    let many: Vec<_> = (0..19).map(|n| format!("t{n}")).collect();
    let answer = patch(&ada, &[other, one], json!({"add_tags": many, "priority": 3})).await;
    assert_invalid(&answer, &["change.add_tags"]);
    let after: Task = ada.read(other).await.expect(200).json();
    assert_eq!(after, changed.tasks[1], "all or nothing");
}

#[tokio::test]
async fn completing_what_recurs_brings_the_next_ones_and_takes_them_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let weekly = json!({"title": "Plants", "due": {"date": "2126-11-21"}, "recurrence": "FREQ=WEEKLY"});
    let plants: Task = ada.create(&weekly).await.expect(201).json();
    let once = ada.add("Once").await;
    let ids = [plants.id, once.id];
    let changed: TasksChanged = patch(&ada, &ids, json!({"completed": true})).await.expect(200).json();
    let [next] = changed.created.as_slice() else {
        panic!("{changed:?}")
    };
    assert_eq!(next.due.as_ref().unwrap().to_string(), "2126-11-28");
    let again: TasksChanged = patch(&ada, &ids, json!({"completed": true})).await.expect(200).json();
    assert_eq!(again.created, [], "exactly once");
    assert_eq!(ada.list().await.len(), 3);
    let all = [next.id, plants.id, once.id];
    let back: TasksChanged = patch(&ada, &all, json!({"completed": false})).await.expect(200).json();
    assert!(back.tasks.iter().all(|task| !task.completed));
    assert_eq!(ada.list().await.len(), 2, "the next one is taken back");
}

#[tokio::test]
async fn many_are_moved_to_a_list_to_the_trash_and_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let [one, two, three] = three(&ada).await;
    let sub: Task = ada
        .create(&json!({"title": "Sub", "parent_id": one.id}))
        .await
        .expect(201)
        .json();
    let list = ada.add_list("Home").await;
    let ids = [sub.id, one.id, two.id];
    let changed: TasksChanged = patch(&ada, &ids, json!({"list_id": list.id})).await.expect(200).json();
    assert!(
        changed.tasks.iter().all(|task| task.list_id == Some(list.id)),
        "{changed:?}"
    );
    assert_invalid(
        &patch(&ada, &[three.id], json!({"list_id": Uuid::now_v7()})).await,
        &["list_id"],
    );
    let gone: TasksChanged = patch(&ada, &ids, json!({"deleted": true})).await.expect(200).json();
    assert!(gone.tasks.iter().all(|task| task.deleted_at.is_some()), "{gone:?}");
    assert_eq!(ada.list().await, std::slice::from_ref(&three));
    let back: TasksChanged = patch(&ada, &[one.id, two.id], json!({"deleted": false, "priority": 2}))
        .await
        .expect(200)
        .json();
    assert!(back.tasks.iter().all(|task| task.deleted_at.is_none()), "{back:?}");
    assert_eq!(back.tasks[0].subtasks.total, 1);
    assert_eq!(ada.list().await.len(), 4);
}

#[tokio::test]
async fn wrong_bodies_are_named() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let id = ada.add("One").await.id;
    let many: Vec<_> = (0..501).map(|_| Uuid::now_v7()).collect();
    for (body, fields) in [
        (json!({}), ["ids", "change"].as_slice()),
        (json!({"ids": [], "change": {"priority": 1}}), &["ids"]),
        (json!({"ids": ["x"], "change": {"priority": 1}}), &["ids"]),
        (json!({"ids": many, "change": {"priority": 1}}), &["ids"]),
        (json!({"ids": [id], "change": {}}), &["change"]),
        (
            json!({"ids": [id], "change": {"title": "Nobody changes that"}}),
            &["change"],
        ),
        (json!({"ids": [id], "change": 7}), &["change"]),
        (
            json!({"ids": [id], "change": {"priority": 4, "completed": null}}),
            &["change.completed", "change.priority"],
        ),
        (
            json!({"ids": [id], "change": {"add_tags": ["a,b"]}}),
            &["change.add_tags"],
        ),
    ] {
        assert_invalid(&ada.patch(&ada.tasks()).json(&body).ask().await, fields);
    }
    let zone = ada.patch(&format!("{}?time_zone=Mars/Olympus", ada.tasks()));
    let answer = zone.json(&json!({"ids": [id], "change": {"priority": 1}})).ask().await;
    assert_invalid(&answer, &["time_zone"]);
}

#[tokio::test]
async fn five_hundred_are_changed_at_once_and_two_such_changes_both_come_true() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let tasks: Vec<Value> = (0..500)
        .map(|n| json!({"id": Uuid::now_v7(), "title": format!("Task {n}")}))
        .collect();
    let ids: Vec<Uuid> = tasks
        .iter()
        .map(|task| serde_json::from_value(task["id"].clone()).unwrap())
        .collect();
    let file = json!({"format": "taskward", "version": 1, "tasks": tasks});
    ada.post(&paths::import(&ada.id)).json(&file).ask().await.expect(200);
    let backwards: Vec<Uuid> = ids.iter().rev().copied().collect();
    let (one, other) = tokio::join!(
        patch(&ada, &ids, json!({"priority": 3})),
        patch(&ada, &backwards, json!({"add_tags": ["all"]}))
    );
    assert_eq!(one.expect(200).json::<TasksChanged>().tasks.len(), 500);
    other.expect(200);
    for task in ada.list().await {
        assert_eq!(
            (task.priority.get(), task.tags.as_slice()),
            (3, ["all".to_owned()].as_slice())
        );
    }
}
