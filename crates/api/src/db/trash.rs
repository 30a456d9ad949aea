//! The trash (soft delete). What is in it has a `deleted_at`, its tombstone, which is set and cleared here alone.
//!
//! Every function takes the owner but [`next_to_purge`], which is the server's own and reads nothing of anybody's.

use super::conn::{Conn, Expected, change, query};
use super::cursor::Cursor;
use super::schema::tasks;
use super::task_row::Task;
use super::tasks::{live, live_subtasks};
use super::types::{ListId, TaskId, UserId, UtcTime};
use diesel::dsl::count_star;
use diesel::prelude::*;

/// What becomes of tasks that go to the trash with something else.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn trashed(now: UtcTime) -> _ {
    (
        tasks::deleted_at.eq(now),
        tasks::updated_at.eq(now),
        tasks::version.eq(tasks::version + 1_i64),
    )
}

/// The tasks in the owner's trash, last deleted first, those behind the cursor, at most `limit` of them. The cursor's
/// key is when the task was moved to the trash.
///
/// # Errors
/// If the query fails.
pub async fn list(
    conn: &mut Conn,
    owner: UserId,
    after: Option<&Cursor<UtcTime>>,
    limit: i64,
) -> QueryResult<Vec<Task>> {
    match after {
        None => query!(
            conn,
            load,
            last_deleted_first(owner).select(Task::as_select()).limit(limit)
        ),
        Some(cursor) => query!(
            conn,
            load,
            last_deleted_first(owner)
                .filter(is_after(cursor.key, cursor.id))
                .select(Task::as_select())
                .limit(limit)
        ),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn last_deleted_first(owner: UserId) -> _ {
    tasks::table
        .filter(tasks::owner_id.eq(owner).and(tasks::deleted_at.is_not_null()))
        .order((tasks::deleted_at.desc(), tasks::id.desc()))
}

/// The first condition alone says it all; the second lets the index begin there.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_after(deleted_at: UtcTime, id: TaskId) -> _ {
    tasks::deleted_at
        .lt(deleted_at)
        .or(tasks::deleted_at.eq(deleted_at).and(tasks::id.lt(id)))
        .and(tasks::deleted_at.le(deleted_at))
}

/// The task, if the owner has it in the trash.
///
/// # Errors
/// If the query fails.
pub async fn find(conn: &mut Conn, owner: UserId, id: TaskId) -> QueryResult<Option<Task>> {
    query!(
        conn,
        first,
        tasks::table
            .find((owner, id))
            .filter(tasks::deleted_at.is_not_null())
            .select(Task::as_select())
    )
    .optional()
}

/// Moves a task to the trash, and gives it. `None` if the owner has no such task in an expected version outside of it.
///
/// # Errors
/// If the query fails.
pub async fn trash(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    now: UtcTime,
) -> QueryResult<Option<Task>> {
    let change = (tasks::deleted_at.eq(now), tasks::updated_at.eq(now));
    change!(conn, tasks, live(owner, id), expected, change, Task)
}

/// Moves a task to the trash that neither is a subtask nor has any. `false` if there is no such task in an expected version.
///
/// # Errors
/// If the query fails.
pub async fn trash_if_standalone(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    now: UtcTime,
) -> QueryResult<bool> {
    let task = live(owner, id).filter(tasks::parent_id.is_null().and(tasks::subtasks_total.eq(0)));
    let change = (tasks::deleted_at.eq(now), tasks::updated_at.eq(now));
    let trashed: Option<Task> = change!(conn, tasks, task, expected, change, Task)?;
    Ok(trashed.is_some())
}

/// Moves all subtasks of a task to the trash that are not there, as of the same instant as the task itself.
///
/// # Errors
/// If the query fails.
pub async fn trash_subtasks(conn: &mut Conn, owner: UserId, parent: TaskId, now: UtcTime) -> QueryResult<usize> {
    query!(
        conn,
        execute,
        diesel::update(live_subtasks(owner, parent)).set(trashed(now))
    )
}

/// Takes a task out of the trash that was moved there at this instant. `false` if it is not there any more.
///
/// # Errors
/// If the query fails.
pub async fn restore(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    deleted_at: UtcTime,
    now: UtcTime,
) -> QueryResult<bool> {
    let task = tasks::table.find((owner, id)).filter(tasks::deleted_at.eq(deleted_at));
    let restored = query!(conn, execute, diesel::update(task).set(restored(now)))?;
    Ok(restored == 1)
}

/// Takes the subtasks of a task out of the trash that went there with it.
///
/// # Errors
/// If the query fails.
pub async fn restore_subtasks(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    deleted_at: UtcTime,
    now: UtcTime,
) -> QueryResult<usize> {
    let subtasks = tasks::table.filter(
        tasks::owner_id
            .eq(owner)
            .and(tasks::parent_id.eq(parent))
            .and(tasks::deleted_at.eq(deleted_at)),
    );
    query!(conn, execute, diesel::update(subtasks).set(restored(now)))
}

/// Takes the tasks of a list out of the trash that went there with it.
///
/// # Errors
/// If the query fails.
pub async fn restore_list(
    conn: &mut Conn,
    owner: UserId,
    list: ListId,
    deleted_at: UtcTime,
    now: UtcTime,
) -> QueryResult<usize> {
    let of_list = tasks::table.filter(
        tasks::owner_id
            .eq(owner)
            .and(tasks::list_id.eq(list))
            .and(tasks::deleted_at.eq(deleted_at)),
    );
    query!(conn, execute, diesel::update(of_list).set(restored(now)))
}

/// Moves the tasks of a list to the trash that are not there, as of the same instant as the list itself.
///
/// # Errors
/// If the query fails.
pub async fn trash_list(conn: &mut Conn, owner: UserId, list: ListId, now: UtcTime) -> QueryResult<usize> {
    let of_list = tasks::table.filter(
        tasks::owner_id
            .eq(owner)
            .and(tasks::list_id.eq(list))
            .and(tasks::deleted_at.is_null()),
    );
    query!(conn, execute, diesel::update(of_list).set(trashed(now)))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn restored(now: UtcTime) -> _ {
    let nothing: Option<UtcTime> = None;
    (
        tasks::deleted_at.eq(nothing),
        tasks::updated_at.eq(now),
        tasks::version.eq(tasks::version + 1_i64),
    )
}

/// Puts a task and its subtasks into this list, and makes it a subtask of this task; and counts its own subtasks anew.
///
/// # Errors
/// If the query fails.
pub async fn reattach(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    parent: Option<TaskId>,
    list: Option<ListId>,
) -> QueryResult<Task> {
    let of_task = tasks::table.filter(tasks::owner_id.eq(owner).and(tasks::parent_id.eq(id)));
    query!(conn, execute, diesel::update(of_task).set(tasks::list_id.eq(list)))?;
    let (total, completed) = count(conn, owner, id).await?;
    let change = (
        tasks::parent_id.eq(parent),
        tasks::list_id.eq(list),
        tasks::subtasks_total.eq(total),
        tasks::subtasks_completed.eq(completed),
    );
    query!(
        conn,
        get_result,
        diesel::update(tasks::table.find((owner, id)))
            .set(change)
            .returning(Task::as_returning())
    )
}

/// How many subtasks a task has outside of the trash, and how many of them are done.
async fn count(conn: &mut Conn, owner: UserId, parent: TaskId) -> QueryResult<(i64, i64)> {
    let counts: Vec<(bool, i64)> = query!(
        conn,
        load,
        tasks::table
            .filter(
                tasks::owner_id
                    .eq(owner)
                    .and(tasks::parent_id.eq(parent))
                    .and(tasks::deleted_at.is_null())
            )
            .group_by(tasks::completed)
            .select((tasks::completed, count_star()))
    )?;
    let completed = counts
        .iter()
        .filter(|(completed, _)| *completed)
        .map(|(_, count)| count)
        .sum();
    Ok((counts.iter().map(|(_, count)| count).sum(), completed))
}

/// Deletes a task for good that is in the trash, with all of its subtasks. `false` if the owner has no such task there.
///
/// # Errors
/// If the query fails.
pub async fn delete(conn: &mut Conn, owner: UserId, id: TaskId) -> QueryResult<bool> {
    let task = tasks::table.find((owner, id)).filter(tasks::deleted_at.is_not_null());
    Ok(query!(conn, execute, diesel::delete(task))? == 1)
}

/// Deletes some subtasks for good of a task that is in the trash, `limit` at most. Gives how many it found.
///
/// # Errors
/// If a query fails.
pub async fn delete_subtasks_of(conn: &mut Conn, owner: UserId, id: TaskId, limit: i64) -> QueryResult<usize> {
    if find(conn, owner, id).await?.is_none() {
        return Ok(0);
    }
    let found: Vec<TaskId> = query!(
        conn,
        load,
        tasks::table
            .filter(tasks::owner_id.eq(owner).and(tasks::parent_id.eq(id)))
            .select(tasks::id)
            .limit(limit)
    )?;
    delete_all(conn, owner, &found, UtcTime::now()).await?;
    Ok(found.len())
}

/// Deletes the subtasks for good that are among the first `limit` tasks behind the cursor in the owner's trash, first deleted first, of
/// those that were there by this instant. Gives how many that were, and the last task that it looked at, if there was one.
///
/// # Errors
/// If a query fails.
pub async fn delete_subtasks(
    conn: &mut Conn,
    owner: UserId,
    after: Option<&Cursor<UtcTime>>,
    by: UtcTime,
    limit: i64,
) -> QueryResult<Option<(usize, Cursor<UtcTime>)>> {
    let columns = (tasks::id, tasks::parent_id, tasks::deleted_at);
    let found: Vec<(TaskId, Option<TaskId>, Option<UtcTime>)> = match after {
        None => query!(conn, load, first_deleted_first(owner, by).select(columns).limit(limit)),
        Some(cursor) => query!(
            conn,
            load,
            first_deleted_first(owner, by)
                .filter(is_later(cursor.key, cursor.id))
                .select(columns)
                .limit(limit)
        ),
    }?;
    let Some(&(id, _, Some(key))) = found.last() else {
        return Ok(None);
    };
    let subtasks = found.iter().filter(|(_, parent, _)| parent.is_some());
    let subtasks: Vec<TaskId> = subtasks.map(|(id, ..)| *id).collect();
    let deleted = delete_all(conn, owner, &subtasks, by).await?;
    Ok(Some((deleted, Cursor { key, id })))
}

/// Deletes some of the owner's tasks for good that were in the trash by this instant, `limit` at most, and the subtasks that they
/// have. Gives how many that were, without these; `None` if it found none.
///
/// # Errors
/// If a query fails.
pub async fn delete_some(conn: &mut Conn, owner: UserId, by: UtcTime, limit: i64) -> QueryResult<Option<usize>> {
    let found: Vec<TaskId> = query!(
        conn,
        load,
        first_deleted_first(owner, by).select(tasks::id).limit(limit)
    )?;
    if found.is_empty() {
        return Ok(None);
    }
    delete_all(conn, owner, &found, by).await.map(Some)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn first_deleted_first(owner: UserId, by: UtcTime) -> _ {
    tasks::table
        .filter(tasks::owner_id.eq(owner).and(tasks::deleted_at.le(by)))
        .order((tasks::deleted_at, tasks::id))
}

/// As [`is_after`], in the other direction.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_later(deleted_at: UtcTime, id: TaskId) -> _ {
    tasks::deleted_at
        .gt(deleted_at)
        .or(tasks::deleted_at.eq(deleted_at).and(tasks::id.gt(id)))
        .and(tasks::deleted_at.ge(deleted_at))
}

/// What somebody has taken out of the trash meanwhile stays.
async fn delete_all(conn: &mut Conn, owner: UserId, ids: &[TaskId], by: UtcTime) -> QueryResult<usize> {
    let all = tasks::table.filter(
        tasks::owner_id
            .eq(owner)
            .and(tasks::id.eq_any(ids))
            .and(tasks::deleted_at.le(by)),
    );
    query!(conn, execute, diesel::delete(all))
}

/// Whose task has been in the trash for longest, of those that were moved there by this instant.
///
/// # Errors
/// If the query fails.
pub async fn next_to_purge(conn: &mut Conn, by: UtcTime) -> QueryResult<Option<UserId>> {
    let first = tasks::table
        .filter(tasks::deleted_at.le(by))
        .order(tasks::deleted_at)
        .select(tasks::owner_id);
    query!(conn, first, first).optional()
}
