//! Statements of the server's, on a database that it has made, with nothing around them.

pub(crate) mod diesel;

use crate::clock::Pace;
use anyhow::{Context as _, Result};
use rusqlite::{Connection, Row, params};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// The columns of a task that the server reads.
macro_rules! columns {
    () => {
        "id, title, description, completed, version, created_at, updated_at, due_order, due_zone, priority, tags, \
         list_id, position, parent_id, subtasks_total, subtasks_completed, recurrence, completed_at, deleted_at"
    };
}

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM tasks WHERE owner_id = ?1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC"
);

const ONE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM tasks WHERE owner_id = ?1 AND id = ?2 AND deleted_at IS NULL"
);

const CREATE: &str = concat!(
    "INSERT INTO tasks (owner_id, id, title, description, created_at, updated_at, position, search) \
     VALUES (?1, ?2, ?3, NULL, ?4, ?4, printf('%016x8', 9223372036854775807 - ?4), lower(?3)) RETURNING ",
    columns!()
);

const ACCOUNTS: &str = "INSERT INTO users (id, email, created_at) \
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1) \
    SELECT randomblob(16), 'other-' || n || '@example.org', 1700000000000000 FROM number";

const TASKS: &str = "INSERT INTO tasks (owner_id, id, title, created_at, updated_at, position, search) \
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1) \
    SELECT users.id, randomblob(16), 'Task ' || n, 1700000000000000 + n, 1700000000000000 + n, \
        printf('%016x8', 9223372036854775807 - 1700000000000000 - n), 'task ' || n FROM users, number \
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
    _due_order: Option<i64>,
    _due_zone: Option<String>,
    _priority: i16,
    _tags: String,
    _list_id: Option<[u8; 16]>,
    _position: String,
    _parent_id: Option<[u8; 16]>,
    _subtasks_total: i64,
    _subtasks_completed: i64,
    _recurrence: Option<String>,
    _completed_at: Option<i64>,
    _deleted_at: Option<i64>,
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
            _due_order: row.get(7)?,
            _due_zone: row.get(8)?,
            _priority: row.get(9)?,
            _tags: row.get(10)?,
            _list_id: row.get(11)?,
            _position: row.get(12)?,
            _parent_id: row.get(13)?,
            _subtasks_total: row.get(14)?,
            _subtasks_completed: row.get(15)?,
            _recurrence: row.get(16)?,
            _completed_at: row.get(17)?,
            _deleted_at: row.get(18)?,
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
