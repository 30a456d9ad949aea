//! A task as its row: to be read, to be added, and what is changed of it.

use super::due::{self, DueColumns};
use super::schema::tasks;
use super::search::TextColumns;
use super::tags::TagColumns;
use super::types::{ListId, TaskId, UserId, UtcTime};
use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use shared::due::Due;
use shared::position::Position;

/// A task.
#[derive(Queryable, Selectable, Clone, Debug)]
#[diesel(table_name = tasks, check_for_backend(Pg, Sqlite))]
pub struct Task {
    /// The task's id.
    pub id: TaskId,
    /// What to do.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// Whether it is done.
    pub completed: bool,
    /// Raised by every change.
    pub version: i64,
    /// When it was added.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// When it is due: see [`due`](super::due).
    pub due_order: Option<i64>,
    /// The zone of that.
    pub due_zone: Option<String>,
    /// How much it matters, 0 to 3.
    pub priority: i16,
    /// Its tags, as a JSON array.
    pub tags: String,
    /// The list that it is in.
    pub list_id: Option<ListId>,
    /// Its place in the order that people make by hand.
    pub position: String,
    /// The task that it is a subtask of.
    pub parent_id: Option<TaskId>,
    /// How many subtasks it has that are not in the trash.
    pub subtasks_total: i64,
    /// How many of those are done.
    pub subtasks_completed: i64,
    /// How it comes back.
    pub recurrence: Option<String>,
    /// When it was done.
    pub completed_at: Option<UtcTime>,
    /// When it was moved to the trash.
    pub deleted_at: Option<UtcTime>,
}

/// A task with what only the server knows of it.
#[derive(Queryable, Selectable, Clone, Debug)]
#[diesel(table_name = tasks, check_for_backend(Pg, Sqlite))]
pub struct FullTask {
    /// The task.
    #[diesel(embed)]
    pub task: Task,
    /// Its tags, folded, between line breaks.
    pub tag_keys: String,
    /// The day from which its recurrence is counted.
    pub series_start: Option<NaiveDate>,
    /// The task that came about when this one was completed.
    pub next_id: Option<TaskId>,
}

impl Task {
    /// When it is due.
    #[must_use]
    pub fn due(&self) -> Option<Due> {
        due::from_columns(self.due_order?, self.due_zone.as_deref())
    }
}

impl FullTask {
    /// Its tags, for a copy.
    #[must_use]
    pub fn tag_columns(&self) -> TagColumns {
        TagColumns::copied(self.task.tags.clone(), self.tag_keys.clone())
    }
}

/// A task to be added.
#[derive(Insertable, Clone, Debug)]
#[diesel(table_name = tasks, treat_none_as_default_value = false)]
pub struct NewTask {
    pub owner_id: UserId,
    pub id: TaskId,
    #[diesel(embed)]
    pub text: TextColumns,
    pub completed: bool,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    #[diesel(embed)]
    pub due: DueColumns,
    pub priority: i16,
    #[diesel(embed)]
    pub tags: TagColumns,
    pub list_id: Option<ListId>,
    pub position: String,
    pub parent_id: Option<TaskId>,
    pub subtasks_total: i64,
    pub subtasks_completed: i64,
    pub recurrence: Option<String>,
    pub series_start: Option<NaiveDate>,
    pub next_id: Option<TaskId>,
    pub completed_at: Option<UtcTime>,
    pub deleted_at: Option<UtcTime>,
}

impl NewTask {
    /// An open task of which nothing but its text is said, added now: the first of those in the Inbox.
    #[must_use]
    pub fn new(owner: UserId, id: TaskId, title: String, description: Option<String>, now: UtcTime) -> Self {
        Self {
            owner_id: owner,
            id,
            text: TextColumns::new(title, description),
            completed: false,
            version: 1,
            created_at: now,
            updated_at: now,
            due: DueColumns::default(),
            priority: 0,
            tags: TagColumns::default(),
            list_id: None,
            position: Position::from_instant(now.into()).as_str().to_owned(),
            parent_id: None,
            subtasks_total: 0,
            subtasks_completed: 0,
            recurrence: None,
            series_start: None,
            next_id: None,
            completed_at: None,
            deleted_at: None,
        }
    }
}

/// What to change. Columns that depend on each other are changed together, or not at all.
#[derive(Clone, Debug, Default)]
pub struct TaskChanges {
    pub text: Option<TextColumns>,
    pub tags: Option<TagColumns>,
    pub due: Option<DueColumns>,
    /// The columns that depend on no other.
    pub columns: ColumnChanges,
}

/// What to change: `None` leaves a column alone, `Some(None)` empties it.
#[expect(clippy::option_option, reason = "left alone, emptied, or set")]
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = tasks)]
pub struct ColumnChanges {
    pub completed: Option<bool>,
    pub priority: Option<i16>,
    pub list_id: Option<Option<ListId>>,
    pub position: Option<String>,
    pub parent_id: Option<Option<TaskId>>,
    pub recurrence: Option<Option<String>>,
    pub series_start: Option<Option<NaiveDate>>,
    pub next_id: Option<Option<TaskId>>,
    pub completed_at: Option<Option<UtcTime>>,
}

type ChangedColumns<'a> = (
    &'a ColumnChanges,
    Option<&'a TextColumns>,
    Option<&'a TagColumns>,
    Option<&'a DueColumns>,
);

impl<'a> AsChangeset for &'a TaskChanges {
    type Target = tasks::table;
    type Changeset = <ChangedColumns<'a> as AsChangeset>::Changeset;

    fn as_changeset(self) -> Self::Changeset {
        let TaskChanges {
            text,
            tags,
            due,
            columns,
        } = self;
        (columns, text.as_ref(), tags.as_ref(), due.as_ref()).as_changeset()
    }
}
