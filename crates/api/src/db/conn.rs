//! Connections: one pool per backend, one way to run a query on either.

use super::{postgres, sqlite};
use crate::config::Target;
use diesel::connection::AnsiTransactionManager as BlockingTransactionManager;
use diesel::result::DatabaseErrorKind;
use diesel::{IntoSql, QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::{BuildError, Object, Pool, PoolError};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, TransactionManager};
use std::time::Duration;

pub(super) type SqliteConn = SyncConnectionWrapper<SqliteConnection>;
pub(super) type PgConn = AsyncPgConnection;

/// How connections are pooled.
#[derive(Clone, Copy, Debug)]
pub struct PoolSettings {
    /// Connections at most.
    pub size: usize,
    /// How long a request waits for a free one before it is answered 503.
    pub wait: Duration,
}

/// The database the server runs on.
#[derive(Clone)]
pub enum Db {
    /// The embedded database.
    Sqlite(Pool<SqliteConn>),
    /// A PostgreSQL server.
    Postgres(Pool<PgConn>),
}

#[expect(
    clippy::large_enum_variant,
    reason = "it lives on the stack for the length of a request"
)]
/// A connection to either database. Queries run on it through `query!`.
pub enum Conn {
    /// To the embedded database.
    Sqlite(Object<SqliteConn>),
    /// To a PostgreSQL server.
    Postgres(Object<PgConn>),
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
    /// The pool cannot be built.
    #[error("the connection pool cannot be built")]
    Pool(#[from] BuildError),
}

/// Why a query failed.
pub use diesel::result::Error as QueryError;

/// Why a query has no result.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection was free in time, or none can be made.
    #[error("no database connection")]
    NoConnection(#[from] PoolError),
    /// The query failed.
    #[error("a query failed")]
    Query(#[from] diesel::result::Error),
}

impl DbError {
    /// Whether the same request may succeed later: the database is away or busy, the request is not at fault.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Query(diesel::result::Error::DatabaseError(kind, info)) => match kind {
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure => true,
                _ => TEMPORARY.iter().any(|words| info.message().contains(words)),
            },
            Self::NoConnection(_) | Self::Query(diesel::result::Error::BrokenTransactionManager) => true,
            Self::Query(_) => false,
        }
    }

    /// Whether a unique index refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        use diesel::result::Error::DatabaseError;
        matches!(self, Self::Query(DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }

    /// Whether the row refers to one that does not exist (any more).
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        use diesel::result::Error::DatabaseError;
        matches!(
            self,
            Self::Query(DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _))
        )
    }
}

/// What databases say, where diesel has no kind for it: SQLite of a write lock that somebody held for longer than the busy
/// timeout, PostgreSQL (SQLSTATE 57P01 to 57P03, 57014) of being stopped, of not being up, and of a statement that took
/// too long.
const TEMPORARY: [&str; 6] = [
    "database is locked",
    "terminating connection",
    "the database system is",
    "canceling statement due to",
    "connection closed",
    "server closed the connection",
];

/// Runs a diesel query on whichever database the connection leads to.
///
/// The query is compiled once per backend, so it may use what both of them support.
macro_rules! query {
    ($conn:expr, |$backend:ident| $query:expr) => {
        match $conn {
            $crate::db::conn::Conn::Sqlite($backend) => $query.await,
            $crate::db::conn::Conn::Postgres($backend) => $query.await,
        }
    };
}
pub(crate) use query;

impl Db {
    /// Brings the schema of the database up to date and opens a pool on it.
    ///
    /// # Errors
    /// If the database cannot be reached, or its schema cannot be brought up to date.
    pub async fn connect(target: &Target, settings: PoolSettings) -> Result<Self, ConnectError> {
        match target {
            Target::Sqlite(file) => sqlite::connect(file, settings).await.map(Self::Sqlite),
            Target::Postgres(url) => postgres::connect(url, settings).await.map(Self::Postgres),
        }
    }

    /// A connection of the pool's.
    ///
    /// # Errors
    /// If none is free in time, or none can be made.
    pub async fn conn(&self) -> Result<Conn, DbError> {
        Ok(match self {
            Self::Sqlite(pool) => Conn::Sqlite(pool.get().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.get().await?),
        })
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// If it gives none.
    pub async fn ping(&self) -> Result<(), DbError> {
        let mut conn = self.conn().await?;
        query!(&mut conn, |c| diesel::select(
            1_i32.into_sql::<diesel::sql_types::Integer>()
        )
        .execute(c))?;
        Ok(())
    }
}

impl Conn {
    /// Commits what `work` did if it succeeds, and rolls it back if it fails.
    ///
    /// # Errors
    /// What `work` fails with, or that the transaction cannot be begun or committed.
    pub async fn transaction<T, E>(&mut self, work: impl AsyncFnOnce(&mut Self) -> Result<T, E>) -> Result<T, E>
    where
        E: From<diesel::result::Error>,
    {
        self.begin().await?;
        let result = work(self).await;
        match &result {
            Ok(_) => self.commit().await?,
            Err(_) => self.rollback().await?,
        }
        result
    }

    /// SQLite takes its write lock at once: a reader that turned writer would fail, not wait.
    async fn begin(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => {
                conn.spawn_blocking(|conn| BlockingTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"))
                    .await
            }
            Self::Postgres(conn) => Manager::<PgConn>::begin_transaction(&mut **conn).await,
        }
    }

    async fn commit(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => Manager::<SqliteConn>::commit_transaction(&mut **conn).await,
            Self::Postgres(conn) => Manager::<PgConn>::commit_transaction(&mut **conn).await,
        }
    }

    async fn rollback(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => Manager::<SqliteConn>::rollback_transaction(&mut **conn).await,
            Self::Postgres(conn) => Manager::<PgConn>::rollback_transaction(&mut **conn).await,
        }
    }
}

type Manager<C> = <C as AsyncConnection>::TransactionManager;
