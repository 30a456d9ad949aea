//! `/api/{user_id}/export` and `/api/{user_id}/import`.

mod brought;
mod cut_off;

use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::lists::List;
use shared::paths;
use shared::tasks::Task;
use shared::transfer::ImportReport;
use tests::{Answer, Ask, Person, TestApp, assert_invalid, assert_problem};
use uuid::Uuid;

pub(crate) async fn export(ada: &Person, format: &str) -> Answer {
    ada.get(&format!("{}?format={format}", paths::export(&ada.id)))
        .ask()
        .await
        .expect(200)
}

pub(crate) async fn import(ada: &Person, query: &str, file: impl Into<reqwest::Body>) -> Answer {
    ada.post(&format!("{}?{query}", paths::import(&ada.id)))
        .body(file)
        .ask()
        .await
}

/// A list and tasks with everything that a task can have.
async fn fill(ada: &Person) {
    let list: List = ada
        .post(&paths::lists(&ada.id))
        .json(&json!({"name": "Home", "color": "pink"}))
        .ask()
        .await
        .expect(201)
        .json();
    let body = json!({
        "title": "Pay; the \"rent\"", "description": "  two\nlines ", "priority": 3, "tags": ["Flat", "été"], "list_id": list.id,
        "due": {"date": "2126-11-30", "time": "09:00", "zone": "Europe/London"}, "recurrence": "FREQ=MONTHLY;COUNT=5",
    });
    let rent: Task = ada.create(&body).await.expect(201).json();
    for title in ["Sub", "=Done"] {
        ada.create(&json!({"title": title, "parent_id": rent.id}))
            .await
            .expect(201);
    }
    let done = ada.list().await.into_iter().find(|task| task.title == "=Done").unwrap();
    ada.update(done.id, &json!({"completed": true})).await.expect(200);
    // Its next one is there as well.
    ada.update(rent.id, &json!({"completed": true})).await.expect(200);
    let gone = ada.add("Gone").await;
    ada.delete(&ada.task(gone.id)).ask().await.expect(200);
    let old = ada.add_list("Old").await;
    ada.create(&json!({"title": "Of the old list", "list_id": old.id}))
        .await
        .expect(201);
    ada.delete(&paths::list(&ada.id, old.id)).ask().await.expect(200);
}

/// Everything, but for whose it is, how often it was changed, and when it was exported.
pub(crate) fn comparable(export: &Answer) -> Value {
    let mut export = export.value();
    export.as_object_mut().unwrap().remove("exported_at");
    for kind in ["tasks", "lists"] {
        for item in export[kind].as_array_mut().unwrap() {
            let item = item.as_object_mut().unwrap();
            item.remove("user_id");
            item.remove("version");
        }
    }
    export
}

#[tokio::test]
async fn exporting_deleting_the_account_and_importing_into_a_new_one_gives_the_same_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    fill(&ada).await;
    let (before, listed) = (export(&ada, "json").await, ada.list().await);
    ada.delete(paths::ME)
        .json(&json!({"password": ada.password}))
        .ask()
        .await
        .expect(200);
    let ada = app.register("ada").await;
    assert_eq!(ada.list().await, []);
    let report: ImportReport = import(&ada, "", before.body.clone()).await.expect(200).json();
    assert_eq!(
        (report.created, report.already_there, report.lists_created),
        (8, 0, 2),
        "{report:?}"
    );
    assert_eq!(report.not_understood, []);
    assert_eq!(comparable(&export(&ada, "json").await), comparable(&before));
    let same = |tasks: Vec<Task>| -> Vec<Task> {
        let anonymous = |task| Task {
            user_id: String::new(),
            version: 0,
            ..task
        };
        tasks.into_iter().map(anonymous).collect()
    };
    assert_eq!(same(ada.list().await), same(listed));
    // It goes on as it would have: the deleted list comes back with its task, and the text is found.
    let old = before.value()["lists"]
        .as_array()
        .unwrap()
        .iter()
        .find(|list| list["name"] == "Old")
        .unwrap()
        .clone();
    let old: Uuid = serde_json::from_value(old["id"].clone()).unwrap();
    ada.post(&paths::list_restore(&ada.id, old)).ask().await.expect(200);
    let found: Vec<Task> = ada
        .get(&format!("{}?q=OLD+list", ada.tasks()))
        .ask()
        .await
        .expect(200)
        .json();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn what_is_imported_twice_is_there_once() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    fill(&ada).await;
    let before = export(&ada, "json").await;
    let count = |report: &ImportReport| (report.created, report.already_there, report.lists_created);
    let report: ImportReport = import(&ada, "format=json", before.body.clone())
        .await
        .expect(200)
        .json();
    assert_eq!(count(&report), (0, 8, 0));
    assert_eq!(comparable(&export(&ada, "json").await), comparable(&before));
    for (format, file, created) in [("todoist", TODOIST, 3), ("ics", ICS, 2)] {
        let query = format!("format={format}");
        let (one, other) = tokio::join!(import(&ada, &query, file), import(&ada, &query, file));
        let (one, other): (ImportReport, ImportReport) = (one.expect(200).json(), other.expect(200).json());
        assert_eq!(one.created + other.created, created, "{format}");
        let third: ImportReport = import(&ada, &query, file).await.expect(200).json();
        assert_eq!(count(&third), (0, created, 0), "{format}");
    }
    let lists = ada.lists().await;
    assert_eq!(
        lists.iter().filter(|list| list.name == "Home").count(),
        1,
        "a list of that name is the same list"
    );
}

const TODOIST: &str = "TYPE,CONTENT,PRIORITY,INDENT,DATE,DATE_LANG,TIMEZONE\n\
    task,Call Ada @phone,1,1,tomorrow at 9am,en,Europe/Berlin\n\
    section,home,,,,,\n\
    task,Same,4,1,,,\n\
    task,Same,4,2,whenever,en,\n";

const ICS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTODO\r\nUID:one@example.org\r\nSUMMARY:One\r\n\
    DUE;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY\r\nEND:VTODO\r\nBEGIN:VTODO\r\nUID:two@example.org\r\nSUMMARY:Two\r\n\
    RELATED-TO:one@example.org\r\nSTATUS:COMPLETED\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";

#[tokio::test]
async fn a_dry_run_says_what_would_come_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let query = "format=todoist&time_zone=Europe/Berlin";
    let preview: ImportReport = import(&ada, &format!("{query}&dry_run=true"), TODOIST)
        .await
        .expect(200)
        .json();
    assert_eq!((preview.dry_run, preview.created, preview.lists_created), (true, 3, 1));
    let titles: Vec<_> = preview
        .tasks
        .iter()
        .map(|task| (task.title.as_str(), task.list.as_deref()))
        .collect();
    assert_eq!(
        titles,
        [("Call Ada", None), ("Same", Some("home")), ("Same", Some("home"))]
    );
    let [note] = preview.not_understood.as_slice() else {
        panic!("{preview:?}")
    };
    assert_eq!(
        (note.line, note.message.as_str()),
        (Some(5), "The date “whenever” is not understood")
    );
    assert_eq!(preview.not_understood_total, 1);
    assert_eq!((app.database().count("tasks"), app.database().count("lists")), (0, 0));
    let done: ImportReport = import(&ada, &format!("{query}&dry_run=false"), TODOIST)
        .await
        .expect(200)
        .json();
    let as_preview = ImportReport { dry_run: true, ..done };
    assert_eq!(as_preview.tasks.len(), preview.tasks.len());
    assert_eq!(
        (as_preview.created, as_preview.not_understood),
        (preview.created, preview.not_understood)
    );
    let tasks = ada.list().await;
    assert_eq!(
        tasks.iter().map(|task| task.title.as_str()).collect::<Vec<_>>(),
        ["Call Ada", "Same", "Same"]
    );
    assert_eq!(tasks[0].due.as_ref().unwrap().zone().unwrap().as_str(), "Europe/Berlin");
    assert_eq!(
        (tasks[0].tags.as_slice(), tasks[0].priority.get()),
        (["phone".to_owned()].as_slice(), 3)
    );
    assert_eq!((tasks[1].subtasks.total, tasks[2].parent_id), (1, Some(tasks[1].id)));
}

#[tokio::test]
async fn what_icalendar_brings_recurs_and_counts() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    import(&ada, "format=ics", ICS).await.expect(200);
    let tasks = ada.list().await;
    let one = tasks.iter().find(|task| task.title == "One").unwrap();
    assert_eq!((one.subtasks.total, one.subtasks.completed), (1, 1));
    ada.update(one.id, &json!({"completed": true})).await.expect(200);
    let next: Vec<Task> = ada
        .get(&format!("{}?completed=false", ada.tasks()))
        .ask()
        .await
        .expect(200)
        .json();
    assert!(
        next.iter()
            .any(|task| task.title == "One" && task.due.as_ref().unwrap().to_string() == "2027-12-24"),
        "{next:?}"
    );
}

#[tokio::test]
async fn exports_are_files_of_their_kind() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    fill(&ada).await;
    for (format, media_type, begin) in [
        ("json", "application/json", "{\"format\":\"taskward\",\"version\":1,"),
        ("csv", "text/csv; charset=utf-8", "\u{feff}id,title,"),
        ("ics", "text/calendar; charset=utf-8", "BEGIN:VCALENDAR\r\n"),
    ] {
        let answer = export(&ada, format).await;
        assert_eq!(answer.header("content-type"), media_type);
        let name = answer.header("content-disposition");
        assert!(
            name.starts_with("attachment; filename=\"taskward-") && name.ends_with(&format!(".{format}\"")),
            "{name}"
        );
        assert!(answer.text().starts_with(begin), "{}", answer.text());
    }
    let table = export(&ada, "csv").await.text();
    assert!(table.contains(",'=Done,") && !table.contains("Gone"), "{table}");
    let default = ada.get(&paths::export(&ada.id)).ask().await.expect(200);
    assert_eq!(default.value()["format"], "taskward");
    // The calendar is read again by ourselves.
    let calendar = export(&ada, "ics").await;
    let report: ImportReport = import(&ada, "format=ics", calendar.body).await.expect(200).json();
    assert_eq!((report.created, report.not_understood_total), (0, 0), "{report:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_request_or_a_file_is_named() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (query, field) in [
        ("format=xml", "format"),
        ("format=json&format=ics", "format"),
        ("dry_run=1", "dry_run"),
        ("time_zone=Mars/Olympus", "time_zone"),
    ] {
        assert_invalid(&import(&ada, query, "{}").await, &[field]);
    }
    assert_invalid(
        &ada.get(&format!("{}?format=xml", paths::export(&ada.id))).ask().await,
        &["format"],
    );
    for (query, file, reason) in [
        ("", "{", "The file is not an export: "),
        (
            "",
            "{}",
            "The file is not an export: its \"format\" is not \"taskward\"",
        ),
        ("format=todoist", "a,b\n", "The file is not of Todoist"),
        ("format=ics", "hello", "The file is no iCalendar file"),
        ("format=ics", "", "The file is no iCalendar file"),
    ] {
        let answer = import(&ada, query, file).await;
        let problem = assert_problem(&answer, 400, ErrorCode::InvalidInput);
        assert!(problem.detail.starts_with(reason), "{}", problem.detail);
    }
    let packed = ada
        .post(&paths::import(&ada.id))
        .header("content-encoding", "gzip")
        .body("{}")
        .ask()
        .await;
    assert_problem(&packed, 415, ErrorCode::UnsupportedMediaType);
    let large = import(&ada, "", vec![b' '; 16 * 1024 * 1024 + 1]).await;
    assert_problem(&large, 413, ErrorCode::TooLarge);
    let mut many = "TYPE,CONTENT\n".to_owned();
    many.push_str(&"task,x\n".repeat(20_001));
    let problem = assert_problem(
        &import(&ada, "format=todoist", many).await,
        400,
        ErrorCode::InvalidInput,
    );
    assert_eq!(problem.detail, "The file must have at most 20000 tasks");
    assert_eq!(app.database().count("tasks"), 0);
}

#[tokio::test]
async fn tasks_that_are_there_otherwise_than_in_the_file_stay_as_they_are() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let parent = ada.add("Parent").await;
    let (sub, new) = (Uuid::now_v7(), Uuid::now_v7());
    let file = |parent: Uuid, id: Uuid| {
        json!({"format": "taskward", "version": 1, "tasks": [
            {"id": parent, "title": "Otherwise", "completed": true},
            {"id": id, "title": "Sub", "parent_id": parent, "completed": true},
        ]})
        .to_string()
    };
    import(&ada, "", file(parent.id, sub)).await.expect(200);
    let there: Task = ada.read(parent.id).await.expect(200).json();
    assert_eq!((there.title.as_str(), there.completed), ("Parent", false));
    assert_eq!((there.subtasks.total, there.subtasks.completed), (1, 1));
    // What has become a subtask itself can have none.
    let report: ImportReport = import(&ada, "", file(sub, new)).await.expect(200).json();
    assert_eq!(
        (report.created, report.already_there, report.not_understood_total),
        (1, 1, 1)
    );
    let new: Task = ada.read(new).await.expect(200).json();
    assert_eq!(new.parent_id, None);
}

#[tokio::test]
async fn what_stands_twice_in_a_file_is_there_once() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    fill(&ada).await;
    let mut twice: Value = export(&ada, "json").await.json();
    for what in ["lists", "tasks"] {
        let all = twice[what].as_array_mut().unwrap();
        all.extend(all.clone());
    }
    let eve = app.register("eve").await;
    import(&eve, "", twice.to_string()).await.expect(200);
    let titles = |tasks: Vec<Task>| tasks.into_iter().map(|task| task.title).collect::<Vec<_>>();
    assert_eq!(titles(eve.list().await), titles(ada.list().await));

    let bob = app.register("bob").await;
    let sections = "TYPE,CONTENT\nsection,Home\ntask,Milk\nsection,Work\nsection,Home\ntask,Bread\n";
    import(&bob, "format=todoist", sections).await.expect(200);
    let lists = bob.lists().await;
    let names: Vec<_> = lists.iter().map(|list| list.name.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let tasks = bob.list().await;
    assert!(
        tasks
            .iter()
            .all(|task| task.list_id == tasks[0].list_id && task.list_id.is_some()),
        "{tasks:#?}"
    );
}

#[tokio::test]
async fn ten_thousand_tasks_are_exported_and_imported() {
    let app = TestApp::spawn().await;
    let (ada, eve) = (app.register("ada").await, app.register("eve").await);
    let parents: Vec<Uuid> = (0..1000).map(|_| Uuid::now_v7()).collect();
    let task = |n: usize| {
        let id = parents.get(n).copied().unwrap_or_else(Uuid::now_v7);
        json!({
            "id": id, "title": format!("Task number {n}"), "description": "Some words about it, for the index. ".repeat(3),
            "parent_id": (n >= 5000).then(|| parents[n % 1000]), "priority": n % 4, "tags": ["some", "tags"],
            "due": {"date": "2026-12-24", "time": "09:00", "zone": "Europe/Berlin"}, "completed": n.is_multiple_of(3),
        })
    };
    let tasks: Vec<Value> = (0..10_000).map(task).collect();
    let file = json!({"format": "taskward", "version": 1, "tasks": tasks}).to_string();
    let report: ImportReport = import(&ada, "", file).await.expect(200).json();
    assert_eq!((report.created, report.not_understood_total), (10_000, 0));
    let all = export(&ada, "json").await;
    let report: ImportReport = import(&eve, "", all.body.clone()).await.expect(200).json();
    assert_eq!(report.created, 10_000);
    assert_eq!(comparable(&export(&eve, "json").await), comparable(&all));
    let report: ImportReport = import(&eve, "", all.body).await.expect(200).json();
    assert_eq!((report.created, report.already_there), (0, 10_000));
}
