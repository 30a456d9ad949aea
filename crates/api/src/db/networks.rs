//! The networks from which accounts have been signed in to.

use super::conn::{Conn, query};
use super::schema::known_networks as networks;
use super::types::{Digest, UserId, UtcTime};
use diesel::dsl::exists;
use diesel::prelude::*;

/// Whether the account has been signed in to from there since `since`.
///
/// # Errors
/// If the query fails.
pub async fn is_known(conn: &mut Conn, user: UserId, network: Digest, since: UtcTime) -> QueryResult<bool> {
    let seen = networks::table
        .find((user, network))
        .filter(networks::seen_at.ge(since));
    query!(conn, get_result, diesel::select(exists(seen)))
}

/// The account has been signed in to from there.
///
/// # Errors
/// If the query fails; a foreign key violation if the account is gone.
pub async fn remember(conn: &mut Conn, user: UserId, network: Digest, now: UtcTime) -> QueryResult<()> {
    let row = (
        networks::user_id.eq(user),
        networks::network.eq(network),
        networks::seen_at.eq(now),
    );
    let remember = diesel::insert_into(networks::table)
        .values(row)
        .on_conflict((networks::user_id, networks::network))
        .do_update()
        .set(networks::seen_at.eq(now));
    query!(conn, execute, remember).map(drop)
}

/// Forgets some networks that nobody has signed in from since `before`: `limit`, and those of the same instant as the last one. Gives how
/// many.
///
/// # Errors
/// If a query fails.
pub async fn purge(conn: &mut Conn, before: UtcTime, limit: i64) -> QueryResult<usize> {
    let old = networks::table.filter(networks::seen_at.lt(before));
    let ordered = old.order(networks::seen_at).offset(limit - 1);
    let last: Option<UtcTime> = query!(conn, first, ordered.select(networks::seen_at)).optional()?;
    let some = old.filter(networks::seen_at.le(last.unwrap_or(before)));
    query!(conn, execute, diesel::delete(some))
}

/// Forgets some networks of an account, `limit` at most. Gives how many it found.
///
/// # Errors
/// If a query fails.
pub async fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let of_account = networks::table.filter(networks::user_id.eq(user));
    let found: Vec<Digest> = query!(conn, load, of_account.select(networks::network).limit(limit))?;
    let some = of_account.filter(networks::network.eq_any(&found));
    query!(conn, execute, diesel::delete(some))?;
    Ok(found.len())
}
