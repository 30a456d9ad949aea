//! The claims of the two kinds of token. Either kind is refused where the other one is asked for.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an access token says (RFC 7519 §4): who the bearer is, until when, and in which session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The user's id.
    pub sub: String,
    /// The user's id again, under the name that the founding contract uses.
    pub user_id: String,
    /// The email at the time of issue; for display, never for identity.
    pub email: String,
    /// Issued at, in seconds since 1970 (UTC).
    pub iat: i64,
    /// Not accepted from this second on.
    pub exp: i64,
    /// Who issued the token.
    pub iss: String,
    /// Who the token is for: the API.
    pub aud: String,
    /// The session that the token belongs to, and dies with.
    pub sid: Uuid,
    /// The account's epoch at the time of issue: a token of an earlier epoch is dead.
    pub epoch: i64,
}

/// What the session cookie says. It buys access tokens, and opens nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClaims {
    /// The user's id.
    pub sub: String,
    /// The session's id, the same for all of its access tokens.
    pub sid: Uuid,
    /// The account's epoch at the time of issue.
    pub epoch: i64,
    /// When the person last proved who they are, in seconds since 1970 (OpenID Connect Core §2).
    pub auth_time: i64,
    /// Issued at, in seconds since 1970 (UTC).
    pub iat: i64,
    /// Not accepted from this second on.
    pub exp: i64,
    /// Who issued the token.
    pub iss: String,
    /// Who the token is for: the endpoint that renews sessions.
    pub aud: String,
}
