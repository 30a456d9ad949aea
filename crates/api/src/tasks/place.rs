//! Where a task is: in which list, and whose subtask. Whoever changes a subtask keeps its parent's count, in the same transaction.

use super::error::ChangeError;
use crate::db::task_row::{FullTask, TaskChanges};
use crate::db::types::{ListId, TaskId, UserId, UtcTime};
use crate::db::{Conn, QueryError, lists, tasks};
use shared::rule::RuleViolation;
use shared::tasks::{CreateTask, MAX_SUBTASKS, UpdateTask};

/// The list that a new task is in, which counts as a subtask from now on if it is one.
pub(super) async fn place_new(conn: &mut Conn, owner: UserId, new: &CreateTask) -> Result<Option<ListId>, ChangeError> {
    match (new.parent_id.map(TaskId::from), new.list_id.map(ListId::from)) {
        (Some(parent), list) => {
            let parents = count_subtask(conn, owner, parent, false).await?;
            if list.is_some() && list != parents {
                return Err(ChangeError::rule("list_id", RuleViolation::ParentsList));
            }
            Ok(parents)
        }
        (None, Some(list)) => Ok(Some(lock_list(conn, owner, list).await?)),
        (None, None) => Ok(None),
    }
}

/// Makes the task a subtask, or none, moves it to a list with its subtasks, and keeps the parents' counts.
pub(super) async fn place(
    conn: &mut Conn,
    owner: UserId,
    old: &FullTask,
    update: &UpdateTask,
    changes: &mut TaskChanges,
    now: UtcTime,
) -> Result<(), ChangeError> {
    let task = &old.task;
    let completed = update.completed.unwrap_or(task.completed);
    let parent = match update.parent_id {
        Some(parent) => parent.map(TaskId::from),
        None => task.parent_id,
    };
    if parent == Some(task.id) {
        return Err(ChangeError::rule("parent_id", RuleViolation::NoSuchParent));
    }
    let mut list = match update.list_id {
        Some(None) => None,
        Some(Some(list)) => Some(list.into()),
        None => task.list_id,
    };
    if parent != task.parent_id {
        if parent.is_some() && task.subtasks_total > 0 {
            return Err(ChangeError::rule("parent_id", RuleViolation::HasSubtasks));
        }
        if let Some(former) = task.parent_id {
            tasks::adjust_subtask_counts(conn, owner, former, -1, -i64::from(task.completed)).await?;
        }
        if let Some(parent) = parent {
            let parents = count_subtask(conn, owner, parent, completed).await?;
            if update.list_id.is_some() && list != parents {
                return Err(ChangeError::rule("list_id", RuleViolation::ParentsList));
            }
            list = parents;
        }
        changes.columns.parent_id = Some(parent);
    } else if let Some(parent) = parent {
        if list != task.list_id {
            return Err(ChangeError::rule("list_id", RuleViolation::ParentsList));
        }
        if completed != task.completed {
            let more = if completed { 1 } else { -1 };
            tasks::adjust_subtask_counts(conn, owner, parent, 0, more).await?;
        }
    }
    if list != task.list_id {
        if let (Some(list), None) = (list, parent) {
            lock_list(conn, owner, list).await?;
        }
        tasks::move_subtasks(conn, owner, task.id, list, now).await?;
        changes.columns.list_id = Some(list);
    }
    Ok(())
}

/// Counts one subtask more of a task that can have one more, and gives its list; `None` of one that cannot.
pub(super) async fn adopt(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    completed: bool,
) -> Result<Option<Option<ListId>>, QueryError> {
    let limit = i64::try_from(MAX_SUBTASKS).unwrap_or(i64::MAX);
    tasks::count_new_subtask(conn, owner, parent, completed, limit).await
}

/// Counts one subtask more of a task that can have one more, and gives its list.
async fn count_subtask(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    completed: bool,
) -> Result<Option<ListId>, ChangeError> {
    if let Some(list) = adopt(conn, owner, parent, completed).await? {
        return Ok(list);
    }
    Err(match tasks::find(conn, owner, parent).await? {
        Some(task) if task.parent_id.is_none() => {
            ChangeError::limit("parent_id", RuleViolation::TooManySubtasks(MAX_SUBTASKS))
        }
        _ => ChangeError::rule("parent_id", RuleViolation::NoSuchParent),
    })
}

/// The list, which nobody else changes until the transaction ends.
async fn lock_list(conn: &mut Conn, owner: UserId, list: ListId) -> Result<ListId, ChangeError> {
    if lists::lock(conn, owner, list).await? {
        Ok(list)
    } else {
        Err(ChangeError::rule("list_id", RuleViolation::NoSuchList))
    }
}
