//! Files for the import that no honest program writes.

use crate::case::{Case, cases};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use tests::{Answer, Ask, Person, TestApp, assert_problem};
use uuid::Uuid;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![an_exported_table_has_no_formula];
    for (name, file) in [
        ("deep_json", deep_json as fn() -> (&'static str, String)),
        ("deep_components", deep_components),
        ("ends_without_begins", ends_without_begins),
        ("one_endless_line", one_endless_line),
        ("subtasks_in_a_circle", subtasks_in_a_circle),
        ("an_open_quote", an_open_quote),
        ("times_beyond_the_calendar", times_beyond_the_calendar),
        ("rules_without_an_end", rules_without_an_end),
        ("control_characters", control_characters),
    ] {
        let name = format!("imports::{name}");
        cases.push(Case::new(module_path!(), name, move || harmless(file)));
    }
    cases.push(Case::new(
        module_path!(),
        "imports::any_file_is_answered",
        any_file_is_answered,
    ));
    cases
}

async fn import(person: &Person, format: &str, file: String) -> Answer {
    let path = format!("{}?format={format}", paths::import(&person.id));
    person.post(&path).body(file).ask().await
}

/// The file is taken or refused; the server goes on, and whatever came of it can be listed, exported and deleted.
async fn harmless(file: fn() -> (&'static str, String)) {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (format, file) = file();
    let answer = import(&ada, format, file).await;
    assert!(matches!(answer.status, 200 | 400), "{answer:?}");
    usable(&ada).await;
}

async fn usable(ada: &Person) {
    let tasks = ada.list().await;
    for format in ["json", "csv", "ics"] {
        let path = format!("{}?format={format}", paths::export(&ada.id));
        ada.get(&path).ask().await.expect(200);
    }
    for task in tasks.iter().take(20) {
        let read: Task = ada.read(task.id).await.expect(200).json();
        let answer = ada.patch(&ada.task_complete(read.id)).ask().await;
        assert_eq!(answer.status, 200, "{read:?}: {answer:?}");
    }
}

fn calendar(todos: &str) -> (&'static str, String) {
    (
        "ics",
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{todos}END:VCALENDAR\r\n"),
    )
}

fn deep_json() -> (&'static str, String) {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let file =
        format!("{{\"format\": \"taskward\", \"version\": 1, \"tasks\": [{{\"id\": {deep}}}], \"lists\": {deep}}}");
    ("json", file)
}

fn deep_components() -> (&'static str, String) {
    calendar(&"BEGIN:VTODO\r\nSUMMARY:x\r\n".repeat(15_000))
}

fn ends_without_begins() -> (&'static str, String) {
    calendar(&"END:VTODO\r\nEND:VCALENDAR\r\nBEGIN:\r\n".repeat(20_000))
}

fn one_endless_line() -> (&'static str, String) {
    calendar(&format!(
        "BEGIN:VTODO\r\nSUMMARY:{}\r\nEND:VTODO\r\n",
        "x\r\n ".repeat(1_000_000)
    ))
}

fn subtasks_in_a_circle() -> (&'static str, String) {
    let ids: Vec<_> = (0..2000).map(|_| Uuid::now_v7()).collect();
    let tasks: Vec<Value> = (0..2000)
        .map(|n| json!({"id": ids[n], "title": "x", "parent_id": ids[(n + 1) % 2000]}))
        .collect();
    (
        "json",
        json!({"format": "taskward", "version": 1, "tasks": tasks}).to_string(),
    )
}

fn an_open_quote() -> (&'static str, String) {
    let rows = "task,x,1,1\n".repeat(500_000);
    ("todoist", format!("TYPE,CONTENT,PRIORITY,INDENT\ntask,\"{rows}"))
}

fn times_beyond_the_calendar() -> (&'static str, String) {
    let times = [
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:60Z",
        "1899-12-31T00:00:00Z",
        "+999999-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
    ];
    let task = |time: &&str| {
        json!({
            "id": Uuid::now_v7(), "title": time, "created_at": time, "updated_at": time, "completed_at": time,
            "due": {"date": "9999-12-31", "time": "23:59", "zone": "Pacific/Apia"}, "recurrence": "FREQ=DAILY",
            "series_start": "0001-01-01", "position": "0", "priority": -1, "completed": false,
        })
    };
    let tasks: Vec<_> = times.iter().map(task).collect();
    (
        "json",
        json!({"format": "taskward", "version": 1, "tasks": tasks}).to_string(),
    )
}

fn rules_without_an_end() -> (&'static str, String) {
    let rules = [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;INTERVAL=12;BYDAY=5MO",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;UNTIL=00000000",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYDAY=-128MO",
        "FREQ=YEARLY;BYMONTH=99",
        "FREQ=",
        "COUNT=4294967296",
        "FREQ=WEEKLY;BYDAY=XX",
    ];
    let todo = |rule: &&str| {
        format!(
            "BEGIN:VTODO\r\nUID:{rule}\r\nSUMMARY:{rule}\r\nDUE;TZID=Europe/Berlin:10000229T023000\r\nRRULE:{rule}\r\nEND:VTODO\r\n"
        )
    };
    calendar(&rules.iter().map(todo).collect::<String>())
}

fn control_characters() -> (&'static str, String) {
    let text: String = (1..32_u8)
        .chain([127])
        .map(char::from)
        .filter(|c| !matches!(c, '\r' | '\n'))
        .collect();
    calendar(&format!(
        "BEGIN:VTODO\r\nSUMMARY:{text}x\r\nDESCRIPTION:{text}\0\r\nCATEGORIES:{text},a\r\nEND:VTODO\r\n"
    ))
}

/// Files of each kind, with something cut out or put in by chance.
async fn any_file_is_answered() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let good = [
        ("json", json!({"format": "taskward", "version": 1, "lists": [{"id": Uuid::now_v7(), "name": "Home"}], "tasks": [
            {"id": Uuid::now_v7(), "title": "x", "due": {"date": "2026-11-30"}, "recurrence": "FREQ=DAILY", "tags": ["a"]},
        ]}).to_string()),
        ("todoist", "TYPE,CONTENT,PRIORITY,INDENT,DATE\nsection,Home,,,\ntask,x @a,1,1,every day\nnote,y,,,\n".to_owned()),
        ("ics", calendar("BEGIN:VTODO\r\nUID:1\r\nSUMMARY:x\r\nDUE;TZID=Europe/Berlin:20261130T090000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\nEND:VTODO\r\n").1),
    ];
    let mut runner = TestRunner::deterministic();
    for _ in 0..100 {
        for (format, file) in &good {
            let mut chars: Vec<char> = file.chars().collect();
            let at = (0..chars.len()).new_tree(&mut runner).expect("a place").current();
            let cut = (0..20_usize).new_tree(&mut runner).expect("a length").current();
            let put = any::<String>().new_tree(&mut runner).expect("a text").current();
            chars.splice(at..(at + cut).min(file.chars().count()), put.chars());
            let changed: String = chars.into_iter().collect();
            let answer = import(&ada, format, changed.clone()).await;
            assert!(matches!(answer.status, 200 | 400), "{changed:?}: {answer:?}");
            if answer.status == 400 {
                assert_problem(&answer, 400, ErrorCode::InvalidInput);
            }
        }
    }
    usable(&ada).await;
}

async fn an_exported_table_has_no_formula() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for formula in ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "＝1", "\"=1"] {
        let body = json!({"title": formula, "description": formula, "tags": [formula.replace(',', "")]});
        ada.create(&body).await.expect(201);
        let list = json!({"name": formula});
        ada.post(&paths::lists(&ada.id)).json(&list).ask().await.expect(201);
    }
    let table = ada
        .get(&format!("{}?format=csv", paths::export(&ada.id)))
        .ask()
        .await
        .expect(200)
        .text();
    for cell in table.lines().skip(1).flat_map(|row| row.split(',')) {
        let shown = cell.trim_start_matches('"');
        let formula = shown.starts_with(['=', '+', '-', '@', '＝']);
        // A cell that is a quote itself is text to every program.
        assert!(!formula || cell.starts_with("\"\"\""), "{cell:?} in {table}");
    }
}
