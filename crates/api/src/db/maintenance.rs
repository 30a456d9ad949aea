//! What the person who runs the server does to its database: looking at it, migrating it, backing it up.

use super::conn::PgConn;
use super::error::ConnectError;
use super::migrations::{self, Versions};
use super::schema::__diesel_schema_migrations;
use super::{postgres, sqlite};
use crate::config::Target;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationVersion;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use tokio::task::spawn_blocking;

type Failure = Box<dyn Error + Send + Sync>;

/// What a look at the database has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The database system and its version.
    pub system: String,
    /// Whether it can be read only: a standby of a cluster.
    pub read_only: bool,
    /// What the embedded database's own check has found wrong.
    pub damage: Option<String>,
    /// Versions of migrations that the database has not seen yet.
    pub pending: Versions,
    /// Versions that it has seen, and that this program does not know: a later one has been there.
    pub unknown: Versions,
}

/// Why the database could not be looked at or backed up.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    /// There is no embedded database yet.
    #[error("there is no database at {}", .0.display())]
    Absent(PathBuf),
    /// The URL or its TLS is wrong.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The database does not answer, or not as it should.
    #[error("the database cannot be reached or read")]
    Unreadable(#[source] Failure),
    /// There is a file of the backup's name already.
    #[error("{} is there already, and is not overwritten", .0.display())]
    Exists(PathBuf),
    /// The backup cannot be written.
    #[error("the backup {} cannot be written", .0.display())]
    Write(PathBuf, #[source] Failure),
    /// The backup was written, but is not what it should be.
    #[error("the backup was damaged, and has been removed: {0}")]
    Damaged(String),
}

/// Looks at the database and its schema, and changes neither.
///
/// # Errors
/// If it is not there, or cannot be reached or read.
pub async fn inspect(target: &Target) -> Result<Inspection, MaintenanceError> {
    let inspected = match target {
        Target::Sqlite(file) => {
            let file = file.clone();
            // Opening it would make it.
            fs::metadata(&file).map_err(|error| absent_or_unreadable(&file, error))?;
            spawn_blocking(move || inspect_sqlite(&file)).await
        }
        Target::Postgres(url) => {
            let conn = postgres::Server::parse(url.reveal())?.connect().await;
            let conn = conn.map_err(|error| MaintenanceError::Unreadable(error.into()))?;
            spawn_blocking(move || inspect_postgres(conn)).await
        }
    };
    inspected
        .map_err(|error| MaintenanceError::Unreadable(error.into()))?
        .map_err(MaintenanceError::Unreadable)
}

/// Brings the schema up to date, and gives the versions that were missing. An embedded database is made if it is not
/// there.
///
/// # Errors
/// If the database cannot be reached, or a migration fails.
pub async fn migrate(target: &Target) -> Result<Versions, ConnectError> {
    match target {
        Target::Sqlite(file) => {
            let path = sqlite::path(file)?.to_owned();
            spawn_blocking(move || sqlite::migrate(&path))
                .await
                .map_err(|error| ConnectError::Migrate(error.into()))?
        }
        Target::Postgres(url) => postgres::migrate(&postgres::Server::parse(url.reveal())?).await,
    }
    .map_err(ConnectError::Migrate)
}

/// A snapshot: copies the embedded database as it is at one instant, while servers go on reading and writing it. The copy appears
/// under its name only once it is whole, checked and on the disk, and is its owner's alone to read.
///
/// # Errors
/// If there is no database, or there is something of the copy's name already, or it cannot be written.
pub async fn back_up(database: &Path, copy: &Path) -> Result<(), MaintenanceError> {
    let (database, copy) = (database.to_owned(), copy.to_owned());
    spawn_blocking(move || back_up_blocking(&database, &copy))
        .await
        .map_err(|error| MaintenanceError::Unreadable(error.into()))?
}

fn back_up_blocking(database: &Path, copy: &Path) -> Result<(), MaintenanceError> {
    let failed = |error: Failure| MaintenanceError::Write(copy.to_owned(), error);
    fs::metadata(database).map_err(|error| absent_or_unreadable(database, error))?;
    // Looked at first, since copying takes a while. What decides is the renaming, which does not overwrite either.
    if copy.symlink_metadata().is_ok() {
        return Err(MaintenanceError::Exists(copy.to_owned()));
    }
    let folder = match copy.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Made with mode 0600. SQLite copies into an empty file, but not over another one.
    let draft = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(error.into()))?;

    let mut conn = sqlite::open_blocking(database).map_err(MaintenanceError::Unreadable)?;
    let draft_path = draft
        .path()
        .to_str()
        .ok_or_else(|| failed("its path is not UTF-8".into()))?;
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(draft_path)
        .execute(&mut conn)
        .map_err(|error| failed(error.into()))?;
    drop(conn);

    let damage =
        sqlite::open_blocking(draft.path()).and_then(|mut copied| sqlite_damage(&mut copied, "integrity_check"));
    if let Some(damage) = damage.map_err(failed)? {
        return Err(MaintenanceError::Damaged(damage));
    }
    draft.as_file().sync_all().map_err(|error| failed(error.into()))?;
    draft
        .persist_noclobber(copy)
        .map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => MaintenanceError::Exists(copy.to_owned()),
            _ => failed(error.error.into()),
        })?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| failed(error.into()))
}

fn absent_or_unreadable(file: &Path, error: io::Error) -> MaintenanceError {
    match error.kind() {
        io::ErrorKind::NotFound => MaintenanceError::Absent(file.to_owned()),
        _ => MaintenanceError::Unreadable(error.into()),
    }
}

#[derive(QueryableByName)]
struct System {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Bool)]
    read_only: bool,
    /// Whether there is a table of migrations. Asking the harness would make it.
    #[diesel(sql_type = Bool)]
    has_migrations: bool,
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    finding: String,
}

fn inspect_sqlite(file: &Path) -> Result<Inspection, Failure> {
    let mut conn = sqlite::open_blocking(file)?;
    conn.batch_execute("PRAGMA query_only = ON")?;
    let damage = sqlite_damage(&mut conn, "quick_check")?;
    let system: System = diesel::sql_query(
        "SELECT 'SQLite ' || sqlite_version() AS version, FALSE AS read_only, EXISTS (SELECT 1 FROM sqlite_master \
         WHERE type = 'table' AND name = '__diesel_schema_migrations') AS has_migrations",
    )
    .get_result(&mut conn)?;
    let applied: Vec<MigrationVersion> = if system.has_migrations {
        __diesel_schema_migrations::table
            .select(__diesel_schema_migrations::version)
            .load(&mut conn)?
    } else {
        Vec::new()
    };
    Ok(Inspection {
        damage,
        ..compare(
            system,
            &applied,
            migrations::known::<diesel::sqlite::Sqlite>(&migrations::SQLITE)?,
        )
    })
}

fn inspect_postgres(conn: PgConn) -> Result<Inspection, Failure> {
    let mut conn = AsyncConnectionWrapper::<PgConn>::from(conn);
    // In one transaction: behind pgbouncer the next statement may else be another connection's.
    conn.batch_execute("BEGIN READ ONLY")?;
    let system: System = diesel::sql_query(
        "SELECT 'PostgreSQL ' || current_setting('server_version') AS version, pg_is_in_recovery() AS read_only, \
         to_regclass('__diesel_schema_migrations') IS NOT NULL AS has_migrations",
    )
    .get_result(&mut conn)?;
    let applied: Vec<MigrationVersion> = if system.has_migrations {
        __diesel_schema_migrations::table
            .select(__diesel_schema_migrations::version)
            .load(&mut conn)?
    } else {
        Vec::new()
    };
    conn.batch_execute("COMMIT")?;
    Ok(compare(
        system,
        &applied,
        migrations::known::<diesel::pg::Pg>(&migrations::POSTGRES)?,
    ))
}

fn compare(system: System, applied: &[MigrationVersion], known: Versions) -> Inspection {
    let applied: Versions = applied.iter().map(ToString::to_string).collect();
    Inspection {
        system: system.version,
        read_only: system.read_only,
        damage: None,
        unknown: applied
            .iter()
            .filter(|version| !known.contains(version))
            .cloned()
            .collect(),
        pending: known.into_iter().filter(|version| !applied.contains(version)).collect(),
    }
}

/// The first thing that SQLite's check finds wrong.
fn sqlite_damage(conn: &mut SqliteConnection, check: &str) -> Result<Option<String>, Failure> {
    let query = format!("SELECT {check} AS finding FROM pragma_{check} LIMIT 1");
    let findings: Vec<Finding> = diesel::sql_query(query).load(conn)?;
    let first = findings.into_iter().map(|row| row.finding.replace('\n', "; ")).next();
    Ok(first.filter(|finding| finding != "ok"))
}
