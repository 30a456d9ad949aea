//! The parameters of the list: which tasks, in which order, page by page.

use chrono::{Days, Utc};
use serde_json::{Value, json};
use shared::query::{Order, Sort, TaskQuery};
use shared::tasks::Task;
use std::collections::BTreeSet;
use tests::{Answer, Ask, Person, TestApp, assert_invalid};
use uuid::Uuid;

async fn ask(ada: &Person, query: &str) -> Answer {
    ada.get(&format!("{}?{query}", ada.tasks())).ask().await
}

async fn tasks(ada: &Person, query: &str) -> Vec<Task> {
    ask(ada, query).await.expect(200).json()
}

async fn titles(ada: &Person, query: &str) -> Vec<String> {
    tasks(ada, query).await.into_iter().map(|task| task.title).collect()
}

/// The titles, whatever their order.
async fn set(ada: &Person, query: &str) -> BTreeSet<String> {
    titles(ada, query).await.into_iter().collect()
}

fn these<const N: usize>(titles: [&str; N]) -> BTreeSet<String> {
    titles.into_iter().map(str::to_owned).collect()
}

async fn add(ada: &Person, body: Value) -> Task {
    ada.create(&body).await.expect(201).json()
}

/// Walks the pages from the first to the last.
async fn walk(ada: &Person, query: &str, limit: usize) -> Vec<Uuid> {
    let mut path = format!("{}?{query}&limit={limit}", ada.tasks());
    let mut seen = Vec::new();
    for _ in 0..100 {
        let answer = ada.get(&path).ask().await.expect(200);
        let page: Vec<Task> = answer.json();
        assert!(page.len() <= limit);
        seen.extend(page.iter().map(|task| task.id));
        let link = answer.header("link");
        if link.is_empty() {
            return seen;
        }
        let (next, _) = link.strip_prefix('<').and_then(|rest| rest.split_once('>')).unwrap();
        next.clone_into(&mut path);
    }
    panic!("the pages have no end");
}

#[tokio::test]
async fn each_filter_finds_what_it_says() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    bob.create(&json!({"title": "Bob's", "priority": 3, "tags": ["home"], "due": {"date": "2027-01-31"}}))
        .await
        .expect(201);
    add(
        &ada,
        json!({"title": "a", "priority": 3, "tags": ["Home", "flat"], "due": {"date": "2027-01-31"}}),
    )
    .await;
    add(
        &ada,
        json!({"title": "b", "priority": 1, "tags": ["home"],
        "due": {"date": "2027-02-01", "time": "00:00", "zone": "Pacific/Kiritimati"}}),
    )
    .await;
    let c = add(
        &ada,
        json!({"title": "c", "tags": ["homework"], "due": {"date": "2027-02-01"}}),
    )
    .await;
    let d = add(&ada, json!({"title": "d", "parent_id": c.id})).await;
    ada.patch(&ada.task_complete(d.id)).ask().await.expect(200);
    let gone = add(&ada, json!({"title": "gone", "priority": 3})).await;
    ada.delete(&ada.task(gone.id)).ask().await.expect(200);

    for (query, expected) in [
        ("completed=true", these(["d"])),
        ("completed=false", these(["a", "b", "c"])),
        ("priority=3", these(["a"])),
        ("priority=3&priority=1", these(["a", "b"])),
        ("priority=0", these(["c", "d"])),
        ("tag=home", these(["a", "b"])),
        ("tag=HOME&tag=flat", these(["a"])),
        ("tag=ho", these([])),
        ("tag=%25", these([])),
        ("list_id=inbox", these(["a", "b", "c", "d"])),
        ("parent_id=none", these(["a", "b", "c"])),
        ("due_from=2027-02-01", these(["b", "c"])),
        ("due_to=2027-01-31", these(["a"])),
        ("due_from=2027-01-31&due_to=2027-02-01", these(["a", "b", "c"])),
        ("due_from=2027-02-02", these([])),
        (
            "priority=1&tag=home&completed=false&due_to=2027-12-31&q=b",
            these(["b"]),
        ),
        ("overdue=false", these(["a", "b", "c", "d"])),
        ("unknown=1", these(["a", "b", "c", "d"])),
    ] {
        assert_eq!(set(&ada, query).await, expected, "{query}");
    }
    assert_eq!(titles(&ada, &format!("parent_id={}", c.id)).await, ["d"]);
    assert_eq!(titles(&ada, &format!("list_id={}", Uuid::now_v7())).await, [""; 0]);
    assert_eq!(
        titles(&bob, &format!("parent_id={}", c.id)).await,
        [""; 0],
        "somebody else's"
    );
}

#[tokio::test]
async fn overdue_is_the_day_before_today_where_the_caller_is_and_the_moment_before_now() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let now = Utc::now();
    let today = now.date_naive();
    let due = |title: &str, due: Value| json!({"title": title, "due": due});
    let moment = |minutes: i64| {
        let at = (now + chrono::TimeDelta::minutes(minutes)).naive_utc();
        json!({"date": at.date(), "time": at.format("%H:%M").to_string(), "zone": "Etc/UTC"})
    };
    add(&ada, due("three days ago", json!({"date": today - Days::new(3)}))).await;
    add(&ada, due("in three days", json!({"date": today + Days::new(3)}))).await;
    add(&ada, due("an hour ago", moment(-60))).await;
    add(&ada, due("in an hour", moment(60))).await;
    add(&ada, json!({"title": "never"})).await;
    let done = add(&ada, due("done", json!({"date": today - Days::new(3)}))).await;
    ada.patch(&ada.task_complete(done.id)).ask().await.expect(200);
    assert_eq!(
        titles(&ada, "overdue=true&sort=due").await,
        ["three days ago", "an hour ago"]
    );

    // Between them these two zones are never on the same day: what is due on one's today is late in the other.
    let east = now
        .with_timezone(&chrono::FixedOffset::east_opt(14 * 3600).unwrap())
        .date_naive();
    add(&ada, due("yesterday in the east", json!({"date": east - Days::new(1)}))).await;
    let late = async |zone: &str| titles(&ada, &format!("overdue=true&q=yesterday&time_zone={zone}")).await;
    assert_eq!(late("Pacific/Kiritimati").await.len(), 1);
    assert_eq!(late("Etc/GMT%2B12").await.len(), 0);
}

#[tokio::test]
async fn each_order_is_total_in_both_directions_and_in_pages() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let titles = ["b", "A", "ä", "É", "a", "Z", "z%", "ß", "SS", "Ж", "ж", "1"];
    for (n, title) in titles.into_iter().enumerate() {
        let mut body = json!({"title": title, "priority": n % 4, "description": format!("{}", 9 - n % 5)});
        match n % 4 {
            0 => body["due"] = json!({"date": format!("2027-01-{:02}", 10 + n)}),
            1 => body["due"] = json!({"date": "2027-01-14", "time": "09:00", "zone": "Europe/Berlin"}),
            2 => body["due"] = json!({"date": "2027-01-14"}),
            _ => {}
        }
        if n % 3 == 0 {
            body["position"] = json!(["8", "08", "88", "1"][n / 3]);
        }
        let task = add(&ada, body).await;
        if n % 2 == 0 {
            ada.patch(&ada.task_complete(task.id)).ask().await.expect(200);
        }
    }
    for sort in Sort::ALL {
        for order in [Order::Ascending, Order::Descending] {
            let query = format!("sort={}&order={}", sort.as_str(), order.as_str());
            let all = tasks(&ada, &query).await;
            assert_eq!(all.len(), titles.len());
            for pair in all.windows(2) {
                let (one, other) = (key(&pair[0], sort), key(&pair[1], sort));
                // What has no value comes last, in either direction.
                let good = match (one, other, order) {
                    (None, None, Order::Ascending) => pair[0].id < pair[1].id,
                    (None, None, Order::Descending) => pair[0].id > pair[1].id,
                    (Some(_), None, _) => true,
                    (None, Some(_), _) => false,
                    (Some(one), Some(other), Order::Ascending) => (one, pair[0].id) < (other, pair[1].id),
                    (Some(one), Some(other), Order::Descending) => (one, pair[0].id) > (other, pair[1].id),
                };
                assert!(good, "{query}: {:#?} {:#?}", pair[0], pair[1]);
            }
            let ids: Vec<_> = all.iter().map(|task| task.id).collect();
            for limit in [1, 3, 12] {
                assert_eq!(walk(&ada, &query, limit).await, ids, "{query} in pages of {limit}");
            }
            // The same with a filter.
            let open: Vec<_> = all.iter().filter(|task| !task.completed).map(|task| task.id).collect();
            assert_eq!(
                walk(&ada, &format!("{query}&completed=false"), 4).await,
                open,
                "{query}"
            );
        }
        // Without a direction it is the usual one.
        let usual = format!("sort={}&order={}", sort.as_str(), sort.usual_order().as_str());
        assert_eq!(
            tasks(&ada, &format!("sort={}", sort.as_str())).await,
            tasks(&ada, &usual).await
        );
    }
    assert_eq!(
        tasks(&ada, "sort=created").await,
        ada.list().await,
        "which is the plain list"
    );
    // With a filter by day nothing has no day, which is a statement of its own.
    for query in ["due_from=2027-01-01", "due_from=2027-01-01&order=desc"] {
        let query = format!("{query}&sort=due");
        let all: Vec<_> = tasks(&ada, &query).await.iter().map(|task| task.id).collect();
        assert_eq!(all.len(), 9);
        assert_eq!(walk(&ada, &query, 2).await, all, "{query}");
    }
}

/// What the order goes by, as a text that compares in the same way.
fn key(task: &Task, sort: Sort) -> Option<String> {
    let instant = |instant: chrono::DateTime<Utc>| instant.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    match sort {
        Sort::Due => task.due.as_ref().map(|due| {
            let time = due
                .time()
                .map_or_else(|| "24:00".to_owned(), |time| time.format("%H:%M").to_string());
            format!("{} {time}", due.date())
        }),
        Sort::Priority => Some(u8::from(task.priority).to_string()),
        Sort::Title => Some(task.title.to_uppercase().to_lowercase()),
        Sort::Created => Some(instant(task.created_at)),
        Sort::Updated => Some(instant(task.updated_at)),
        Sort::Position => Some(task.position.as_str().to_owned()),
        Sort::Completed => task.completed_at.map(instant),
    }
}

#[tokio::test]
async fn an_unknown_value_is_refused_by_the_name_of_its_parameter() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (query, field) in [
        ("q=", "q"),
        ("q=%20", "q"),
        ("q=a%00b", "q"),
        ("q=%C2%80", "q"),
        ("completed=yes", "completed"),
        ("priority=4", "priority"),
        ("priority=1&priority=x", "priority"),
        ("tag=", "tag"),
        ("tag=a%2Cb", "tag"),
        ("list_id=none", "list_id"),
        ("parent_id=x", "parent_id"),
        ("due_from=2027-02-30", "due_from"),
        ("due_to=27-01-01", "due_to"),
        ("overdue=1", "overdue"),
        ("time_zone=Mars/Olympus", "time_zone"),
        ("time_zone=%2B01:00", "time_zone"),
        ("sort=color", "sort"),
        ("order=descending", "order"),
        ("limit=0", "limit"),
        ("sort=due&cursor=x", "cursor"),
    ] {
        assert_invalid(&ask(&ada, query).await, &[field]);
    }
    let all = "completed=x&sort=x&order=x&due_from=x&limit=x";
    assert_invalid(
        &ask(&ada, all).await,
        &["completed", "sort", "order", "due_from", "limit"],
    );
}

#[tokio::test]
async fn a_cursor_is_good_for_the_order_that_it_came_from_only() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    for n in 0..3 {
        add(
            &ada,
            json!({"title": format!("Task {n}"), "due": {"date": "2027-01-31"}}),
        )
        .await;
    }
    bob.add("Bob's").await;
    let orders: Vec<_> = Sort::ALL
        .into_iter()
        .flat_map(|sort| ["asc", "desc"].map(|order| format!("sort={}&order={order}", sort.as_str())))
        .collect();
    for from in &orders {
        let link = ask(&ada, &format!("{from}&limit=1"))
            .await
            .expect(200)
            .header("link")
            .to_owned();
        let cursor = link
            .split("cursor=")
            .nth(1)
            .and_then(|rest| rest.split(['&', '>']).next())
            .unwrap();
        for to in &orders {
            let answer = ask(&ada, &format!("{to}&cursor={cursor}")).await;
            if from == to {
                assert_eq!(answer.expect(200).json::<Vec<Task>>().len(), 2, "{from}");
            } else {
                assert_invalid(&answer, &["cursor"]);
            }
        }
        // Somebody else's cursor is a place, and shows nothing of theirs.
        let shown = titles(&bob, &format!("{from}&cursor={cursor}")).await;
        assert!(shown.iter().all(|title| title == "Bob's"), "{shown:?}");
    }
}

#[tokio::test]
async fn the_next_link_keeps_every_parameter() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for _ in 0..2 {
        add(
            &ada,
            json!({"title": "50% & more", "tags": ["at home"], "priority": 1, "due": {"date": "2027-01-31"}}),
        )
        .await;
    }
    let query = TaskQuery::parse([
        ("q", "50% &"),
        ("completed", "false"),
        ("priority", "1"),
        ("priority", "2"),
        ("tag", "AT HOME"),
        ("list_id", "inbox"),
        ("parent_id", "none"),
        ("due_from", "2027-01-01"),
        ("due_to", "2027-12-31"),
        ("time_zone", "Europe/Berlin"),
        ("sort", "title"),
        ("order", "desc"),
        ("limit", "1"),
    ])
    .unwrap();
    let answer = ask(&ada, &query.to_query_string()).await.expect(200);
    let link = answer.header("link");
    let next = link.strip_prefix('<').and_then(|rest| rest.split_once('>')).unwrap().0;
    let (path, parameters) = next.split_once('?').unwrap();
    assert_eq!(path, ada.tasks());
    let again = TaskQuery::parse(url::form_urlencoded::parse(parameters.as_bytes())).unwrap();
    assert!(again.cursor.is_some());
    assert_eq!(TaskQuery { cursor: None, ..again }, query);
}
