//! Files of other programs, each with its small file, and how they are told from one another.

use super::*;

fn said(import: &Import) -> Vec<&str> {
    import.notes.first().iter().map(|note| note.message.as_str()).collect()
}

fn list_of<'a>(import: &'a Import, task: &ImportTask) -> Option<&'a str> {
    let list = import.lists.iter().find(|list| Some(list.id) == task.list_id)?;
    Some(list.name.as_str())
}

const TODO_TXT: &str = "(A) 2026-11-01 Pay rent +Flat @home due:2026-12-01 rec:+1m t:2026-11-25\n\
    \n\
    x 2026-11-20 2026-11-02 Call Ada http://example.org a:b pri:B\n\
    (F) Later +Flat +Garden rec:3d\n";

#[test]
fn todo_txt_is_read() {
    let import = todo_txt::read(TODO_TXT.as_bytes(), &context()).unwrap();
    let [rent, call, later] = import.tasks.as_slice() else {
        panic!("{:?}", import.tasks)
    };
    assert_eq!((rent.title.as_str(), rent.priority), ("Pay rent", Priority::High));
    assert_eq!(list_of(&import, rent), Some("Flat"));
    assert_eq!(rent.tags.iter().collect::<Vec<_>>(), ["home"]);
    assert_eq!(rent.due.as_ref().unwrap().to_string(), "2026-12-01");
    assert_eq!(rent.recurrence.unwrap().to_string(), "FREQ=MONTHLY");
    assert_eq!(rent.created_at.to_rfc3339(), "2026-11-01T00:00:00+00:00");
    assert_eq!(
        (call.title.as_str(), call.priority, call.completed),
        ("Call Ada http://example.org a:b", Priority::Medium, true)
    );
    assert_eq!(call.completed_at.unwrap().to_rfc3339(), "2026-11-20T00:00:00+00:00");
    assert_eq!(later.recurrence.unwrap().to_string(), "AFTER-COMPLETION=P3D");
    assert_eq!(later.tags.iter().collect::<Vec<_>>(), ["Garden"]);
    assert_eq!(
        said(&import),
        [
            "When it starts (2026-11-25) is not taken over",
            "The priority (F) is taken as low"
        ]
    );
}

const GOOGLE: &str = r#"{"kind": "tasks#taskLists", "items": [
  {"kind": "tasks#tasks", "id": "L1", "title": "My Tasks", "updated": "2026-11-01T10:00:00Z", "items": [
    {"kind": "tasks#task", "id": "a", "title": "Plan", "task_type": "PERSONAL_TASK", "notes": "with Bob",
     "status": "needsAction", "due": "2026-12-01T00:00:00.000Z", "created": "2026-10-01T10:00:00Z",
     "links": [{"type": "email", "link": "https://mail.example.org/1"}]},
    {"kind": "tasks#task", "id": "b", "title": "Book", "parent": "a", "status": "completed",
     "completed": "2026-11-02T10:00:00Z", "assignmentInfo": {"x": 1}}]}]}"#;

#[test]
fn google_tasks_are_read() {
    let import = google::read(GOOGLE.as_bytes(), &context()).unwrap();
    let [plan, book] = import.tasks.as_slice() else {
        panic!("{:?}", import.tasks)
    };
    assert_eq!(list_of(&import, plan), Some("My Tasks"));
    assert_eq!(plan.due.as_ref().unwrap().to_string(), "2026-12-01");
    assert_eq!(
        plan.description.as_ref().unwrap().as_str(),
        "with Bob\n\nhttps://mail.example.org/1"
    );
    assert_eq!((book.parent_id, book.completed), (Some(plan.id), true));
    assert_eq!(said(&import), ["“assignmentInfo” is not taken over"]);
}

const TICKTICK: &str = "\u{feff}\"Date: 2026-11-21+0000\"\n\"Version: 7.1\"\n\"Status: \n0 Normal\n1 Completed\n2 Archived\"\n\
    \"Folder Name\",\"List Name\",\"Title\",\"Kind\",\"Tags\",\"Content\",\"Is Check list\",\"Start Date\",\"Due Date\",\
    \"Reminder\",\"Repeat\",\"Priority\",\"Status\",\"Created Time\",\"Completed Time\",\"Order\",\"Timezone\",\"Is All Day\",\
    \"Is Floating\",\"Column Name\",\"Column Order\",\"View Mode\",\"taskId\",\"parentId\"\n\
    \"Home\",\"Flat\",\"Rent\",\"TEXT\",\"money, flat\",\"to the landlord\",\"N\",\"2026-11-30T23:00:00+0000\",\
    \"2026-11-30T23:00:00+0000\",\"PT0S\",\"RRULE:FREQ=MONTHLY;INTERVAL=1\",\"5\",\"0\",\"2026-10-01T10:00:00+0000\",\"\",\"1\",\
    \"Europe/Berlin\",\"true\",\"false\",\"\",\"\",\"list\",\"1\",\"\"\n\
    \"Home\",\"Flat\",\"Ask\",\"TEXT\",\"\",\"\",\"N\",\"2026-12-01T08:00:00+0000\",\"2026-12-01T09:00:00+0000\",\"\",\
    \"ERULE:NAME=CUSTOM\",\"0\",\"-1\",\"2026-10-01T10:00:00+0000\",\"2026-11-01T10:00:00+0000\",\"2\",\"Europe/Berlin\",\"false\",\
    \"false\",\"Doing\",\"\",\"list\",\"2\",\"1\"\n";

#[test]
fn ticktick_is_read() {
    let import = ticktick::read(TICKTICK.as_bytes(), &context()).unwrap();
    let [rent, ask] = import.tasks.as_slice() else {
        panic!("{:?}", import.tasks)
    };
    assert_eq!((rent.title.as_str(), rent.priority), ("Rent", Priority::High));
    assert_eq!(list_of(&import, rent), Some("Flat"));
    assert_eq!(rent.due.as_ref().unwrap().to_string(), "2026-12-01");
    assert_eq!(rent.recurrence.unwrap().to_string(), "FREQ=MONTHLY");
    assert_eq!(ask.due.as_ref().unwrap().to_string(), "2026-12-01 10:00 Europe/Berlin");
    assert_eq!((ask.parent_id, ask.completed), (Some(rent.id), true));
    assert_eq!(
        said(&import),
        [
            "That the list “Flat” is in the folder “Home” is not taken over",
            "Reminders are not taken over",
            "When it starts (2026-12-01 09:00 Europe/Berlin) is not taken over",
            "It will not be done: it is taken as done",
            "It cannot recur by “ERULE:NAME=CUSTOM”",
            "Its column “Doing” is not taken over",
        ]
    );
}

#[test]
fn our_table_comes_back_but_for_the_trash_and_the_order() {
    let export = export();
    let import = own_csv::read(&written(Format::Csv, &export), &context()).unwrap();
    assert_eq!(said(&import), [""; 0]);
    assert_eq!(import.tasks.len(), 3);
    for (read, written) in import.tasks.iter().zip(&export.tasks) {
        let kept = ExportedTask {
            series_start: read.series_start,
            task: Task {
                position: read.position.clone(),
                ..written.task.clone()
            },
        };
        same(read, &kept);
        let name = written.task.list_id.map(|_| "Haus; Garten, \\Hof");
        assert_eq!(list_of(&import, read), name);
    }
}

#[test]
fn a_file_is_told_by_what_it_begins_with() {
    let read = |file: &[u8], name: &str| {
        let context = Context {
            file: FileName::parse(name),
            ..context()
        };
        detect::read(file, &context).map(|import| import.tasks.len())
    };
    for (file, tasks) in [
        (written(Format::Json, &export()), 4),
        (written(Format::Csv, &export()), 3),
        (written(Format::Ics, &export()), 3),
        (FOREIGN.as_bytes().to_vec(), 3),
        (TODOIST.as_bytes().to_vec(), 7),
        (GOOGLE.as_bytes().to_vec(), 2),
        (TICKTICK.as_bytes().to_vec(), 2),
    ] {
        assert_eq!(read(&file, "file"), Ok(tasks));
    }
    assert_eq!(read(TODO_TXT.as_bytes(), "todo.txt"), Ok(3));
    for unknown in ["", "hello", "a,b\n1,2\n", "\u{0}\u{1}"] {
        let refused = read(unknown.as_bytes(), "file").unwrap_err();
        assert!(
            refused.0.starts_with("The file is of no kind that is known"),
            "{refused}"
        );
    }
}

proptest! {
    /// Whatever comes is read or refused.
    #[test]
    fn no_file_of_another_program_makes_a_reader_panic(cut in 0..60_usize, put in "\\PC{0,12}", at in 0..1500_usize, kind in 0..4_usize) {
        let table = String::from_utf8(written(Format::Csv, &export())).unwrap();
        let file = [TODO_TXT, GOOGLE, TICKTICK, &table][kind];
        let mut changed: Vec<char> = file.chars().collect();
        let at = at.min(changed.len());
        changed.splice(at..(at + cut).min(changed.len()), put.chars());
        let changed: String = changed.into_iter().collect();
        let read = [todo_txt::read, google::read, ticktick::read, own_csv::read][kind];
        let _ = read(changed.as_bytes(), &context());
        let _ = detect::read(changed.as_bytes(), &context());
    }
}
