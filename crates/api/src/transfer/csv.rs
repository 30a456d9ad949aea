//! Tasks as a table, for spreadsheets.
//!
//! RFC 4180, in UTF-8 with a byte order mark, without which Excel takes it for something else. A cell that a spreadsheet would
//! run as a formula has an apostrophe before it, which spreadsheets take as "this is text" (OWASP, CSV injection): whoever
//! reads the file by a program takes it off. What is in the trash is not exported.

use chrono::{DateTime, Timelike as _, Utc};
use csv::Terminator;
use shared::transfer::ExportedTask;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use uuid::Uuid;

/// The columns.
pub const COLUMNS: [&str; 15] = [
    "id",
    "title",
    "description",
    "completed",
    "completed_at",
    "due_date",
    "due_time",
    "due_zone",
    "priority",
    "tags",
    "list",
    "parent_id",
    "recurrence",
    "created_at",
    "updated_at",
];

/// What the file begins with: the byte order mark and the columns' names.
///
/// # Errors
/// Not for any export: the library cannot know that memory takes whatever it is given.
pub(super) fn beginning() -> io::Result<Vec<u8>> {
    let mut table = table("\u{feff}");
    table.write_record(COLUMNS).map_err(io::Error::from)?;
    table.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// The rows of these tasks.
///
/// # Errors
/// Not for any task, as above.
pub(super) fn rows<'a>(
    tasks: impl Iterator<Item = &'a ExportedTask>,
    lists: &HashMap<Uuid, String>,
) -> io::Result<Vec<u8>> {
    let mut table = table("");
    for task in tasks {
        table
            .write_record(row(task, lists).iter().map(|cell| guarded(cell).into_owned()))
            .map_err(io::Error::from)?;
    }
    table.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn table(beginning: &str) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(Terminator::CRLF)
        // A program that splits at semicolons would else see a formula behind one: what has any is quoted.
        .comment(Some(b';'))
        .from_writer(beginning.as_bytes().to_vec())
}

fn row(exported: &ExportedTask, lists: &HashMap<Uuid, String>) -> [String; COLUMNS.len()] {
    let task = &exported.task;
    let instant = |instant: DateTime<Utc>| instant.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let due = task.due.as_ref();
    [
        task.id.to_string(),
        task.title.clone(),
        task.description.clone().unwrap_or_default(),
        task.completed.to_string(),
        task.completed_at.map(instant).unwrap_or_default(),
        due.map(|due| due.date().to_string()).unwrap_or_default(),
        due.and_then(shared::due::Due::time)
            .map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
            .unwrap_or_default(),
        due.and_then(|due| due.zone())
            .map(|zone| zone.as_str().to_owned())
            .unwrap_or_default(),
        task.priority.get().to_string(),
        task.tags.join(", "),
        task.list_id
            .and_then(|list| lists.get(&list))
            .cloned()
            .unwrap_or_default(),
        task.parent_id.map(|parent| parent.to_string()).unwrap_or_default(),
        task.recurrence
            .map(|recurrence| recurrence.to_string())
            .unwrap_or_default(),
        instant(task.created_at),
        instant(task.updated_at),
    ]
}

/// The cell, as text even if it looks like a formula.
fn guarded(cell: &str) -> Cow<'_, str> {
    if looks_like_formula(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell, without what [`guarded`] puts before it.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(inner) if looks_like_formula(inner) => inner,
        _ => cell,
    }
}

fn looks_like_formula(cell: &str) -> bool {
    // The wide forms are formulas as well where such keyboards are used.
    cell.trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
