//! Many tasks at once. Every function takes the owner.

use super::conn::{Conn, query};
use super::cursor::{Cursor, is_older};
use super::schema::tasks;
use super::task_row::{FullTask, NewTask, Task};
use super::types::{ListId, TaskId, UserId, UtcTime};
use diesel::prelude::*;

/// Rows that one statement takes: of 25 columns each, both databases take more than a thousand.
const BATCH: usize = 500;

/// Those of these tasks that the owner has, in the trash or not, in any order.
///
/// # Errors
/// If the query fails.
pub async fn find(conn: &mut Conn, owner: UserId, ids: &[TaskId]) -> QueryResult<Vec<Task>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in ids.chunks(BATCH) {
        let some: Vec<Task> = query!(
            conn,
            load,
            tasks::table
                .filter(tasks::owner_id.eq(owner).and(tasks::id.eq_any(ids)))
                .select(Task::as_select())
        )?;
        all.extend(some);
    }
    Ok(all)
}

/// Some of what the owner has, newest first, in the trash or not: what is behind the cursor, at most `limit` of it.
///
/// # Errors
/// If the query fails.
pub async fn newest(
    conn: &mut Conn,
    owner: UserId,
    after: Option<&Cursor<UtcTime>>,
    limit: i64,
) -> QueryResult<Vec<FullTask>> {
    let all = tasks::table
        .filter(tasks::owner_id.eq(owner))
        .order((tasks::created_at.desc(), tasks::id.desc()))
        .limit(limit);
    match after {
        None => query!(conn, load, all.select(FullTask::as_select())),
        Some(cursor) => {
            let behind = all.filter(is_older(cursor.key, cursor.id));
            query!(conn, load, behind.select(FullTask::as_select()))
        }
    }
}

/// What a task has to say of those that are to be its subtasks.
#[derive(Queryable, Clone, Copy, Debug)]
pub struct Parent {
    /// The task's id.
    pub id: TaskId,
    /// The list that it is in.
    pub list_id: Option<ListId>,
    /// How many subtasks it has that are not in the trash.
    pub subtasks_total: i64,
    /// When it was moved to the trash.
    pub deleted_at: Option<UtcTime>,
}

/// Those of these tasks that the owner has, in the trash or not, and that are no subtasks themselves. Nobody else changes them
/// until the transaction ends.
///
/// # Errors
/// If the query fails.
pub async fn lock_parents(conn: &mut Conn, owner: UserId, ids: &[TaskId]) -> QueryResult<Vec<Parent>> {
    let parents = tasks::table.filter(
        tasks::owner_id
            .eq(owner)
            .and(tasks::id.eq_any(ids))
            .and(tasks::parent_id.is_null()),
    );
    query!(
        conn,
        get_results,
        diesel::update(parents)
            .set(tasks::subtasks_total.eq(tasks::subtasks_total))
            .returning((tasks::id, tasks::list_id, tasks::subtasks_total, tasks::deleted_at))
    )
}

/// Adds tasks, parents before their subtasks. One whose id the owner has already is left out. Gives the ids of the others. A
/// foreign key violation if the owner, a list or a parent is gone.
///
/// # Errors
/// If a query fails.
pub async fn create(conn: &mut Conn, new: &[NewTask]) -> QueryResult<Vec<TaskId>> {
    let mut added = Vec::with_capacity(new.len());
    for some in new.chunks(BATCH) {
        let ids: Vec<TaskId> = query!(
            conn,
            get_results,
            diesel::insert_into(tasks::table)
                .values(some)
                .on_conflict_do_nothing()
                .returning(tasks::id)
        )?;
        added.extend(ids);
    }
    Ok(added)
}

/// Deletes the subtasks for good that are among the first `limit` of the owner's tasks after `after`, in the order of their ids.
/// Gives the last one that it looked at; `None` if there was none.
///
/// # Errors
/// If a query fails.
pub async fn delete_subtasks(conn: &mut Conn, owner: UserId, after: TaskId, limit: i64) -> QueryResult<Option<TaskId>> {
    let found: Vec<(TaskId, Option<TaskId>)> = query!(
        conn,
        load,
        tasks::table
            .filter(tasks::owner_id.eq(owner).and(tasks::id.gt(after)))
            .order(tasks::id)
            .select((tasks::id, tasks::parent_id))
            .limit(limit)
    )?;
    let subtasks = found.iter().filter(|(_, parent)| parent.is_some()).map(|(id, _)| *id);
    delete(conn, owner, &subtasks.collect::<Vec<_>>()).await?;
    Ok(found.last().map(|(id, _)| *id))
}

/// Deletes some of the owner's tasks for good, `limit` at most, and the subtasks that they have. Gives how many it found.
///
/// # Errors
/// If a query fails.
pub async fn delete_some(conn: &mut Conn, owner: UserId, limit: i64) -> QueryResult<usize> {
    let found: Vec<TaskId> = query!(
        conn,
        load,
        tasks::table
            .filter(tasks::owner_id.eq(owner))
            .order(tasks::id)
            .select(tasks::id)
            .limit(limit)
    )?;
    delete(conn, owner, &found).await?;
    Ok(found.len())
}

async fn delete(conn: &mut Conn, owner: UserId, ids: &[TaskId]) -> QueryResult<()> {
    let some = tasks::table.filter(tasks::owner_id.eq(owner).and(tasks::id.eq_any(ids)));
    query!(conn, execute, diesel::delete(some)).map(drop)
}
