//! Changing a task: what depends on what is known here, and nowhere else.
//!
//! Whoever changes a task [claims](tasks::claim) it first, which is one conditional statement: from then on nobody else
//! changes it until the transaction ends, so that what is decided by looking at it stays true. That is what makes the next
//! task of a recurring one exactly once, however often and however concurrently it is completed.

use super::error::ChangeError;
use super::next;
use super::place::place;
use super::schedule::{Schedule, due_columns};
use super::time::RequestTime;
use crate::db::search::TextColumns;
use crate::db::tags::TagColumns;
use crate::db::task_row::{ColumnChanges, FullTask, Task, TaskChanges};
use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, Db, tasks};
use chrono_tz::Tz;
use shared::tasks::UpdateTask;

/// The changed task.
///
/// Most changes depend on nothing, and take a single conditional statement. Where that meets no row, a transaction finds out why, or
/// does what else is to be done.
///
/// # Errors
/// If the owner has no such task in an expected version outside of the trash, it cannot be changed in this way, or the database
/// cannot do it.
pub async fn update(
    db: &Db,
    owner: UserId,
    id: TaskId,
    expected: Option<Vec<i64>>,
    update: UpdateTask,
    zone: Tz,
) -> Result<Task, ChangeError> {
    if let Some(changes) = single_statement(&update) {
        let expected = expected.clone();
        let change = async move |conn: &mut Conn| -> Result<_, ChangeError> {
            let (expected, now) = (expected.as_deref(), UtcTime::now());
            Ok(match changes.columns.completed {
                None => tasks::update(conn, owner, id, expected, &changes, now).await?,
                Some(_) => tasks::update_if_standalone(conn, owner, id, expected, &changes, now).await?,
            })
        };
        if let Some(task) = db.write(change).await? {
            return Ok(task);
        }
    }
    let change = async move |conn: &mut Conn| {
        let time = RequestTime::now(zone);
        match tasks::claim(conn, owner, id, expected.as_deref(), time.now).await? {
            Some(old) => Ok(apply(conn, owner, old, &update, time).await?.task),
            None => Err(ChangeError::not_found_or_outdated(tasks::find(conn, owner, id).await?)),
        }
    };
    // Boxed, to keep the future of what is asked for most small.
    Box::pin(db.transaction(change)).await
}

/// What a change of a task has come to.
pub(super) struct Changed {
    /// The task as it is now.
    pub(super) task: Task,
    /// The next one, which came about since it was completed.
    pub(super) next: Option<Task>,
}

/// Changes a task that was [claimed](tasks::claim).
pub(super) async fn apply(
    conn: &mut Conn,
    owner: UserId,
    old: FullTask,
    update: &UpdateTask,
    time: RequestTime,
) -> Result<Changed, ChangeError> {
    let id = old.task.id;
    let mut changes = with_search_text(&old.task, update);
    let schedule = Schedule::after(&old, update, time)?;
    if update.due.is_some() || update.recurrence.is_some() {
        changes.due = Some(due_columns(schedule.due.as_ref())?);
        changes.columns.recurrence = Some(schedule.recurrence.map(|recurrence| recurrence.to_string()));
        changes.columns.series_start = Some(schedule.series_start);
    }
    place(conn, owner, &old, update, &mut changes, time.now).await?;
    let mut next = None;
    match (old.task.completed, update.completed) {
        (false, Some(true)) => {
            changes.columns.completed = Some(true);
            changes.columns.completed_at = Some(Some(time.now));
            if old.next_id.is_none()
                && let Some(due) = schedule.next_due(time)
            {
                next = Some((TaskId::generate(), due));
                changes.columns.next_id = Some(next.as_ref().map(|(id, _)| *id));
            }
        }
        (true, Some(false)) => {
            changes.columns.completed = Some(false);
            changes.columns.completed_at = Some(None);
            if let Some(next) = old.next_id
                && next::undo_next(conn, owner, next).await?
            {
                changes.columns.next_id = Some(None);
            }
        }
        _ => {}
    }
    let full = tasks::set(conn, owner, id, &changes).await?;
    let next = match next {
        Some((next, due)) => Some(next::repeat(conn, owner, &full, next, &due, time.now).await?),
        None => None,
    };
    Ok(Changed { task: full.task, next })
}

/// The changes on which nothing else depends, and the text with what it is searched by.
fn with_search_text(old: &Task, update: &UpdateTask) -> TaskChanges {
    let mut changes = independent_changes(update);
    if update.title.is_some() || update.description.is_some() {
        let title = match &update.title {
            Some(title) => title.as_str().to_owned(),
            None => old.title.clone(),
        };
        let description = match &update.description {
            Some(description) => description.as_ref().map(|text| text.as_str().to_owned()),
            None => old.description.clone(),
        };
        changes.text = Some(TextColumns::new(title, description));
    }
    changes
}

fn independent_changes(update: &UpdateTask) -> TaskChanges {
    TaskChanges {
        tags: update.tags.as_ref().map(TagColumns::new),
        columns: ColumnChanges {
            priority: update.priority.map(|priority| priority.get().into()),
            position: update.position.as_ref().map(|position| position.as_str().to_owned()),
            ..ColumnChanges::default()
        },
        ..TaskChanges::default()
    }
}

/// The whole change, if it takes a single statement, which need not be in a transaction: nothing depends on what the task was.
fn single_statement(update: &UpdateTask) -> Option<TaskChanges> {
    let depends = update.due.is_some()
        || update.recurrence.is_some()
        || update.list_id.is_some()
        || update.parent_id.is_some()
        || update.title.is_some() != update.description.is_some();
    if depends {
        return None;
    }
    let mut changes = independent_changes(update);
    if let (Some(title), Some(description)) = (&update.title, &update.description) {
        let description = description.as_ref().map(|text| text.as_str().to_owned());
        changes.text = Some(TextColumns::new(title.as_str().to_owned(), description));
    }
    changes.columns.completed = update.completed;
    changes.columns.completed_at = update.completed.filter(|completed| !completed).map(|_| None);
    Some(changes)
}
