//! The networks from which accounts have been signed in to.

use super::conn::{Conn, delete_older, delete_some, query};
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
    delete_older!(conn, networks, seen_at, before, limit)
}

/// Forgets some networks of an account, `limit` at most. Gives how many it found.
///
/// # Errors
/// If a query fails.
pub async fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let of_account = networks::table.filter(networks::user_id.eq(user));
    delete_some!(conn, of_account, networks::network, Digest, limit)
}
