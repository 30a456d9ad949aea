//! The embedded database.
//!
//! Reads run where they are asked for, on a connection of the worker's own: they take microseconds, and in WAL mode they
//! never wait for the writer. Writes go to one thread, which commits them in groups (group commit, `writer.rs`).

mod long_reader;
mod writer;

use super::conn::Conn;
use super::error::{ConnectError, DbError};
use super::migrations::{self, Versions};
use super::settings::{Connections, Settings};
use super::types::UserId;
use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionResult, QueryResult, SqliteConnection};
use long_reader::LongReaders;
use std::cell::RefCell;
use std::error::Error;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Arc;
use thread_local::ThreadLocal;
use tokio::task::spawn_blocking;
use writer::Writer;

pub(super) use long_reader::in_time;

/// In WAL mode readers never wait for the writer; with `synchronous = FULL` each commit reaches the disk before it is
/// acknowledged. A writer waits for other programs' writers up to the busy timeout (ms). Its cache (KiB) is as small as it can be
/// before tasks are added more slowly. What its savepoints would restore stays in memory: SQLite makes a file for it once that is
/// more than 64 KiB, as it often is for a group of writes.
const WRITER: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA foreign_keys = ON;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -1400;
    PRAGMA temp_store = MEMORY;
";

/// A reader would only have to wait for a program that has locked the whole file. Its cache (KiB) holds what one request
/// reads: with each write it is worth nothing any more, and the system has the file's pages in memory as well.
const READER: &str = "
    PRAGMA busy_timeout = 500;
    PRAGMA query_only = ON;
    PRAGMA cache_size = -512;
";

/// The embedded database, open.
pub struct Sqlite {
    path: String,
    /// Each worker's connections that nobody uses at the moment. There is hardly ever more than one.
    readers: ThreadLocal<RefCell<Vec<SqliteConnection>>>,
    long_readers: LongReaders,
    writer: Writer,
}

impl Sqlite {
    pub(super) async fn open(file: &Path, settings: Settings) -> Result<Self, ConnectError> {
        let path = path(file)?.to_owned();
        let url = path.clone();
        let conn = spawn_blocking(move || migrate(&url).and_then(|_| writing(&url)))
            .await
            .map_err(|error| ConnectError::Migrate(error.into()))?
            .map_err(ConnectError::Migrate)?;
        Ok(Self {
            path,
            readers: ThreadLocal::new(),
            long_readers: LongReaders::new(settings.bulkhead, settings.long_read_timeout),
            writer: Writer::start(conn, settings.wait).map_err(|error| ConnectError::Migrate(error.into()))?,
        })
    }

    pub(super) async fn read<T>(&self, work: impl AsyncFn(&mut Conn) -> QueryResult<T>) -> Result<T, DbError> {
        let idle = self.readers.get_or_default();
        let reader = idle.borrow_mut().pop();
        let mut conn = Conn::Sqlite(reader.map_or_else(|| self::reader(&self.path), Ok)?);
        let result = work(&mut conn).await;
        if let Conn::Sqlite(reader) = conn {
            idle.borrow_mut().push(reader);
        }
        Ok(result?)
    }

    pub(super) async fn read_long<T>(
        self: Arc<Self>,
        owner: UserId,
        work: impl AsyncFn(&mut Conn) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, DbError>
    where
        T: Send + 'static,
    {
        let path = self.path.clone();
        self.long_readers.read(owner, move || reader(&path), work).await
    }

    pub(super) async fn write<T, E>(
        &self,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.writer.write(work).await
    }

    /// There is one, and what waits for it is committed together.
    pub(super) fn connections(&self) -> Connections {
        let queued = self.writer.queued();
        let used = queued.min(1);
        Connections {
            max: 1,
            idle: 1 - used,
            used,
            awaited: queued - used,
        }
    }
}

/// A connection that only reads.
fn reader(path: &str) -> ConnectionResult<SqliteConnection> {
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(READER)
        .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// Servers that start together on one file migrate one after the other. Blocks.
pub(super) fn migrate(path: &str) -> Result<Versions, Box<dyn Error + Send + Sync>> {
    let lock = private().open(format!("{path}.lock"))?;
    lock.lock()?;
    private().open(path)?;
    migrations::run(&mut writing(path)?, migrations::SQLITE)
}

fn writing(path: &str) -> Result<SqliteConnection, Box<dyn Error + Send + Sync>> {
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(WRITER)?;
    Ok(conn)
}

/// The path, as SQLite takes it.
pub(super) fn path(file: &Path) -> Result<&str, ConnectError> {
    file.to_str()
        .ok_or_else(|| ConnectError::Url("the path of the database is not UTF-8".to_owned()))
}

/// A connection that waits for a writer as the server's do, and leaves everything else as it is. Blocks.
pub(super) fn open_blocking(file: &Path) -> Result<SqliteConnection, Box<dyn Error + Send + Sync>> {
    let mut conn = SqliteConnection::establish(path(file)?)?;
    conn.batch_execute("PRAGMA busy_timeout = 5000")?;
    Ok(conn)
}

/// A file that only its owner may read, made if it is not there.
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600);
    options
}
