//! Reading tasks and lists, each in one go with the proof that the session is alive.

use crate::db::cursor::Cursor;
use crate::db::lists::{self, List};
use crate::db::selection::Selection;
use crate::db::task_row::{FullTask, Task};
use crate::db::types::{ListId, TaskId, UtcTime};
use crate::db::{Conn, Db, ReadError, ReadScope, bulk, tasks, trash};

/// The selected tasks, each pushed into a list that `init` makes, which is told how many there will be if that is known; and the
/// cursor of the next page, if there is one.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn selected<T>(
    db: &Db,
    scope: ReadScope,
    selection: &Selection,
    init: impl Fn(Option<usize>) -> T,
    push: impl Fn(&mut T, &Task),
) -> Result<(T, Option<Cursor>), ReadError> {
    tasks::list::list(db, scope, selection, init, push).await
}

/// The task, if the owner has it outside of the trash.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn task(db: &Db, scope: ReadScope, id: TaskId) -> Result<Option<Task>, ReadError> {
    let find = async |conn: &mut Conn, owner| tasks::find(conn, owner, id).await;
    scope.read(db, find).await
}

/// The tasks in the trash, last deleted first, those behind the cursor, at most `limit` of them.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn trash(
    db: &Db,
    scope: ReadScope,
    after: Option<&Cursor<UtcTime>>,
    limit: Option<i64>,
) -> Result<Vec<Task>, ReadError> {
    let list = async |conn: &mut Conn, owner| trash::list(conn, owner, after, limit).await;
    scope.read(db, list).await
}

/// The owner's lists, by position, archived ones included.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn lists(db: &Db, scope: ReadScope) -> Result<Vec<List>, ReadError> {
    let list = async |conn: &mut Conn, owner| lists::list(conn, owner).await;
    scope.read(db, list).await
}

/// The list, if the owner has it outside of the trash.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn list(db: &Db, scope: ReadScope, id: ListId) -> Result<Option<List>, ReadError> {
    let find = async |conn: &mut Conn, owner| lists::find(conn, owner, id).await;
    scope.read(db, find).await
}

/// Everything that the owner has, in the trash or not.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn everything(db: &Db, scope: ReadScope) -> Result<(Vec<List>, Vec<FullTask>), ReadError> {
    let read = async |conn: &mut Conn, owner| {
        let lists = async |conn: &mut Conn| lists::all(conn, owner).await;
        let (lists, tasks) = conn.both(lists, async |conn| bulk::all(conn, owner).await).await;
        Ok((lists?, tasks?))
    };
    scope.read(db, read).await
}
