//! Many tasks at once. Every function takes the owner.

use super::conn::{Conn, query};
use super::cursor::Cursor;
use super::schema::tasks;
use super::task_row::{FullTask, NewTask, Task};
use super::tasks::list::is_after;
use super::types::{TaskId, UserId, UtcTime};
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
            let behind = all.filter(is_after(cursor.key, cursor.id));
            query!(conn, load, behind.select(FullTask::as_select()))
        }
    }
}

/// Adds tasks, parents before their subtasks. One whose id the owner has already is left out. A foreign key violation if the
/// owner, a list or a parent is gone.
///
/// # Errors
/// If a query fails.
pub async fn create(conn: &mut Conn, new: &[NewTask]) -> QueryResult<usize> {
    let mut added = 0;
    for some in new.chunks(BATCH) {
        added += query!(
            conn,
            execute,
            diesel::insert_into(tasks::table).values(some).on_conflict_do_nothing()
        )?;
    }
    Ok(added)
}
