//! Imports go in pieces: what others do meanwhile, and what becomes of one that is cut off.

use super::import;
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use shared::transfer::ImportReport;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tests::service::until;
use tests::{Ask, Person, TestApp, assert_problem, assert_unauthorized};
use uuid::Uuid;

/// A file of so many tasks, in a list. Half of them are subtasks, each of another parent, and half of those are done; the last but
/// few is called `Last`.
fn file(count: usize) -> String {
    let list = Uuid::now_v7();
    let parents: Vec<Uuid> = (0..count / 2).map(|_| Uuid::now_v7()).collect();
    let mut tasks: Vec<Value> = Vec::with_capacity(count);
    for (number, id) in parents.iter().enumerate() {
        tasks.push(json!({"id": id, "title": format!("Task {number}"), "list_id": list}));
    }
    for number in 0..count / 2 {
        let title = if number + 5 == count / 2 { "Last" } else { "Part" };
        tasks.push(json!({
            "id": Uuid::now_v7(), "title": title, "list_id": list, "completed": number % 2 == 0,
            "parent_id": parents[number % (count / 8)],
        }));
    }
    let lists = [json!({"id": list, "name": "Home"})];
    json!({"format": "taskward", "version": 1, "lists": lists, "tasks": tasks}).to_string()
}

/// Every task counts the subtasks that it has.
async fn assert_counted(ada: &Person) {
    let tasks = ada.list().await;
    let mut counts: HashMap<Uuid, (u32, u32)> = HashMap::new();
    for (parent, completed) in tasks.iter().filter_map(|task| Some((task.parent_id?, task.completed))) {
        let (total, done) = counts.entry(parent).or_default();
        *total += 1;
        *done += u32::from(completed);
    }
    for Task { id, subtasks, .. } in &tasks {
        let expected = counts.get(id).copied().unwrap_or_default();
        assert_eq!((subtasks.total, subtasks.completed), expected, "{id}");
    }
}

/// What there is, but for the instants, by id.
async fn told(ada: &Person) -> BTreeMap<Uuid, (String, bool, Option<Uuid>, Option<Uuid>)> {
    let tasks = ada.list().await.into_iter();
    tasks
        .map(|task| (task.id, (task.title, task.completed, task.parent_id, task.list_id)))
        .collect()
}

#[tokio::test]
async fn one_that_is_cut_off_says_how_far_it_came_and_is_completed_by_sending_it_again() {
    const TASKS: u64 = 2000;
    let app = TestApp::spawn().await;
    let (ada, eve) = (app.register("ada").await, app.register("eve").await);
    let file = file(2000);
    let database = app.database();
    database.refuse("INSERT", "Last");
    let answer = import(&ada, "", file.clone()).await;
    let problem = assert_problem(&answer, 500, ErrorCode::InternalError);
    let created = problem.created.expect("how far it came");
    assert_eq!(problem.lists_created, Some(1));
    assert_eq!(i64::try_from(created).unwrap(), database.count("tasks"));
    assert!(
        created > TASKS / 2 && created < TASKS,
        "some subtasks are there: {created}"
    );
    assert_counted(&ada).await;
    database.allow();
    let report: ImportReport = import(&ada, "", file.clone()).await.expect(200).json();
    assert_eq!(
        (report.created, report.already_there, report.lists_created),
        (TASKS - created, created, 0)
    );
    assert_counted(&ada).await;
    import(&eve, "", file).await.expect(200);
    assert_eq!(told(&ada).await, told(&eve).await);
}

#[tokio::test]
async fn one_that_fails_at_once_says_only_why() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    app.database().refuse("INSERT", "Last");
    let file = json!({"format": "taskward", "version": 1, "tasks": [{"id": Uuid::now_v7(), "title": "Last"}]});
    let answer = import(&ada, "", file.to_string()).await;
    let problem = assert_problem(&answer, 500, ErrorCode::InternalError);
    assert_eq!((problem.created, problem.lists_created), (None, None));
}

#[tokio::test]
async fn others_write_meanwhile() {
    let app = TestApp::spawn().await;
    let (ada, bob) = (app.register("ada").await, app.register("bob").await);
    let (database, file) = (app.database(), file(10_000));
    let importing = tokio::spawn(async move { import(&ada, "", file).await });
    let (mut seen, mut added) = (BTreeSet::new(), 0);
    while !importing.is_finished() {
        bob.add("Milk").await;
        added += 1;
        seen.insert(database.count("tasks") - added);
    }
    importing.await.unwrap().expect(200);
    assert!(seen.len() > 10, "in a few pieces only: {seen:?}");
}

#[tokio::test]
async fn one_of_an_account_that_is_deleted_meanwhile_ends() {
    let app = TestApp::spawn().await;
    let (ada, database) = (app.register("ada").await, app.database());
    let (person, file) = (ada.clone(), file(20_000));
    let importing = tokio::spawn(async move { import(&person, "", file).await });
    until("it has begun", async || database.count("tasks") > 0).await;
    let password = json!({"password": ada.password});
    ada.delete(paths::ME).json(&password).ask().await.expect(200);
    assert_unauthorized(&importing.await.unwrap());
    until("its rows are gone", async || database.count("users") == 0).await;
    assert_eq!((database.count("tasks"), database.count("lists")), (0, 0));
}
