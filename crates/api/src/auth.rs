//! Who is asking: passwords, tokens, sessions, and the extractors that a protected handler takes as an argument.

pub mod better_auth;
pub mod caller;
pub mod common;
pub mod cross_site;
pub mod deletion;
pub mod password;
pub mod secret;
pub mod session;
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
}
