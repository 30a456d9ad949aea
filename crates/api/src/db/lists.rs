//! The lists. Every function takes the owner: there is no way to reach a list by its id alone.

use super::conn::{Conn, Expected, change, delete_some, query};
use super::schema::{lists, tasks};
use super::types::{ListId, UserId, UtcTime};
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

/// Rows that one statement takes: with all their columns, both databases take more.
const BATCH: usize = 500;

/// A list.
#[derive(Queryable, Selectable, Clone, Debug)]
#[diesel(table_name = lists, check_for_backend(Pg, Sqlite))]
pub struct List {
    /// The list's id.
    pub id: ListId,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub color: String,
    /// Its place among the lists.
    pub position: String,
    /// Whether it is kept, but out of the way.
    pub archived: bool,
    /// Raised by every change.
    pub version: i64,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// When it was moved to the trash.
    pub deleted_at: Option<UtcTime>,
}

/// A list to be added.
#[derive(Insertable, Clone, Debug)]
#[diesel(table_name = lists, check_for_backend(Pg, Sqlite), treat_none_as_default_value = false)]
pub struct NewList {
    pub owner_id: UserId,
    pub id: ListId,
    pub name: String,
    pub color: String,
    pub position: String,
    pub archived: bool,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    pub deleted_at: Option<UtcTime>,
}

/// What to change: `None` leaves a column alone.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = lists)]
pub struct ListChanges {
    pub name: Option<String>,
    pub color: Option<String>,
    pub position: Option<String>,
    pub archived: Option<bool>,
}

/// Whether the owner has the list, outside of the trash. It stays so until the transaction ends: whoever wants to change
/// the list waits for it.
///
/// # Errors
/// If the query fails.
pub async fn lock(conn: &mut Conn, owner: UserId, id: ListId) -> QueryResult<bool> {
    let list = lists::table.find((owner, id)).filter(lists::deleted_at.is_null());
    let locked = query!(
        conn,
        execute,
        diesel::update(list).set(lists::archived.eq(lists::archived))
    )?;
    Ok(locked == 1)
}

/// The owner's lists, by position, but for those in the trash.
///
/// # Errors
/// If the query fails.
pub async fn list(conn: &mut Conn, owner: UserId) -> QueryResult<Vec<List>> {
    query!(
        conn,
        load,
        lists::table
            .filter(lists::owner_id.eq(owner).and(lists::deleted_at.is_null()))
            .order((lists::position, lists::id))
            .select(List::as_select())
    )
}

/// The owner's lists, by position, those in the trash as well.
///
/// # Errors
/// If the query fails.
pub async fn all(conn: &mut Conn, owner: UserId) -> QueryResult<Vec<List>> {
    query!(
        conn,
        load,
        lists::table
            .filter(lists::owner_id.eq(owner))
            .order((lists::position, lists::id))
            .select(List::as_select())
    )
}

/// The list, if the owner has it and it is not in the trash.
///
/// # Errors
/// If the query fails.
pub async fn find(conn: &mut Conn, owner: UserId, id: ListId) -> QueryResult<Option<List>> {
    query!(conn, first, live(owner, id).select(List::as_select())).optional()
}

/// The list, if the owner has it in the trash.
///
/// # Errors
/// If the query fails.
pub async fn find_in_trash(conn: &mut Conn, owner: UserId, id: ListId) -> QueryResult<Option<List>> {
    query!(
        conn,
        first,
        lists::table
            .find((owner, id))
            .filter(lists::deleted_at.is_not_null())
            .select(List::as_select())
    )
    .optional()
}

/// Those of these lists that the owner has, and when each was moved to the trash. Nobody else changes them until the transaction
/// ends.
///
/// # Errors
/// If the query fails.
pub async fn lock_all(conn: &mut Conn, owner: UserId, ids: &[ListId]) -> QueryResult<Vec<(ListId, Option<UtcTime>)>> {
    let lists = lists::table.filter(lists::owner_id.eq(owner).and(lists::id.eq_any(ids)));
    query!(
        conn,
        get_results,
        diesel::update(lists)
            .set(lists::archived.eq(lists::archived))
            .returning((lists::id, lists::deleted_at))
    )
}

/// Adds lists. One whose id the owner has already is left out. Gives how many it added; a foreign key violation if the owner is
/// gone.
///
/// # Errors
/// If a query fails.
pub async fn create(conn: &mut Conn, new: &[NewList]) -> QueryResult<usize> {
    let mut added = 0;
    for some in new.chunks(BATCH) {
        added += query!(
            conn,
            execute,
            diesel::insert_into(lists::table).values(some).on_conflict_do_nothing()
        )?;
    }
    Ok(added)
}

/// The changed list, or `None` if the owner has no such list in an expected version outside of the trash.
///
/// # Errors
/// If the query fails.
pub async fn update(
    conn: &mut Conn,
    owner: UserId,
    id: ListId,
    expected: Expected<'_>,
    changes: &ListChanges,
    now: UtcTime,
) -> QueryResult<Option<List>> {
    change!(
        conn,
        lists,
        live(owner, id),
        expected,
        (changes, lists::updated_at.eq(now)),
        List
    )
}

/// Moves a list to the trash. `None` if the owner has no such list in an expected version outside of it.
///
/// # Errors
/// If the query fails.
pub async fn trash(
    conn: &mut Conn,
    owner: UserId,
    id: ListId,
    expected: Expected<'_>,
    now: UtcTime,
) -> QueryResult<Option<List>> {
    let change = (lists::deleted_at.eq(now), lists::updated_at.eq(now));
    change!(conn, lists, live(owner, id), expected, change, List)
}

/// Takes a list out of the trash that was moved there at this instant; `None` if it is not there any more.
///
/// # Errors
/// If the query fails.
pub async fn restore(
    conn: &mut Conn,
    owner: UserId,
    id: ListId,
    deleted_at: UtcTime,
    now: UtcTime,
) -> QueryResult<Option<List>> {
    let list = lists::table.find((owner, id)).filter(lists::deleted_at.eq(deleted_at));
    let change = (lists::deleted_at.eq(None::<UtcTime>), lists::updated_at.eq(now));
    change!(conn, lists, list, None::<&[i64]>, change, List)
}

/// Deletes some of the owner's lists for good, whether they are in the trash or not, `limit` at most. Gives how many it found.
///
/// # Errors
/// If a query fails; a foreign key violation if a task is in one of them.
pub async fn delete_some(conn: &mut Conn, owner: UserId, limit: i64) -> QueryResult<usize> {
    let of_owner = lists::table.filter(lists::owner_id.eq(owner));
    delete_some!(conn, of_owner, lists::id, ListId, limit)
}

/// Deletes some of the owner's lists for good that are in the trash, and that no task is in any more, `limit` at most. Gives how many.
///
/// # Errors
/// If a query fails.
pub async fn empty_trash(conn: &mut Conn, owner: UserId, limit: i64) -> QueryResult<usize> {
    let empty = lists::table.filter(
        lists::owner_id
            .eq(owner)
            .and(lists::deleted_at.is_not_null())
            .and(not(has_tasks())),
    );
    let found: Vec<ListId> = query!(conn, load, empty.select(lists::id).limit(limit))?;
    let some = empty.filter(lists::id.eq_any(&found));
    query!(conn, execute, diesel::delete(some))
}

/// Deletes some lists of everybody for good that were moved to the trash by this instant, and that no task is in any more, `limit` at
/// most. Gives how many.
///
/// # Errors
/// If a query fails.
pub async fn purge(conn: &mut Conn, by: UtcTime, limit: i64) -> QueryResult<usize> {
    let empty = lists::table.filter(lists::deleted_at.le(by).and(not(has_tasks())));
    let found: Vec<(UserId, ListId)> = query!(conn, load, empty.select((lists::owner_id, lists::id)).limit(limit))?;
    let mut deleted = 0;
    for (owner, id) in found {
        let list = empty.filter(lists::owner_id.eq(owner).and(lists::id.eq(id)));
        deleted += query!(conn, execute, diesel::delete(list))?;
    }
    Ok(deleted)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn has_tasks() -> _ {
    exists(
        tasks::table.filter(
            tasks::owner_id
                .eq(lists::owner_id)
                .and(tasks::list_id.eq(lists::id.nullable())),
        ),
    )
}

#[diesel::dsl::auto_type(no_type_alias)]
fn live(owner: UserId, id: ListId) -> _ {
    lists::table.find((owner, id)).filter(lists::deleted_at.is_null())
}
