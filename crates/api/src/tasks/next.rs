//! The next task of a recurring one.

use super::error::ChangeError;
use super::place::adopt;
use super::schedule::due_columns;
use crate::db::task_row::{FullTask, NewTask, Task};
use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, tasks};
use shared::due::Due;

/// Makes the next one of a recurring task that was completed, with open copies of its subtasks.
pub(super) async fn repeat(
    conn: &mut Conn,
    owner: UserId,
    full: &FullTask,
    id: TaskId,
    due: &Due,
    now: UtcTime,
) -> Result<Task, ChangeError> {
    let done = &full.task;
    let subtasks = tasks::subtasks(conn, owner, done.id).await?;
    let mut next = copy(owner, full, id, Some(due), now)?;
    // Where its parent has no room for one more, it stands for itself.
    if let Some(parent) = done.parent_id
        && adopt(conn, owner, parent, false).await?.is_none()
    {
        next.parent_id = None;
    }
    next.subtasks_total = i64::try_from(subtasks.len()).unwrap_or_default();
    let next = tasks::create(conn, &next).await?;
    let later = done.due().map(|before| due.date() - before.date());
    for subtask in subtasks {
        // As long before or after its parent as it was.
        let due = subtask
            .task
            .due()
            .and_then(|was| match (later, was.time(), was.zone()) {
                (None, ..) => Some(was),
                (Some(later), Some(time), Some(zone)) => {
                    Due::at(was.date().checked_add_signed(later)?, time, zone.clone()).ok()
                }
                (Some(later), ..) => Due::on(was.date().checked_add_signed(later)?).ok(),
            });
        let mut subtask = copy(owner, &subtask, TaskId::generate(), due.as_ref(), now)?;
        subtask.parent_id = Some(id);
        tasks::create(conn, &subtask).await?;
    }
    Ok(next)
}

/// An open copy of a task, without subtasks.
fn copy(owner: UserId, full: &FullTask, id: TaskId, due: Option<&Due>, now: UtcTime) -> Result<NewTask, ChangeError> {
    let task = &full.task;
    Ok(NewTask {
        due: due_columns(due)?,
        priority: task.priority,
        tags: full.tag_columns(),
        list_id: task.list_id,
        position: task.position.clone(),
        parent_id: task.parent_id,
        recurrence: task.recurrence.clone(),
        series_start: full.series_start,
        ..NewTask::new(owner, id, task.title.clone(), task.description.clone(), now)
    })
}

/// Deletes the next task if nothing has come of it. Whether there is none now.
pub(super) async fn undo_next(conn: &mut Conn, owner: UserId, next: TaskId) -> Result<bool, ChangeError> {
    match tasks::undo_next(conn, owner, next).await? {
        Some(parent) => {
            if let Some(parent) = parent {
                tasks::adjust_subtask_counts(conn, owner, parent, -1, 0).await?;
            }
            Ok(true)
        }
        None => Ok(!tasks::exists(conn, owner, next).await?),
    }
}
