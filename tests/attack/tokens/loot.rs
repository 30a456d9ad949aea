//! What an attacker holds, and where it is presented.

use crate::forge;
use serde_json::{Map, Value};
use tests::site::Site;
use tests::token::{SECRET, Token};
use tests::{Answer, assert_problem, assert_unauthorized};

/// Longer tokens are refused unread (bytes).
pub(super) const LIMIT: usize = 8 * 1024;

/// The two kinds of token, each refused in the other's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The access token, in the `Authorization` header.
    Access,
    /// The session, in its cookie.
    Session,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Access, Self::Session];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Session => "session",
        }
    }

    /// Asks for what the token would open.
    pub(super) async fn present(self, site: &Site, token: &str) -> Answer {
        match self {
            Self::Access => site.me_with(&format!("Bearer {token}")).await,
            Self::Session => site.refresh_with(&format!("taskward_session={token}")).await,
        }
    }

    #[track_caller]
    pub(super) fn assert_refused(self, answer: &Answer) {
        match self {
            Self::Access => assert_unauthorized(answer),
            Self::Session => {
                assert_problem(answer, 401, shared::error::ErrorCode::Unauthorized);
                let renewed = answer.cookies().iter().any(|cookie| !cookie.value.is_empty());
                assert!(!renewed, "{answer:?}");
            }
        }
    }
}

/// What an attacker has in hand: tokens of two accounts, and, since whoever forges must be refused for what is wrong with
/// the forgery and not for want of the key, the server's secret.
pub(super) struct Loot {
    pub(super) kind: Kind,
    /// A good token.
    pub(super) good: String,
    /// The same, taken apart.
    pub(super) token: Token,
    /// Somebody else's good token.
    pub(super) other: String,
    /// The other kind's token of the same session.
    pub(super) sibling: String,
    /// An address that nobody may follow.
    pub(super) trap: String,
}

impl Loot {
    /// The good token's header, as text.
    pub(super) fn header(&self) -> String {
        self.token.header.to_string()
    }

    /// The good token's header with this member, written as it stands here.
    pub(super) fn header_with(&self, member: &str, text: &str) -> String {
        with(&self.token.header, member, text)
    }

    /// The good token's payload, as text.
    pub(super) fn payload(&self) -> String {
        self.token.claims.to_string()
    }

    /// The good token's payload with this member, written as it stands here.
    pub(super) fn payload_with(&self, member: &str, text: &str) -> String {
        with(&self.token.claims, member, text)
    }
}

/// Any header and payload, well signed.
pub(super) fn well_signed(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    forge::sign(header, payload, SECRET)
}

fn with(object: &Value, member: &str, text: &str) -> String {
    let mut object: Map<_, _> = object.as_object().expect("an object").clone();
    object.remove(member);
    let rest = Value::Object(object).to_string();
    let rest = rest.trim_start_matches('{');
    let separator = if rest == "}" { "" } else { "," };
    format!("{{\"{member}\":{text}{separator}{rest}")
}

/// A good token with filler in it, of this length or hardly less: not every length comes about.
pub(super) fn padded(loot: &Loot, length: usize) -> String {
    let token = |filler: usize| {
        let filler = format!("\"{}\"", "x".repeat(filler));
        well_signed(loot.header(), loot.payload_with("filler", &filler))
    };
    let most = (length - token(0).len()) * 3 / 4 + 4;
    let longest = (0..=most).rev().map(token).find(|token| token.len() <= length);
    let longest = longest.expect("one that is short enough");
    assert!(longest.len() + 2 > length, "{} bytes", longest.len());
    longest
}
