//! The CSV that Todoist exports a project to.
//!
//! The file's name is the project's: with it, the project becomes a list, and its sections become tags. Without it, since the
//! file itself does not say what the project is called, the sections become lists. Labels (`@x` in the content) become tags,
//! comments go into the description. Dates are the words that were typed in Todoist: they are read as quick add reads them,
//! and what it does not understand is kept in the description. Deeper subtasks become subtasks of the topmost task.

use super::ids::Ids;
use super::import::{Context, Import, ImportTask, Unreadable};
use super::lines::{Lines, has_open_quote};
use super::notes::Place;
use super::{relations, text};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use csv::{ReaderBuilder, StringRecord};
use shared::due::{Due, Zone};
use shared::priority::Priority;
use shared::quick_add::{self, Kind, NumericDates};
use shared::recurrence::Recurrence;
use std::collections::HashSet;
use uuid::Uuid;

/// Reads a file.
///
/// # Errors
/// If it has not the columns that Todoist writes.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut table = ReaderBuilder::new().flexible(true).has_headers(true).from_reader(file);
    let no_table = |_| Unreadable("The file is not a CSV file in UTF-8".to_owned());
    let Some(columns) = Columns::find(table.headers().map_err(no_table)?) else {
        return Err(Unreadable(
            "The file is not of Todoist: it lacks the columns TYPE and CONTENT".to_owned(),
        ));
    };
    let mut reading = Reading {
        columns,
        context,
        import: Import::default(),
        ids: Ids::default(),
        list: None,
        section: None,
        above: Vec::new(),
        open: None,
        number: 0,
        last: None,
    };
    if let Some(list) = context.file.as_ref().and_then(|file| file.list.clone()) {
        reading.list = Some(reading.import.add_list_by_name(list, context.now)?);
    }
    // The library's own numbers are off where lines end in CR LF, or are empty.
    let mut lines = Lines::new(file);
    let mut line = |at: &csv::Position| lines.of(usize::try_from(at.byte()).unwrap_or(usize::MAX));
    for row in table.records() {
        match row {
            Ok(row) => {
                let line = row.position().map(&mut line);
                reading.row(&row, line)?;
            }
            Err(error) => {
                let line = error.position().map(&mut line);
                reading
                    .import
                    .notes
                    .add(&Place { line, item: None }, "The row is not UTF-8 text");
            }
        }
    }
    reading.close()?;
    if has_open_quote(file) {
        let place = Place {
            line: reading.last,
            item: None,
        };
        reading
            .import
            .notes
            .add(&place, "The file is cut off: a quotation mark is not closed here");
    }
    relations::resolve(&mut reading.import)?;
    Ok(reading.import)
}

/// Where the columns are. Older exports have fewer.
struct Columns {
    kind: usize,
    content: usize,
    description: Option<usize>,
    priority: Option<usize>,
    indent: Option<usize>,
    responsible: Option<usize>,
    date: Option<usize>,
    language: Option<usize>,
    zone: Option<usize>,
    deadline: Option<usize>,
    duration: Option<usize>,
    duration_unit: Option<usize>,
}

impl Columns {
    fn find(header: &StringRecord) -> Option<Self> {
        let column = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        Some(Self {
            kind: column("TYPE")?,
            content: column("CONTENT")?,
            description: column("DESCRIPTION"),
            priority: column("PRIORITY"),
            indent: column("INDENT"),
            responsible: column("RESPONSIBLE"),
            date: column("DATE"),
            language: column("DATE_LANG"),
            zone: column("TIMEZONE"),
            deadline: column("DEADLINE"),
            duration: column("DURATION"),
            duration_unit: column("DURATION_UNIT"),
        })
    }
}

struct Reading<'a> {
    columns: Columns,
    context: &'a Context,
    import: Import,
    ids: Ids,
    /// The list that the rows go to: the project, or the section that they are in.
    list: Option<Uuid>,
    /// The section that the rows are in, where the project is the list.
    section: Option<String>,
    /// The last task of each indent, from the outermost.
    above: Vec<Uuid>,
    /// The task whose comments may still come.
    open: Option<Open>,
    number: usize,
    /// The line of the last row.
    last: Option<u64>,
}

/// A task that is not complete: comments follow in rows of their own.
struct Open {
    id: Uuid,
    place: Place,
    content: String,
    description: Vec<String>,
    task: Box<dyn FnOnce(&mut ImportTask)>,
}

impl Reading<'_> {
    fn row(&mut self, row: &StringRecord, line: Option<u64>) -> Result<(), Unreadable> {
        self.last = line;
        let place = Place {
            line,
            item: Some(cell(row, Some(self.columns.content)).to_owned()).filter(|content| !content.is_empty()),
        };
        match cell(row, Some(self.columns.kind)).to_ascii_lowercase().as_str() {
            "task" => self.task(row, place)?,
            "section" => self.section(row, &place)?,
            "note" => self.note(row, &place),
            // An empty row parts the tasks; the other has how Todoist shows the project.
            "" | "meta" => {}
            other => {
                let message = format!("Rows of the type “{}” are not known", text::shortened(other, 40));
                self.import.notes.add(&place, message);
            }
        }
        Ok(())
    }

    fn section(&mut self, row: &StringRecord, place: &Place) -> Result<(), Unreadable> {
        self.close()?;
        self.above.clear();
        let name = cell(row, Some(self.columns.content));
        if self.context.file.is_some() {
            self.section = Some(name.to_owned()).filter(|name| !name.is_empty());
            return Ok(());
        }
        self.list = match text::list_name(name, place, &mut self.import.notes) {
            Some(name) => Some(self.import.add_list_by_name(name, self.context.now)?),
            None => None,
        };
        Ok(())
    }

    fn note(&mut self, row: &StringRecord, place: &Place) {
        let content = cell(row, Some(self.columns.content));
        let (words, attachment) = content
            .split_once("[[file")
            .map_or((content, false), |(words, _)| (words, true));
        if attachment {
            self.import.notes.add(place, "Attached files are not taken over");
        }
        match &mut self.open {
            Some(open) if !words.trim().is_empty() => open.description.push(words.trim().to_owned()),
            Some(_) => {}
            None => self
                .import
                .notes
                .add(place, "A comment on the project, which lists do not have"),
        }
    }

    fn task(&mut self, row: &StringRecord, place: Place) -> Result<(), Unreadable> {
        self.close()?;
        let get = |column: Option<usize>| cell(row, column);
        let columns = &self.columns;
        let notes = &mut self.import.notes;
        let indent = get(columns.indent).parse().unwrap_or(1_usize).clamp(1, 10);
        self.above.truncate(indent - 1);
        let parent_id = self.above.last().copied();
        let id = self.ids.of_row(&identity(row, self.context, parent_id));
        self.above.push(id);
        let (content, labels) = labels(get(Some(columns.content)));
        let mut description = vec![get(columns.description).to_owned()];
        let section = self.section.as_deref();
        let tags = text::tags(section.into_iter().chain(labels), &place, notes);
        let priority = match get(columns.priority) {
            "1" => Priority::High,
            "2" => Priority::Medium,
            "3" => Priority::Low,
            "4" | "" => Priority::None,
            other => {
                notes.add(
                    &place,
                    format!("The priority “{}” is not known", text::shortened(other, 40)),
                );
                Priority::None
            }
        };
        if !get(columns.responsible).is_empty() {
            notes.add(&place, "Who is to do it is not taken over");
        }
        let zone = get(columns.zone).parse().ok();
        let mut when = (None, None);
        let date = get(columns.date);
        if zone.is_none() && !get(columns.zone).is_empty() && !date.is_empty() {
            let name = text::shortened(get(columns.zone), 60);
            notes.add(&place, format!("The time zone “{name}” is not known; yours is taken"));
        }
        let zone = zone.unwrap_or(self.context.zone);
        if !date.is_empty() {
            if let Some(read) = read_date(date, zone, self.context) {
                when = read;
            } else {
                let language = Some(get(columns.language)).filter(|language| !matches!(*language, "" | "en"));
                let said = language.map(|language| format!(" ({language})")).unwrap_or_default();
                notes.add(
                    &place,
                    format!("The date “{}”{said} is not understood", text::shortened(date, 60)),
                );
                description.push(format!("Date: {date}"));
            }
        }
        let deadline = get(columns.deadline);
        match (deadline.parse().ok().and_then(|day| Due::on(day).ok()), &when) {
            (Some(due), (None, None)) => when = (Some(due), None),
            _ if deadline.is_empty() => {}
            _ => description.push(format!("Deadline: {deadline}")),
        }
        let duration = get(columns.duration);
        if !matches!(duration, "" | "None" | "none" | "0") {
            let unit = text::shortened(get(columns.duration_unit), 20);
            let said = format!("{} {unit}", text::shortened(duration, 20));
            notes.add(&place, format!("How long it takes ({}) is not taken over", said.trim()));
        }
        let list_id = self.list;
        let (due, recurrence) = when;
        self.open = Some(Open {
            id,
            place,
            content,
            description,
            task: Box::new(move |task| {
                task.tags = tags;
                task.priority = priority;
                task.due = due;
                task.recurrence = recurrence;
                task.parent_id = parent_id;
                task.list_id = list_id;
            }),
        });
        Ok(())
    }

    /// Adds the task that is open, now that its comments are there.
    fn close(&mut self) -> Result<(), Unreadable> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let paragraphs: Vec<_> = open
            .description
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .collect();
        let notes = &mut self.import.notes;
        let fitted = text::fit(&open.content, &paragraphs.join("\n\n"), &open.place, notes);
        let Some(title) = fitted.title else {
            notes.add(&open.place, "The task has no title");
            return Ok(());
        };
        let mut task = ImportTask::new(open.id, title, self.context, self.number);
        (task.description, task.rest) = (fitted.description, fitted.rest);
        (open.task)(&mut task);
        task.normalise(self.context);
        self.number += 1;
        self.import.add_task(task)
    }
}

/// What makes a row this one, and no other that says the same: the project, and the task that it is below.
fn identity(row: &StringRecord, context: &Context, parent: Option<Uuid>) -> String {
    let cells: Vec<&str> = row.iter().collect();
    let file = context.file.as_ref().map(|file| format!("file {}", file.stem));
    let parent = parent.map(|parent| format!("parent {parent}"));
    let place: Vec<String> = file.into_iter().chain(parent).collect();
    place
        .iter()
        .map(String::as_str)
        .chain(cells)
        .collect::<Vec<_>>()
        .join("\u{1f}")
}

fn cell(row: &StringRecord, column: Option<usize>) -> &str {
    column.and_then(|column| row.get(column)).unwrap_or_default().trim()
}

/// The content without its labels, and the labels. An address (`a@b`) is none, nor is a lone `@`.
fn labels(content: &str) -> (String, HashSet<&str>) {
    // What begins with an asterisk has no box to tick in Todoist.
    let content = content.strip_prefix("* ").unwrap_or(content);
    let (labels, words): (Vec<&str>, Vec<&str>) = content
        .split(' ')
        .partition(|word| word.len() > 1 && word.starts_with('@'));
    let labels: HashSet<_> = labels.into_iter().filter_map(|label| label.strip_prefix('@')).collect();
    if words.iter().all(|word| word.is_empty()) {
        // Nothing but labels: they are the title.
        return (content.to_owned(), labels);
    }
    (words.join(" "), labels)
}

/// What the words of a date mean, if all of them mean something.
fn read_date(words: &str, zone: Tz, context: &Context) -> Option<(Option<Due>, Option<Recurrence>)> {
    let named = Zone::parse(zone.name()).ok()?;
    if let Ok(day) = words.parse::<NaiveDate>() {
        return Some((Due::on(day).ok(), None));
    }
    if let Ok(instant) = words.parse::<chrono::DateTime<chrono::Utc>>() {
        let local = instant.with_timezone(&zone).naive_local();
        return Some((Some(Due::at(local.date(), local.time(), named).ok()?), None));
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(words, form) {
            return Some((Some(Due::at(local.date(), local.time(), named).ok()?), None));
        }
    }
    let context = quick_add::Context {
        now: context.now.with_timezone(&zone).naive_local(),
        zone: named,
        numeric_dates: NumericDates::DayFirst,
    };
    let read = quick_add::parse(words, &context, &[]);
    let only_dates = read
        .understood
        .iter()
        .all(|part| matches!(part.kind, Kind::Due | Kind::Recurrence));
    (read.title.trim().is_empty() && only_dates && (read.due.is_some() || read.recurrence.is_some()))
        .then_some((read.due, read.recurrence))
}
