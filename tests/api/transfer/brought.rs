//! Files that people bring, of forms that other programs really write. Their contents are made up.

use super::import;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use shared::transfer::ImportReport;
use std::fmt::Write as _;
use tests::{Ask, Person, TestApp, assert_problem};
use uuid::Uuid;

async fn report(ada: &Person, query: &str, file: impl Into<reqwest::Body>) -> ImportReport {
    import(ada, query, file).await.expect(200).json()
}

/// A calendar with one task of these properties.
fn todo(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//x//EN\nBEGIN:VTODO\nUID:1@x\n{lines}END:VTODO\nEND:VCALENDAR\n")
}

fn messages(report: &ImportReport) -> Vec<&str> {
    report.not_understood.iter().map(|note| note.message.as_str()).collect()
}

#[tokio::test]
async fn a_line_that_is_folded_inside_a_character_is_read() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let title = "a".repeat(66) + "é end";
    let file = todo(&format!("SUMMARY:{title}\n"));
    let at = file.find('é').unwrap() + 1;
    let folded = [&file.as_bytes()[..at], b"\n ", &file.as_bytes()[at..]].concat();
    assert_eq!(report(&ada, "format=ics", folded).await.not_understood_total, 0);
    assert_eq!(ada.list().await[0].title, title);
}

#[tokio::test]
async fn a_time_in_a_zone_of_the_files_own_is_that_instant() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (uid, name) in [("1", "Customized Time Zone"), ("2", "Europe/London")] {
        let file = format!(
            "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:16011028T030000\n\
             RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0800\nEND:STANDARD\n\
             BEGIN:DAYLIGHT\nDTSTART:16010325T020000\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nTZOFFSETFROM:-0800\n\
             TZOFFSETTO:-0700\nEND:DAYLIGHT\nEND:VTIMEZONE\nBEGIN:VTODO\nUID:{uid}\nSUMMARY:9 am there\n\
             DUE;TZID=\"{name}\":20261216T090000\nEND:VTODO\nEND:VCALENDAR\n"
        );
        let report = report(&ada, "format=ics&time_zone=Europe/Berlin", file).await;
        assert_eq!(report.created, 1);
        let said =
            format!("The time zone “{name}” is taken as America/Los_Angeles, which has the rules that the file gives");
        assert_eq!(messages(&report), [said]);
        let task = ada.list().await.remove(0);
        assert_eq!(task.due.unwrap().to_string(), "2026-12-16 09:00 America/Los_Angeles");
    }
}

#[tokio::test]
async fn a_start_and_a_duration_are_a_due_time() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let file = todo("SUMMARY:Three days\nDTSTART:20261201T090000Z\nDURATION:P3D\n");
    let report = report(&ada, "format=ics", file).await;
    assert_eq!(
        ada.list().await[0].due.as_ref().unwrap().to_string(),
        "2026-12-04 09:00 UTC"
    );
    assert_eq!(
        messages(&report),
        ["When it starts (2026-12-01 09:00 UTC) is not taken over"]
    );
}

#[tokio::test]
async fn what_a_task_has_and_ours_have_not_is_in_the_report() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let file = todo(
        "SUMMARY:Half done\nDTSTART;VALUE=DATE:20261201\nDUE;VALUE=DATE:20261215\nSTATUS:IN-PROCESS\n\
         PERCENT-COMPLETE:60\nCLASS:PRIVATE\nX-APPLE-SORT-ORDER:7\nRELATED-TO;RELTYPE=SIBLING:2@x\n",
    );
    let cut_off = file.strip_suffix("END:VCALENDAR\n").unwrap().to_owned();
    let report = report(&ada, "format=ics", cut_off).await;
    assert_eq!((report.created, report.not_understood_total), (1, 7));
    let said = messages(&report);
    for part in [
        "starts (2026-12-01)",
        "progress (60 %)",
        "in process",
        "CLASS (PRIVATE)",
        "X-APPLE-SORT-ORDER",
        "SIBLING",
        "cut off",
    ] {
        assert!(said.iter().any(|said| said.contains(part)), "{part}: {said:?}");
    }
}

#[tokio::test]
async fn entries_of_one_uid_are_one_series() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let file = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTODO\nUID:a\nSUMMARY:weekly\nDUE;VALUE=DATE:20261201\n\
        STATUS:COMPLETED\nEND:VTODO\nBEGIN:VTODO\nUID:a\nSUMMARY:weekly\nDUE;VALUE=DATE:20261208\nRRULE:FREQ=WEEKLY\n\
        END:VTODO\nEND:VCALENDAR\n";
    for created in [2, 0] {
        let report = report(&ada, "format=ics", file).await;
        assert_eq!(
            (report.created, report.not_understood_total),
            (created, 0),
            "{report:?}"
        );
    }
    let said = |task: &Task| (task.due.as_ref().unwrap().to_string(), task.recurrence.is_some());
    let (done, open): (Vec<Task>, Vec<Task>) = ada.list().await.into_iter().partition(|task| task.completed);
    assert_eq!(
        open.iter().map(said).collect::<Vec<_>>(),
        [("2026-12-08".to_owned(), true)]
    );
    assert_eq!(
        done.iter().map(said).collect::<Vec<_>>(),
        [("2026-12-01".to_owned(), false)]
    );
}

#[tokio::test]
async fn each_project_of_todoist_is_a_list_and_alike_rows_are_not_the_same() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for client in ["A", "B"] {
        let file = format!(
            "TYPE,CONTENT,PRIORITY,INDENT\ntask,Client,4,1\ntask,Send invoice,4,2\nsection,Later,,\ntask,{client},4,1\n"
        );
        let name = format!("Client%20{client}%20%5B220330614%5D.csv");
        for created in [3, 0] {
            let report = report(&ada, &format!("format=todoist&name={name}"), file.clone()).await;
            assert_eq!(
                (report.created, report.lists_created),
                (created, u64::from(created > 0))
            );
        }
    }
    let mut lists = ada.lists().await;
    lists.sort_by(|one, other| one.name.cmp(&other.name));
    let names: Vec<_> = lists.iter().map(|list| list.name.as_str()).collect();
    assert_eq!(names, ["Client A", "Client B"]);
    let tasks = ada.list().await;
    for list in &lists {
        let count = tasks.iter().filter(|task| task.list_id == Some(list.id)).count();
        assert_eq!(count, 3);
    }
    let later: Vec<_> = tasks.iter().filter(|task| task.tags == ["Later"]).collect();
    assert_eq!(later.len(), 2, "sections are tags");
    // Without a name, the parent tells them apart.
    let eve = app.register("eve").await;
    for client in ["A", "B"] {
        let file = format!("TYPE,CONTENT,INDENT\ntask,Client {client},1\ntask,Send invoice,2\n");
        report(&eve, "format=todoist", file).await;
    }
    assert_eq!(eve.list().await.len(), 4);
}

#[tokio::test]
async fn long_notes_come_along_whole() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (words, more) = ("word ".repeat(400), "word ".repeat(2100));
    let file = format!("TYPE,CONTENT,DESCRIPTION\ntask,Long,{words}\ntask,Longer,{more}\n");
    let report = report(&ada, "format=todoist", file).await;
    assert_eq!(
        messages(&report),
        ["Its notes have more than 10000 characters: they go on in a task of its own"]
    );
    let tasks = ada.list().await;
    let of = |title: &str| tasks.iter().find(|task| task.title == title).unwrap();
    let notes = |title: &str| of(title).description.clone().unwrap();
    assert_eq!(notes("Long"), words.trim());
    assert_eq!(notes("Longer") + &notes("Longer (2)"), more.trim());
    assert_eq!(of("Longer (2)").parent_id, Some(of("Longer").id));
}

#[tokio::test]
async fn what_is_in_the_trash_and_imported_again_is_said_to_be_there() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let file = todo("SUMMARY:Milk\n");
    report(&ada, "format=ics", file.clone()).await;
    let milk = ada.list().await.remove(0);
    ada.delete(&ada.task(milk.id)).ask().await.expect(200);
    let again = report(&ada, "format=ics", file).await;
    assert_eq!((again.created, again.already_there, again.in_trash), (0, 1, 1));
    assert_eq!(again.not_understood[0].item.as_deref(), Some("Milk"));
    assert_eq!(
        messages(&again),
        ["It is in the trash, where it stays until it is restored"]
    );
    assert_eq!(ada.list().await, []);
}

#[tokio::test]
async fn a_preview_shows_repetition_priority_and_nesting() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let file = "TYPE,CONTENT,PRIORITY,INDENT,DATE\ntask,Plants,1,1,every day\ntask,The small ones,4,2,\n";
    let report = report(&ada, "format=todoist&dry_run=true", file).await;
    let [plants, small] = report.tasks.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!((plants.priority.get(), plants.parent.as_deref()), (3, None));
    assert_eq!(plants.recurrence.unwrap().to_string(), "FREQ=DAILY");
    assert_eq!((small.priority.get(), small.parent.as_deref()), (0, Some("Plants")));
}

#[tokio::test]
async fn a_compressed_file_is_refused_by_the_name_of_its_encoding() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let packed = ada
        .post(&paths::import(&ada.id))
        .header("content-encoding", "gzip")
        .body("{}")
        .ask()
        .await;
    let problem = assert_problem(&packed, 415, ErrorCode::UnsupportedMediaType);
    assert_eq!(
        problem.detail,
        "The body is encoded (gzip): send it as it is, without Content-Encoding"
    );
    assert_eq!(packed.header("accept-encoding"), "identity");
}

#[tokio::test]
async fn a_refused_file_is_not_sent_back() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let long = "secret".repeat(200_000);
    for file in [
        format!("{{\"format\": \"taskward\", \"version\": \"{long}\"}}"),
        format!("\"{long}\""),
    ] {
        let answer = import(&ada, "", file).await;
        let problem = assert_problem(&answer, 400, ErrorCode::InvalidInput);
        assert!(
            answer.body.len() < 1000 && !problem.detail.contains("secret"),
            "{problem:?}"
        );
        assert!(!problem.detail.contains("struct"), "{problem:?}");
    }
}

#[tokio::test]
async fn lists_in_the_trash_are_imported_however_many() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let gone = |n| json!({"id": Uuid::now_v7(), "name": format!("List {n}"), "deleted_at": "2026-11-20T08:00:00Z"});
    let lists: Vec<_> = (0..4000).map(gone).collect();
    let file = json!({"format": "taskward", "version": 1, "lists": lists}).to_string();
    assert_eq!(report(&ada, "", file).await.lists_created, 4000);
}

#[tokio::test]
async fn a_file_of_too_many_lists_is_refused_before_they_are_compared() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut file = "TYPE,CONTENT\n".to_owned();
    let name = "x".repeat(90);
    for n in 0..20_000 {
        writeln!(file, "section,{n} {name}").unwrap();
    }
    for dry_run in [true, false] {
        let answer = import(&ada, &format!("format=todoist&dry_run={dry_run}"), file.clone()).await;
        let problem = assert_problem(&answer, 400, ErrorCode::InvalidInput);
        assert_eq!(problem.detail, "There would be more than 500 lists");
    }
}
