//! The tasks that somebody asks for, read together with the proof that their session is alive.
//!
//! Most ask for the whole list, newest first. For that there are prepared statements: one put together at run time would be written
//! out, and looked up by its text, at every request. They follow an index, and take as long as what they give: what goes through all
//! that the owner has, to find some of it, is a long read.

use super::columns::LiveColumns;
use crate::db::conn::{Conn, query};
use crate::db::cursor::{Cursor, Key, is_older};
use crate::db::database::Db;
use crate::db::schema::tasks;
use crate::db::scope::{ReadError, ReadScope};
use crate::db::selection::{Selection, select, select_ids};
use crate::db::sessions;
use crate::db::task_row::Task;
use crate::db::types::{SessionId, TaskId, UserId, UtcTime};
use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use futures_util::{Stream, TryStreamExt as _};
use shared::query::Sort;
use std::pin::pin;

/// Tasks that are read at a time where all are asked for. The rest is for whoever goes on to read it.
pub const PORTION: i64 = 500;

/// Which of the prepared statements answers a selection.
#[derive(Clone, Copy)]
enum Prepared {
    /// The whole list, newest first.
    Whole,
    /// The same from its beginning, or from behind a task on; a page of it, or all.
    Newest(Option<(UtcTime, TaskId)>),
}

impl Prepared {
    /// `None` if the statement has to be put together.
    fn of(selection: &Selection) -> Option<Self> {
        if !selection.follows_an_index() {
            return None;
        }
        match &selection.after {
            None if selection.limit.is_none() => Some(Self::Whole),
            None => Some(Self::Newest(None)),
            Some(Cursor {
                key: Key::Time(created_at),
                id,
            }) => Some(Self::Newest(Some((*created_at, *id)))),
            Some(_) => None,
        }
    }
}

/// The selected tasks, each pushed into a list that `init` makes, which is told how many there will be if that is known; and the
/// cursor of the next page, if there is one. Where all are asked for, it is the first [`PORTION`] of them, and the cursor of the rest.
///
/// The whole list is asked for more than all else. It comes in the one statement that also proves the session alive, unless it is
/// empty: a second statement would cost the database a third as much again. Its rows are pushed one by one as they come, since
/// collecting them first would take longer than that.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn list<T>(
    db: &Db,
    scope: ReadScope,
    selection: &Selection,
    init: impl Fn(Option<usize>) -> T,
    push: impl Fn(&mut T, &Task),
) -> Result<(T, Option<Cursor>), ReadError> {
    if let (Some(Prepared::Whole), Some((session, epoch))) = (Prepared::of(selection), scope.session()) {
        let read = async |conn: &mut Conn| {
            let (mut list, mut count, mut end, mut more) = (init(None), 0, None, false);
            let each = |task: &Task| {
                count += 1;
                more = count > PORTION;
                if count == PORTION {
                    end = Some(Cursor::behind(task, Sort::Created));
                }
                if !more {
                    push(&mut list, task);
                }
            };
            each_if_alive(conn, scope.owner(), session, epoch, PORTION + 1, each).await?;
            Ok((count > 0).then_some((list, end.filter(|_| more))))
        };
        if let Some(found) = db.read(read).await? {
            return Ok(found);
        }
        // There are no tasks, or no session: below they are told apart.
    }
    // Boxed, to keep the hot path's future small.
    let (rows, next) = Box::pin(page(db, scope, selection)).await?;
    let mut list = init(Some(rows.len()));
    for task in &rows {
        push(&mut list, task);
    }
    Ok((list, next))
}

/// The ids of all that is selected, in its order.
///
/// # Errors
/// If the session has been ended, there is no place for a long read, it takes too long, or the database cannot say.
pub async fn ids(db: &Db, scope: ReadScope, selection: &Selection) -> Result<Vec<TaskId>, ReadError> {
    let selection = selection.clone();
    let select = async move |conn: &mut Conn, owner| select_ids(conn, owner, &selection).await;
    scope.read_long(db, select).await
}

/// A page, and the cursor of the next one. One row more than the page has shows whether there is one.
async fn page(db: &Db, scope: ReadScope, selection: &Selection) -> Result<(Vec<Task>, Option<Cursor>), ReadError> {
    let limit = selection.limit.unwrap_or(PORTION);
    let read = if let Some(prepared) = Prepared::of(selection) {
        let after = match prepared {
            Prepared::Whole => None,
            Prepared::Newest(after) => after,
        };
        let newest = async |conn: &mut Conn, owner| newest(conn, owner, after, limit + 1).await;
        scope.read(db, newest).await
    } else {
        let selection = Selection {
            limit: Some(limit + 1),
            ..selection.clone()
        };
        let select = async move |conn: &mut Conn, owner| select(conn, owner, &selection).await;
        scope.read_long(db, select).await
    };
    let mut rows = read?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| more);
    let next = last.map(|last| Cursor::behind(last, selection.sort));
    Ok((rows, next))
}

/// The owner's tasks, newest first, those behind `after`, at most `limit` of them.
async fn newest(
    conn: &mut Conn,
    owner: UserId,
    after: Option<(UtcTime, TaskId)>,
    limit: i64,
) -> QueryResult<Vec<Task>> {
    // Each of these is a statement of its own that stays prepared; one put together at run time would be written out, and
    // looked up by its text, at every request.
    match after {
        None => query!(conn, load, newest_first(owner).select(Task::as_select()).limit(limit)),
        Some((created_at, id)) => query!(
            conn,
            load,
            newest_first(owner)
                .filter(is_older(created_at, id))
                .select(Task::as_select())
                .limit(limit)
        ),
    }
}

/// Hands over each of the owner's tasks, newest first, at most `limit` of them; none if the session [has been ended](sessions::is_alive).
///
/// # Errors
/// If the query fails, of which some of the tasks may have been handed over before.
async fn each_if_alive(
    conn: &mut Conn,
    owner: UserId,
    session: SessionId,
    epoch: i64,
    limit: i64,
    mut each: impl FnMut(&Task),
) -> QueryResult<()> {
    let tasks = newest_first(owner)
        .filter(sessions::alive(owner, session, epoch))
        .select(LiveColumns)
        .limit(limit);
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
