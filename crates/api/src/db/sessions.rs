//! What a self-contained token cannot know: that its session, or all of the account's, have been ended since.

use super::conn::{Conn, delete_older, delete_some, query};
use super::schema::{signed_out_sessions, users};
use super::types::{SessionId, UserId, UtcTime};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// Whether tokens of this session and epoch are still good: the account exists, its epoch is this one, and the session
/// was not signed out.
///
/// # Errors
/// If the query fails.
pub async fn is_alive(conn: &mut Conn, user: UserId, session: SessionId, epoch: i64) -> QueryResult<bool> {
    query!(conn, get_result, diesel::select(alive(user, session, epoch)))
}

/// The same, as a condition of another statement. It depends on none of its rows: a database finds it out once.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn alive(user: UserId, session: SessionId, epoch: i64) -> _ {
    let signed_out = exists(signed_out_sessions::table.find((user, session)));
    exists(
        users::table
            .find(user)
            .filter(users::epoch.eq(epoch).and(not(signed_out))),
    )
}

/// Signs a session out, which is remembered until `expires_at`, or longer if it has been signed out before until then.
///
/// # Errors
/// If the query fails; a foreign key violation if the account is gone.
pub async fn sign_out(conn: &mut Conn, user: UserId, session: SessionId, expires_at: UtcTime) -> QueryResult<()> {
    let row = (
        signed_out_sessions::user_id.eq(user),
        signed_out_sessions::id.eq(session),
        signed_out_sessions::expires_at.eq(expires_at),
    );
    let sign_out = diesel::insert_into(signed_out_sessions::table)
        .values(row)
        .on_conflict((signed_out_sessions::user_id, signed_out_sessions::id))
        .do_update()
        .set(signed_out_sessions::expires_at.eq(expires_at));
    let sign_out =
        diesel::query_dsl::methods::FilterDsl::filter(sign_out, signed_out_sessions::expires_at.lt(expires_at));
    query!(conn, execute, sign_out).map(drop)
}

/// Forgets some sessions none of whose tokens can still be good: `limit`, and those of the same instant as the last one. Gives how
/// many.
///
/// # Errors
/// If a query fails.
pub async fn purge(conn: &mut Conn, now: UtcTime, limit: i64) -> QueryResult<usize> {
    delete_older!(conn, signed_out_sessions, expires_at, now, limit)
}

/// Forgets some signed-out sessions of an account, `limit` at most. Gives how many it found.
///
/// # Errors
/// If a query fails.
pub async fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let of_account = signed_out_sessions::table.filter(signed_out_sessions::user_id.eq(user));
    delete_some!(conn, of_account, signed_out_sessions::id, SessionId, limit)
}
