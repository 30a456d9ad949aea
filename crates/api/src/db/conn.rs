//! One way to run a query on either database.

use super::error::{DbError, QueryError};
use diesel::{QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection as _, TransactionManager};
use futures_util::future::join;
use std::sync::Arc;
use std::time::Duration;

/// A connection to PostgreSQL.
pub(super) type PgConn = AsyncPgConnection;

#[expect(
    clippy::large_enum_variant,
    reason = "it lives on the stack for the length of a request"
)]
/// A connection to either database. Queries run on it through `query!`.
pub enum Conn {
    /// To the embedded database.
    Sqlite(SqliteConnection),
    /// To a PostgreSQL server, this user's alone.
    Pooled(Object<PgConn>),
    /// To a PostgreSQL server, together with every other reader of this worker.
    Shared(Arc<PgConn>),
}

/// Runs a diesel query on whichever database the connection leads to: `query!(conn, first, users::table.find(id))`.
///
/// The query is compiled once per backend, so it may use what both of them support.
macro_rules! query {
    ($conn:expr, $verb:ident, $query:expr) => {
        match $conn {
            $crate::db::conn::Conn::Sqlite(conn) => diesel::RunQueryDsl::$verb($query, conn),
            $crate::db::conn::Conn::Pooled(conn) => diesel_async::RunQueryDsl::$verb($query, conn).await,
            $crate::db::conn::Conn::Shared(conn) => diesel_async::RunQueryDsl::$verb($query, &mut &**conn).await,
        }
    };
}
pub(crate) use query;

/// The versions of a row that a change may be made to: `None` is any.
pub type Expected<'a> = Option<&'a [i64]>;

/// Optimistic concurrency: changes `$target` of a table with a `version`, which it raises, if that is among the expected ones; gives the row as
/// `$row`, or `None` if there was none to change. No function, since what is returned is a type of the backend's.
macro_rules! change {
    ($conn:expr, $table:ident, $target:expr, $expected:expr, $change:expr, $row:ident) => {
        match $expected {
            None => query!(
                $conn,
                get_result,
                diesel::update($target)
                    .set(($change, $table::version.eq($table::version + 1)))
                    .returning($row::as_returning())
            ),
            Some(versions) => query!(
                $conn,
                get_result,
                diesel::update($target.filter($table::version.eq_any(versions)))
                    .set(($change, $table::version.eq($table::version + 1)))
                    .returning($row::as_returning())
            ),
        }
        .optional()
    };
}
pub(super) use change;

/// Deletes some rows of a table whose `$time` is before `$before`: `$limit`, and those of the same instant as the last one. Gives how many.
/// No function, as above.
macro_rules! delete_older {
    ($conn:expr, $table:ident, $time:ident, $before:expr, $limit:expr) => {{
        let old = $table::table.filter($table::$time.lt($before));
        let ordered = old.order($table::$time).offset($limit - 1);
        let last: Option<UtcTime> = query!($conn, first, ordered.select($table::$time)).optional()?;
        let some = old.filter($table::$time.le(last.unwrap_or($before)));
        query!($conn, execute, diesel::delete(some))
    }};
}
pub(super) use delete_older;

/// Deletes some of these rows, `$limit` at most, by what tells them apart. Gives how many it found. No function, as above.
macro_rules! delete_some {
    ($conn:expr, $rows:expr, $id:expr, $type:ty, $limit:expr) => {{
        let found: Vec<$type> = query!($conn, load, $rows.select($id).limit($limit))?;
        query!($conn, execute, diesel::delete($rows.filter($id.eq_any(&found))))?;
        Ok(found.len())
    }};
}
pub(super) use delete_some;

impl Conn {
    /// Runs two reads. On a shared connection both travel together, and take as long as the slower one.
    pub async fn both<A, B>(
        &mut self,
        first: impl AsyncFnOnce(&mut Self) -> A,
        second: impl AsyncFnOnce(&mut Self) -> B,
    ) -> (A, B) {
        match self {
            Self::Shared(conn) => {
                let (mut one, mut other) = (Self::Shared(Arc::clone(conn)), Self::Shared(Arc::clone(conn)));
                join(first(&mut one), second(&mut other)).await
            }
            Self::Sqlite(_) | Self::Pooled(_) => (first(self).await, second(self).await),
        }
    }

    /// Only a pooled connection has transactions of its own: the embedded database's writer begins them for its whole group,
    /// and of one on a shared connection whatever the others read meanwhile would be part.
    pub(super) async fn transaction<T, E>(&mut self, work: impl AsyncFnOnce(&mut Self) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DbError>,
    {
        let begun = Manager::begin_transaction(self.pooled().map_err(DbError::from)?).await;
        begun.map_err(DbError::from)?;
        let result = work(self).await;
        let conn = self.pooled().map_err(DbError::from)?;
        let ended = match &result {
            Ok(_) => Manager::commit_transaction(conn).await,
            Err(_) => Manager::rollback_transaction(conn).await,
        };
        ended.map_err(DbError::from)?;
        result
    }

    /// How long each statement of the transaction may take.
    pub(super) async fn limit_statements(&mut self, limit: Duration) -> QueryResult<()> {
        let limit = format!("SET LOCAL statement_timeout = {}", limit.as_millis());
        self.pooled()?.batch_execute(&limit).await
    }

    fn pooled(&mut self) -> QueryResult<&mut PgConn> {
        match self {
            Self::Pooled(conn) => Ok(conn),
            Self::Sqlite(_) | Self::Shared(_) => Err(QueryError::BrokenTransactionManager),
        }
    }
}

type Manager = <PgConn as AsyncConnection>::TransactionManager;
