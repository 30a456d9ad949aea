//! The statements on tasks. Every one takes the owner: there is no way to reach a task by its id alone.
//!
//! A change is made to a version and in one statement, or not at all (optimistic concurrency).

mod columns;
pub mod list;

use super::conn::{Conn, Expected, change, query};
use super::schema::tasks;
use super::task_row::{FullTask, NewTask, Task, TaskChanges};
use super::types::{DbTimestamp, ListId, TaskId, UserId, UtcTime};
use columns::LiveColumns;
use diesel::dsl::not;
use diesel::prelude::*;
use diesel::sql_types::Nullable;

/// Adds a task; a foreign key violation if the owner is gone.
///
/// # Errors
/// If the query fails.
pub async fn create(conn: &mut Conn, new: &NewTask) -> QueryResult<Task> {
    query!(
        conn,
        get_result,
        diesel::insert_into(tasks::table)
            .values(new)
            .returning(Task::as_returning())
    )
}

/// The task, if the owner has it and it is not in the trash.
///
/// # Errors
/// If the query fails.
pub async fn find(conn: &mut Conn, owner: UserId, id: TaskId) -> QueryResult<Option<Task>> {
    query!(conn, first, live(owner, id).select(LiveColumns)).optional()
}

/// Whether the owner has the task, in the trash or not.
///
/// # Errors
/// If the query fails.
pub async fn exists(conn: &mut Conn, owner: UserId, id: TaskId) -> QueryResult<bool> {
    let found: Option<TaskId> = query!(conn, first, tasks::table.find((owner, id)).select(tasks::id)).optional()?;
    Ok(found.is_some())
}

/// The subtasks of a task that are not in the trash, oldest first.
///
/// # Errors
/// If the query fails.
pub async fn subtasks(conn: &mut Conn, owner: UserId, parent: TaskId) -> QueryResult<Vec<FullTask>> {
    query!(
        conn,
        load,
        live_subtasks(owner, parent)
            .order((tasks::created_at, tasks::id))
            .select(FullTask::as_select())
    )
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn live(owner: UserId, id: TaskId) -> _ {
    tasks::table.find((owner, id)).filter(tasks::deleted_at.is_null())
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn live_subtasks(owner: UserId, parent: TaskId) -> _ {
    tasks::table.filter(
        tasks::owner_id
            .eq(owner)
            .and(tasks::parent_id.eq(parent))
            .and(tasks::deleted_at.is_null()),
    )
}

/// A standalone task: nothing else depends on it, since no parent counts it, and it does not come back.
#[diesel::dsl::auto_type(no_type_alias)]
fn standalone(owner: UserId, id: TaskId) -> _ {
    tasks::table.find((owner, id)).filter(
        tasks::deleted_at
            .is_null()
            .and(tasks::parent_id.is_null())
            .and(tasks::recurrence.is_null())
            .and(tasks::next_id.is_null()),
    )
}

/// Locks a task: raises its version, and keeps everybody else from changing it until the transaction ends. Gives the task as
/// it was but for that, or `None` if the owner has no such task in an expected version outside of the trash.
///
/// # Errors
/// If the query fails.
pub async fn claim(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    now: UtcTime,
) -> QueryResult<Option<FullTask>> {
    change!(
        conn,
        tasks,
        live(owner, id),
        expected,
        tasks::updated_at.eq(now),
        FullTask
    )
}

/// Changes a task that was [claimed](claim), and gives it.
///
/// # Errors
/// If the query fails.
pub async fn set(conn: &mut Conn, owner: UserId, id: TaskId, changes: &TaskChanges) -> QueryResult<FullTask> {
    query!(
        conn,
        get_result,
        diesel::update(tasks::table.find((owner, id)))
            // Something is always set: a changeset that changes nothing is an error.
            .set((changes, tasks::version.eq(tasks::version)))
            .returning(FullTask::as_returning())
    )
}

/// The changed task, or `None` if the owner has no such task in an expected version outside of the trash. Only for changes
/// on which nothing else depends.
///
/// # Errors
/// If the query fails.
pub async fn update(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    changes: &TaskChanges,
    now: UtcTime,
) -> QueryResult<Option<Task>> {
    let change = (changes, tasks::updated_at.eq(now));
    change!(conn, tasks, live(owner, id), expected, change, Task)
}

/// Completes a task or takes that back, with other changes. `None` if it is not in an expected version, or not one on which
/// nothing else depends.
///
/// # Errors
/// If the query fails.
pub async fn update_if_standalone(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    changes: &TaskChanges,
    now: UtcTime,
) -> QueryResult<Option<Task>> {
    if changes.columns.completed == Some(true) {
        // Completing what is completed leaves alone when that was.
        let at = diesel::dsl::case_when(tasks::completed, tasks::completed_at)
            .otherwise(now.into_sql::<Nullable<DbTimestamp>>());
        let change = (changes, tasks::updated_at.eq(now), tasks::completed_at.eq(at));
        change!(conn, tasks, standalone(owner, id), expected, change, Task)
    } else {
        let change = (changes, tasks::updated_at.eq(now));
        change!(conn, tasks, standalone(owner, id), expected, change, Task)
    }
}

/// The task, done if it was not and the reverse. `None` if it is not in an expected version, or not one on which nothing
/// else depends.
///
/// # Errors
/// If the query fails.
pub async fn toggle_if_standalone(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    now: UtcTime,
) -> QueryResult<Option<Task>> {
    let nothing = None::<UtcTime>;
    let at = diesel::dsl::case_when(tasks::completed, nothing.into_sql::<Nullable<DbTimestamp>>())
        .otherwise(now.into_sql::<Nullable<DbTimestamp>>());
    let change = (
        tasks::completed.eq(not(tasks::completed)),
        tasks::completed_at.eq(at),
        tasks::updated_at.eq(now),
    );
    change!(conn, tasks, standalone(owner, id), expected, change, Task)
}

/// Moves all subtasks of a task, those in the trash included, to its list.
///
/// # Errors
/// If the query fails.
pub async fn move_subtasks(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    list: Option<ListId>,
    now: UtcTime,
) -> QueryResult<usize> {
    let subtasks = tasks::table.filter(tasks::owner_id.eq(owner).and(tasks::parent_id.eq(parent)));
    let change = (
        tasks::list_id.eq(list),
        tasks::updated_at.eq(now),
        tasks::version.eq(tasks::version + 1),
    );
    query!(conn, execute, diesel::update(subtasks).set(change))
}

/// Counts more (or fewer) subtasks of a task, if it can have any: the owner has it, outside of the trash, and it is no
/// subtask itself. Gives its list. That nobody else changes it until the transaction ends keeps it so.
///
/// Neither its version nor when it was changed is touched: who edits a task is not in conflict with who ticks a subtask.
///
/// # Errors
/// If the query fails.
pub async fn adjust_subtask_counts(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    total: i64,
    completed: i64,
) -> QueryResult<Option<Option<ListId>>> {
    change_subtask_counts(conn, owner, parent, i64::MAX, total, completed).await
}

/// Counts one subtask more of a task that is not in the trash, is no subtask itself, and has fewer than `limit`. Gives its list.
///
/// # Errors
/// If the query fails.
pub async fn count_new_subtask(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    completed: bool,
    limit: i64,
) -> QueryResult<Option<Option<ListId>>> {
    change_subtask_counts(conn, owner, parent, limit, 1, completed.into()).await
}

/// Changes the counts of a task that has fewer than `limit` subtasks.
async fn change_subtask_counts(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    limit: i64,
    total: i64,
    completed: i64,
) -> QueryResult<Option<Option<ListId>>> {
    let task = live(owner, parent).filter(tasks::parent_id.is_null().and(tasks::subtasks_total.lt(limit)));
    let change = (
        tasks::subtasks_total.eq(tasks::subtasks_total + total),
        tasks::subtasks_completed.eq(tasks::subtasks_completed + completed),
    );
    query!(
        conn,
        get_result,
        diesel::update(task).set(change).returning(tasks::list_id)
    )
    .optional()
}

/// Deletes a task for good that came about by completing another one, with its subtasks, if it is still open. Gives whose
/// subtask it was, unless it was in the trash.
///
/// # Errors
/// If the query fails.
pub async fn undo_next(conn: &mut Conn, owner: UserId, id: TaskId) -> QueryResult<Option<Option<TaskId>>> {
    let open = tasks::table
        .find((owner, id))
        .filter(tasks::completed.eq(false).and(tasks::next_id.is_null()));
    let gone: Option<Task> =
        query!(conn, get_result, diesel::delete(open).returning(Task::as_returning())).optional()?;
    Ok(gone.map(|task| task.parent_id.filter(|_| task.deleted_at.is_none())))
}
