//! Who accounts are to other issuers of tokens. An identity is the issuer and its subject, never an email.

use super::conn::{Conn, query};
use super::schema::{identities, signed_out_sessions, users};
use super::types::{SessionId, UserId, UtcTime};
use diesel::dsl::exists;
use diesel::prelude::*;

/// Somebody, to an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Who issues the tokens.
    pub issuer: &'a str,
    /// Who they are of. Opaque.
    pub subject: &'a str,
}

/// What there is to know of an identity before one of its tokens is accepted.
#[derive(Queryable, Clone, Copy, Debug)]
pub struct Known {
    /// Its account.
    pub user_id: UserId,
    /// Tokens issued earlier are dead.
    pub not_before: UtcTime,
    /// The account's epoch.
    pub epoch: i64,
    /// Whether the session was signed out.
    pub signed_out: bool,
    /// Whether the operator keeps the account out.
    pub disabled: bool,
}

/// The account of an identity, and what has been ended.
///
/// # Errors
/// If the query fails.
pub async fn find(conn: &mut Conn, identity: Identity<'_>, session: SessionId) -> QueryResult<Option<Known>> {
    let signed_out = exists(
        signed_out_sessions::table
            .filter(signed_out_sessions::user_id.eq(identities::user_id))
            .filter(signed_out_sessions::id.eq(session)),
    );
    let known = identities::table
        .find((identity.issuer, identity.subject))
        .inner_join(users::table)
        .select((
            identities::user_id,
            identities::not_before,
            users::epoch,
            signed_out,
            users::disabled_at.is_not_null(),
        ));
    query!(conn, first, known).optional()
}

/// Gives an identity its account; `false` if it has one already.
///
/// # Errors
/// If the query fails.
pub async fn create(conn: &mut Conn, identity: Identity<'_>, user: UserId, not_before: UtcTime) -> QueryResult<bool> {
    let row = (
        identities::issuer.eq(identity.issuer),
        identities::subject.eq(identity.subject),
        identities::user_id.eq(user),
        identities::not_before.eq(not_before),
    );
    let create = diesel::insert_into(identities::table)
        .values(row)
        .on_conflict_do_nothing();
    query!(conn, execute, create).map(|created| created == 1)
}

/// Ends every token that other issuers have issued for the account so far.
///
/// # Errors
/// If the query fails.
pub async fn end_tokens(conn: &mut Conn, user: UserId, now: UtcTime) -> QueryResult<()> {
    let end =
        diesel::update(identities::table.filter(identities::user_id.eq(user))).set(identities::not_before.eq(now));
    query!(conn, execute, end).map(drop)
}

/// Takes the account's identities away: to their issuers, they are nobody here from now on.
///
/// # Errors
/// If the query fails.
pub async fn unlink(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    let of_account = identities::table.filter(identities::user_id.eq(user));
    query!(conn, execute, diesel::delete(of_account)).map(drop)
}
