//! The table that [`csv`](super::csv) writes, read again. It lacks the lists' colours, the order and the trash.

use super::ids::Ids;
use super::import::{Context, Import, ImportTask, Unreadable, instant};
use super::table::Table;
use super::{csv, relations, text};
use crate::calendar;
use chrono::{DateTime, NaiveTime, Utc};
use shared::due::{Due, Zone};
use shared::priority::Priority;
use shared::recurrence::Recurrence;

/// Reads a file.
///
/// # Errors
/// If it has not our columns, or too many tasks.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let table = Table::open(file, 0).filter(|table| ["id", "title", "completed"].iter().all(|name| table.has(name)));
    let Some(mut table) = table else {
        return Err(Unreadable(
            "The file is no table of ours: it lacks the columns id, title and completed".to_owned(),
        ));
    };
    let mut import = Import::default();
    while table.next(&mut import.notes) {
        task(&table, context, &mut import)?;
    }
    relations::resolve(&mut import)?;
    Ok(import)
}

fn task(table: &Table<'_>, context: &Context, import: &mut Import) -> Result<(), Unreadable> {
    let cell = |column: &str| csv::unguarded(table.cell(column));
    let place = table.place(cell("title"));
    let fitted = text::fit(cell("title"), cell("description"), &place, &mut import.notes);
    let (Some(title), false) = (fitted.title, cell("id").is_empty()) else {
        import.notes.add(&place, "A task needs an id and a title");
        return Ok(());
    };
    let mut task = ImportTask::new(Ids::of_uid(cell("id")), title, context, import.tasks.len());
    (task.description, task.rest) = (fitted.description, fitted.rest);
    task.tags = text::tags(cell("tags").split(','), &place, &mut import.notes);
    if let Some(name) = text::list_name(cell("list"), &place, &mut import.notes) {
        task.list_id = Some(import.add_list_by_name(name, context.now)?);
    }
    let mut known = |column: &str, is_read: bool| {
        if !is_read && !cell(column).is_empty() {
            let said = text::shortened(cell(column), 60);
            import.notes.add(&place, format!("“{said}” is no {column}"));
        }
    };
    let completed = cell("completed").to_ascii_lowercase();
    task.completed = completed == "true";
    known("completed", matches!(completed.as_str(), "true" | "false"));
    let priority = cell("priority")
        .parse::<u8>()
        .ok()
        .and_then(|number| Priority::try_from(number).ok());
    known("priority", priority.is_some());
    task.priority = priority.unwrap_or_default();
    task.due = due(&cell);
    known("due_date", task.due.is_some());
    known("due_time", task.due.as_ref().is_some_and(|due| due.time().is_some()));
    task.recurrence = Recurrence::parse(cell("recurrence")).ok();
    known("recurrence", task.recurrence.is_some());
    task.parent_id = Some(cell("parent_id")).filter(|id| !id.is_empty()).map(Ids::of_uid);
    let mut at = |column: &str| {
        let read = time(cell(column));
        known(column, read.is_some());
        read
    };
    task.created_at = at("created_at").unwrap_or(task.created_at);
    task.updated_at = at("updated_at").unwrap_or(task.created_at);
    task.completed_at = at("completed_at");
    task.normalise(context);
    import.add_task(task)
}

fn due<'a>(cell: &impl Fn(&str) -> &'a str) -> Option<Due> {
    let day = cell("due_date").parse().ok()?;
    let zone = Zone::parse(cell("due_zone")).ok();
    let zone = zone.filter(|zone| calendar::zone(zone).is_some());
    match (NaiveTime::parse_from_str(cell("due_time"), "%H:%M"), zone) {
        (Ok(time), Some(zone)) => Due::at(day, time, zone).ok(),
        _ => Due::on(day).ok(),
    }
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    instant(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}
