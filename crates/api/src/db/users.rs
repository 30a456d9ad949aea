//! The accounts. One that is deleted is a tombstone until its rows in other tables are gone: nobody finds it, and no token is of
//! its epoch.

use super::conn::{Conn, query};
use super::schema::users;
use super::types::{UserId, UtcTime};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use std::fmt;

/// An account.
#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = users, check_for_backend(Pg, Sqlite))]
pub struct User {
    /// The account's id.
    pub id: UserId,
    /// In lower case.
    pub email: String,
    /// What to call the person.
    pub name: Option<String>,
    /// `None`: the account cannot sign in with a password.
    pub password_hash: Option<String>,
    /// Raised to end every session at once.
    pub epoch: i64,
    /// When the account was made.
    pub created_at: UtcTime,
    /// Since when the operator has kept the account out; `None`: it is in use.
    pub disabled_at: Option<UtcTime>,
}

/// An account to be made.
#[derive(Insertable)]
#[diesel(table_name = users, check_for_backend(Pg, Sqlite))]
pub struct NewUser<'a> {
    /// The account's id.
    pub id: UserId,
    /// In lower case.
    pub email: &'a str,
    /// What to call the person.
    pub name: Option<&'a str>,
    /// As the password module makes it.
    pub password_hash: Option<&'a str>,
    /// Now.
    pub created_at: UtcTime,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Makes an account; a unique violation if its email has one.
///
/// # Errors
/// If the query fails.
pub async fn create(conn: &mut Conn, new: &NewUser<'_>) -> QueryResult<User> {
    query!(
        conn,
        get_result,
        diesel::insert_into(users::table)
            .values(new)
            .returning(User::as_returning())
    )
}

/// The account.
///
/// # Errors
/// If the query fails.
pub async fn find(conn: &mut Conn, id: UserId) -> QueryResult<Option<User>> {
    let account = users::table.find(id).filter(users::deleted_at.is_null());
    query!(conn, first, account.select(User::as_select())).optional()
}

/// The account that signs in with this email.
///
/// # Errors
/// If the query fails.
pub async fn find_by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<User>> {
    query!(
        conn,
        first,
        users::table
            .filter(users::email.eq(email))
            .filter(users::password_hash.is_not_null())
            .select(User::as_select())
    )
    .optional()
}

/// Every account of this email: at most one has a password, the others are of other issuers.
///
/// # Errors
/// If the query fails.
pub async fn find_all_by_email(conn: &mut Conn, email: &str) -> QueryResult<Vec<User>> {
    query!(
        conn,
        load,
        users::table
            .filter(users::email.eq(email))
            .order(users::id)
            .select(User::as_select())
    )
}

/// The accounts that were made after `after`, the oldest first, at most `limit` of them.
///
/// # Errors
/// If the query fails.
pub async fn list(conn: &mut Conn, after: UserId, limit: i64) -> QueryResult<Vec<User>> {
    query!(
        conn,
        load,
        users::table
            .filter(users::id.gt(after).and(users::deleted_at.is_null()))
            .order(users::id)
            .limit(limit)
            .select(User::as_select())
    )
}

/// Keeps the account out from now on, and ends every session; `false` if there is no such account.
///
/// # Errors
/// If the query fails.
pub async fn disable(conn: &mut Conn, id: UserId, now: UtcTime) -> QueryResult<bool> {
    let disable =
        diesel::update(users::table.find(id)).set((users::disabled_at.eq(now), users::epoch.eq(users::epoch + 1)));
    query!(conn, execute, disable).map(|disabled| disabled == 1)
}

/// Lets the account in again; `false` if there is no such account.
///
/// # Errors
/// If the query fails.
pub async fn enable(conn: &mut Conn, id: UserId) -> QueryResult<bool> {
    let enable = diesel::update(users::table.find(id)).set(users::disabled_at.eq(None::<UtcTime>));
    query!(conn, execute, enable).map(|enabled| enabled == 1)
}

/// Replaces the password, whatever it was, and ends every session; `false` if there is no such account, or it has none.
///
/// # Errors
/// If the query fails.
pub async fn reset_password(conn: &mut Conn, id: UserId, password_hash: &str) -> QueryResult<bool> {
    let reset = diesel::update(users::table.find(id).filter(users::password_hash.is_not_null())).set((
        users::password_hash.eq(password_hash),
        users::epoch.eq(users::epoch + 1),
    ));
    query!(conn, execute, reset).map(|reset| reset == 1)
}

/// Replaces the password and ends every session, unless they were ended since `epoch`: then `None`.
///
/// # Errors
/// If the query fails.
pub async fn change_password(
    conn: &mut Conn,
    id: UserId,
    epoch: i64,
    password_hash: &str,
) -> QueryResult<Option<User>> {
    query!(
        conn,
        get_result,
        diesel::update(users::table.find(id).filter(users::epoch.eq(epoch)))
            .set((users::password_hash.eq(password_hash), users::epoch.eq(epoch + 1)))
            .returning(User::as_returning())
    )
    .optional()
}

/// Replaces the hash of a password that stays the same, if it still is the one that was seen.
///
/// # Errors
/// If the query fails.
pub async fn rehash_password(conn: &mut Conn, id: UserId, seen: &str, password_hash: &str) -> QueryResult<()> {
    let rehash = diesel::update(users::table.find(id).filter(users::password_hash.eq(seen)))
        .set(users::password_hash.eq(password_hash));
    query!(conn, execute, rehash).map(drop)
}

/// Ends every session of the account.
///
/// # Errors
/// If the query fails.
pub async fn raise_epoch(conn: &mut Conn, id: UserId) -> QueryResult<()> {
    let raise = diesel::update(users::table.find(id)).set(users::epoch.eq(users::epoch + 1));
    query!(conn, execute, raise).map(drop)
}

/// Takes the account's password away and ends every session; `false` if there is no such account.
///
/// # Errors
/// If the query fails.
pub async fn remove_password(conn: &mut Conn, id: UserId) -> QueryResult<bool> {
    let remove = diesel::update(users::table.find(id).filter(users::deleted_at.is_null()))
        .set((users::password_hash.eq(None::<&str>), users::epoch.eq(users::epoch + 1)));
    query!(conn, execute, remove).map(|removed| removed == 1)
}

/// Makes a tombstone of the account, unless its sessions were ended since `epoch`: then `false`. Its email is free, and every
/// session ends.
///
/// # Errors
/// If the query fails.
pub async fn delete(conn: &mut Conn, id: UserId, epoch: i64, now: UtcTime) -> QueryResult<bool> {
    let account = users::table
        .find(id)
        .filter(users::epoch.eq(epoch).and(users::deleted_at.is_null()));
    let tombstone = (
        users::email.eq(""),
        users::name.eq(None::<&str>),
        users::password_hash.eq(None::<&str>),
        users::epoch.eq(epoch + 1),
        // For servers of the version before.
        users::disabled_at.eq(now),
        users::deleted_at.eq(now),
    );
    query!(conn, execute, diesel::update(account).set(tombstone)).map(|deleted| deleted == 1)
}

/// Whether the account is there, and not deleted.
///
/// # Errors
/// If the query fails.
pub async fn exists(conn: &mut Conn, id: UserId) -> QueryResult<bool> {
    let account = users::table.find(id).filter(users::deleted_at.is_null());
    query!(conn, get_result, diesel::select(diesel::dsl::exists(account)))
}

/// The first account after `after` of which only the tombstone is left, and perhaps rows in other tables.
///
/// # Errors
/// If the query fails.
pub async fn next_tombstone(conn: &mut Conn, after: UserId) -> QueryResult<Option<UserId>> {
    let next = users::table
        .filter(users::deleted_at.is_not_null().and(users::id.gt(after)))
        .order(users::id)
        .select(users::id);
    query!(conn, first, next).optional()
}

/// Deletes the tombstone of an account, and what may be left of the account in other tables.
///
/// # Errors
/// If the query fails.
pub async fn delete_tombstone(conn: &mut Conn, id: UserId) -> QueryResult<()> {
    let tombstone = users::table.find(id).filter(users::deleted_at.is_not_null());
    query!(conn, execute, diesel::delete(tombstone)).map(drop)
}
