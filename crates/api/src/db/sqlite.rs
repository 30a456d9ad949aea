//! The embedded database: opening it so that an acknowledged write survives a power cut.

use super::conn::{ConnectError, PoolSettings, SqliteConn};
use super::migrations;
use deadpool::Runtime;
use deadpool::managed::QueueMode;
use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionError, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use std::error::Error;
use std::fs::OpenOptions;
use std::path::Path;

/// In WAL mode readers never wait for the writer; with `synchronous = FULL` each commit reaches the disk before it is
/// acknowledged. Writers wait for one another up to the busy timeout (ms).
const SETUP: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA foreign_keys = ON;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
";

pub(super) async fn connect(file: &Path, settings: PoolSettings) -> Result<Pool<SqliteConn>, ConnectError> {
    let path = file
        .to_str()
        .ok_or_else(|| ConnectError::Url("the path of the database is not UTF-8".to_owned()))?;
    let url = path.to_owned();
    tokio::task::spawn_blocking(move || migrate(&url))
        .await
        .map_err(|error| ConnectError::Migrate(error.into()))?
        .map_err(ConnectError::Migrate)?;

    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(|url| Box::pin(open(url)));
    let manager = AsyncDieselConnectionManager::new_with_config(path, config);
    Ok(Pool::builder(manager)
        .max_size(settings.size)
        .wait_timeout(Some(settings.wait))
        .queue_mode(QueueMode::Lifo)
        .runtime(Runtime::Tokio1)
        .build()?)
}

/// Servers that start together on one file migrate one after the other.
fn migrate(path: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    let lock = private().open(format!("{path}.lock"))?;
    lock.lock()?;
    private().open(path)?;
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(SETUP)?;
    migrations::run(&mut conn, migrations::SQLITE)
}

/// A file that only its owner may read, made if it is not there.
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600);
    options
}

async fn open(url: &str) -> Result<SqliteConn, ConnectionError> {
    let mut conn = SqliteConn::establish(url).await?;
    conn.batch_execute(SETUP)
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}
