//! Wrong passwords of late, by who or what was tried, so that a restart forgets none and all nodes count together.

use super::conn::{Conn, delete_older, query};
use super::schema::sign_in_failures as failures;
use super::types::{Digest, UtcTime};
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// Counts one more failure of `key` and gives how many there have been since `forgotten_before`; `None` if there may be
/// no try yet. Concurrent calls count one after the other.
///
/// # Errors
/// If the query fails.
pub async fn count(conn: &mut Conn, key: Digest, now: UtcTime, forgotten_before: UtcTime) -> QueryResult<Option<i64>> {
    // Only a delay says when the next try may be: another node's clock may be behind this one.
    let at_once = UtcTime::EPOCH;
    let row = (
        failures::key.eq(key),
        failures::failures.eq(1_i64),
        failures::retry_at.eq(at_once),
        failures::last_at.eq(now),
    );
    let fresh = failures::last_at.lt(forgotten_before);
    let counted = diesel::insert_into(failures::table)
        .values(row)
        .on_conflict(failures::key)
        .do_update()
        .set((
            failures::failures.eq(case_when(fresh, 1_i64.into_sql::<BigInt>()).otherwise(failures::failures + 1)),
            failures::last_at.eq(now),
        ));
    let counted = diesel::query_dsl::methods::FilterDsl::filter(counted, failures::retry_at.le(now))
        .returning(failures::failures);
    query!(conn, get_result, counted).optional()
}

/// Counts one more failure of `key` although there may be no try yet, and gives how many there are; `None` if it has `most` of
/// them.
///
/// # Errors
/// If the query fails.
pub async fn count_up_to(conn: &mut Conn, key: Digest, now: UtcTime, most: i64) -> QueryResult<Option<i64>> {
    let counted = diesel::update(failures::table.find(key).filter(failures::failures.lt(most)))
        .set((failures::failures.eq(failures::failures + 1), failures::last_at.eq(now)))
        .returning(failures::failures);
    query!(conn, get_result, counted).optional()
}

/// From when on there may be a try, if `key` has failed of late.
///
/// # Errors
/// If the query fails.
pub async fn find_retry_at(conn: &mut Conn, key: Digest) -> QueryResult<Option<UtcTime>> {
    query!(conn, first, failures::table.find(key).select(failures::retry_at)).optional()
}

/// Refuses tries until `retry_at`.
///
/// # Errors
/// If the query fails.
pub async fn delay(conn: &mut Conn, key: Digest, retry_at: UtcTime) -> QueryResult<()> {
    let delay = diesel::update(failures::table.find(key)).set(failures::retry_at.eq(retry_at));
    query!(conn, execute, delay).map(drop)
}

/// Takes one failure back, which turned out to be none, and with `delayed` the delay that it brought about.
///
/// # Errors
/// If the query fails.
pub async fn take_back(conn: &mut Conn, key: Digest, delayed: bool) -> QueryResult<()> {
    let row = failures::table.find(key).filter(failures::failures.gt(0_i64));
    let fewer = failures::failures.eq(failures::failures - 1);
    if delayed {
        let at_once = (fewer, failures::retry_at.eq(UtcTime::EPOCH));
        query!(conn, execute, diesel::update(row).set(at_once)).map(drop)
    } else {
        query!(conn, execute, diesel::update(row).set(fewer)).map(drop)
    }
}

/// Forgets the failures of `key`.
///
/// # Errors
/// If the query fails.
pub async fn clear(conn: &mut Conn, key: Digest) -> QueryResult<()> {
    query!(conn, execute, diesel::delete(failures::table.find(key))).map(drop)
}

/// Forgets some of what nobody has failed at since `before`: `limit`, and what is of the same instant as the last one. Gives how many.
///
/// # Errors
/// If a query fails.
pub async fn purge(conn: &mut Conn, before: UtcTime, limit: i64) -> QueryResult<usize> {
    delete_older!(conn, failures, last_at, before, limit)
}
