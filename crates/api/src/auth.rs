//! Who is asking: passwords, tokens, sessions, and the extractors that a protected handler takes as an argument.

pub mod better_auth;
pub mod caller;
pub mod common;
pub mod cross_site;
pub mod deletion;
pub mod device;
pub mod password;
pub mod queue;
pub mod refusal;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod throttle;
pub mod token;

use crate::db::types::{SessionId, UserId};

/// Who sent the request, by an access token that is good and whose session has not been ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user_id: UserId,
    /// The account's id as the token and the URLs have it.
    pub subject: String,
    /// The session that the token belongs to.
    pub session_id: SessionId,
    /// The account's epoch, now as when the token was issued.
    pub epoch: i64,
    /// When the token expires, in seconds since 1970.
    pub expires_at: i64,
}
