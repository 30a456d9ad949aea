mod bounds;
mod brought;
mod calendars;
mod formats;
mod todoist_table;

use self::calendars::FOREIGN;
use self::todoist_table::TODOIST;
use super::export::{Format, Writer};
use super::ids::Ids;
use super::import::MAX_TASKS;
use super::*;
use crate::calendar;
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::json;
use shared::lists::{List, ListColor, MAX_LISTS};
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tasks::{SubtaskProgress, Task};
use shared::text::Description;
use shared::transfer::{Export, ExportedList, ExportedTask, FORMAT, VERSION};
use uuid::Uuid;

fn context() -> Context {
    Context {
        now: "2026-11-21T10:00:00Z".parse().unwrap(),
        zone: Tz::Europe__Berlin,
        file: None,
    }
}

/// What is noted, and of which line.
fn notes(import: &Import) -> Vec<(Option<u64>, &str)> {
    let notes = import.notes.first().iter();
    notes.map(|note| (note.line, note.message.as_str())).collect()
}

fn exported(title: &str) -> ExportedTask {
    let now = context().now;
    ExportedTask {
        task: Task {
            id: Uuid::now_v7(),
            user_id: "u".to_owned(),
            title: title.to_owned(),
            description: None,
            completed: false,
            created_at: now,
            updated_at: now,
            due: None,
            priority: Priority::None,
            tags: Vec::new(),
            list_id: None,
            position: Position::from_instant(now),
            parent_id: None,
            subtasks: SubtaskProgress::default(),
            recurrence: None,
            completed_at: None,
            deleted_at: None,
            version: 1,
        },
        series_start: None,
    }
}

/// A task with everything, a subtask of it, a day, and one in the trash.
/// The file, put together from pieces.
fn written(format: Format, export: &Export) -> Vec<u8> {
    let (mut writer, mut file) = Writer::begin(format, export.exported_at, export.lists.clone()).unwrap();
    for tasks in export.tasks.chunks(2) {
        file.extend(writer.tasks(tasks).unwrap());
    }
    file.extend(writer.end());
    file
}

#[test]
fn what_is_written_piece_by_piece_is_the_whole() {
    for tasks in [Vec::new(), export().tasks] {
        let export = Export { tasks, ..export() };
        assert_eq!(written(Format::Json, &export), serde_json::to_vec(&export).unwrap());
    }
}

fn export() -> Export {
    let now = context().now;
    let list = List {
        id: Uuid::now_v7(),
        name: "Haus; Garten, \\Hof".to_owned(),
        color: ListColor::Teal,
        position: Position::parse("8").unwrap(),
        archived: true,
        created_at: now,
        updated_at: now,
        version: 3,
    };
    let mut full = exported("Pay \"rent\"; übermorgen, \\n");
    full.task.description = Some("  first\n\tsecond, with; signs \\ and “ü” \n".to_owned());
    full.task.due =
        Some(serde_json::from_value(json!({"date": "2026-11-30", "time": "09:00", "zone": "Europe/London"})).unwrap());
    full.task.priority = Priority::High;
    full.task.tags = vec!["Flat; 2".to_owned(), "été \\".to_owned()];
    full.task.list_id = Some(list.id);
    full.task.recurrence = Some(Recurrence::parse("FREQ=MONTHLY;BYMONTHDAY=30,31;COUNT=12").unwrap());
    full.series_start = Some("2026-08-31".parse().unwrap());
    let mut sub = exported("=SUM(A1:A9)");
    sub.task.parent_id = Some(full.task.id);
    sub.task.list_id = Some(list.id);
    sub.task.completed = true;
    sub.task.completed_at = Some("2026-11-20T08:00:00Z".parse().unwrap());
    let mut day = exported("Plants");
    day.task.due = Some(serde_json::from_value(json!({"date": "2028-02-29"})).unwrap());
    day.task.recurrence = Some(Recurrence::parse("AFTER-COMPLETION=P3D").unwrap());
    day.series_start = Some("2028-02-29".parse().unwrap());
    let mut gone = exported("Gone");
    gone.task.deleted_at = Some(now);
    Export {
        format: FORMAT.to_owned(),
        version: VERSION,
        exported_at: now,
        lists: vec![ExportedList { list, deleted_at: None }],
        tasks: vec![full, sub, day, gone],
    }
}

fn same(read: &ImportTask, written: &ExportedTask) {
    let (task, title) = (&written.task, &written.task.title);
    assert_eq!(read.id, task.id, "{title}");
    assert_eq!(read.title.as_str(), task.title);
    assert_eq!(
        read.description.as_ref().map(Description::as_str),
        task.description.as_deref()
    );
    assert_eq!(read.completed, task.completed, "{title}");
    assert_eq!(read.due, task.due, "{title}");
    assert_eq!(read.priority, task.priority, "{title}");
    assert_eq!(read.tags.iter().collect::<Vec<_>>(), task.tags);
    assert_eq!(read.position, task.position, "{title}");
    assert_eq!(read.parent_id, task.parent_id, "{title}");
    assert_eq!(read.recurrence, task.recurrence, "{title}");
    assert_eq!(read.series_start, written.series_start, "{title}");
    assert_eq!(read.created_at, task.created_at, "{title}");
    assert_eq!(read.updated_at, task.updated_at, "{title}");
    assert_eq!(read.completed_at, task.completed_at, "{title}");
    assert_eq!(read.deleted_at, task.deleted_at, "{title}");
}

#[test]
fn our_json_comes_back_as_it_was() {
    let export = export();
    let import = json::read(&written(Format::Json, &export), &context()).unwrap();
    assert_eq!(import.notes.first(), []);
    for (read, written) in import.tasks.iter().zip(&export.tasks) {
        same(read, written);
        assert_eq!(read.list_id, written.task.list_id);
    }
    assert_eq!(import.tasks.len(), export.tasks.len());
    let (read, written) = (&import.lists[0], &export.lists[0].list);
    assert_eq!(
        (read.id, read.name.as_str(), read.color),
        (written.id, written.name.as_str(), written.color)
    );
    assert_eq!(
        (&read.position, read.archived, read.by_name),
        (&written.position, true, false)
    );
}

#[test]
fn our_icalendar_comes_back_but_for_the_trash() {
    let export = export();
    let file = String::from_utf8(written(Format::Ics, &export)).unwrap();
    assert!(file.lines().all(|line| line.len() <= 75), "lines are folded: {file}");
    for said in [
        "DUE;TZID=Europe/London:20261130T090000\r\n",
        "DUE;VALUE=DATE:20280229\r\n",
        "RRULE:FREQ=MONTHLY;COUNT=8;BYMONTHDAY=30,31\r\n",
        "PRIORITY:1\r\n",
        "CATEGORIES:Flat\\; 2,été \\\\\r\n",
        "RELATED-TO;RELTYPE=PARENT:",
        "COMPLETED:20261120T080000Z\r\n",
        "STATUS:COMPLETED\r\n",
        "X-TASKWARD-RECURRENCE:AFTER-COMPLETION=P3D\r\n",
    ] {
        assert!(file.contains(said), "{said:?} in {file}");
    }
    let import = vtodo::read(file.as_bytes(), &context()).unwrap();
    assert_eq!(import.notes.first(), []);
    assert_eq!(import.tasks.len(), 3);
    for (read, written) in import.tasks.iter().zip(&export.tasks) {
        same(read, written);
        let name = read
            .list_id
            .map(|id| import.lists.iter().find(|list| list.id == id).unwrap().name.as_str());
        assert_eq!(name, written.task.list_id.map(|_| "Haus; Garten, \\Hof"));
    }
}

#[test]
fn a_table_has_a_row_for_each_task_and_no_formula() {
    let file = written(Format::Csv, &export());
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut table = ::csv::Reader::from_reader(file);
    assert_eq!(table.headers().unwrap().iter().collect::<Vec<_>>(), csv::COLUMNS);
    let rows: Vec<_> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3, "without the trash");
    assert_eq!(&rows[0][1], "Pay \"rent\"; übermorgen, \\n");
    assert_eq!(
        [&rows[0][5], &rows[0][6], &rows[0][7]],
        ["2026-11-30", "09:00", "Europe/London"]
    );
    assert_eq!(
        [&rows[0][8], &rows[0][9], &rows[0][10]],
        ["3", "Flat; 2, été \\", "Haus; Garten, \\Hof"]
    );
    assert_eq!(&rows[1][1], "'=SUM(A1:A9)");
    assert_eq!(&rows[1][11], &rows[0][0], "the parent");
    for formula in ["+1", "-1", "@x", "\t=1", " =1", "＝1"] {
        let one = Export {
            tasks: vec![exported(formula)],
            ..export()
        };
        let file = String::from_utf8(written(Format::Csv, &one)).unwrap();
        assert!(
            file.contains(&format!(",'{formula},")) || file.contains(&format!(",\"'{formula}\",")),
            "{file}"
        );
    }
}

#[test]
fn what_is_read_twice_has_the_same_ids() {
    let ids = |now: &str| {
        let context = Context {
            now: now.parse().unwrap(),
            ..context()
        };
        let todoist = todoist::read(TODOIST.as_bytes(), &context).unwrap();
        let vtodo = vtodo::read(FOREIGN.as_bytes(), &context).unwrap();
        let of = |import: &Import| {
            let lists = import.lists.iter().map(|list| list.id);
            lists.chain(import.tasks.iter().map(|task| task.id)).collect::<Vec<_>>()
        };
        (of(&todoist), of(&vtodo))
    };
    assert_eq!(ids("2026-11-21T10:00:00Z"), ids("2027-03-01T10:00:00Z"));
}

#[test]
fn what_does_not_fit_into_a_title_is_in_the_description() {
    let title = "word ".repeat(60);
    let file = format!(
        "TYPE,CONTENT,PRIORITY,INDENT\ntask,{title},4,1\ntask,{},4,1\n",
        "x".repeat(10_500)
    );
    let import = todoist::read(file.as_bytes(), &context()).unwrap();
    let [long, longer, rest] = import.tasks.as_slice() else {
        panic!("{:?}", import.tasks)
    };
    assert!(long.title.as_str().ends_with("word…") && long.title.as_str().chars().count() <= 200);
    assert_eq!(long.description.as_ref().unwrap().as_str(), title.trim());
    let characters = |task: &ImportTask| task.description.as_ref().unwrap().as_str().chars().count();
    assert_eq!((characters(longer), characters(rest)), (10_000, 500));
    assert_eq!(rest.parent_id, Some(longer.id));
    assert!(rest.title.as_str().ends_with("… (2)"), "{:?}", rest.title);
    assert_eq!(
        import.notes.first()[0].message,
        "Its notes have more than 10000 characters: they go on in a task of its own"
    );
}

#[test]
fn what_is_wrong_with_a_json_task_is_noted_and_the_rest_taken() {
    let id = Uuid::now_v7();
    let file = format!(
        "{{\"format\": \"taskward\", \"version\": 1, \"tasks\": [\n 7,\n {{\"id\": \"{id}\", \"title\": \"a\", \"priority\": 9,\n \
         \"due\": {{\"date\": \"2026-12-01\", \"time\": \"09:00\", \"zone\": \"Mars/Olympus\"}}, \"list_id\": \"{id}\", \
         \"parent_id\": \"{id}\", \"created_at\": \"yesterday\"}},\n {{\"id\": \"{id}\", \"title\": \"b\"}},\n {{\"title\": \"c\"}}]}}"
    );
    let import = json::read(file.as_bytes(), &context()).unwrap();
    let [task] = import.tasks.as_slice() else {
        panic!("{:?}", import.tasks)
    };
    assert_eq!(task.due.as_ref().unwrap().to_string(), "2026-12-01");
    assert_eq!(
        (task.list_id, task.parent_id, task.priority),
        (None, None, Priority::None)
    );
    assert_eq!(
        notes(&import),
        [
            (Some(2), "Not an object"),
            (Some(3), "There is no time zone “Mars/Olympus”: only the date is taken"),
            (Some(3), "“priority” must be a number from 0 to 3"),
            (Some(3), "“created_at” is not a time such as 2026-11-21T09:30:00Z"),
            (Some(6), "A task needs an id and a title"),
            (None, "Another task of this file has the same id"),
            (None, "Its list is not in this file: it goes to the Inbox"),
        ]
    );
}

#[test]
fn files_of_another_kind_are_refused_with_the_reason() {
    let of = |read: Result<Import, Unreadable>| read.unwrap_err().0;
    assert!(of(json::read(b"{", &context())).starts_with("The file is not an export: "));
    assert!(of(json::read(b"[]", &context())).starts_with("The file is not an export: "));
    assert_eq!(
        of(json::read(b"{}", &context())),
        "The file is not an export: its \"format\" is not \"taskward\""
    );
    assert_eq!(
        of(json::read(br#"{"format": "taskward", "version": 2}"#, &context())),
        "The export is of version 2; this server reads those up to 1"
    );
    assert!(of(todoist::read(b"a,b\n1,2\n", &context())).contains("TYPE and CONTENT"));
    assert_eq!(of(vtodo::read(b"hello", &context())), "The file is no iCalendar file");
    assert_eq!(of(vtodo::read(b"\xff", &context())), "The file is not UTF-8 text");
}

#[test]
fn circles_and_depths_of_subtasks_end() {
    let todo = |uid: usize, parent: usize| {
        format!("BEGIN:VTODO\nUID:t{uid}\nSUMMARY:{uid}\nRELATED-TO:t{parent}\nEND:VTODO\n")
    };
    let circle: String = (0..500).map(|n| todo(n, (n + 1) % 500)).collect();
    let import = vtodo::read(
        format!("BEGIN:VCALENDAR\n{circle}END:VCALENDAR\n").as_bytes(),
        &context(),
    )
    .unwrap();
    assert!(import.tasks.iter().all(|task| task.parent_id.is_none()));
    let nested = format!("BEGIN:VCALENDAR\n{}", "BEGIN:VTODO\n".repeat(200_000));
    assert_eq!(vtodo::read(nested.as_bytes(), &context()).unwrap().tasks.len(), 0);
}

proptest! {
    /// Whatever comes is read or refused, and what is read keeps the rules.
    #[test]
    fn no_file_makes_a_reader_panic(cut in 0..3000_usize, put in "\\PC{0,12}", at in 0..3000_usize, kind in 0..3_u8) {
        let file = match kind {
            0 => serde_json::to_string_pretty(&export()).unwrap(),
            1 => TODOIST.to_owned(),
            _ => FOREIGN.to_owned() + &String::from_utf8(written(Format::Ics, &export())).unwrap(),
        };
        let mut changed: Vec<char> = file.chars().collect();
        let at = at.min(changed.len());
        changed.splice(at..(at + cut % 40).min(changed.len()), put.chars());
        let changed: String = changed.into_iter().collect();
        let read = [json::read, todoist::read, vtodo::read][usize::from(kind)](changed.as_bytes(), &context());
        if let Ok(import) = read {
            for task in &import.tasks {
                prop_assert!(task.parent_id.is_none_or(|parent| import.tasks.iter().any(|other| other.id == parent && other.parent_id.is_none())));
                prop_assert_eq!(task.recurrence.is_some(), task.series_start.is_some());
            }
        }
    }
}
