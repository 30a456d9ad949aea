//! Reading tasks and lists, each in one go with the proof that the session is alive.

use crate::db::cursor::{Cursor, Key};
use crate::db::lists::{self, List};
use crate::db::selection::Selection;
use crate::db::task_row::{FullTask, Task};
use crate::db::tasks::list::PORTION;
use crate::db::types::{ListId, TaskId, UserId, UtcTime};
use crate::db::{Conn, Db, ReadError, ReadScope, bulk, tasks, trash};
use std::collections::HashMap;
use std::vec;

/// Tasks that are read at a time while an answer is being sent: at their longest, a megabyte and a half.
const PIECE: i64 = 32;

/// What is behind a selection.
pub enum Rest {
    /// The page that was asked for, and this is where the next one begins.
    NextPage(Cursor),
    /// All was asked for, and this is not read yet.
    Unread(Unread),
}

/// The rest of many tasks, which are read some at a time, so that nobody has to keep all of them in memory.
///
/// What is changed meanwhile is read as it is then. What is added is not there, and what is deleted is not there any more.
pub struct Unread {
    db: Db,
    scope: ReadScope,
    source: Source,
}

/// Where they are read from.
enum Source {
    Selection(Box<Selection>),
    Ids(vec::IntoIter<TaskId>),
    Trash(Option<Cursor<UtcTime>>),
    End,
}

/// Everything that the owner has, newest first, in the trash or not, of which some is read at a time.
pub struct Everything {
    db: Db,
    scope: ReadScope,
    after: Option<Cursor<UtcTime>>,
}

/// The selected tasks, each pushed into a list that `init` makes, which is told how many there will be if that is known; and what
/// there is behind them.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn selected<T>(
    db: &Db,
    scope: ReadScope,
    selection: &Selection,
    init: impl Fn(Option<usize>) -> T,
    push: impl Fn(&mut T, &Task),
) -> Result<(T, Option<Rest>), ReadError> {
    if selection.limit.is_some() || selection.follows_an_index() {
        let (list, next) = tasks::list::list(db, scope, selection, init, push).await?;
        let rest = next.map(|next| match selection.limit {
            Some(_) => Rest::NextPage(next),
            None => Rest::Unread(Unread::new(
                db,
                scope,
                Source::Selection(Box::new(selection.behind(next))),
            )),
        });
        return Ok((list, rest));
    }
    // Boxed, to keep the hot path's future small.
    let ids = Box::pin(tasks::list::ids(db, scope, selection)).await?;
    let mut unread = Unread::new(db, scope, Source::Ids(ids.into_iter()));
    let some = Box::pin(unread.read(PORTION)).await?;
    let mut list = init(Some(some.len()));
    for task in &some {
        push(&mut list, task);
    }
    Ok((list, unread.if_more().map(Rest::Unread)))
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
    limit: i64,
) -> Result<Vec<Task>, ReadError> {
    let list = async |conn: &mut Conn, owner| trash::list(conn, owner, after, limit).await;
    scope.read(db, list).await
}

/// The tasks in the trash, last deleted first, from behind the cursor on.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn whole_trash(
    db: &Db,
    scope: ReadScope,
    after: Option<Cursor<UtcTime>>,
) -> Result<(Vec<Task>, Option<Unread>), ReadError> {
    let mut unread = Unread::new(db, scope, Source::Trash(after));
    let some = unread.read(PORTION).await?;
    Ok((some, unread.if_more()))
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

/// Everything that the owner has, in the trash or not: the lists, and the tasks, to be read.
///
/// # Errors
/// If the session has been ended, or the database cannot say.
pub async fn everything(db: &Db, scope: ReadScope) -> Result<(Vec<List>, Everything), ReadError> {
    let read = async |conn: &mut Conn, owner| lists::all(conn, owner).await;
    let tasks = Everything {
        db: db.clone(),
        scope,
        after: None,
    };
    Ok((scope.read(db, read).await?, tasks))
}

impl Everything {
    /// Some more tasks; none if there are no more.
    ///
    /// # Errors
    /// If the session has been ended, or the database cannot say.
    pub async fn next(&mut self) -> Result<Vec<FullTask>, ReadError> {
        let after = self.after.as_ref();
        let read = async |conn: &mut Conn, owner| bulk::newest(conn, owner, after, PIECE).await;
        let some = self.scope.read(&self.db, read).await?;
        if let Some(FullTask { task, .. }) = some.last() {
            self.after = Some(Cursor {
                key: task.created_at,
                id: task.id,
            });
        }
        Ok(some)
    }
}

impl Unread {
    fn new(db: &Db, scope: ReadScope, source: Source) -> Self {
        Self {
            db: db.clone(),
            scope,
            source,
        }
    }

    /// Some more tasks, unless there are no more.
    ///
    /// # Errors
    /// If the session has been ended, or the database cannot say.
    pub async fn next(&mut self) -> Result<Option<Vec<Task>>, ReadError> {
        match self.source {
            Source::End => Ok(None),
            _ => self.read(PIECE).await.map(Some),
        }
    }

    async fn read(&mut self, limit: i64) -> Result<Vec<Task>, ReadError> {
        let (db, scope) = (&self.db, self.scope);
        let (some, rest) = match std::mem::replace(&mut self.source, Source::End) {
            Source::Selection(selection) => {
                let page = Selection {
                    limit: Some(limit),
                    ..*selection
                };
                let push = |some: &mut Vec<Task>, task: &Task| some.push(task.clone());
                let (some, next) = tasks::list::list(db, scope, &page, |_| Vec::new(), push).await?;
                let rest = next.map(|next| Source::Selection(Box::new(page.behind(next))));
                (some, rest)
            }
            Source::Ids(mut ids) => {
                let size = usize::try_from(limit).unwrap_or(usize::MAX);
                let these: Vec<TaskId> = ids.by_ref().take(size).collect();
                let find = async |conn: &mut Conn, owner: UserId| bulk::find(conn, owner, &these).await;
                let found = scope.read(db, find).await?;
                let mut found: HashMap<TaskId, Task> = found.into_iter().map(|task| (task.id, task)).collect();
                let some = these.iter().filter_map(|id| found.remove(id));
                let some = some.filter(|task| task.deleted_at.is_none()).collect();
                (some, (ids.len() > 0).then_some(Source::Ids(ids)))
            }
            Source::Trash(after) => {
                let some = trash(db, scope, after.as_ref(), limit).await?;
                let more = i64::try_from(some.len()).is_ok_and(|found| found == limit);
                let last = some.last().filter(|_| more);
                let after = last.map(|last| Cursor {
                    key: last.deleted_at.unwrap_or(last.updated_at),
                    id: last.id,
                });
                (some, after.map(|after| Source::Trash(Some(after))))
            }
            Source::End => (Vec::new(), None),
        };
        self.source = rest.unwrap_or(Source::End);
        Ok(some)
    }

    fn if_more(self) -> Option<Self> {
        (!matches!(self.source, Source::End)).then_some(self)
    }
}

impl Selection {
    /// The same from behind this on.
    fn behind(&self, next: Cursor<Key>) -> Self {
        Self {
            after: Some(next),
            ..self.clone()
        }
    }
}
