//! The list through diesel: what the mapper adds to SQLite.

use crate::clock::Pace;
use anyhow::{Context as _, Result};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

diesel::table! {
    users (id) {
        id -> Binary,
        email -> Text,
    }
}

diesel::table! {
    tasks (owner_id, id) {
        owner_id -> Binary,
        id -> Binary,
        title -> Text,
        description -> Nullable<Text>,
        completed -> Bool,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        due_order -> Nullable<BigInt>,
        due_zone -> Nullable<Text>,
        priority -> SmallInt,
        tags -> Text,
        list_id -> Nullable<Binary>,
        position -> Text,
        parent_id -> Nullable<Binary>,
        subtasks_total -> BigInt,
        subtasks_completed -> BigInt,
        recurrence -> Nullable<Text>,
        completed_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = tasks, check_for_backend(Sqlite))]
struct Task {
    #[diesel(column_name = id)]
    _id: Vec<u8>,
    #[diesel(column_name = title)]
    _title: String,
    #[diesel(column_name = description)]
    _description: Option<String>,
    #[diesel(column_name = completed)]
    _completed: bool,
    #[diesel(column_name = version)]
    _version: i64,
    #[diesel(column_name = created_at)]
    _created_at: i64,
    #[diesel(column_name = updated_at)]
    _updated_at: i64,
    #[diesel(column_name = due_order)]
    _due_order: Option<i64>,
    #[diesel(column_name = due_zone)]
    _due_zone: Option<String>,
    #[diesel(column_name = priority)]
    _priority: i16,
    #[diesel(column_name = tags)]
    _tags: String,
    #[diesel(column_name = list_id)]
    _list_id: Option<Vec<u8>>,
    #[diesel(column_name = position)]
    _position: String,
    #[diesel(column_name = parent_id)]
    _parent_id: Option<Vec<u8>>,
    #[diesel(column_name = subtasks_total)]
    _subtasks_total: i64,
    #[diesel(column_name = subtasks_completed)]
    _subtasks_completed: i64,
    #[diesel(column_name = recurrence)]
    _recurrence: Option<String>,
    #[diesel(column_name = completed_at)]
    _completed_at: Option<i64>,
    #[diesel(column_name = deleted_at)]
    _deleted_at: Option<i64>,
}

/// An account's tasks.
///
/// # Errors
/// If the database fails.
pub(crate) fn list(file: &Path, email: &str, time: Duration) -> Result<Pace> {
    let path = file.to_str().context("the path is not UTF-8")?;
    let mut conn = SqliteConnection::establish(path)?;
    let owner: Vec<u8> = users::table
        .filter(users::email.eq(email))
        .select(users::id)
        .first(&mut conn)
        .with_context(|| format!("looking for {email}"))?;
    Pace::of(time, || {
        let list = tasks::table
            .filter(tasks::owner_id.eq(&owner).and(tasks::deleted_at.is_null()))
            .order((tasks::created_at.desc(), tasks::id.desc()))
            .select(Task::as_select())
            .load(&mut conn)?;
        black_box(list);
        Ok(())
    })
}
