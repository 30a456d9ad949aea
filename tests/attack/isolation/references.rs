//! Ids, cursors and questions in requests that are one's own otherwise, and lead to somebody else's.

use crate::case::{Case, cases};
use crate::compare;
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use shared::query::Sort;
use shared::tasks::Task;
use std::collections::HashSet;
use tests::service::until;
use tests::{Ask, Person, TestApp, assert_problem};
use uuid::Uuid;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_parent_of_somebody_elses_looks_like_one_that_never_was,
        a_list_of_somebody_elses_looks_like_one_that_never_was,
        a_filter_by_somebody_elses_task_finds_nothing,
        no_question_finds_somebody_elses_task,
        a_cursor_of_any_order_shows_only_ones_own,
        what_completing_makes_is_the_owners,
        deleted_accounts_rows_are_gone,
    ]
}

async fn two(app: &TestApp) -> (Person, Person) {
    (app.register("ada").await, app.register("eve").await)
}

/// Every way to refer to such an id is refused with the same bytes as one that never was.
async fn refused_alike(eve: &Person, member: &str, ids: &[Uuid]) {
    let own = eve.add("Eve's").await;
    let (mut one, mut many) = (HashSet::new(), HashSet::new());
    for id in ids {
        let mut body = json!({"title": "Planted"});
        body[member] = json!(id);
        one.insert(compare::whole(&eve.create(&body).await));
        one.insert(compare::whole(&eve.update(own.id, &json!({member: id})).await));
        let bulk = json!({"ids": [own.id], "change": {"list_id": id}});
        many.insert(compare::whole(&eve.patch(&eve.tasks()).json(&bulk).ask().await));
    }
    for seen in [one, many] {
        assert_eq!(seen.len(), 1, "{seen:#?}");
        assert_eq!(seen.into_iter().next().unwrap().0, 400);
    }
    assert_eq!(eve.list().await, [own], "nothing was added or changed");
}

async fn a_parent_of_somebody_elses_looks_like_one_that_never_was() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let adas = ada.add("Ada's").await;
    refused_alike(&eve, "parent_id", &[adas.id, Uuid::now_v7(), Uuid::nil(), Uuid::max()]).await;
    assert_eq!(ada.list().await, [adas], "its count is what it was");
}

async fn a_list_of_somebody_elses_looks_like_one_that_never_was() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let list = ada.add_list("Secret").await.id;
    let body = json!({"title": "Ada's", "list_id": list});
    let task: Task = ada.create(&body).await.expect(201).json();
    assert_eq!(task.list_id, Some(list));
    refused_alike(&eve, "list_id", &[list, Uuid::now_v7(), Uuid::nil(), Uuid::max()]).await;
    assert_eq!(ada.list().await, [task]);
}

async fn found(person: &Person, name: &str, value: &str) -> Vec<Task> {
    let request = person.get(&person.tasks()).query(&[(name, value)]);
    request.ask().await.expect(200).json()
}

async fn a_filter_by_somebody_elses_task_finds_nothing() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let parent = ada.add("Parent").await;
    let part = json!({"title": "Part", "parent_id": parent.id});
    ada.create(&part).await.expect(201);
    assert_eq!(found(&eve, "parent_id", &parent.id.to_string()).await, []);
    assert_eq!(found(&eve, "list_id", &parent.id.to_string()).await, []);
}

async fn no_question_finds_somebody_elses_task() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    ada.create(&json!({"title": "Secret", "description": "password", "tags": ["secret"]}))
        .await
        .expect(201);
    let own = eve.add("Eve's").await;
    for q in [
        "secret",
        "password",
        "e",
        "%",
        "_",
        "' OR '1'='1",
        "x%' OR search LIKE '%",
        "\" OR \"sec",
        "sec OR eve",
        "secret*",
        "text:secret",
        "{text} : secret",
        "NEAR(secret password)",
        "^secret",
        "\\",
        "') UNION SELECT * FROM users --",
    ] {
        for name in ["q", "tag"] {
            for task in found(&eve, name, q).await {
                assert_eq!(task.id, own.id, "{name}={q}");
            }
        }
    }
}

async fn a_cursor_of_any_order_shows_only_ones_own() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    for n in 0..3 {
        ada.create(&json!({"title": format!("Ada {n}"), "due": {"date": "2027-01-31"}}))
            .await
            .expect(201);
        eve.create(&json!({"title": format!("Eve {n}"), "due": {"date": "2027-01-31"}}))
            .await
            .expect(201);
    }
    let mut seen = 0;
    for sort in Sort::ALL {
        for order in ["asc", "desc"] {
            let query = format!("sort={}&order={order}&limit=1", sort.as_str());
            let page = ada.get(&format!("{}?{query}", ada.tasks())).ask().await.expect(200);
            let link = page.header("link").to_owned();
            // The link itself leads to Ada's.
            let next = eve.get(&link[1..link.find('>').unwrap()]).ask().await;
            assert_problem(&next, 403, ErrorCode::Forbidden);
            let cursor = link
                .split("cursor=")
                .nth(1)
                .and_then(|rest| rest.split(['&', '>']).next())
                .expect("a cursor");
            let answer = eve
                .get(&format!("{}?{query}&cursor={cursor}", eve.tasks()))
                .ask()
                .await
                .expect(200);
            let tasks: Vec<Value> = answer.json();
            assert!(tasks.iter().all(|task| task["user_id"] == json!(eve.id)), "{answer:?}");
            assert!(!answer.header("link").contains(&ada.id), "{answer:?}");
            seen += tasks.len();
        }
    }
    assert!(seen > 0, "there is something to be seen behind a cursor");
}

async fn what_completing_makes_is_the_owners() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let body = json!({"title": "Ada's", "recurrence": "FREQ=DAILY"});
    let task: Task = ada.create(&body).await.expect(201).json();
    assert_eq!(eve.patch(&eve.task_complete(task.id)).ask().await.status, 404);
    assert_eq!(ada.list().await, std::slice::from_ref(&task));
    ada.patch(&ada.task_complete(task.id)).ask().await.expect(200);
    assert!(ada.list().await.iter().all(|task| task.user_id == ada.id));
    assert_eq!(ada.list().await.len(), 2);
    assert_eq!(eve.list().await, []);
}

async fn deleted_accounts_rows_are_gone() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let list = ada.add_list("Secret").await.id;
    let body = json!({"title": "Secret", "list_id": list});
    let parent: Task = ada.create(&body).await.expect(201).json();
    for _ in 0..3 {
        ada.create(&json!({"title": "Part", "parent_id": parent.id}))
            .await
            .expect(201);
    }
    let gone = ada.add("Gone").await;
    ada.delete(&ada.task(gone.id)).ask().await.expect(200);
    let eves = eve.add("Secret of Eve's").await;
    app.login(&ada).await.post(paths::LOGOUT).ask().await.expect(200);
    let password = json!({"password": ada.password});
    ada.delete(paths::ME).json(&password).ask().await.expect(200);
    let database = app.database();
    until("the account's row, the last one, is gone", async || {
        database.count("users") == 1
    })
    .await;
    for (table, rows) in [
        ("tasks", 1),
        ("lists", 0),
        ("signed_out_sessions", 0),
        ("known_networks", 1),
    ] {
        assert_eq!(database.count(table), rows, "{table}");
    }
    assert_eq!(found(&eve, "q", "secret").await, [eves]);
}
