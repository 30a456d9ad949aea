//! Soft delete: taking tasks and lists out of the trash, and putting lists there, where it is more than one statement.

use crate::db::lists::List;
use crate::db::tasks::{self, Expected, Task};
use crate::db::types::{ListId, TaskId, UserId, UtcTime};
use crate::db::{Conn, DbError, lists, trash};

/// Takes a task out of the trash, with the subtasks that went there with it. `None` if the owner has no such task there.
///
/// Whose parent is not there any more, or is in the trash, stands for itself; whose list is in the trash is in the Inbox.
///
/// # Errors
/// If a query fails.
pub async fn restore(conn: &mut Conn, owner: UserId, id: TaskId, now: UtcTime) -> Result<Option<Task>, DbError> {
    let Some((task, deleted_at)) = trash::find(conn, owner, id).await?.and_then(|task| {
        let deleted_at = task.deleted_at?;
        Some((task, deleted_at))
    }) else {
        return Ok(None);
    };
    if !trash::restore(conn, owner, id, deleted_at, now).await? {
        return Ok(None);
    }
    trash::restore_subtasks(conn, owner, id, deleted_at, now).await?;
    let adopted = match task.parent_id {
        Some(parent) => {
            let adopted = tasks::adopt(conn, owner, parent, 1, task.completed.into()).await?;
            adopted.map(|list| (parent, list))
        }
        None => None,
    };
    let (parent, list) = match (adopted, task.list_id) {
        (Some((parent, list)), _) => (Some(parent), list),
        (None, Some(list)) if lists::hold(conn, owner, list).await? => (None, Some(list)),
        (None, _) => (None, None),
    };
    Ok(Some(trash::settle(conn, owner, id, parent, list).await?))
}

/// Moves a list and its tasks to the trash together. `None` if the owner has no such list in an expected version outside of
/// it.
///
/// # Errors
/// If a query fails.
pub async fn trash_list(
    conn: &mut Conn,
    owner: UserId,
    id: ListId,
    expected: Expected<'_>,
    now: UtcTime,
) -> Result<Option<List>, DbError> {
    let Some(list) = lists::trash(conn, owner, id, expected, now).await? else {
        return Ok(None);
    };
    // Also those that somebody has added since: they had to wait for the list.
    trash::trash_list(conn, owner, id, now).await?;
    Ok(Some(list))
}

/// Takes a list out of the trash, with the tasks that went there with it. `None` if the owner has no such list there.
///
/// # Errors
/// If a query fails.
pub async fn restore_list(conn: &mut Conn, owner: UserId, id: ListId, now: UtcTime) -> Result<Option<List>, DbError> {
    let found = lists::find_in_trash(conn, owner, id).await?;
    let Some(deleted_at) = found.and_then(|list| list.deleted_at) else {
        return Ok(None);
    };
    let Some(list) = lists::restore(conn, owner, id, deleted_at, now).await? else {
        return Ok(None);
    };
    trash::restore_list(conn, owner, id, deleted_at, now).await?;
    Ok(Some(list))
}
