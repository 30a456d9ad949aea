//! The CSV that `TickTick` writes as a backup: a few lines about itself, then a table of all lists.

use super::ids::Ids;
use super::import::{Context, Import, ImportTask, Unreadable, instant};
use super::notes::Place;
use super::table::Table;
use super::{relations, text, vtodo};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::due::{Due, Zone};
use shared::priority::Priority;
use std::collections::HashSet;

/// How the row begins that names the columns.
pub(super) const HEADER: &[u8] = b"\"Folder Name\",\"List Name\",\"Title\"";

/// Reads a file.
///
/// # Errors
/// If it has not the columns that `TickTick` writes, or too many tasks or lists.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let start = header(file).and_then(|start| Table::open(file, start));
    let Some(mut table) = start else {
        return Err(Unreadable(
            "The file is not of TickTick: it lacks the columns Folder Name, List Name and Title".to_owned(),
        ));
    };
    let mut import = Import::default();
    let mut ids = Ids::default();
    let mut folders = HashSet::new();
    while table.next(&mut import.notes) {
        let [folder, list] = ["folder name", "list name"].map(|column| text::shortened(table.cell(column), 60));
        if !folder.is_empty() && !folders.contains(&(folder.clone(), list.clone())) {
            let message = format!("That the list “{list}” is in the folder “{folder}” is not taken over");
            import.notes.add(&table.place(""), message);
            folders.insert((folder, list));
        }
        task(&table, &mut ids, context, &mut import)?;
    }
    relations::resolve(&mut import)?;
    Ok(import)
}

/// Where the table begins.
pub(super) fn header(file: &[u8]) -> Option<usize> {
    let mut start = 0;
    // What stands before it has a handful of lines.
    for line in file.split_inclusive(|byte| *byte == b'\n').take(20) {
        let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        if text.starts_with(HEADER) {
            return Some(start + (line.len() - text.len()));
        }
        start += line.len();
    }
    None
}

fn task(table: &Table<'_>, ids: &mut Ids, context: &Context, import: &mut Import) -> Result<(), Unreadable> {
    let cell = |column: &str| table.cell(column).trim();
    let place = table.place(cell("title"));
    let fitted = text::fit(cell("title"), cell("content"), &place, &mut import.notes);
    let Some(title) = fitted.title else {
        import.notes.add(&place, "The task has no title");
        return Ok(());
    };
    let of_uid = |id: &str| Ids::of_uid(&format!("ticktick {id}"));
    let id = match cell("taskid") {
        "" => ids.of_row(&table.whole()),
        id => of_uid(id),
    };
    let mut task = ImportTask::new(id, title, context, import.tasks.len());
    (task.description, task.rest) = (fitted.description, fitted.rest);
    let name = Some(cell("list name")).filter(|name| !name.eq_ignore_ascii_case("inbox"));
    if let Some(name) = name.and_then(|name| text::list_name(name, &place, &mut import.notes)) {
        task.list_id = Some(import.add_list_by_name(name, context.now)?);
    }
    task.tags = text::tags(cell("tags").split(','), &place, &mut import.notes);
    task.priority = match cell("priority") {
        "5" => Priority::High,
        "3" => Priority::Medium,
        "1" => Priority::Low,
        _ => Priority::None,
    };
    task.parent_id = Some(cell("parentid")).filter(|id| !id.is_empty()).map(of_uid);
    let zone = cell("timezone").parse().unwrap_or(context.zone);
    let whole_day = cell("is all day").eq_ignore_ascii_case("true");
    let at = |column: &str| due(cell(column), zone, whole_day);
    let (start, end) = (at("start date"), at("due date"));
    if let (Some(start), Some(end)) = (&start, &end)
        && start != end
    {
        import
            .notes
            .add(&place, format!("When it starts ({start}) is not taken over"));
    }
    task.due = end.or(start);
    let day = task.due.as_ref().map_or_else(|| context.today(), Due::date);
    task.recurrence = vtodo::recurrence_of(cell("repeat"), day, zone);
    match cell("status") {
        "" | "0" => {}
        "1" | "2" => task.completed = true,
        _ => {
            task.completed = true;
            import.notes.add(&place, "It will not be done: it is taken as done");
        }
    }
    task.created_at = time(cell("created time")).unwrap_or(task.created_at);
    task.completed_at = time(cell("completed time"));
    left_out(table, &task, &place, import);
    task.normalise(context);
    import.add_task(task)
}

fn left_out(table: &Table<'_>, task: &ImportTask, place: &Place, import: &mut Import) {
    let cell = |column: &str| table.cell(column).trim();
    let mut note = |message: String| import.notes.add(place, message);
    if task.recurrence.is_none() && !cell("repeat").is_empty() {
        note(format!("It cannot recur by “{}”", text::shortened(cell("repeat"), 100)));
    }
    for column in ["start date", "due date"] {
        if task.due.is_none() && !cell(column).is_empty() {
            note(format!(
                "The date “{}” is not understood",
                text::shortened(cell(column), 60)
            ));
        }
    }
    if !cell("reminder").is_empty() {
        note("Reminders are not taken over".to_owned());
    }
    let column = cell("column name");
    if !column.is_empty() {
        note(format!(
            "Its column “{}” is not taken over",
            text::shortened(column, 60)
        ));
    }
    if !matches!(cell("kind"), "" | "TEXT" | "CHECKLIST") {
        note(format!("A {} is taken as a task", text::shortened(cell("kind"), 40)));
    }
}

fn due(text: &str, zone: Tz, whole_day: bool) -> Option<Due> {
    let local = time(text)?.with_timezone(&zone).naive_local();
    if whole_day {
        return Due::on(local.date()).ok();
    }
    Due::at(local.date(), local.time(), Zone::parse(zone.name()).ok()?).ok()
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    instant(DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").ok()?.to_utc())
}
