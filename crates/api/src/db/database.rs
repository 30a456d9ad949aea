//! The two ways to get at the database: reading and writing.
//!
//! They go different ways, since what makes each of them fast differs: see `sqlite.rs` and `postgres.rs`.

use super::conn::{Conn, query};
use super::error::{ConnectError, DbError};
use super::postgres::Postgres;
use super::settings::{Connections, Settings};
use super::sqlite::Sqlite;
use super::types::UserId;
use crate::config::Target;
use diesel::{IntoSql, QueryResult};
use std::sync::Arc;

/// The database the server runs on. Cloning it is cheap, and the clones share everything.
#[derive(Clone)]
pub enum Db {
    /// The embedded database.
    Sqlite(Arc<Sqlite>),
    /// A PostgreSQL server.
    Postgres(Arc<Postgres>),
}

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

    /// Runs statements that only read, and may go through all that an account has: unless they are done at once, neither on the
    /// worker nor on a connection that others share, in a place of the bulkhead, and for [`Settings::long_read_timeout`] at most.
    /// Whoever does not wait any more for the answer ends it. They may be run again.
    ///
    /// # Errors
    /// If there is no place for it, it takes too long, the database cannot be reached, or what `work` fails with.
    pub async fn read_long<T>(
        &self,
        owner: UserId,
        work: impl AsyncFn(&mut Conn) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, DbError>
    where
        T: Send + 'static,
    {
        match self {
            Self::Sqlite(sqlite) => Arc::clone(sqlite).read_long(owner, work).await,
            Self::Postgres(postgres) => postgres.read_long(owner, work).await,
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

    /// Does work in pieces, each in a transaction of its own, so that others write in between, until one finds nothing any more. Gives
    /// how much they found.
    ///
    /// # Errors
    /// What a piece fails with. Those before it are done.
    pub async fn in_pieces(
        &self,
        piece: impl AsyncFn(&mut Conn) -> QueryResult<usize> + Clone + Send + 'static,
    ) -> Result<usize, DbError> {
        let mut all = 0;
        loop {
            let piece = piece.clone();
            let once = async move |conn: &mut Conn| piece(conn).await.map_err(DbError::from);
            match self.transaction(once).await? {
                0 => return Ok(all),
                found => all += found,
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
