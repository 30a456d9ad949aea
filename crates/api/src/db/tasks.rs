//! The tasks. Every function takes the owner: there is no way to reach a task by its id alone.
#![expect(clippy::ref_option_ref, reason = "AsChangeset expands to it")]

use super::conn::Conn;
use super::query;
use super::schema::tasks;
use super::types::{ListId, TaskId, UserId, UtcTime};
use diesel::dsl::not;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

/// A task.
#[derive(Queryable, Selectable, Clone, Debug)]
#[diesel(table_name = tasks, check_for_backend(Pg, Sqlite))]
pub struct Task {
    /// The task's id.
    pub id: TaskId,
    /// What to do.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// Whether it is done.
    pub completed: bool,
    /// Raised by every change.
    pub version: i64,
    /// When it was added.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// When it is due: see [`due`](super::due).
    pub due_order: Option<i64>,
    /// The zone of that.
    pub due_zone: Option<String>,
    /// How much it matters, 0 to 3.
    pub priority: i16,
    /// Its tags, as a JSON array.
    pub tags: String,
    /// The list that it is in.
    pub list_id: Option<ListId>,
    /// Its place in the order that people make by hand.
    pub position: String,
    /// The task that it is a subtask of.
    pub parent_id: Option<TaskId>,
    /// How many subtasks it has that are not in the trash.
    pub subtasks_total: i64,
    /// How many of those are done.
    pub subtasks_completed: i64,
    /// How it comes back.
    pub recurrence: Option<String>,
    /// When it was done.
    pub completed_at: Option<UtcTime>,
    /// When it was moved to the trash.
    pub deleted_at: Option<UtcTime>,
}

/// A task to be added.
#[derive(Insertable, Clone, Debug)]
#[diesel(table_name = tasks, check_for_backend(Pg, Sqlite))]
pub struct NewTask<'a> {
    /// Whose task it will be.
    pub owner_id: UserId,
    /// The task's id.
    pub id: TaskId,
    /// What to do.
    pub title: &'a str,
    /// More about it.
    pub description: Option<&'a str>,
    /// Now.
    pub created_at: UtcTime,
    /// Now.
    pub updated_at: UtcTime,
    /// Its place in the order that people make by hand.
    pub position: &'a str,
    /// The text that it is found by.
    pub search: String,
}

/// What to change: `None` leaves a column alone, `Some(None)` empties it.
#[derive(AsChangeset, Clone, Copy, Debug)]
#[diesel(table_name = tasks)]
pub struct TaskChanges<'a> {
    /// What to do.
    pub title: Option<&'a str>,
    /// More about it.
    pub description: Option<Option<&'a str>>,
    /// Whether it is done.
    pub completed: Option<bool>,
    /// Now.
    pub updated_at: UtcTime,
}

/// A place in the list, between two tasks. The list is ordered by these two members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When the task just before this place was added.
    pub created_at: UtcTime,
    /// That task's id.
    pub id: TaskId,
}

/// What is further down the list than this place. The first condition alone says it all; the second lets the index begin
/// there.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_after(created_at: UtcTime, id: TaskId) -> _ {
    tasks::created_at
        .lt(created_at)
        .or(tasks::created_at.eq(created_at).and(tasks::id.lt(id)))
        .and(tasks::created_at.le(created_at))
}

/// Which state of a task a change may be made to.
pub type Expected<'a> = Option<&'a [i64]>;

/// Adds a task; a foreign key violation if the owner is gone.
///
/// # Errors
/// If the query fails.
pub async fn create(conn: &mut Conn, new: &NewTask<'_>) -> QueryResult<Task> {
    query!(
        conn,
        get_result,
        diesel::insert_into(tasks::table)
            .values(new)
            .returning(Task::as_returning())
    )
}

/// The owner's tasks, newest first, from the place `after` on, at most `limit` of them.
///
/// # Errors
/// If the query fails.
pub async fn list(
    conn: &mut Conn,
    owner: UserId,
    after: Option<Position>,
    limit: Option<i64>,
) -> QueryResult<Vec<Task>> {
    // Each of these is a statement of its own that stays prepared; one put together at run time would be written out, and
    // looked up by its text, at every request.
    match (after, limit) {
        (None, None) => query!(conn, load, newest_first(owner).select(Task::as_select())),
        (None, Some(limit)) => query!(conn, load, newest_first(owner).select(Task::as_select()).limit(limit)),
        (Some(place), None) => query!(
            conn,
            load,
            newest_first(owner)
                .filter(is_after(place.created_at, place.id))
                .select(Task::as_select())
        ),
        (Some(place), Some(limit)) => query!(
            conn,
            load,
            newest_first(owner)
                .filter(is_after(place.created_at, place.id))
                .select(Task::as_select())
                .limit(limit)
        ),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn newest_first(owner: UserId) -> _ {
    tasks::table
        .filter(tasks::owner_id.eq(owner))
        .order((tasks::created_at.desc(), tasks::id.desc()))
}

/// The task, if the owner has it.
///
/// # Errors
/// If the query fails.
pub async fn find(conn: &mut Conn, owner: UserId, id: TaskId) -> QueryResult<Option<Task>> {
    query!(conn, first, tasks::table.find((owner, id)).select(Task::as_select())).optional()
}

/// Makes a change to a task in an expected version, and gives the task. No function, since what is returned is a type of
/// the backend's.
macro_rules! change {
    ($conn:expr, $owner:expr, $id:expr, $expected:expr, $change:expr) => {{
        let task = tasks::table.find(($owner, $id));
        match $expected {
            None => query!(
                $conn,
                get_result,
                diesel::update(task).set($change).returning(Task::as_returning())
            ),
            Some(versions) => query!(
                $conn,
                get_result,
                diesel::update(task.filter(tasks::version.eq_any(versions)))
                    .set($change)
                    .returning(Task::as_returning())
            ),
        }
        .optional()
    }};
}

/// The changed task, or `None` if the owner has no such task in an expected version.
///
/// # Errors
/// If the query fails.
pub async fn update(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    changes: &TaskChanges<'_>,
) -> QueryResult<Option<Task>> {
    let change = (changes, tasks::version.eq(tasks::version + 1));
    change!(conn, owner, id, expected, change)
}

/// The task, done if it was not and the reverse, or `None` if the owner has no such task in an expected version.
///
/// # Errors
/// If the query fails.
pub async fn toggle(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    now: UtcTime,
) -> QueryResult<Option<Task>> {
    let change = (
        tasks::completed.eq(not(tasks::completed)),
        tasks::version.eq(tasks::version + 1),
        tasks::updated_at.eq(now),
    );
    change!(conn, owner, id, expected, change)
}

/// Deletes the task; `false` if the owner has no such task in an expected version.
///
/// # Errors
/// If the query fails.
pub async fn delete(conn: &mut Conn, owner: UserId, id: TaskId, expected: Expected<'_>) -> QueryResult<bool> {
    let task = tasks::table.find((owner, id));
    match expected {
        None => query!(conn, execute, diesel::delete(task)),
        Some(versions) => query!(
            conn,
            execute,
            diesel::delete(task.filter(tasks::version.eq_any(versions)))
        ),
    }
    .map(|deleted| deleted == 1)
}
