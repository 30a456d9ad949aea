//! How long the server takes for ten thousand tasks: for any question about them, and to take them in and give them out.
//! Measurements, which `cargo xtask measure` runs on the server as it ships, on both databases.

use crate::transfer::{comparable, export, import};
use chrono::{Days, Utc};
use serde_json::{Value, json};
use shared::paths;
use shared::transfer::ImportReport;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tests::{Answer, Ask, Backend, Binary, Database, Person};
use uuid::Uuid;

const TASKS: u32 = 10_000;

/// As many people as have as many tasks in the same tables.
const OTHERS: usize = 4;

/// Times that each question is asked, of which the median counts.
const TIMES: usize = 15;

/// What each may take.
const MOST: Duration = Duration::from_millis(20);

#[tokio::test]
#[ignore = "a measurement: `cargo xtask measure`"]
async fn any_question_about_10_000_tasks_takes_less_than_20_ms() {
    let database = Database::migrated();
    let server = Binary::start(&database, &[]);
    for number in 0..OTHERS {
        fill(&server.register(&format!("other{number}")).await).await;
    }
    let ada = server.register("ada").await;
    let list = fill(&ada).await;
    if Backend::current() == Backend::Postgres {
        // As it does by itself, a minute later.
        database.execute("ANALYZE");
    }
    let today = Utc::now().date_naive();
    let day = |days| today.checked_add_days(Days::new(days)).expect("a day").to_string();
    let mut questions: Vec<String> = [
        String::new(),
        "q=milk".to_owned(),
        "q=of".to_owned(),
        "q=bread%20monday".to_owned(),
        "q=nowhere".to_owned(),
        "completed=false".to_owned(),
        "completed=true".to_owned(),
        "priority=3".to_owned(),
        "priority=0&priority=1".to_owned(),
        "tag=home".to_owned(),
        "tag=home&tag=rare".to_owned(),
        format!("list_id={list}"),
        "list_id=inbox".to_owned(),
        "parent_id=none".to_owned(),
        format!("due_from={today}&due_to={}", day(7)),
        format!("due_from={}", day(100)),
        format!("due_to={today}"),
        "overdue=true".to_owned(),
        format!("completed=false&sort=due&due_to={}", day(1)),
        format!("completed=false&sort=position&list_id={list}"),
        "completed=false&sort=position".to_owned(),
        "completed=true&sort=completed".to_owned(),
        "q=milk&completed=false&priority=3&tag=home&sort=title".to_owned(),
    ]
    .into();
    for sort in [
        "due",
        "priority",
        "title",
        "created",
        "updated",
        "position",
        "completed",
    ] {
        for order in ["asc", "desc"] {
            questions.push(format!("sort={sort}&order={order}"));
        }
    }
    let mut table = format!(
        "| {:?}: question | tasks | first page, ms | at most | a later page, ms | at most |\n|---|---|---|---|---|---|\n",
        Backend::current()
    );
    let mut slow = Vec::new();
    for question in &questions {
        let first = format!("{}?{question}&limit=200", ada.tasks());
        let (count, later) = walk(&ada, &first).await;
        let mut line = format!("| {question} | {count} |");
        for path in [Some(first), later].into_iter().flatten() {
            let (middle, most) = measure(&ada, &path).await;
            let _ = write!(line, " {:.1} | {:.1} |", millis(middle), millis(most));
            if middle >= MOST {
                slow.push(format!("{path}: {middle:?}"));
            }
        }
        table += &line;
        table.push('\n');
    }
    println!("{table}");
    assert!(slow.is_empty(), "{slow:#?}");
}

#[tokio::test]
#[ignore = "a measurement: `cargo xtask measure`"]
async fn an_account_with_10_000_tasks_moves_within_5_s() {
    let database = Database::migrated();
    let server = Binary::start(&database, &[]);
    let ada = server.register("ada").await;
    fill(&ada).await;
    let begun = Instant::now();
    let before = export(&ada, "json").await;
    let exported = begun.elapsed();
    ada.delete(paths::ME)
        .json(&json!({"password": ada.password}))
        .ask()
        .await
        .expect(200);
    let ada = server.register("ada").await;
    let begun = Instant::now();
    let report: ImportReport = import(&ada, "", before.body.clone()).await.expect(200).json();
    let imported = begun.elapsed();
    println!(
        "{:?}: exported in {exported:?}, imported in {imported:?}",
        Backend::current()
    );
    assert_eq!((report.created, report.not_understood_total), (TASKS.into(), 0));
    assert_eq!(comparable(&export(&ada, "json").await), comparable(&before));
    assert!(exported + imported < Duration::from_secs(5));
}

/// How many tasks there are in all, and the page in their middle.
async fn walk(ada: &Person, first: &str) -> (usize, Option<String>) {
    let (mut count, mut pages) = (0, Vec::new());
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let answer = ada.get(&path).ask().await.expect(200);
        count += answer.value().as_array().map_or(0, Vec::len);
        next = following(&answer);
        pages.extend(next.clone());
    }
    let middle = pages.len() / 2;
    (count, pages.into_iter().nth(middle))
}

/// The address of the next page (RFC 8288).
fn following(answer: &Answer) -> Option<String> {
    let (next, _) = answer.header("link").strip_prefix('<')?.split_once('>')?;
    Some(next.to_owned())
}

/// The median and the longest time of an answer, in which the client's own part is as well.
async fn measure(ada: &Person, path: &str) -> (Duration, Duration) {
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        ada.get(path).ask().await.expect(200);
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    (took[TIMES / 2], took[TIMES - 1])
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Gives somebody lists and tasks such as people have; one of the lists.
async fn fill(ada: &Person) -> Uuid {
    let lists = ["Home", "Work", "Garden", "Books", "Trips"].map(|name| (Uuid::now_v7(), name));
    let words = [
        "milk",
        "bread",
        "the letter",
        "Charles",
        "rent",
        "report",
        "bicycle",
        "garden",
        "tickets",
        "shoes",
    ];
    let days = [
        "monday",
        "tuesday",
        "the weekend",
        "autumn",
        "later",
        "Ada",
        "the office",
    ];
    let today = Utc::now().date_naive();
    let begun = Utc::now() - chrono::TimeDelta::days(900);
    let pick = |number: u32, step: u32, from: &[&str]| {
        // A stride that meets each in no order that one would see.
        let place = usize::try_from(number.wrapping_mul(step) >> 7).unwrap_or_default();
        from[place % from.len()].to_owned()
    };
    let tasks: Vec<Value> = (0..TASKS)
        .map(|number| {
            let created = begun + chrono::TimeDelta::minutes(i64::from(number) * 127);
            let due = today - chrono::TimeDelta::days(200) + chrono::TimeDelta::days(i64::from(number * 37 % 400));
            let (word, day) = (pick(number, 2_654_435_761, &words), pick(number, 40_503, &days));
            let mut tags = Vec::new();
            tags.extend((number % 3 == 0).then_some("home"));
            tags.extend((number % 7 == 0).then_some("errand"));
            tags.extend((number % 500 == 0).then_some("rare"));
            let completed = number % 10 < 4;
            json!({
                "id": Uuid::now_v7(),
                "title": format!("See about {word} for {day}, number {}", number * 7919 % TASKS),
                "description": (number % 4 == 0).then(|| format!("What was said of {word}: before {day}, if there is time.")),
                "completed": completed,
                "completed_at": completed.then_some(created + chrono::TimeDelta::days(3)),
                "created_at": created,
                "updated_at": created + chrono::TimeDelta::days(i64::from(number % 50)),
                "priority": number * 31 % 4,
                "tags": tags,
                "list_id": lists.get(usize::try_from(number % 8).unwrap_or_default()).map(|(id, _)| id),
                "due": (number % 2 == 0).then(|| json!({"date": due.to_string()})),
            })
        })
        .collect();
    let file = json!({
        "format": "taskward", "version": 1, "tasks": tasks,
        "lists": lists.map(|(id, name)| json!({"id": id, "name": name})),
    })
    .to_string();
    let report = import(ada, "", file).await.expect(200).value();
    assert_eq!(
        (&report["created"], &report["not_understood_total"]),
        (&json!(TASKS), &json!(0)),
        "{}",
        report["not_understood"][0]
    );
    lists[0].0
}
