//! One way to run a query on either database, and two ways to get at one: reading and writing.
//!
//! Reads and writes go different ways, since what makes each of them fast differs: see `sqlite.rs` and `postgres.rs`.

use super::postgres::{PgConn, Postgres};
use super::sqlite::Sqlite;
use crate::config::Target;
use diesel::result::DatabaseErrorKind;
use diesel::{IntoSql, QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::{BuildError, Object, PoolError};
use diesel_async::{AsyncConnection, TransactionManager};
use futures_util::future::join;
use std::sync::Arc;
use std::time::Duration;

/// How the database is used.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Connections to PostgreSQL for writing at most, all workers together.
    pub pool_size: usize,
    /// Threads that serve requests.
    pub workers: usize,
    /// How long a request waits for its turn before it is answered 503.
    pub wait: Duration,
    /// How long PostgreSQL may take for a statement, and a transaction may wait for its next one.
    pub statement_timeout: Duration,
}

/// What the connections for writing are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// So many at most.
    pub max: usize,
    /// Open, and nobody's.
    pub idle: usize,
    /// Somebody's.
    pub used: usize,
    /// Requests that wait for one.
    pub awaited: usize,
}

/// The database the server runs on. Cloning it is cheap, and the clones share everything.
#[derive(Clone)]
pub enum Db {
    /// The embedded database.
    Sqlite(Arc<Sqlite>),
    /// A PostgreSQL server.
    Postgres(Arc<Postgres>),
}

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

/// Why the server cannot use its database.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL asks for something that the server does not do.
    #[error("{0}")]
    Url(String),
    /// The schema cannot be brought up to date: no connection, or a migration that fails.
    #[error("the database cannot be reached or its schema cannot be brought up to date")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The TLS configuration cannot be built.
    #[error("TLS to the database cannot be set up")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a query failed.
pub use diesel::result::Error as QueryError;

/// Why a query has no result.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection was free in time, or none can be made.
    #[error("no database connection")]
    NoConnection(#[from] PoolError),
    /// The pool cannot be built.
    #[error("the connection pool cannot be built")]
    Pool(#[from] BuildError),
    /// No connection can be made.
    #[error("the database cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// Too many others are waiting to write.
    #[error("the queue of writes is full")]
    Busy,
    /// The database did not answer in time.
    #[error("the database did not answer in time")]
    Timeout,
    /// A flow waited for something else than the database, or panicked: a mistake of the server's own.
    #[error("a write was given up")]
    GivenUp,
    /// The query failed.
    #[error("a query failed")]
    Query(#[from] QueryError),
}

impl DbError {
    /// Whether the same request may succeed later: the database is away or busy, the request is not at fault.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Query(QueryError::DatabaseError(kind, info)) => match kind {
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::ReadOnlyTransaction
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure => true,
                _ => TEMPORARY.iter().any(|words| info.message().contains(words)),
            },
            Self::NoConnection(_)
            | Self::Connect(_)
            | Self::Busy
            | Self::Timeout
            | Self::Query(QueryError::BrokenTransactionManager) => true,
            Self::Query(_) | Self::Pool(_) | Self::GivenUp => false,
        }
    }

    /// Whether a unique index refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.is(DatabaseErrorKind::UniqueViolation)
    }

    /// Whether the row refers to one that does not exist (any more).
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.is(DatabaseErrorKind::ForeignKeyViolation)
    }

    fn is(&self, wanted: DatabaseErrorKind) -> bool {
        match self {
            // The kinds have no equality, but no members either.
            Self::Query(QueryError::DatabaseError(kind, _)) => {
                std::mem::discriminant(kind) == std::mem::discriminant(&wanted)
            }
            _ => false,
        }
    }
}

/// What databases say, where diesel has no kind for it: SQLite of a write lock that somebody held for longer than the busy
/// timeout, PostgreSQL (SQLSTATE 57P01 to 57P03, 57014, 40P01) of being stopped, of not being up, of a statement that took
/// too long, and of two transactions that waited for each other; pgbouncer (08P01) of a server that it has lost or cannot
/// reach, of one that died while its settings were made, of a wait that took too long, and of being stopped.
const TEMPORARY: [&str; 14] = [
    "database is locked",
    "terminating connection",
    "the database system is",
    "canceling statement due to",
    "connection closed",
    "server closed the connection",
    "deadlock detected",
    "pgbouncer cannot connect",
    "server login has been failing",
    "server conn crashed",
    "invalid server parameter",
    "query_wait_timeout",
    "query_timeout",
    "shutting down",
];

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

/// Changes `$target` of a table with a `version`, which it raises, if that is among the expected ones; gives the row as
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

impl Db {
    /// Brings the schema of the database up to date and opens it.
    ///
    /// # Errors
    /// If the database cannot be reached, or its schema cannot be brought up to date.
    pub async fn connect(target: &Target, settings: Settings) -> Result<Self, ConnectError> {
        Ok(match target {
            Target::Sqlite(file) => Self::Sqlite(Arc::new(Sqlite::open(file, settings).await?)),
            Target::Postgres(url) => Self::Postgres(Arc::new(Postgres::connect(url, settings).await?)),
        })
    }

    /// Runs statements that only read. They may be run again if the connection turns out to be dead.
    ///
    /// # Errors
    /// If the database cannot be reached, or what `work` fails with.
    pub async fn read<T>(&self, work: impl AsyncFn(&mut Conn) -> QueryResult<T>) -> Result<T, DbError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read(work).await,
            Self::Postgres(postgres) => postgres.read(work).await,
        }
    }

    /// Runs one statement that writes, or several that need not be done together. What it did has reached the disk when
    /// this returns. The flow waits for nothing but the database.
    ///
    /// # Errors
    /// If the database cannot be reached, or what `work` fails with.
    pub async fn write<T, E>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match self {
            Self::Sqlite(sqlite) => sqlite.write(work).await,
            Self::Postgres(postgres) => postgres.write(work).await,
        }
    }

    /// Commits all of what `work` did if it succeeds, and nothing of it if it fails. The flow waits for nothing but the
    /// database.
    ///
    /// # Errors
    /// What `work` fails with, or that the transaction cannot be begun or committed.
    pub async fn transaction<T, E>(
        &self,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match self {
            // Each write has a savepoint of its own there.
            Self::Sqlite(sqlite) => sqlite.write(work).await,
            Self::Postgres(postgres) => {
                postgres
                    .write(async move |conn: &mut Conn| conn.transaction(work).await)
                    .await
            }
        }
    }

    /// What the connections for writing are doing.
    #[must_use]
    pub fn connections(&self) -> Connections {
        match self {
            Self::Sqlite(sqlite) => sqlite.connections(),
            Self::Postgres(postgres) => postgres.connections(),
        }
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// If it gives none.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.read(async |conn| {
            let one = diesel::select(1_i32.into_sql::<diesel::sql_types::Integer>());
            query!(conn, execute, one).map(drop)
        })
        .await
    }
}

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

    fn pooled(&mut self) -> QueryResult<&mut PgConn> {
        match self {
            Self::Pooled(conn) => Ok(conn),
            Self::Sqlite(_) | Self::Shared(_) => Err(QueryError::BrokenTransactionManager),
        }
    }
}

type Manager = <PgConn as AsyncConnection>::TransactionManager;

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: DatabaseErrorKind, message: &str) -> DbError {
        DbError::Query(QueryError::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn what_will_pass_is_told_from_what_will_not() {
        for message in [
            "deadlock detected",
            "terminating connection due to administrator command",
            "pgbouncer cannot connect to server",
            "query_wait_timeout",
        ] {
            assert!(failure(DatabaseErrorKind::Unknown, message).is_temporary(), "{message}");
        }
        assert!(failure(DatabaseErrorKind::ReadOnlyTransaction, "").is_temporary());
        assert!(!failure(DatabaseErrorKind::Unknown, "syntax error at or near").is_temporary());
        assert!(!failure(DatabaseErrorKind::UniqueViolation, "").is_temporary());
    }
}
