//! The lists. Every function takes the owner: there is no way to reach a list by its id alone.

use super::conn::Conn;
use super::query;
use super::schema::lists;
use super::types::{ListId, UserId};
use diesel::prelude::*;

/// Whether the owner has the list, outside of the trash. It stays so until the transaction ends: whoever wants to change
/// the list waits for it.
///
/// # Errors
/// If the query fails.
pub async fn hold(conn: &mut Conn, owner: UserId, id: ListId) -> QueryResult<bool> {
    let list = lists::table.find((owner, id)).filter(lists::deleted_at.is_null());
    let held = query!(
        conn,
        execute,
        diesel::update(list).set(lists::archived.eq(lists::archived))
    )?;
    Ok(held == 1)
}
