//! Where a page begins: keyset pagination, by what the task just before it is ordered by.

use super::schema::tasks;
use super::search;
use super::task_row::Task;
use super::types::{TaskId, UtcTime};
use diesel::prelude::*;
use shared::query::Sort;

/// The place just behind a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<K = Key> {
    /// What the task is ordered by.
    pub key: K,
    /// Its id, which orders those of the same key.
    pub id: TaskId,
}

impl Cursor {
    /// The place just behind `task` in this order.
    #[must_use]
    pub fn behind(task: &Task, sort: Sort) -> Self {
        Self {
            key: Key::of(task, sort),
            id: task.id,
        }
    }
}

/// What is further down a list, newest first, than this. The first condition alone says it all; the second lets the index begin
/// there.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn is_older(created_at: UtcTime, id: TaskId) -> _ {
    tasks::created_at
        .lt(created_at)
        .or(tasks::created_at.eq(created_at).and(tasks::id.lt(id)))
        .and(tasks::created_at.le(created_at))
}

/// What an order goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// There is none: the task is among the last.
    Nothing,
    /// `due_order`, or the priority.
    Number(i64),
    /// An instant.
    Time(UtcTime),
    /// A text that is compared byte by byte.
    Text(String),
}

impl Key {
    /// What a task is ordered by.
    #[must_use]
    pub fn of(task: &Task, sort: Sort) -> Self {
        match sort {
            Sort::Due => task.due_order.map_or(Self::Nothing, Self::Number),
            Sort::Priority => Self::Number(task.priority.into()),
            Sort::Title => Self::Text(search::fold(&task.title)),
            Sort::Created => Self::Time(task.created_at),
            Sort::Updated => Self::Time(task.updated_at),
            Sort::Position => Self::Text(task.position.clone()),
            Sort::Completed => task.completed_at.map_or(Self::Nothing, Self::Time),
        }
    }
}
