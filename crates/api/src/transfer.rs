//! Taking everything along: export to files that others read, and import from what others write.
//!
//! Pure: a file comes in as bytes and goes out as bytes. What is read is a [`Import`], which keeps every rule that a request
//! would have to keep; whatever of the file does not is noted, and never a reason to refuse the rest.

pub mod csv;
pub mod detect;
pub mod google;
pub mod ical;
mod ids;
pub mod json;
mod lines;
pub mod own_csv;
mod relations;
mod rule;
mod table;
mod text;
pub mod ticktick;
pub mod todo_txt;
pub mod todoist;
pub mod vtodo;

#[cfg(test)]
mod tests;

use crate::calendar::recurrence;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use ids::Ids;
use shared::due::Due;
use shared::lists::{ListColor, MAX_LISTS};
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tags::Tags;
use shared::text::{Description, Name, Title};
use shared::transfer::NotUnderstood;
use std::collections::HashSet;
use uuid::Uuid;

/// Tasks that a file may have at most, and lists, those in the trash included. Readers stop there.
pub const MAX_TASKS: usize = 20_000;

/// Where and when a file is imported: what "tomorrow" in it means, and a time without a zone.
#[derive(Clone, Debug)]
pub struct Context {
    /// Now.
    pub now: DateTime<Utc>,
    /// The person's zone.
    pub zone: Tz,
    /// What the file is called, if that is known: some programs write a project's name nowhere else.
    pub file: Option<FileName>,
}

/// What a file is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// The name without its ending, and without what a browser appends to a second one of that name.
    stem: String,
    /// The list that is called so; none for the Inbox.
    list: Option<Name>,
    /// What is behind the last dot.
    ending: String,
}

impl FileName {
    /// Takes a name such as `Work [123] (1).csv`: of the project “Work”, which has the id 123, downloaded twice. `None` if
    /// nothing is left of it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if ending.len() <= 5 && !stem.is_empty() => (stem, ending),
            _ => (name, ""),
        };
        let stem = without_number(stem, '(', ')').trim();
        let list = text::name(without_number(stem, '[', ']'));
        let inbox = list
            .as_ref()
            .is_some_and(|list| list.as_str().eq_ignore_ascii_case("inbox"));
        (!stem.is_empty()).then(|| Self {
            stem: stem.to_owned(),
            list: list.filter(|_| !inbox),
            ending: ending.to_owned(),
        })
    }
}

/// The text without a number in such brackets at its end.
fn without_number(text: &str, open: char, close: char) -> &str {
    let text = text.trim_end();
    let inner = text.strip_suffix(close).and_then(|text| text.rsplit_once(open));
    match inner {
        Some((before, number)) if !before.trim().is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => text,
    }
}

impl Context {
    /// The day that it is for the person.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        recurrence::day_in(self.zone, self.now)
    }
}

/// What was read from a file.
#[derive(Debug, Default)]
pub struct Import {
    /// Its lists.
    pub lists: Vec<ImportList>,
    /// Its tasks, in its order. A task's parent and list are of the file as well.
    pub tasks: Vec<ImportTask>,
    /// What was not understood.
    pub notes: Notes,
    /// The ids of lists that are there, and how many of those are in the trash.
    seen: (HashSet<Uuid>, usize),
}

impl Import {
    /// Adds a task.
    ///
    /// # Errors
    /// If there are too many.
    fn add_task(&mut self, task: ImportTask) -> Result<(), Unreadable> {
        if self.tasks.len() >= MAX_TASKS {
            return Err(Unreadable(format!("The file must have at most {MAX_TASKS} tasks")));
        }
        self.tasks.push(task);
        Ok(())
    }

    /// Adds a list, unless there is one of that id.
    ///
    /// # Errors
    /// If there are too many.
    fn add_list(&mut self, list: ImportList) -> Result<(), Unreadable> {
        let (ids, in_trash) = &mut self.seen;
        if !ids.insert(list.id) {
            return Ok(());
        }
        if list.deleted_at.is_some() {
            *in_trash += 1;
        }
        if ids.len() - *in_trash > MAX_LISTS {
            return Err(Unreadable(format!("There would be more than {MAX_LISTS} lists")));
        }
        if ids.len() > MAX_TASKS {
            return Err(Unreadable(format!("The file must have at most {MAX_TASKS} lists")));
        }
        self.lists.push(list);
        Ok(())
    }

    /// Adds a list that the file knows by its name only, after those that it has. Of several with one name there will be one.
    ///
    /// # Errors
    /// If there are too many.
    fn add_list_by_name(&mut self, name: Name, now: DateTime<Utc>) -> Result<Uuid, Unreadable> {
        let id = Ids::of_list(name.as_str());
        let number = i64::try_from(self.lists.len()).unwrap_or(i64::MAX);
        self.add_list(ImportList {
            id,
            by_name: true,
            name,
            color: ListColor::default(),
            position: Position::from_instant(now - TimeDelta::microseconds(number)),
            archived: false,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        })?;
        Ok(id)
    }
}

/// A list that is to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportList {
    /// Its id.
    pub id: Uuid,
    /// Whether the file knows it by its name only: then one of that name that is there already is the same.
    pub by_name: bool,
    /// What it is called.
    pub name: Name,
    /// Its colour.
    pub color: ListColor,
    /// Its place among the lists.
    pub position: Position,
    /// Whether it is out of the way.
    pub archived: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was moved to the trash.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A task that is to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in shared::tasks::Task")]
pub struct ImportTask {
    pub id: Uuid,
    pub title: Title,
    pub description: Option<Description>,
    pub completed: bool,
    pub due: Option<Due>,
    pub priority: Priority,
    pub tags: Tags,
    pub list_id: Option<Uuid>,
    pub position: Position,
    pub parent_id: Option<Uuid>,
    pub recurrence: Option<Recurrence>,
    /// The day from which the recurrence is counted.
    pub series_start: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    /// What of the description is beyond its limit, in pieces: tasks of their own in the end.
    rest: Vec<Description>,
}

impl ImportTask {
    /// The `number`th task of a file that says nothing but a title. Those that come later in the file come later in the
    /// list.
    fn new(id: Uuid, title: Title, context: &Context, number: usize) -> Self {
        let micros = i64::try_from(number).unwrap_or(i64::MAX);
        let added = context.now - TimeDelta::microseconds(micros);
        Self {
            id,
            title,
            description: None,
            completed: false,
            due: None,
            priority: Priority::None,
            tags: Tags::default(),
            list_id: None,
            position: Position::from_instant(added),
            parent_id: None,
            recurrence: None,
            series_start: None,
            created_at: added,
            updated_at: context.now,
            completed_at: None,
            deleted_at: None,
            rest: Vec::new(),
        }
    }

    /// Makes what belongs together agree: a recurrence has a day that it is first due on, and its first day.
    fn settle(&mut self, context: &Context) {
        if self.completed {
            self.completed_at = self.completed_at.or(Some(self.updated_at));
        } else {
            self.completed_at = None;
        }
        if self.due.is_none()
            && let Some(recurrence) = self.recurrence
        {
            let first = match recurrence {
                Recurrence::Rule(rule) => rule.first_from(context.today()),
                Recurrence::AfterCompletion(..) => Some(context.today()),
            };
            self.due = first.and_then(|day| Due::on(day).ok());
        }
        if self.due.is_none() {
            self.recurrence = None;
        }
        self.series_start = match (self.recurrence, &self.due) {
            (Some(_), Some(due)) => Some(
                self.series_start
                    .filter(|first| *first <= due.date())
                    .unwrap_or(due.date()),
            ),
            _ => None,
        };
    }
}

/// A file that nothing can be read from. The text is for whoever sent it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// What was not understood of a file: the first of it, and how much it was.
#[derive(Debug, Default)]
pub struct Notes {
    first: Vec<NotUnderstood>,
    total: u64,
}

/// Where something stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The title or id of the item.
    pub item: Option<String>,
}

impl Notes {
    /// How many are kept.
    pub const KEPT: usize = 200;

    /// Notes something.
    pub fn add(&mut self, place: &Place, message: impl Into<String>) {
        self.total += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(NotUnderstood {
                line: place.line,
                item: place.item.as_deref().map(|item| text::shortened(item, 100)),
                message: message.into(),
            });
        }
    }

    /// The first ones.
    #[must_use]
    pub fn first(&self) -> &[NotUnderstood] {
        &self.first
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// An instant that the wire can say, in whole microseconds as the databases keep them.
fn instant(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let instant = DateTime::from_timestamp_micros(instant.timestamp_micros())?;
    // Both databases can hold these.
    (1900..=9999).contains(&instant.year()).then_some(instant)
}
