//! The accounts of people whom a Better Auth server knows: made when they are first seen.

use super::Caller;
use super::token::better_auth::BetterAuthUser;
use crate::app::App;
use crate::audit::{self, Event};
use crate::db::identities::{self, Identity};
use crate::db::types::{Digest, SessionId, UserId, UtcTime};
use crate::db::users::{self, NewUser};
use crate::db::{Conn, Db, DbError, QueryError};
use crate::http::client::Client;
use crate::http::error::ApiError;
use shared::text::Name;
use uuid::Uuid;

/// Whoever a token of Better Auth is of, if it is accepted.
///
/// # Errors
/// If the database cannot say, or the issuer's keys cannot be had.
pub async fn accept(app: &App, token: &str, client: Client, now: i64) -> Result<Option<Caller>, ApiError> {
    let Some(issuer) = app.better_auth() else {
        return Ok(None);
    };
    let verified = issuer.verify(token, now).await;
    let Some(user) = verified.map_err(|error| ApiError::Unavailable(error.into()))? else {
        return Ok(None);
    };
    let session = session_id(&user, token);
    let identity = identity(&user);
    let find = async |conn: &mut Conn| identities::find(conn, identity, session).await;
    let mut known = app.db().read(find).await?;
    if known.is_none() {
        let made = make_account(app.db(), &user, app.config().better_auth_join_accounts).await?;
        if let Some(event) = made {
            audit::note(event, format!("{} ({})", user.subject, user.email.as_str()), client);
        }
        known = app.db().read(find).await?;
    }
    let issued_at = UtcTime::from_micros(user.issued_at.saturating_mul(1_000_000));
    Ok(known
        .filter(|known| !known.disabled && !known.signed_out)
        .filter(|known| issued_at.is_some_and(|issued| issued >= known.not_before))
        .map(|known| Caller {
            user_id: known.user_id,
            subject: user.subject,
            session_id: session,
            epoch: known.epoch,
            expires_at: user.expires_at,
        }))
}

fn identity(user: &BetterAuthUser) -> Identity<'_> {
    Identity {
        issuer: user.issuer,
        subject: &user.subject,
    }
}

/// The issuer's session, or, if the token is of none, a session of this token's own: what signing out ends.
fn session_id(user: &BetterAuthUser, token: &str) -> SessionId {
    let of = user
        .session
        .as_deref()
        .map_or(["token", token], |session| ["session", session]);
    Uuid::from(Digest::of(&[user.issuer, of[0], of[1]])).into()
}

/// Gives the identity an account: a new one, or the local one with the same email, but only if the issuer has verified
/// that the email is the person's. Gives what was done, unless another request did it first.
///
/// Nobody has verified it for the local account: whoever made it may have used somebody else's address. So its password
/// and its sessions end here, where the address turns out to be this person's.
async fn make_account(db: &Db, user: &BetterAuthUser, join: bool) -> Result<Option<Event>, DbError> {
    let user = user.clone();
    let made = db.transaction(async move |conn: &mut Conn| {
        let local = if join && user.email_verified {
            users::find_by_email(conn, user.email.as_str()).await?
        } else {
            None
        };
        let (event, user_id) = if let Some(local) = local {
            if !users::remove_password(conn, local.id).await? {
                // Deleted a moment ago.
                return Err(DbError::Query(QueryError::RollbackTransaction));
            }
            (Event::JoinAccount, local.id)
        } else {
            let row = NewUser {
                id: UserId::generate(),
                email: user.email.as_str(),
                name: user.name.as_ref().map(Name::as_str),
                password_hash: None,
                created_at: UtcTime::now(),
            };
            (Event::MakeAccount, users::create(conn, &row).await?.id)
        };
        if identities::create(conn, identity(&user), user_id, UtcTime::EPOCH).await? {
            return Ok(Some(event));
        }
        // Another request of the same person was first: this one's account must not stay.
        Err(DbError::Query(QueryError::RollbackTransaction))
    });
    match made.await {
        Err(DbError::Query(QueryError::RollbackTransaction)) => Ok(None),
        made => made,
    }
}
