//! `POST /api/{user_id}/tasks`.

use chrono::Utc;
use serde_json::{Value, json};
use shared::tasks::Task;
use std::collections::BTreeSet;
use tests::{Ask, TestApp, assert_invalid};

/// What must come back exactly as it went in.
const TEXTS: [&str; 12] = [
    "Milk",
    "🛒👩‍👩‍👧‍👦🏳️‍🌈",
    "اشتر الحليب ‏(2)‎",
    "Z̷͔̏a̸̛̘l̵g̴o",
    "e\u{301} and \u{e9} are two texts",
    "\u{1f468}\u{200d}\u{1f33e}",
    "'; DROP TABLE tasks; -- \" \\ \\n %00 %s {0} ${x}",
    "<script>alert(1)</script> &amp; &lt;",
    "\u{feff}byte order mark in front",
    "\u{202e}right to left override",
    "\u{10ffff}\u{fffd}\u{2028}\u{e000}",
    "a  b   c",
];

#[tokio::test]
async fn create_task_answers_with_the_task_and_where_it_is() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let before = Utc::now();
    let answer = ada
        .create(&json!({"title": "Milk", "description": "Two litres"}))
        .await
        .expect(201);
    let task: Task = answer.json();
    assert_eq!(task.id.get_version_num(), 7);
    assert_eq!(task.user_id, ada.id);
    assert_eq!(task.title, "Milk");
    assert_eq!(task.description.as_deref(), Some("Two litres"));
    assert!(!task.completed);
    assert_eq!(task.created_at, task.updated_at);
    let second = chrono::TimeDelta::seconds(1);
    assert!(
        before - second <= task.created_at && task.created_at <= Utc::now() + second,
        "{task:?}"
    );

    let value = answer.value();
    let members: BTreeSet<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let contract = [
        "id",
        "user_id",
        "title",
        "description",
        "completed",
        "created_at",
        "updated_at",
        "due",
        "priority",
        "tags",
        "list_id",
        "position",
        "parent_id",
        "subtasks",
        "recurrence",
        "completed_at",
        "deleted_at",
        "version",
    ];
    assert_eq!(members, BTreeSet::from(contract));
    for time in ["created_at", "updated_at"] {
        assert!(value[time].as_str().unwrap().ends_with('Z'), "UTC: {value}");
    }

    let base = url::Url::parse(&app.url).unwrap();
    let location = base.join(answer.header("location")).unwrap();
    assert_eq!(location.path(), ada.task(task.id));
    let read = ada.get(location.path()).ask().await.expect(200);
    assert_eq!(read.value(), value, "to the last digit of its times");
    let listed = ada.get(&ada.tasks()).ask().await.expect(200);
    assert_eq!(listed.value(), json!([value]));
}

#[tokio::test]
async fn create_task_works_without_a_description() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for body in [json!({"title": "Milk"}), json!({"title": "Milk", "description": null})] {
        let value = ada.create(&body).await.expect(201).value();
        assert_eq!(value["description"], Value::Null);
        assert!(
            value.as_object().unwrap().contains_key("description"),
            "null, not absent"
        );
    }
}

#[tokio::test]
async fn create_task_keeps_an_empty_description_apart_from_none() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task: Task = ada
        .create(&json!({"title": "Milk", "description": ""}))
        .await
        .expect(201)
        .json();
    let read: Task = ada.read(task.id).await.expect(200).json();
    assert_eq!(read.description, task.description);
    assert_eq!(read.description.as_deref(), Some(""), "exactly as typed");
}

#[tokio::test]
async fn texts_come_back_exactly_as_they_went_in() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for text in TEXTS {
        let task: Task = ada
            .create(&json!({"title": text, "description": text}))
            .await
            .expect(201)
            .json();
        assert_eq!(task.title, text);
        let read: Task = ada.read(task.id).await.expect(200).json();
        assert_eq!(read, task);
        assert_eq!(read.description.as_deref(), Some(text));
    }
    let layout = "  two spaces\r\n\ttab\n\nempty line \r end  ";
    let task: Task = ada
        .create(&json!({"title": "Milk", "description": layout}))
        .await
        .expect(201)
        .json();
    let read: Task = ada.read(task.id).await.expect(200).json();
    assert_eq!(read.description.as_deref(), Some(layout));
    assert_eq!(read, task);
}

#[tokio::test]
async fn create_task_trims_the_title() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for title in ["  Milk  ", "\tMilk\n", "\r\nMilk", "\u{a0}\u{2003}Milk\u{3000}"] {
        assert_eq!(ada.add(title).await.title, "Milk", "{title:?}");
    }
}

#[tokio::test]
async fn create_task_rejects_an_empty_title() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for title in ["", " ", "\t\r\n", "\u{a0}\u{2003}\u{3000}"] {
        let problem = assert_invalid(&ada.create(&json!({"title": title})).await, &["title"]);
        assert_eq!(problem.detail, "Title must not be empty");
        assert_eq!(problem.error.fields[0].message, "must not be empty");
    }
    assert_invalid(&ada.create(&json!({})).await, &["title"]);
    assert_invalid(&ada.create(&json!({"description": "x"})).await, &["title"]);
    assert_eq!(ada.list().await, []);
}

#[tokio::test]
async fn create_task_accepts_a_title_of_200_characters_at_most() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // Characters are code points: neither bytes nor UTF-16 units.
    for unit in ["x", "é", "語", "🛒"] {
        let longest = unit.repeat(200);
        assert_eq!(ada.add(&longest).await.title, longest);
        assert_eq!(
            ada.add(&format!(" {longest}\n")).await.title,
            longest,
            "counted after trimming"
        );
        assert_invalid(&ada.create(&json!({"title": unit.repeat(201)})).await, &["title"]);
    }
    assert_invalid(&ada.create(&json!({"title": "e\u{301}".repeat(101)})).await, &["title"]);
    assert_eq!(ada.list().await.len(), 8);
}

#[tokio::test]
async fn create_task_accepts_a_description_of_10_000_characters_at_most() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for unit in ["x", "é", "🛒", " ", "\n"] {
        let longest = unit.repeat(10_000);
        let task: Task = ada
            .create(&json!({"title": "Milk", "description": longest}))
            .await
            .expect(201)
            .json();
        assert_eq!(task.description, Some(longest));
        let answer = ada
            .create(&json!({"title": "Milk", "description": unit.repeat(10_001)}))
            .await;
        assert_invalid(&answer, &["description"]);
    }
}

#[tokio::test]
async fn create_task_rejects_control_characters() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let controls = (0..0x20).chain(0x7f..0xa0).map(|code| char::from_u32(code).unwrap());
    for control in controls {
        let text = format!("a{control}b");
        assert_invalid(&ada.create(&json!({"title": text})).await, &["title"]);
        let answer = ada.create(&json!({"title": "Milk", "description": text})).await;
        if matches!(control, '\t' | '\n' | '\r') {
            let task: Task = answer.expect(201).json();
            assert_eq!(task.description, Some(text));
        } else {
            assert_invalid(&answer, &["description"]);
        }
    }
}

#[tokio::test]
async fn create_task_reports_members_of_the_wrong_type_all_at_once() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for wrong in [json!(7), json!(true), json!([]), json!({}), json!(["Milk"]), json!(1.5)] {
        let answer = ada.create(&json!({"title": wrong, "description": wrong})).await;
        assert_invalid(&answer, &["title", "description"]);
    }
    assert_invalid(&ada.create(&json!({"title": null})).await, &["title"]);
    let both = ada
        .create(&json!({"title": " ", "description": "x".repeat(10_001)}))
        .await;
    assert_invalid(&both, &["title", "description"]);
}

#[tokio::test]
async fn create_task_lets_nobody_set_what_the_server_sets() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let id = uuid::Uuid::now_v7();
    let body = json!({"title": "Milk", "id": id, "user_id": bob.id, "completed": true, "version": 99,
        "created_at": "2001-01-01T00:00:00Z", "updated_at": "2001-01-01T00:00:00Z", "unknown": {"x": []}});
    let task: Task = ada.create(&body).await.expect(201).json();
    assert_ne!(task.id, id);
    assert_eq!(task.user_id, ada.id);
    assert!(!task.completed, "a task is created open");
    assert!(task.created_at.timestamp() > 1_600_000_000 && task.updated_at.timestamp() > 1_600_000_000);
    assert_eq!(bob.list().await, []);
}

#[tokio::test]
async fn titles_need_not_be_unique() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (first, second) = (ada.add("Milk").await, ada.add("Milk").await);
    assert_ne!(first.id, second.id);
    assert_eq!(ada.list().await, [second, first]);
}

#[tokio::test]
async fn sql_in_a_title_is_text() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for title in [
        "'); DELETE FROM tasks; --",
        "' || (SELECT password_hash FROM users) || '",
        "$1",
        "?",
        "%s",
    ] {
        assert_eq!(ada.add(title).await.title, title);
    }
    assert_eq!(ada.list().await.len(), 5);
    let answer = ada.get(&format!("{}/{}", ada.tasks(), "'%20OR%201=1")).ask().await;
    assert_invalid(&answer, &["id"]);
}
