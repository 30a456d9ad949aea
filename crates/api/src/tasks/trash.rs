//! Soft delete: moving tasks to the trash, taking them out of it, and deleting them for good.

use super::error::ChangeError;
use super::place::adopt;
use crate::db::cursor::Cursor;
use crate::db::task_row::Task;
use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, Db, DbError, Expected, QueryError, lists, tasks, trash};

/// Tasks that are deleted for good in one go: others can write in between.
const BATCH: i64 = 100;

/// Moves a task with its subtasks to the trash.
///
/// Of a task that is none's subtask and has none that is a single conditional statement.
///
/// # Errors
/// If the owner has no such task in an expected version outside of the trash, or the database cannot do it.
pub async fn delete(db: &Db, owner: UserId, id: TaskId, expected: Option<Vec<i64>>) -> Result<(), ChangeError> {
    let versions = expected.clone();
    let delete = async move |conn: &mut Conn| -> Result<_, ChangeError> {
        Ok(trash::trash_if_standalone(conn, owner, id, versions.as_deref(), UtcTime::now()).await?)
    };
    if db.write(delete).await? {
        return Ok(());
    }
    let delete = async move |conn: &mut Conn| {
        if move_to_trash(conn, owner, id, expected.as_deref(), UtcTime::now()).await? {
            return Ok(());
        }
        Err(ChangeError::not_found_or_outdated(tasks::find(conn, owner, id).await?))
    };
    // Boxed, to keep the future of what is asked for most small.
    Box::pin(db.transaction(delete)).await
}

/// Moves a task with its subtasks to the trash. `false` if the owner has no such task in an expected version outside of it.
pub(super) async fn move_to_trash(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    now: UtcTime,
) -> Result<bool, QueryError> {
    let Some(task) = trash::trash(conn, owner, id, expected, now).await? else {
        return Ok(false);
    };
    if let Some(parent) = task.parent_id {
        tasks::adjust_subtask_counts(conn, owner, parent, -1, -i64::from(task.completed)).await?;
    }
    // Also those that somebody has added since this task was looked at: they had to wait for it.
    trash::trash_subtasks(conn, owner, id, now).await?;
    Ok(true)
}

/// Takes a task out of the trash, with the subtasks that went there with it.
///
/// # Errors
/// If the owner has no such task there, or the database cannot do it.
pub async fn restore(db: &Db, owner: UserId, id: TaskId) -> Result<Task, ChangeError> {
    let restore = async move |conn: &mut Conn| {
        let restored = take_out(conn, owner, id, UtcTime::now()).await?;
        restored.ok_or(ChangeError::Missing)
    };
    db.transaction(restore).await
}

/// Takes a task out of the trash, with the subtasks that went there with it. `None` if the owner has no such task there.
///
/// Whose parent is not there any more, is in the trash, or has no room, stands for itself; whose list is in the trash is in
/// the Inbox.
pub(super) async fn take_out(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    now: UtcTime,
) -> Result<Option<Task>, QueryError> {
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
            let adopted = adopt(conn, owner, parent, task.completed).await?;
            adopted.map(|list| (parent, list))
        }
        None => None,
    };
    let (parent, list) = match (adopted, task.list_id) {
        (Some((parent, list)), _) => (Some(parent), list),
        (None, Some(list)) if lists::lock(conn, owner, list).await? => (None, Some(list)),
        (None, _) => (None, None),
    };
    Ok(Some(trash::reattach(conn, owner, id, parent, list).await?))
}

/// Deletes a task for good that is in the trash.
///
/// # Errors
/// If the owner has no such task there, or the database cannot do it, which may have deleted some of its subtasks before.
pub async fn purge(db: &Db, owner: UserId, id: TaskId) -> Result<(), ChangeError> {
    loop {
        let piece = async move |conn: &mut Conn| {
            let subtasks = trash::delete_subtasks_of(conn, owner, id, BATCH).await?;
            if i64::try_from(subtasks).is_ok_and(|subtasks| subtasks < BATCH) {
                return Ok::<_, DbError>(Some(trash::delete(conn, owner, id).await?));
            }
            Ok(None)
        };
        match db.transaction(piece).await? {
            Some(true) => return Ok(()),
            Some(false) => return Err(ChangeError::Missing),
            None => {}
        }
    }
}

/// Deletes everything for good that is in the trash by now. Gives how many tasks that was.
///
/// # Errors
/// If the database cannot do it, which may have deleted some of it before.
pub async fn empty(db: &Db, owner: UserId) -> Result<u64, DbError> {
    let deleted = empty_by(db, owner, UtcTime::now()).await?;
    db.in_pieces(async move |conn: &mut Conn| lists::empty_trash(conn, owner, BATCH).await)
        .await?;
    Ok(deleted)
}

/// Deletes the tasks and lists of everybody for good that were moved to the trash by this instant. Several nodes may do so at the same
/// time. Gives how many tasks that was.
///
/// # Errors
/// If the database cannot do it, which may have deleted some of it before.
pub async fn purge_all(db: &Db, by: UtcTime) -> Result<u64, DbError> {
    let mut deleted = 0;
    while let Some(owner) = db.read(async |conn| trash::next_to_purge(conn, by).await).await? {
        deleted += empty_by(db, owner, by).await?;
    }
    db.in_pieces(async move |conn: &mut Conn| lists::purge(conn, by, BATCH).await)
        .await?;
    Ok(deleted)
}

/// Deletes the owner's tasks for good that were in the trash by this instant. Gives how many that was.
async fn empty_by(db: &Db, owner: UserId, by: UtcTime) -> Result<u64, DbError> {
    let mut deleted = 0;
    // Subtasks first: a task would take along as many as it has, and not every database counts them.
    let mut after: Option<Cursor<UtcTime>> = None;
    loop {
        let piece = async move |conn: &mut Conn| {
            let some = trash::delete_subtasks(conn, owner, after.as_ref(), by, BATCH).await;
            some.map_err(DbError::from)
        };
        let Some((some, last)) = db.transaction(piece).await? else {
            break;
        };
        deleted += some;
        after = Some(last);
    }
    loop {
        let piece = async move |conn: &mut Conn| {
            let some = trash::delete_some(conn, owner, by, BATCH).await;
            some.map_err(DbError::from)
        };
        let Some(some) = db.transaction(piece).await? else {
            break;
        };
        deleted += some;
    }
    Ok(u64::try_from(deleted).unwrap_or_default())
}
