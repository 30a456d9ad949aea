//! Statements of the server's, on a database that it has made, with nothing around them.

pub(crate) mod diesel;

use crate::clock::Pace;
use anyhow::{Context as _, Result};
use rusqlite::{Connection, Row, params};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

const LIST: &str = "SELECT id, title, description, completed, version, created_at, updated_at FROM tasks \
    WHERE owner_id = ?1 ORDER BY created_at DESC, id DESC";

const ONE: &str = "SELECT id, title, description, completed, version, created_at, updated_at FROM tasks \
    WHERE owner_id = ?1 AND id = ?2";

const CREATE: &str = "INSERT INTO tasks (owner_id, id, title, description, created_at, updated_at) \
    VALUES (?1, ?2, ?3, NULL, ?4, ?4) RETURNING id, title, description, completed, version, created_at, updated_at";

const ACCOUNTS: &str = "INSERT INTO users (id, email, created_at) \
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1) \
    SELECT randomblob(16), 'other-' || n || '@example.org', 1700000000000000 FROM number";

const TASKS: &str = "INSERT INTO tasks (owner_id, id, title, created_at, updated_at) \
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1) \
    SELECT users.id, randomblob(16), 'Task ' || n, 1700000000000000 + n, 1700000000000000 + n FROM users, number \
    WHERE users.password_hash IS NULL";

/// A row in values of one's own.
struct Task {
    _id: [u8; 16],
    _title: String,
    _description: Option<String>,
    _completed: bool,
    _version: i64,
    _created_at: i64,
    _updated_at: i64,
}

impl Task {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            _id: row.get(0)?,
            _title: row.get(1)?,
            _description: row.get(2)?,
            _completed: row.get(3)?,
            _version: row.get(4)?,
            _created_at: row.get(5)?,
            _updated_at: row.get(6)?,
        })
    }
}

/// The settings that the server gives to its own connections.
fn open(file: &Path) -> Result<Connection> {
    let conn = Connection::open(file).with_context(|| format!("opening {}", file.display()))?;
    conn.execute_batch(
        "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
    )?;
    Ok(conn)
}

fn account(conn: &Connection, email: &str) -> Result<[u8; 16]> {
    conn.query_row("SELECT id FROM users WHERE email = ?1", [email], |row| row.get(0))
        .with_context(|| format!("looking for {email}"))
}

/// An account's tasks.
///
/// # Errors
/// If the database fails.
pub(crate) fn list(file: &Path, email: &str, time: Duration) -> Result<Pace> {
    let conn = open(file)?;
    let owner = account(&conn, email)?;
    let mut statement = conn.prepare(LIST)?;
    Pace::of(time, || {
        let tasks: rusqlite::Result<Vec<Task>> = statement.query_map([&owner], Task::read)?.collect();
        black_box(tasks?);
        Ok(())
    })
}

/// One task.
///
/// # Errors
/// If the database fails.
pub(crate) fn one(file: &Path, email: &str, time: Duration) -> Result<Pace> {
    let conn = open(file)?;
    let owner = account(&conn, email)?;
    let id: [u8; 16] = conn.query_row("SELECT id FROM tasks WHERE owner_id = ?1", [&owner], |row| row.get(0))?;
    let mut statement = conn.prepare(ONE)?;
    Pace::of(time, || {
        black_box(statement.query_row([&owner, &id], Task::read)?);
        Ok(())
    })
}

/// A new task.
///
/// # Errors
/// If the database fails.
pub(crate) fn create(file: &Path, email: &str, time: Duration) -> Result<Pace> {
    let conn = open(file)?;
    let owner = account(&conn, email)?;
    let mut statement = conn.prepare(CREATE)?;
    Pace::of(time, || {
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
        let id = Uuid::now_v7().into_bytes();
        // Outside of a transaction every statement is one.
        black_box(statement.query_row(params![owner, id, "Buy milk", now], Task::read)?);
        Ok(())
    })
}

/// Puts other people's rows into the database, as a database in use has them.
///
/// # Errors
/// If the database fails.
pub(crate) fn fill(file: &Path, accounts: u32, tasks: u32) -> Result<()> {
    let mut conn = open(file)?;
    let transaction = conn.transaction()?;
    transaction.execute(ACCOUNTS, [accounts])?;
    transaction.execute(TASKS, [tasks])?;
    transaction.commit()?;
    conn.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}
