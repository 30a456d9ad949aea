//! What kind of file it is, by what it begins with.

use super::import::{Context, Import, Unreadable};
use super::{google, json, own_csv, ticktick, todo_txt, todoist, vtodo};

/// Reads a file of any kind that is known.
///
/// # Errors
/// As of its kind; or if it is of none.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let text = file
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(file)
        .trim_ascii_start();
    let begin = text.get(..text.len().min(64 * 1024)).unwrap_or_default();
    let line = begin.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).to_ascii_uppercase();
    let columns: Vec<&str> = line.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
    let has = |name: &str| columns.contains(&name);
    let ends = |ending: &str| {
        context
            .file
            .as_ref()
            .is_some_and(|file| file.ending.eq_ignore_ascii_case(ending))
    };
    if text.starts_with(b"{") {
        let mark = b"\"tasks#";
        if begin.windows(mark.len()).any(|at| at == mark) {
            return google::read(file, context);
        }
        json::read(file, context)
    } else if line.trim_end() == "BEGIN:VCALENDAR" || ends("ics") {
        vtodo::read(file, context)
    } else if has("TYPE") && has("CONTENT") {
        todoist::read(file, context)
    } else if has("ID") && has("TITLE") && has("COMPLETED") {
        own_csv::read(file, context)
    } else if ticktick::header(file).is_some() {
        ticktick::read(file, context)
    } else if ends("txt") {
        todo_txt::read(file, context)
    } else {
        Err(Unreadable(
            "The file is of no kind that is known: an export of ours, iCalendar, Todoist, TickTick, Google Tasks, todo.txt"
                .to_owned(),
        ))
    }
}
