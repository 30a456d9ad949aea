//! What a task has besides its words: due, priority, tags, a place, and its version.

use serde_json::{Value, json};
use shared::position::Position;
use shared::tasks::Task;
use tests::{Ask, Backend, Person, TestApp, assert_invalid};
use uuid::Uuid;

/// Every member that a client can set when it adds a task, and that needs nothing else to be there.
fn planned() -> Value {
    json!({
        "title": "Milk",
        "description": "Two litres",
        "due": {"date": "2027-03-28", "time": "09:30", "zone": "Europe/Berlin"},
        "priority": 3,
        "tags": ["Home", "at the shop"],
        "recurrence": "FREQ=WEEKLY",
        "position": "7f",
    })
}

#[tokio::test]
async fn create_task_keeps_every_member() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let value = ada.create(&planned()).await.expect(201).value();
    for (name, member) in planned().as_object().unwrap() {
        assert_eq!(&value[name], member, "{name}");
    }
    for name in ["list_id", "parent_id", "completed_at", "deleted_at"] {
        assert_eq!(value[name], Value::Null, "{name}");
    }
    assert_eq!(value["subtasks"], json!({"total": 0, "completed": 0}));
    assert_eq!(value["version"], 1);
    let id = value["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(ada.read(id).await.expect(200).value(), value);
    assert_eq!(ada.get(&ada.tasks()).ask().await.expect(200).value(), json!([value]));
}

#[tokio::test]
async fn a_task_of_which_nothing_else_is_said_has_nothing_else() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let nulls = json!({"title": "Milk", "due": null, "list_id": null, "parent_id": null, "recurrence": null});
    for body in [json!({"title": "Milk"}), nulls] {
        let task: Task = ada.create(&body).await.expect(201).json();
        assert_eq!((task.due, task.recurrence), (None, None));
        assert_eq!((task.list_id, task.parent_id), (None, None));
        assert_eq!((u8::from(task.priority), task.tags), (0, vec![]));
    }
}

#[tokio::test]
async fn update_task_sets_and_empties_each_member_and_leaves_the_others_alone() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let mut before = ada.read(task.id).await.expect(200).value();
    for (name, member) in [
        ("due", json!({"date": "2027-01-31"})),
        (
            "due",
            json!({"date": "2027-01-31", "time": "23:59", "zone": "Asia/Kathmandu"}),
        ),
        ("due", Value::Null),
        ("priority", json!(2)),
        ("priority", json!(0)),
        ("tags", json!(["a", "B"])),
        ("tags", json!([])),
        ("position", json!("01")),
        ("description", json!("Two litres")),
        ("title", json!("Bread")),
        ("description", Value::Null),
    ] {
        let mut body = json!({});
        body[name] = member.clone();
        let after = ada.update(task.id, &body).await.expect(200).value();
        assert_eq!(after[name], member, "{name}");
        for (other, value) in before.as_object().unwrap() {
            let own = [name, "updated_at", "version"].contains(&other.as_str());
            assert!(own || &after[other] == value, "{name} has changed {other}: {after}");
        }
        assert_eq!(ada.read(task.id).await.expect(200).value(), after);
        before = after;
    }
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_by_its_name_in_both_requests() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let before = ada.read(task.id).await.expect(200).value();
    for (name, member) in [
        ("due", json!("2027-01-31")),
        ("due", json!({"date": "2027-02-29"})),
        ("due", json!({"date": "2027-01-31", "time": "09:00"})),
        (
            "due",
            json!({"date": "2027-01-31", "time": "09:00", "zone": "Mars/Olympus"}),
        ),
        (
            "due",
            json!({"date": "2027-01-31", "time": "09:00", "zone": "europe/berlin"}),
        ),
        ("priority", json!(4)),
        ("priority", json!(-1)),
        ("priority", json!("3")),
        ("priority", Value::Null),
        ("tags", json!("home")),
        ("tags", json!(["a,b"])),
        ("tags", json!(["\u{0}"])),
        ("tags", json!([""])),
        ("tags", json!((0..21).map(|n| n.to_string()).collect::<Vec<_>>())),
        ("tags", Value::Null),
        ("list_id", json!("inbox")),
        ("list_id", json!(Uuid::now_v7())),
        ("parent_id", json!(7)),
        ("parent_id", json!(Uuid::now_v7())),
        ("recurrence", json!("FREQ=HOURLY")),
        ("recurrence", json!("every day")),
        ("position", json!("")),
        ("position", json!("80")),
        ("position", json!("G")),
        ("position", json!("1".repeat(201))),
        ("position", Value::Null),
    ] {
        let mut body = json!({"title": "Bread"});
        body[name] = member.clone();
        assert_invalid(&ada.create(&body).await, &[name]);
        assert_invalid(&ada.update(task.id, &body).await, &[name]);
    }
    assert_eq!(
        ada.read(task.id).await.expect(200).value(),
        before,
        "nothing was changed"
    );
    assert_eq!(ada.list().await.len(), 1, "nothing was added");
}

#[tokio::test]
async fn tags_are_unique_whatever_their_case_and_are_kept_as_typed() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body = json!({"title": "Milk", "tags": [" Été ", "été", "50%_\\", "🛒", "ÉTÉ"]});
    let task: Task = ada.create(&body).await.expect(201).json();
    assert_eq!(task.tags, ["Été", "50%_\\", "🛒"]);
    assert_eq!(ada.read(task.id).await.expect(200).json::<Task>(), task);
}

#[tokio::test]
async fn newer_tasks_have_a_place_before_older_ones_and_fit_between_any_two() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (first, second) = (ada.add("First").await, ada.add("Second").await);
    assert!(second.position < first.position, "{second:?} {first:?}");
    let between = Position::between(Some(&second.position), Some(&first.position)).unwrap();
    let body = json!({"title": "Third", "position": between});
    let third: Task = ada.create(&body).await.expect(201).json();
    assert!(second.position < third.position && third.position < first.position);
    assert_eq!(by_position(&ada).await, ["Second", "Third", "First"]);
    let top = Position::between(None, Some(&second.position)).unwrap();
    ada.update(first.id, &json!({"position": top})).await.expect(200);
    assert_eq!(by_position(&ada).await, ["First", "Second", "Third"]);
}

async fn by_position(ada: &Person) -> Vec<String> {
    let path = format!("{}?sort=position", ada.tasks());
    let tasks: Vec<Task> = ada.get(&path).ask().await.expect(200).json();
    tasks.into_iter().map(|task| task.title).collect()
}

#[tokio::test]
async fn completed_at_says_when_and_stays_when_it_is_said_again() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // With a title the change is another statement than without.
    for also in [json!({}), json!({"title": "Bread"})] {
        let task = ada.add("Milk").await;
        let complete = async |completed: bool| -> Task {
            let mut body = also.clone();
            body["completed"] = json!(completed);
            ada.update(task.id, &body).await.expect(200).json()
        };
        let done = complete(true).await;
        assert_eq!(done.completed_at, Some(done.updated_at));
        assert_eq!(complete(true).await.completed_at, done.completed_at);
        assert_eq!(complete(false).await.completed_at, None);
        assert_eq!(complete(false).await.completed_at, None);
    }
}

#[tokio::test]
async fn the_version_is_the_etag_and_counts_changes() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    for version in 2..5 {
        let answer = ada.update(task.id, &json!({"title": "Bread"})).await.expect(200);
        assert_eq!(answer.value()["version"], version);
        assert_eq!(answer.header("etag"), format!("\"{version}\""));
    }
}

#[tokio::test]
async fn a_task_that_a_server_of_the_version_before_adds_has_what_every_task_has() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let older = ada.add("Older").await;
    let id = Uuid::now_v7();
    let (owner, key, now) = match Backend::current() {
        Backend::Sqlite => (
            format!("x'{}'", ada.id.replace('-', "")),
            format!("x'{}'", id.simple()),
            "unixepoch() * 1000000",
        ),
        Backend::Postgres => (format!("'{}'", ada.id), format!("'{id}'"), "now()"),
    };
    app.database().execute(&format!(
        "INSERT INTO tasks (owner_id, id, title, completed, created_at, updated_at) \
         VALUES ({owner}, {key}, 'Milk', {}, {now}, {now})",
        if Backend::current() == Backend::Sqlite {
            "1"
        } else {
            "TRUE"
        },
    ));
    let task: Task = ada.read(id).await.expect(200).json();
    assert_eq!((task.due, task.list_id, task.tags.len()), (None, None, 0));
    assert_eq!(
        task.completed_at,
        Some(task.updated_at),
        "a server of the version before does not say when"
    );
    assert!(Position::between(Some(&task.position), Some(&older.position)).is_some() || task.position > older.position);
    ada.update(id, &json!({"title": "Bread", "priority": 2}))
        .await
        .expect(200);
}
