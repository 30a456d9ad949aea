//! Tasks that come back. Which days a rule has is tested where they are computed; here is that the next task is made once,
//! whole, and goes when it should.

use chrono::{Days, NaiveDate, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::tasks::Task;
use std::collections::BTreeMap;
use tests::{Ask, Person, TestApp, assert_invalid};
use uuid::Uuid;

async fn create(ada: &Person, body: &Value) -> Task {
    ada.create(body).await.expect(201).json()
}

async fn toggle(ada: &Person, id: Uuid) -> Task {
    ada.patch(&ada.task_complete(id)).ask().await.expect(200).json()
}

/// The open tasks.
async fn open(ada: &Person) -> Vec<Task> {
    ada.list().await.into_iter().filter(|task| !task.completed).collect()
}

/// The one open task.
async fn next(ada: &Person) -> Task {
    let mut open = open(ada).await;
    assert_eq!(open.len(), 1, "{open:#?}");
    open.remove(0)
}

fn day(task: &Task) -> NaiveDate {
    task.due.as_ref().expect("a due task").date()
}

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

#[tokio::test]
async fn completing_a_recurring_task_makes_the_next_one_with_everything() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let first = today() + Days::new(3);
    let body = json!({
        "title": "Rent", "description": "By transfer", "priority": 2, "tags": ["Home"], "position": "7",
        "due": {"date": first, "time": "09:00", "zone": "Europe/Berlin"}, "recurrence": "FREQ=DAILY;INTERVAL=2",
    });
    let task = create(&ada, &body).await;
    let done = toggle(&ada, task.id).await;
    assert!(done.completed && done.recurrence == task.recurrence);
    let next = next(&ada).await;
    assert_ne!(next.id, task.id);
    assert_eq!(day(&next), first + Days::new(2));
    let expected = Task {
        id: next.id,
        due: next.due.clone(),
        created_at: next.created_at,
        updated_at: next.updated_at,
        ..task.clone()
    };
    assert_eq!(next, expected, "the same in everything else");
    assert_eq!(next.due.as_ref().unwrap().time(), task.due.as_ref().unwrap().time());
}

#[tokio::test]
async fn the_next_one_is_made_once_however_it_is_completed() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = create(&ada, &json!({"title": "Rent", "recurrence": "FREQ=DAILY"})).await;
    let path = ada.task(task.id);
    // Everybody who clicks, from everywhere, at once.
    join_all((0..16).map(|_| {
        let request = ada.put(&path).json(&json!({"completed": true}));
        async move { request.ask().await.expect(200) }
    }))
    .await;
    ada.update(task.id, &json!({"completed": true, "title": "Rent!"}))
        .await
        .expect(200);
    assert_eq!(next(&ada).await.title, "Rent");
    assert_eq!(ada.list().await.len(), 2);
}

#[tokio::test]
async fn concurrent_toggles_leave_one_open_task() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = create(&ada, &json!({"title": "Rent", "recurrence": "FREQ=DAILY"})).await;
    for clicks in [7, 8] {
        join_all((0..clicks).map(|_| {
            let request = ada.patch(&ada.task_complete(task.id));
            async move { request.ask().await.expect(200) }
        }))
        .await;
        next(&ada).await;
    }
    assert_eq!(ada.list().await.len(), 2, "completed, and the next one");
}

#[tokio::test]
async fn taking_the_completion_back_takes_the_next_one_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = create(&ada, &json!({"title": "Rent", "recurrence": "FREQ=DAILY"})).await;
    for _ in 0..3 {
        toggle(&ada, task.id).await;
        let next = next(&ada).await;
        assert_ne!(next.id, task.id);
        ada.update(task.id, &json!({"completed": false})).await.expect(200);
        let all = ada.list().await;
        assert_eq!(all.iter().map(|task| task.id).collect::<Vec<_>>(), [task.id]);
    }
}

#[tokio::test]
async fn a_next_one_that_has_itself_been_done_stays() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let first = create(&ada, &json!({"title": "Rent", "recurrence": "FREQ=DAILY"})).await;
    toggle(&ada, first.id).await;
    let second = next(&ada).await;
    toggle(&ada, second.id).await;
    let third = next(&ada).await;
    // Neither is there a second third one, nor does the second one go.
    toggle(&ada, first.id).await;
    let mut ids: Vec<_> = open(&ada).await.iter().map(|task| task.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [first.id, third.id]);
    toggle(&ada, first.id).await;
    assert_eq!(next(&ada).await.id, third.id);
    assert_eq!(ada.list().await.len(), 3);
}

#[tokio::test]
async fn a_next_one_in_the_trash_is_taken_back_as_well() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let first = create(&ada, &json!({"title": "Rent", "recurrence": "FREQ=DAILY"})).await;
    toggle(&ada, first.id).await;
    let second = next(&ada).await;
    ada.delete(&ada.task(second.id)).ask().await.expect(200);
    toggle(&ada, first.id).await;
    toggle(&ada, first.id).await;
    assert_ne!(next(&ada).await.id, second.id);
}

#[tokio::test]
async fn what_was_missed_is_not_made_up_for() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let past = today() - Days::new(10);
    let body = json!({"title": "Water", "due": {"date": past}, "recurrence": "FREQ=DAILY;INTERVAL=3"});
    let task = create(&ada, &body).await;
    toggle(&ada, task.id).await;
    assert_eq!(
        day(&next(&ada).await),
        today() + Days::new(2),
        "of the series' days the first from today on"
    );
}

#[tokio::test]
async fn after_completion_counts_from_the_day_of_completion() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body = json!({"title": "Water", "due": {"date": "2020-01-01"}, "recurrence": "AFTER-COMPLETION=P3D"});
    let task = create(&ada, &body).await;
    toggle(&ada, task.id).await;
    assert_eq!(day(&next(&ada).await), today() + Days::new(3));
}

#[tokio::test]
async fn today_is_the_caller_s() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // Between them these two zones are never on the same day.
    let mut days = BTreeMap::new();
    for zone in ["Etc/GMT+12", "Pacific/Kiritimati"] {
        let body = json!({"title": zone, "recurrence": "AFTER-COMPLETION=P1D"});
        let answer = ada
            .post(&ada.tasks())
            .query(&[("time_zone", zone)])
            .json(&body)
            .ask()
            .await;
        let task: Task = answer.expect(201).json();
        let request = ada.patch(&ada.task_complete(task.id)).query(&[("time_zone", zone)]);
        request.ask().await.expect(200);
        let next = open(&ada).await.into_iter().find(|task| task.title == zone).unwrap();
        assert_eq!(day(&next), day(&task) + Days::new(1));
        days.insert(zone, day(&task));
    }
    assert!(days["Etc/GMT+12"] < days["Pacific/Kiritimati"], "{days:?}");
    let task = ada.add("Milk").await;
    for (zone, path) in [("Mars", ada.task(task.id)), ("", ada.task(task.id))] {
        let request = ada
            .put(&path)
            .query(&[("time_zone", zone)])
            .json(&json!({"title": "x"}));
        assert_invalid(&request.ask().await, &["time_zone"]);
    }
}

#[tokio::test]
async fn a_series_ends_after_its_count_and_its_last_day() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let until = today() + Days::new(2);
    for rule in [
        "FREQ=DAILY;COUNT=3".to_owned(),
        format!("FREQ=DAILY;UNTIL={}", until.format("%Y%m%d")),
    ] {
        let body = json!({"title": rule, "due": {"date": today()}, "recurrence": rule});
        let mut task = create(&ada, &body).await;
        for _ in 0..2 {
            toggle(&ada, task.id).await;
            task = next(&ada).await;
        }
        toggle(&ada, task.id).await;
        assert_eq!(open(&ada).await, [], "{rule}");
    }
    assert_eq!(ada.list().await.len(), 6);
}

#[tokio::test]
async fn the_31st_is_not_lost_in_a_short_month() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body = json!({"title": "Rent", "due": {"date": "2027-01-31"}, "recurrence": "FREQ=MONTHLY"});
    let mut task = create(&ada, &body).await;
    let mut days = vec![day(&task).to_string()];
    for _ in 0..3 {
        toggle(&ada, task.id).await;
        task = next(&ada).await;
        days.push(day(&task).to_string());
    }
    assert_eq!(days, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]);
    let body = json!({"title": "Leap", "due": {"date": "2028-02-29"}, "recurrence": "FREQ=YEARLY"});
    let leap = create(&ada, &body).await;
    toggle(&ada, leap.id).await;
    let next = open(&ada).await.into_iter().find(|task| task.title == "Leap").unwrap();
    assert_eq!(day(&next).to_string(), "2029-02-28");
}

#[tokio::test]
async fn a_moment_keeps_its_time_on_the_wall_across_both_edges_of_summer_time() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // The clocks go forward on 28 March and back on 31 October 2027 in Berlin.
    for (date, time, after) in [
        ("2027-03-27", "02:30", "2027-03-28"),
        ("2027-10-30", "02:30", "2027-10-31"),
        ("2027-03-27", "09:00", "2027-03-28"),
    ] {
        let due = json!({"date": date, "time": time, "zone": "Europe/Berlin"});
        let task = create(&ada, &json!({"title": date, "due": due, "recurrence": "FREQ=DAILY"})).await;
        toggle(&ada, task.id).await;
        let next = open(&ada).await.into_iter().find(|task| task.title == date).unwrap();
        let due = json!({"date": after, "time": time, "zone": "Europe/Berlin"});
        assert_eq!(json!(next.due), due);
        ada.delete(&ada.task(next.id)).ask().await.expect(200);
    }
}

#[tokio::test]
async fn a_rule_without_a_day_begins_on_its_first_one() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (rule, expected) in [
        ("FREQ=DAILY", Some(today())),
        ("AFTER-COMPLETION=P1W", Some(today())),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", None),
    ] {
        let task = create(&ada, &json!({"title": "Rent", "recurrence": rule})).await;
        match expected {
            Some(expected) => assert_eq!(day(&task), expected, "{rule}"),
            None => assert!(day(&task) >= today(), "{rule}"),
        }
        let other = ada.add("Other").await;
        let other: Task = ada
            .update(other.id, &json!({"recurrence": rule}))
            .await
            .expect(200)
            .json();
        assert_eq!(day(&other), day(&task), "{rule}");
    }
}

#[tokio::test]
async fn what_is_never_due_does_not_come_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = create(&ada, &json!({"title": "Rent", "recurrence": "FREQ=DAILY"})).await;
    let task: Task = ada.update(task.id, &json!({"due": null})).await.expect(200).json();
    assert_eq!((task.due, task.recurrence), (None, None));
    toggle(&ada, task.id).await;
    assert_eq!(open(&ada).await, []);
}

#[tokio::test]
async fn the_next_one_has_open_copies_of_the_subtasks() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body = json!({"title": "Report", "due": {"date": today()}, "recurrence": "FREQ=WEEKLY"});
    let parent = create(&ada, &body).await;
    let part = |title: &str, due: Option<NaiveDate>| {
        let due = due.map(|date| json!({"date": date}));
        json!({"title": title, "parent_id": parent.id, "due": due, "tags": ["x"]})
    };
    let done = create(&ada, &part("Figures", Some(today()))).await;
    create(&ada, &part("Text", None)).await;
    let gone = create(&ada, &part("Gone", None)).await;
    ada.delete(&ada.task(gone.id)).ask().await.expect(200);
    toggle(&ada, done.id).await;
    toggle(&ada, parent.id).await;

    let next = open(&ada)
        .await
        .into_iter()
        .find(|task| task.title == "Report")
        .unwrap();
    assert_eq!((next.subtasks.total, next.subtasks.completed), (2, 0));
    let path = format!("{}?parent_id={}&sort=title", ada.tasks(), next.id);
    let parts: Vec<Task> = ada.get(&path).ask().await.expect(200).json();
    let titles: Vec<_> = parts.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, ["Figures", "Text"]);
    assert!(parts.iter().all(|task| !task.completed && task.tags == ["x"]));
    assert_eq!(
        day(&parts[0]),
        today() + Days::new(7),
        "as long before its parent as it was"
    );
    assert_eq!(parts[1].due, None);

    toggle(&ada, parent.id).await;
    let mut titles: Vec<_> = ada.list().await.into_iter().map(|task| task.title).collect();
    titles.sort();
    assert_eq!(titles, ["Figures", "Report", "Text"], "the copies go with the next one");
}

#[tokio::test]
async fn a_recurring_subtask_counts_with_its_parent() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add("Parent").await;
    let body = json!({"title": "Part", "parent_id": parent.id, "recurrence": "FREQ=DAILY"});
    let part = create(&ada, &body).await;
    let progress = async || {
        let parent: Task = ada.read(parent.id).await.expect(200).json();
        (parent.subtasks.completed, parent.subtasks.total)
    };
    toggle(&ada, part.id).await;
    assert_eq!(progress().await, (1, 2));
    toggle(&ada, part.id).await;
    assert_eq!(progress().await, (0, 1));
}
