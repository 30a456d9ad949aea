//! A reader stops where it has read as much as there may be, and what it does is in proportion to the file.

use super::*;

fn refused(read: Result<Import, Unreadable>) -> String {
    read.map(|import| import.tasks.len()).unwrap_err().0
}

#[test]
fn a_reader_stops_at_the_limit_of_tasks() {
    let rows = "TYPE,CONTENT\n".to_owned() + &"task,y\n".repeat(MAX_TASKS + 1);
    // What comes behind is not even looked at.
    let rows = [rows.as_bytes(), b"\xff\xff,\n"].concat();
    let tasks = "The file must have at most 20000 tasks";
    assert_eq!(refused(todoist::read(&rows, &context())), tasks);
    let todos = "BEGIN:VTODO\nSUMMARY:y\nEND:VTODO\n".repeat(MAX_TASKS + 1);
    assert_eq!(
        refused(vtodo::read(format!("BEGIN:VCALENDAR\n{todos}").as_bytes(), &context())),
        tasks
    );
    let items = vec!["0"; MAX_TASKS + 1].join(",");
    let file = |what| format!("{{\"format\": \"taskward\", \"version\": 1, \"{what}\": [{items}]}}");
    assert_eq!(refused(json::read(file("tasks").as_bytes(), &context())), tasks);
    assert_eq!(
        refused(json::read(file("lists").as_bytes(), &context())),
        "The file must have at most 20000 lists"
    );
}

#[test]
fn a_reader_stops_at_the_limit_of_lists() {
    let lists = "There would be more than 500 lists";
    let section = |n: usize| format!("section,{n}\n");
    let sections: String = (0..=MAX_LISTS).map(section).collect();
    assert_eq!(
        refused(todoist::read(
            format!("TYPE,CONTENT\n{sections}").as_bytes(),
            &context()
        )),
        lists
    );
    let todo = |n: usize| format!("BEGIN:VTODO\nUID:{n}\nSUMMARY:{n}\nX-TASKWARD-LIST:{n}\nEND:VTODO\n");
    let todos: String = (0..=MAX_LISTS).map(todo).collect();
    assert_eq!(
        refused(vtodo::read(format!("BEGIN:VCALENDAR\n{todos}").as_bytes(), &context())),
        lists
    );
    // The same name again and again is one list.
    let sections = "TYPE,CONTENT\n".to_owned() + &"section,Home\n".repeat(10_000);
    assert_eq!(todoist::read(sections.as_bytes(), &context()).unwrap().lists.len(), 1);
    // Those in the trash are not in the way.
    let gone: Vec<_> = (0..4000)
        .map(|n| json!({"id": Uuid::now_v7(), "name": format!("{n}"), "deleted_at": "2026-11-20T08:00:00Z"}))
        .collect();
    let file = json!({"format": "taskward", "version": 1, "lists": gone}).to_string();
    assert_eq!(json::read(file.as_bytes(), &context()).unwrap().lists.len(), 4000);
}

#[test]
fn what_one_task_may_have_is_bounded() {
    let image = "A".repeat(2 * 1024 * 1024);
    let file = format!(
        "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:y\nATTACH;VALUE=BINARY:{image}\nDUE;VALUE=DATE:20261201\nEND:VTODO\nEND:VCALENDAR\n"
    );
    let import = vtodo::read(file.as_bytes(), &context()).unwrap();
    assert_eq!(import.tasks[0].due.as_ref().unwrap().to_string(), "2026-12-01");
    assert_eq!(import.notes.first()[0].message, "ATTACH is too long and is left out");
    let lines = "X-A:1\n".repeat(20_000);
    let file = format!("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:y\n{lines}END:VTODO\nEND:VCALENDAR\n");
    let import = vtodo::read(file.as_bytes(), &context()).unwrap();
    assert_eq!((import.tasks.len(), import.notes.first().len()), (1, Notes::KEPT));
    assert!(import.notes.total() < 10_010, "{}", import.notes.total());
    let file = format!(
        "{{\"format\": \"taskward\", \"version\": 1, \"tasks\": [{{\"id\": \"{}\", \"title\": \"{image}\"}}]}}",
        Uuid::now_v7()
    );
    let import = json::read(file.as_bytes(), &context()).unwrap();
    assert_eq!(import.tasks, []);
    assert_eq!(
        import.notes.first()[0].message,
        "It has more than 1048576 bytes and is left out"
    );
}

#[test]
fn what_is_beyond_a_hundred_pieces_of_notes_is_said() {
    let file = format!("TYPE,CONTENT,DESCRIPTION\ntask,Long,{}\n", "y".repeat(1_000_007));
    let import = todoist::read(file.as_bytes(), &context()).unwrap();
    assert_eq!(import.tasks.len(), 100);
    assert_eq!(
        import.notes.first()[1].message,
        "The last 7 characters of its notes are left out"
    );
}
