//! `/api/{user_id}/lists`.

use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::lists::List;
use shared::paths;
use shared::tasks::Task;
use tests::{Ask, Person, TestApp, assert_invalid, assert_problem};
use uuid::Uuid;

async fn add_to(ada: &Person, list: Uuid, title: &str) -> Task {
    ada.create(&json!({"title": title, "list_id": list}))
        .await
        .expect(201)
        .json()
}

#[tokio::test]
async fn a_list_is_made_at_the_end_and_found_under_its_location() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    assert_eq!(ada.lists().await, []);
    let body = json!({"name": "  Home ", "color": "teal", "id": Uuid::nil(), "archived": true});
    let made = ada.post(&paths::lists(&ada.id)).json(&body).ask().await.expect(201);
    let home: List = made.json();
    assert_eq!(made.value()["color"], "teal");
    assert_eq!((home.name.as_str(), home.archived, home.version), ("Home", false, 1));
    assert_eq!(made.header("location"), paths::list(&ada.id, home.id));
    assert_eq!(made.header("etag"), "\"1\"");
    let read = ada.get(made.header("location")).ask().await.expect(200);
    assert_eq!(read.value(), made.value());
    let work = ada.add_list("Work").await;
    assert_eq!(serde_json::to_value(&work).unwrap()["color"], "gray");
    assert_eq!(ada.lists().await, [home, work]);
}

#[tokio::test]
async fn a_list_is_renamed_recoloured_moved_and_archived() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (home, work) = (ada.add_list("Home").await, ada.add_list("Work").await);
    let path = paths::list(&ada.id, work.id);
    let first = shared::position::Position::between(None, Some(&home.position)).unwrap();
    for (body, expected) in [
        (json!({"name": "Office"}), json!({"name": "Office"})),
        (json!({"color": "red", "name": "Office"}), json!({"color": "red"})),
        (json!({"position": first}), json!({"position": first})),
        (json!({"archived": true}), json!({"archived": true, "name": "Office"})),
        (json!({}), json!({"archived": true})),
    ] {
        let changed = ada.put(&path).json(&body).ask().await.expect(200).value();
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(&changed[member], value, "{body}");
        }
    }
    let all = ada.lists().await;
    assert_eq!(all.iter().map(|list| list.id).collect::<Vec<_>>(), [work.id, home.id]);
    assert!(all[0].version > 1 && all[0].updated_at > work.updated_at);
}

#[tokio::test]
async fn wrong_members_are_named() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let list = ada.add_list("Home").await;
    let (all, one) = (paths::lists(&ada.id), paths::list(&ada.id, list.id));
    for (body, fields) in [
        (json!({}), ["name"].as_slice()),
        (json!({"name": " "}), &["name"]),
        (json!({"name": "x".repeat(101)}), &["name"]),
        (json!({"name": "a\nb"}), &["name"]),
        (json!({"name": 1, "color": "blurple"}), &["name", "color"]),
    ] {
        assert_invalid(&ada.post(&all).json(&body).ask().await, fields);
    }
    for (body, fields) in [
        (json!({"name": null}), ["name"].as_slice()),
        (json!({"position": "x"}), &["position"]),
        (json!({"archived": "yes", "color": null}), &["color", "archived"]),
    ] {
        assert_invalid(&ada.put(&one).json(&body).ask().await, fields);
    }
    assert_invalid(&ada.get(&format!("{all}/nonsense")).ask().await, &["id"]);
    let absent = paths::list(&ada.id, Uuid::now_v7());
    assert_problem(&ada.get(&absent).ask().await, 404, ErrorCode::NotFound);
    assert_problem(&ada.put(&absent).json(&json!({})).ask().await, 404, ErrorCode::NotFound);
    assert_problem(&ada.delete(&absent).ask().await, 404, ErrorCode::NotFound);
    assert_eq!(ada.lists().await, [list]);
}

#[tokio::test]
async fn a_stale_change_of_a_list_is_refused_with_the_list_as_it_is() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let list = ada.add_list("Home").await;
    let path = paths::list(&ada.id, list.id);
    let rename = |name: &str| {
        ada.put(&path)
            .header("if-match", "\"1\"")
            .json(&json!({"name": name}))
            .ask()
    };
    let (first, second) = tokio::join!(rename("One"), rename("Other"));
    let (good, stale) = if first.status == 200 {
        (first, second)
    } else {
        (second, first)
    };
    let good = good.expect(200);
    assert_problem(&stale, 412, ErrorCode::PreconditionFailed);
    assert_eq!(stale.value()["current"], good.value());
    assert_eq!(stale.header("etag"), good.header("etag"));
    let delete = ada.delete(&path).header("if-match", "\"1\"").ask().await;
    assert_problem(&delete, 412, ErrorCode::PreconditionFailed);
    ada.delete(&path)
        .header("if-match", good.header("etag"))
        .ask()
        .await
        .expect(200);
}

#[tokio::test]
async fn a_deleted_list_takes_its_tasks_along_and_brings_them_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let list = ada.add_list("Home").await;
    let kept = ada.add("In the Inbox").await;
    let (one, other) = (add_to(&ada, list.id, "One").await, add_to(&ada, list.id, "Other").await);
    let sub: Task = ada
        .create(&json!({"title": "Sub", "parent_id": one.id}))
        .await
        .expect(201)
        .json();
    assert_eq!(sub.list_id, Some(list.id));
    ada.delete(&ada.task(other.id)).ask().await.expect(200);
    let path = paths::list(&ada.id, list.id);
    let answer = ada.delete(&path).ask().await.expect(200);
    assert_eq!(answer.value(), json!({"message": "List deleted successfully"}));
    assert_eq!(ada.lists().await, []);
    assert_problem(&ada.get(&path).ask().await, 404, ErrorCode::NotFound);
    assert_eq!(ada.list().await, std::slice::from_ref(&kept));
    assert_invalid(
        &ada.create(&json!({"title": "Late", "list_id": list.id})).await,
        &["list_id"],
    );

    let restore = paths::list_restore(&ada.id, list.id);
    let back: List = ada.post(&restore).ask().await.expect(200).json();
    assert_eq!((back.id, &back.name), (list.id, &list.name));
    let mut titles: Vec<_> = ada.list().await.into_iter().map(|task| task.title).collect();
    titles.sort();
    assert_eq!(
        titles,
        ["In the Inbox", "One", "Sub"],
        "what was deleted before stays deleted"
    );
    let parent: Task = ada.read(one.id).await.expect(200).json();
    assert_eq!((parent.list_id, parent.subtasks.total), (Some(list.id), 1));
    assert_problem(&ada.post(&restore).ask().await, 404, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_task_of_a_deleted_list_that_is_restored_alone_is_in_the_inbox() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let list = ada.add_list("Home").await;
    let task = add_to(&ada, list.id, "One").await;
    let sub: Task = ada
        .create(&json!({"title": "Sub", "parent_id": task.id}))
        .await
        .expect(201)
        .json();
    ada.delete(&paths::list(&ada.id, list.id)).ask().await.expect(200);
    let restore = paths::trash_restore(&ada.id, task.id);
    let back: Task = ada.post(&restore).ask().await.expect(200).json();
    assert_eq!((back.list_id, back.subtasks.total), (None, 1));
    let sub: Task = ada.read(sub.id).await.expect(200).json();
    assert_eq!(sub.list_id, None);
    // The list comes back without what has gone its own way.
    ada.post(&paths::list_restore(&ada.id, list.id)).ask().await.expect(200);
    let back: Task = ada.read(task.id).await.expect(200).json();
    assert_eq!(back.list_id, None);
}

#[tokio::test]
async fn there_are_at_most_500_lists() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let import = |lists: Vec<Value>| {
        let file = json!({"format": "taskward", "version": 1, "lists": lists, "tasks": []});
        ada.post(&paths::import(&ada.id)).json(&file).ask()
    };
    ada.add_all_lists().await;
    assert_eq!(ada.lists().await.len(), 500);
    let one_more = ada
        .post(&paths::lists(&ada.id))
        .json(&json!({"name": "One more"}))
        .ask()
        .await;
    let problem = assert_problem(&one_more, 409, ErrorCode::LimitReached);
    assert_eq!(problem.detail, "Name must not be another list's: there are 500 already");
    let imported = import(vec![json!({"id": Uuid::now_v7(), "name": "One more"})]).await;
    assert_problem(&imported, 400, ErrorCode::InvalidInput);
    let first = ada.lists().await[0].id;
    ada.delete(&paths::list(&ada.id, first)).ask().await.expect(200);
    ada.add_list("One more").await;
    assert_eq!(ada.lists().await.len(), 500);
}
