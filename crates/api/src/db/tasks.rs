//! The tasks. Every function takes the owner: there is no way to reach a task by its id alone. A change is made to a version and
//! in one statement, or not at all (optimistic concurrency).

mod columns;

use super::conn::{Conn, change};
use super::query;
use super::schema::tasks;
use super::sessions;
use super::trash;
use super::types::{DbTimestamp, ListId, SessionId, TaskId, UserId, UtcTime};
use chrono::NaiveDate;
use columns::LiveColumns;
use diesel::connection::DefaultLoadingMode;
use diesel::dsl::not;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Nullable;
use diesel::sqlite::Sqlite;
use futures_util::{Stream, TryStreamExt as _};
use std::pin::pin;

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

/// A task with what only the server knows of it.
#[derive(Queryable, Selectable, Clone, Debug)]
#[diesel(table_name = tasks, check_for_backend(Pg, Sqlite))]
pub struct FullTask {
    /// The task.
    #[diesel(embed)]
    pub task: Task,
    /// Its tags, folded, between line breaks.
    pub tag_keys: String,
    /// The day from which its recurrence is counted.
    pub series_start: Option<NaiveDate>,
    /// The task that came about when this one was completed.
    pub next_id: Option<TaskId>,
}

/// A task to be added. `search` goes with title and description: see [`search`](super::search).
#[derive(Insertable, Clone, Debug)]
#[diesel(table_name = tasks, check_for_backend(Pg, Sqlite), treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "as of a task")]
pub struct NewTask {
    pub owner_id: UserId,
    pub id: TaskId,
    pub title: String,
    pub description: Option<String>,
    pub completed: bool,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    pub due_order: Option<i64>,
    pub due_zone: Option<String>,
    pub due_at: Option<UtcTime>,
    pub priority: i16,
    pub tags: String,
    pub tag_keys: String,
    pub list_id: Option<ListId>,
    pub position: String,
    pub parent_id: Option<TaskId>,
    pub subtasks_total: i64,
    pub subtasks_completed: i64,
    pub recurrence: Option<String>,
    pub series_start: Option<NaiveDate>,
    pub next_id: Option<TaskId>,
    pub completed_at: Option<UtcTime>,
    pub deleted_at: Option<UtcTime>,
    pub search: String,
}

/// What to change: `None` leaves a column alone, `Some(None)` empties it.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = tasks)]
#[expect(missing_docs, reason = "as of a task")]
pub struct TaskChanges {
    pub title: Option<String>,
    pub description: Option<Option<String>>,
    pub completed: Option<bool>,
    pub due_order: Option<Option<i64>>,
    pub due_zone: Option<Option<String>>,
    pub due_at: Option<Option<UtcTime>>,
    pub priority: Option<i16>,
    pub tags: Option<String>,
    pub tag_keys: Option<String>,
    pub list_id: Option<Option<ListId>>,
    pub position: Option<String>,
    pub parent_id: Option<Option<TaskId>>,
    pub recurrence: Option<Option<String>>,
    pub series_start: Option<Option<NaiveDate>>,
    pub next_id: Option<Option<TaskId>>,
    pub completed_at: Option<Option<UtcTime>>,
    pub search: Option<String>,
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
pub async fn create(conn: &mut Conn, new: &NewTask) -> QueryResult<Task> {
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

/// Hands over each of the owner's tasks, newest first; none if the session [has been ended](sessions::is_alive).
///
/// # Errors
/// If the query fails, of which some of the tasks may have been handed over before.
pub async fn each_if_alive(
    conn: &mut Conn,
    owner: UserId,
    session: SessionId,
    epoch: i64,
    mut each: impl FnMut(&Task),
) -> QueryResult<()> {
    let tasks = newest_first(owner)
        .filter(sessions::alive(owner, session, epoch))
        .select(LiveColumns);
    // `query!` is for what comes at once.
    match conn {
        Conn::Sqlite(conn) => {
            for task in RunQueryDsl::load_iter::<Task, DefaultLoadingMode>(tasks, conn)? {
                each(&task?);
            }
            Ok(())
        }
        Conn::Pooled(conn) => each_of(diesel_async::RunQueryDsl::load_stream(tasks, conn).await?, each).await,
        Conn::Shared(conn) => each_of(diesel_async::RunQueryDsl::load_stream(tasks, &mut &**conn).await?, each).await,
    }
}

async fn each_of(stream: impl Stream<Item = QueryResult<Task>>, mut each: impl FnMut(&Task)) -> QueryResult<()> {
    let mut tasks = pin!(stream);
    while let Some(task) = tasks.try_next().await? {
        each(&task);
    }
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn newest_first(owner: UserId) -> _ {
    tasks::table
        .filter(tasks::owner_id.eq(owner).and(tasks::deleted_at.is_null()))
        .order((tasks::created_at.desc(), tasks::id.desc()))
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
fn live(owner: UserId, id: TaskId) -> _ {
    tasks::table.find((owner, id)).filter(tasks::deleted_at.is_null())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn live_subtasks(owner: UserId, parent: TaskId) -> _ {
    tasks::table.filter(
        tasks::owner_id
            .eq(owner)
            .and(tasks::parent_id.eq(parent))
            .and(tasks::deleted_at.is_null()),
    )
}

/// A task of which nothing else depends: no parent counts it, and it does not come back.
#[diesel::dsl::auto_type(no_type_alias)]
fn alone(owner: UserId, id: TaskId) -> _ {
    tasks::table.find((owner, id)).filter(
        tasks::deleted_at
            .is_null()
            .and(tasks::parent_id.is_null())
            .and(tasks::recurrence.is_null())
            .and(tasks::next_id.is_null()),
    )
}

/// Raises the version of a task, and keeps everybody else from changing it until the transaction ends. Gives the task as
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
pub async fn update_alone(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    changes: &TaskChanges,
    now: UtcTime,
) -> QueryResult<Option<Task>> {
    if changes.completed == Some(true) {
        // Completing what is completed leaves alone when that was.
        let at = diesel::dsl::case_when(tasks::completed, tasks::completed_at)
            .otherwise(now.into_sql::<Nullable<DbTimestamp>>());
        let change = (changes, tasks::updated_at.eq(now), tasks::completed_at.eq(at));
        change!(conn, tasks, alone(owner, id), expected, change, Task)
    } else {
        let change = (changes, tasks::updated_at.eq(now));
        change!(conn, tasks, alone(owner, id), expected, change, Task)
    }
}

/// The task, done if it was not and the reverse. `None` if it is not in an expected version, or not one on which nothing
/// else depends.
///
/// # Errors
/// If the query fails.
pub async fn toggle_alone(
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
    change!(conn, tasks, alone(owner, id), expected, change, Task)
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
pub async fn trash_alone(
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
        diesel::update(live_subtasks(owner, parent)).set(trash::trashed(now))
    )
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
pub async fn adopt(
    conn: &mut Conn,
    owner: UserId,
    parent: TaskId,
    total: i64,
    completed: i64,
) -> QueryResult<Option<Option<ListId>>> {
    let task = live(owner, parent).filter(tasks::parent_id.is_null());
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
pub async fn take_back(conn: &mut Conn, owner: UserId, id: TaskId) -> QueryResult<Option<Option<TaskId>>> {
    let open = tasks::table
        .find((owner, id))
        .filter(tasks::completed.eq(false).and(tasks::next_id.is_null()));
    let gone: Option<Task> =
        query!(conn, get_result, diesel::delete(open).returning(Task::as_returning())).optional()?;
    Ok(gone.map(|task| task.parent_id.filter(|_| task.deleted_at.is_none())))
}
