//! What is read from a file, whatever program wrote it, as far as it keeps our rules.

use super::file_name::FileName;
use super::ids::Ids;
use super::notes::Notes;
use crate::calendar;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use shared::due::Due;
use shared::lists::{ListColor, MAX_LISTS};
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tags::Tags;
use shared::text::{Description, Name, Title};
use std::collections::HashSet;
use uuid::Uuid;

/// Tasks that a file may have at most, and lists, those in the trash included. Readers stop there.
pub(super) const MAX_TASKS: usize = 20_000;

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

impl Context {
    /// The day that it is for the person.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        calendar::day_in(self.zone, self.now)
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
    pub(super) fn add_task(&mut self, task: ImportTask) -> Result<(), Unreadable> {
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
    pub(super) fn add_list(&mut self, list: ImportList) -> Result<(), Unreadable> {
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
    pub(super) fn add_list_by_name(&mut self, name: Name, now: DateTime<Utc>) -> Result<Uuid, Unreadable> {
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
    pub(super) rest: Vec<Description>,
}

impl ImportTask {
    /// The `number`th task of a file that says nothing but a title. Those that come later in the file come later in the
    /// list.
    pub(super) fn new(id: Uuid, title: Title, context: &Context, number: usize) -> Self {
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
    pub(super) fn normalise(&mut self, context: &Context) {
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

/// An instant that the wire can say, in whole microseconds as the databases keep them.
pub(super) fn instant(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let instant = DateTime::from_timestamp_micros(instant.timestamp_micros())?;
    // Both databases can hold these.
    (1900..=9999).contains(&instant.year()).then_some(instant)
}
