//! What other programs' files have, and what becomes of it.

use super::*;

fn calendar(lines: &str) -> Import {
    let file = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{lines}END:VCALENDAR\n");
    vtodo::read(file.as_bytes(), &context()).unwrap()
}

/// The one task with these properties.
fn todo(lines: &str) -> (ImportTask, Vec<String>) {
    let import = calendar(&format!("BEGIN:VTODO\nUID:1@x\nSUMMARY:x\n{lines}END:VTODO\n"));
    let [task] = import.tasks.as_slice() else {
        panic!("{:?}", import.tasks)
    };
    (task.clone(), said(&import))
}

fn said(import: &Import) -> Vec<String> {
    import.notes.first().iter().map(|note| note.message.clone()).collect()
}

fn due(task: &ImportTask) -> String {
    task.due.as_ref().unwrap().to_string()
}

#[test]
fn a_line_is_unfolded_before_it_is_decoded() {
    let title = "a".repeat(66) + "é end";
    let file =
        format!("BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:1@x\r\nSUMMARY:{title}\r\nEND:VTODO\r\nEND:VCALENDAR\r\n");
    let at = file.find('é').unwrap() + 1;
    let folded = [&file.as_bytes()[..at], b"\r\n ", &file.as_bytes()[at..]].concat();
    let import = vtodo::read(&folded, &context()).unwrap();
    assert_eq!(import.tasks[0].title.as_str(), title);
    assert_eq!(said(&import), [""; 0]);
}

#[test]
fn a_start_and_a_duration_say_when_it_is_due() {
    for (lines, is_due) in [
        (
            "DTSTART:20261201T090000Z\nDURATION:P3D\n",
            "2026-12-04 10:00 Europe/Berlin",
        ),
        ("DTSTART;VALUE=DATE:20261201\nDURATION:P1W\n", "2026-12-08"),
        (
            "DTSTART;TZID=Europe/London:20261201T090000\nDURATION:PT90M\n",
            "2026-12-01 10:30 Europe/London",
        ),
        // Over the change of the clocks a day is a day, and 24 hours are 24 hours.
        (
            "DTSTART;TZID=Europe/Berlin:20261024T090000\nDURATION:P1D\n",
            "2026-10-25 09:00 Europe/Berlin",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261024T090000\nDURATION:PT24H\n",
            "2026-10-25 08:00 Europe/Berlin",
        ),
    ] {
        let (task, said) = todo(lines);
        assert_eq!(due(&task), is_due, "{lines}");
        assert!(said.len() == 1 && said[0].starts_with("When it starts ("), "{said:?}");
    }
}

const LOS_ANGELES: &str = "BEGIN:STANDARD\nDTSTART:16011028T030000\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\n\
    TZOFFSETFROM:-0700\nTZOFFSETTO:-0800\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010325T020000\n\
    RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nTZOFFSETFROM:-0800\nTZOFFSETTO:-0700\nEND:DAYLIGHT\n";

fn in_own_zone(name: &str, rules: &str, local: &str) -> (ImportTask, Vec<String>) {
    let import = calendar(&format!(
        "BEGIN:VTODO\nUID:1@x\nSUMMARY:x\nDUE;TZID=\"{name}\":{local}\nEND:VTODO\n\
         BEGIN:VTIMEZONE\nTZID:{name}\n{rules}END:VTIMEZONE\n"
    ));
    (import.tasks[0].clone(), said(&import))
}

#[test]
fn a_zone_that_the_file_describes_is_taken_from_it() {
    let name = "Customized Time Zone";
    for (local, instant) in [
        ("20261216T090000", "2026-12-16T17:00:00Z"),
        ("20260716T090000", "2026-07-16T16:00:00Z"),
    ] {
        let (task, said) = in_own_zone(name, LOS_ANGELES, local);
        let task_due = task.due.as_ref().unwrap();
        assert_eq!(task_due.zone().unwrap().as_str(), "America/Los_Angeles");
        assert_eq!(calendar::instant(task_due), Some(instant.parse().unwrap()));
        assert_eq!(
            said,
            [
                "The time zone “Customized Time Zone” is taken as America/Los_Angeles, which has the rules that the file gives"
            ]
        );
    }
    // Also where its name is another zone's.
    let (task, said) = in_own_zone("Europe/London", LOS_ANGELES, "20261216T090000");
    assert_eq!(due(&task), "2026-12-16 09:00 America/Los_Angeles");
    assert_eq!(said.len(), 1);
    // Its own name is best where the clocks agree.
    let (task, said) = in_own_zone("America/Tijuana", LOS_ANGELES, "20261216T090000");
    assert_eq!(
        (due(&task).as_str(), said.len()),
        ("2026-12-16 09:00 America/Tijuana", 0)
    );
}

#[test]
fn a_zone_that_nobody_has_is_its_offset() {
    let rules = LOS_ANGELES.replace("BYMONTH=11", "BYMONTH=9");
    let (task, said) = in_own_zone("Moon", &rules, "20261216T090000");
    assert_eq!(due(&task), "2026-12-16 09:00 Etc/GMT+8");
    assert_eq!(
        said,
        ["The time zone “Moon” is only described in the file: its offset −08:00 is taken"]
    );
    let rules = "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0020\nTZOFFSETTO:+0020\nEND:STANDARD\n";
    let (task, said) = in_own_zone("Amsterdam Time", rules, "20261216T090000");
    assert_eq!(due(&task), "2026-12-16 09:40 Europe/Berlin", "the same instant");
    assert_eq!(said.len(), 1);
}

#[test]
fn what_a_task_has_and_ours_have_not_is_said() {
    for (lines, message) in [
        (
            "DTSTART;VALUE=DATE:20261201\nDUE;VALUE=DATE:20261215\n",
            "When it starts (2026-12-01) is not taken over",
        ),
        (
            "DTSTART;VALUE=DATE:20261201\n",
            "It has no DUE: it is taken as due when it starts (DTSTART)",
        ),
        ("PERCENT-COMPLETE:60\n", "Its progress (60 %) is not taken over"),
        (
            "STATUS:IN-PROCESS\n",
            "That it is in process is not taken over: it is open",
        ),
        ("CLASS:PRIVATE\n", "CLASS (PRIVATE) is not taken over"),
        (
            "X-APPLE-SORT-ORDER:7\n",
            "Its place among the others (X-APPLE-SORT-ORDER) is not taken over",
        ),
        (
            "RELATED-TO;RELTYPE=SIBLING:2@x\n",
            "Its relation to another task (SIBLING) is not taken over",
        ),
        (
            "RELATED-TO;RELTYPE=CHILD:2@x\n",
            "Its relation to another task (CHILD) is not taken over",
        ),
        ("DURATION:P1D\n", "How long it takes (DURATION) is not taken over"),
        (
            "DUE;VALUE=DATE:20261215\nDURATION:P1D\n",
            "How long it takes (DURATION) is not taken over",
        ),
        ("EXDATE;VALUE=DATE:20261201\n", "EXDATE is not taken over"),
        ("GEO:1.0;2.0\n", "GEO is not taken over"),
        ("X-SOMETHING:1\n", "X-SOMETHING is not taken over"),
        (
            "ATTACH;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=\n",
            "Attached files (ATTACH) are not taken over",
        ),
    ] {
        assert_eq!(todo(lines).1, [message], "{lines}");
    }
    for lines in [
        "CLASS:PUBLIC\n",
        "PERCENT-COMPLETE:0\nSTATUS:NEEDS-ACTION\n",
        "STATUS:COMPLETED\nPERCENT-COMPLETE:100\n",
    ] {
        assert_eq!(todo(lines).1, [""; 0], "{lines}");
    }
}

#[test]
fn several_entries_of_one_uid_are_one_series() {
    let entry = |lines: &str| format!("BEGIN:VTODO\nUID:a\nSUMMARY:weekly\n{lines}END:VTODO\n");
    let done = entry("DUE;VALUE=DATE:20261201\nSTATUS:COMPLETED\n");
    let open = entry("DUE;VALUE=DATE:20261208\nRRULE:FREQ=WEEKLY\n");
    let of_a_day = entry("RECURRENCE-ID;VALUE=DATE:20261208\nDUE;VALUE=DATE:20261208\nSTATUS:COMPLETED\n");
    let moved = entry("RECURRENCE-ID;VALUE=DATE:20261215\nDUE;VALUE=DATE:20261216\n");
    for (file, days) in [
        (done.clone() + &open, ["2026-12-01", "2026-12-08"].as_slice()),
        (open.clone() + &done, &["2026-12-01", "2026-12-08"]),
        (
            done.clone() + &of_a_day + &open,
            &["2026-12-01", "2026-12-08", "2026-12-15"],
        ),
    ] {
        let import = calendar(&file);
        let mut read: Vec<_> = import.tasks.iter().map(due).collect();
        read.sort();
        assert_eq!(read, days);
        let still_open: Vec<_> = import.tasks.iter().filter(|task| !task.completed).collect();
        let [task] = still_open.as_slice() else {
            panic!("{still_open:?}")
        };
        assert_eq!((due(task).as_str(), task.id), (*days.last().unwrap(), Ids::of_uid("a")));
        assert!(task.recurrence.is_some());
        assert!(
            import
                .tasks
                .iter()
                .all(|other| other.id == task.id || other.recurrence.is_none())
        );
        assert_eq!(said(&import), [""; 0]);
    }
    let import = calendar(&(open.clone() + &moved));
    assert_eq!(import.tasks.len(), 1);
    assert_eq!(
        said(&import),
        ["A change of one day of a recurring task is not taken over"]
    );
    let import = calendar(&(open.clone() + &open.replace("weekly", "otherwise")));
    assert_eq!(import.tasks.len(), 2, "no words are lost");
}

#[test]
fn a_file_that_is_cut_off_is_said_to_be() {
    let whole = "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nSUMMARY:One\nEND:VTODO\nBEGIN:VTODO\nUID:2\nSUMMARY:Two\n\
        DESCRIPTION:to the end\nEND:VTODO\nEND:VCALENDAR\n";
    for (end, task_is_cut) in [("the end", true), ("END:VTODO\nEND:VCAL", false)] {
        let at = whole.rfind(end).unwrap();
        let import = vtodo::read(&whole.as_bytes()[..at], &context()).unwrap();
        assert_eq!(import.tasks.len(), 2);
        let said = said(&import);
        assert!(
            said.iter().any(|said| said.starts_with("The file is cut off")),
            "{said:?}"
        );
        assert_eq!(
            said.iter().any(|said| said.starts_with("The task is cut off")),
            task_is_cut || end.len() > 9,
            "{said:?}"
        );
    }
    let import = todoist::read(b"TYPE,CONTENT\ntask,One\ntask,\"Two, and", &context()).unwrap();
    assert_eq!(import.notes.first()[0].line, Some(3));
    assert_eq!(
        said(&import),
        ["The file is cut off: a quotation mark is not closed here"]
    );
    let refused = json::read(br#"{"format": "taskward", "version": 1, "tasks": [{"#, &context()).unwrap_err();
    assert_eq!(
        refused.0,
        "The file is not an export: it is cut off: it ends before its end (line 1, column 48)"
    );
}

#[test]
fn what_a_refused_file_says_is_not_said_again() {
    let secret = "secret".repeat(10_000);
    for file in [
        format!("{{\"format\": {{\"{secret}\": 1}}}}"),
        format!("{{\"format\": \"taskward\", \"version\": \"{secret}\"}}"),
        format!("{{\"format\": \"taskward\", \"version\": 1, \"tasks\": \"{secret}\"}}"),
        format!("\"{secret}\""),
        secret.clone(),
        format!("{{\"format\": \"{secret}\"}}"),
    ] {
        let Unreadable(reason) = json::read(file.as_bytes(), &context()).unwrap_err();
        assert!(
            reason.len() < 200 && !reason.contains("secret") && !reason.contains("Document"),
            "{reason}"
        );
    }
}

#[test]
fn a_json_export_of_another_version_says_what_is_left_out() {
    let file = format!(
        "{{\"format\": \"taskward\", \"version\": 1, \"tasks\": [{{\"id\": \"{}\", \"title\": \"a\", \"version\": 3, \"mood\": 1}}]}}",
        Uuid::now_v7()
    );
    let import = json::read(file.as_bytes(), &context()).unwrap();
    assert_eq!(said(&import), ["“mood” is not taken over"]);
}

#[test]
fn rows_that_are_alike_are_other_tasks_in_other_projects_and_below_other_tasks() {
    let file = |parent: &str| format!("TYPE,CONTENT,INDENT\ntask,{parent},1\ntask,Send invoice,2\n");
    let read = |text: &str, name: Option<&str>| {
        let context = Context {
            file: name.and_then(FileName::parse),
            ..context()
        };
        todoist::read(text.as_bytes(), &context).unwrap()
    };
    let ids = |import: &Import| import.tasks.iter().map(|task| task.id).collect::<Vec<_>>();
    let (a, b) = (read(&file("A"), None), read(&file("B"), None));
    assert_ne!(ids(&a)[1], ids(&b)[1], "below other tasks");
    let (one, other) = (read(&file("A"), Some("One.csv")), read(&file("A"), Some("Other.csv")));
    assert!(ids(&one).iter().all(|id| !ids(&other).contains(id)));
    assert_eq!(
        ids(&one),
        ids(&read(&file("A"), Some("One (2).csv"))),
        "downloaded again"
    );
    assert_eq!(one.lists[0].name.as_str(), "One");
    assert!(one.tasks.iter().all(|task| task.list_id == Some(one.lists[0].id)));
}

#[test]
fn a_projects_sections_are_tags_where_the_project_is_the_list() {
    let context = Context {
        file: FileName::parse("Work [2203306141].csv"),
        ..context()
    };
    let file = "TYPE,CONTENT\ntask,First\nsection,Later\ntask,Second @phone\n";
    let import = todoist::read(file.as_bytes(), &context).unwrap();
    let names: Vec<_> = import.lists.iter().map(|list| list.name.as_str()).collect();
    assert_eq!(names, ["Work"]);
    let tags: Vec<Vec<_>> = import.tasks.iter().map(|task| task.tags.iter().collect()).collect();
    assert_eq!(tags, [vec![], vec!["Later", "phone"]]);
    let inbox = Context {
        file: FileName::parse("Inbox.csv"),
        ..context
    };
    assert_eq!(todoist::read(file.as_bytes(), &inbox).unwrap().lists, []);
}

#[test]
fn todoists_durations_and_unknown_zones_are_said() {
    let file =
        "TYPE,CONTENT,DATE,TIMEZONE,DURATION,DURATION_UNIT\ntask,a,2026-12-01,Mars/Olympus,30,minute\ntask,b,,,None,\n";
    let import = todoist::read(file.as_bytes(), &context()).unwrap();
    assert_eq!(
        said(&import),
        [
            "The time zone “Mars/Olympus” is not known; yours is taken",
            "How long it takes (30 minute) is not taken over"
        ]
    );
}

#[test]
fn long_notes_are_whole_in_pieces() {
    let words = "word ".repeat(5000);
    let file = format!("TYPE,CONTENT,DESCRIPTION,INDENT\ntask,Top,{words},1\ntask,Sub,{words},2\n");
    let import = todoist::read(file.as_bytes(), &context()).unwrap();
    let top = &import.tasks[0];
    assert_eq!(import.tasks.len(), 6);
    for title in ["Top", "Sub"] {
        let pieces = import
            .tasks
            .iter()
            .filter(|task| task.title.as_str().starts_with(title));
        let notes: String = pieces.map(|task| task.description.as_ref().unwrap().as_str()).collect();
        assert_eq!(notes, words.trim(), "{title}");
    }
    assert!(import.tasks.iter().skip(1).all(|task| task.parent_id == Some(top.id)));
    let again = todoist::read(file.as_bytes(), &context()).unwrap();
    assert!(
        import
            .tasks
            .iter()
            .zip(&again.tasks)
            .all(|(one, other)| one.id == other.id)
    );
}

#[test]
fn a_cell_with_a_semicolon_is_quoted() {
    let one = Export {
        tasks: vec![exported("a;=HYPERLINK(0)")],
        ..export()
    };
    let file = String::from_utf8(written(Format::Csv, &one)).unwrap();
    assert!(file.contains(",\"a;=HYPERLINK(0)\","), "{file}");
}
