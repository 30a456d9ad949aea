//! Answers that are longer than what is read at a time: complete, and in order.

use crate::transfer::export;
use serde_json::json;
use shared::paths;
use shared::tasks::Task;
use shared::transfer::Export;
use tests::{Ask, Person, TestApp};
use uuid::Uuid;

const TASKS: usize = 1100;

/// An account with that many tasks, every third of which is done.
async fn ada(app: &TestApp) -> Person {
    let ada = app.register("ada").await;
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            json!({
                "id": Uuid::now_v7(), "title": format!("Task {:04}", number * 7919 % TASKS), "completed": number % 3 == 0,
                "created_at": format!("2026-01-01T{:02}:{:02}:{:02}Z", number / 3600, number / 60 % 60, number % 60),
            })
        })
        .collect();
    ada.import(&[], &tasks).await;
    ada
}

async fn tasks(ada: &Person, path: &str) -> Vec<Task> {
    ada.get(path).ask().await.expect(200).json()
}

/// All pages of a list, one after the other.
async fn pages(ada: &Person, query: &str) -> Vec<Task> {
    let mut next = Some(format!("{}?limit=200&{query}", ada.tasks()));
    let mut all = Vec::new();
    while let Some(path) = next {
        let answer = ada.get(&path).ask().await.expect(200);
        all.extend(answer.json::<Vec<Task>>());
        let link = answer.header("link");
        next = link
            .strip_prefix('<')
            .and_then(|link| link.split_once('>'))
            .map(|(target, _)| target.to_owned());
    }
    all
}

#[tokio::test]
async fn a_whole_list_is_that_of_its_pages() {
    let app = TestApp::spawn().await;
    let ada = ada(&app).await;
    for (query, count) in [
        ("", TASKS),
        ("sort=title", TASKS),
        ("sort=completed", TASKS),
        ("completed=false", TASKS - TASKS.div_ceil(3)),
        ("q=task&order=asc", TASKS),
    ] {
        let whole = tasks(&ada, &format!("{}?{query}", ada.tasks())).await;
        assert_eq!(whole.len(), count, "{query}");
        assert!(whole == pages(&ada, query).await, "{query}");
    }
}

#[tokio::test]
async fn a_whole_trash_and_an_export_are_complete() {
    let app = TestApp::spawn().await;
    let ada = ada(&app).await;
    let exported: Export = export(&ada, "json").await.json();
    let list = ada.list().await;
    assert!(exported.tasks.iter().map(|task| &task.task).eq(&list));
    let table = export(&ada, "csv").await.text();
    assert_eq!(table.lines().count(), 1 + TASKS);
    let calendar = export(&ada, "ics").await.text();
    assert_eq!(calendar.matches("BEGIN:VTODO\r\n").count(), TASKS);
    assert!(calendar.ends_with("END:VTODO\r\nEND:VCALENDAR\r\n"));
    app.database().execute("UPDATE tasks SET deleted_at = updated_at");
    let trash = tasks(&ada, &paths::trash(&ada.id)).await;
    assert_eq!(trash.len(), TASKS);
    assert!(tasks(&ada, &ada.tasks()).await.is_empty());
}
