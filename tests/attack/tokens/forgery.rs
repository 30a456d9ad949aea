//! What an attacker holds, what they make of it, and where they present it.

use super::target;
use crate::case::Case;
use crate::compare;
use crate::forge;
use crate::trap::Trap;
use chrono::Utc;
use serde_json::{Map, Value};
use shared::paths;
use std::sync::Arc;
use tests::site::Site;
use tests::token::{SECRET, Token};
use tests::{Answer, Ask, assert_problem, assert_unauthorized};

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

    fn name(self) -> &'static str {
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
    fn assert_refused(self, answer: &Answer) {
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

/// A way to forge a token, which must be refused.
pub(super) struct Forgery {
    name: String,
    kinds: Vec<Kind>,
    forge: Arc<dyn Fn(&Loot) -> String + Send + Sync>,
}

impl Forgery {
    /// A way that works on both kinds of token.
    pub(super) fn new(name: impl Into<String>, forge: impl Fn(&Loot) -> String + Send + Sync + 'static) -> Self {
        Self {
            name: name.into(),
            kinds: Kind::ALL.into(),
            forge: Arc::new(forge),
        }
    }

    /// A way that makes sense with this kind only.
    pub(super) fn of(
        kind: Kind,
        name: impl Into<String>,
        forge: impl Fn(&Loot) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            kinds: vec![kind],
            ..Self::new(name, forge)
        }
    }

    pub(super) fn cases(self) -> Vec<Case> {
        let Self { name, kinds, forge } = self;
        let cases = kinds.into_iter().map(|kind| {
            let forge = Arc::clone(&forge);
            let name = format!("{}::{name}", kind.name());
            Case::new("attack::tokens", name, move || attempt(kind, forge))
        });
        cases.collect()
    }
}

/// Forges a token and presents it: it is refused, in the same words as any nonsense, and nobody is asked about it.
async fn attempt(kind: Kind, forge: Arc<dyn Fn(&Loot) -> String + Send + Sync>) {
    let target = target::find().await;
    let site = &target.ground;
    let trap = Trap::set();
    let loot = target.loot(kind, &trap);
    let forged = forge(&loot);
    assert_ne!(forged, loot.good, "this is no forgery");

    let answer = kind.present(site, &forged).await;
    assert_eq!(answer.status, 401, "{forged}: {answer:?}");
    kind.assert_refused(&answer);
    let nonsense = kind.present(site, "nonsense").await;
    assert_eq!(compare::whole(&answer), compare::whole(&nonsense));
    if kind == Kind::Access {
        let tasks = paths::tasks(loot.token.text("sub"));
        let request = site.get(&tasks).header("authorization", format!("Bearer {forged}"));
        assert_unauthorized(&request.ask().await);
    }
    trap.assert_untouched();
    // What was wrong is the forgery, and nothing else.
    kind.present(site, &loot.good).await.expect(200);
}

/// The controls: tokens signed here by hand are accepted if nothing is wrong with them, so that the forgeries are refused
/// for what is.
pub(super) fn controls(kind: Kind) -> Vec<Case> {
    let control = |name: &str, make: fn(&Loot) -> String| {
        let name = format!("{}::control::{name}", kind.name());
        Case::new("attack::tokens", name, move || async move {
            let target = target::find().await;
            let trap = Trap::set();
            let forged = make(&target.loot(kind, &trap));
            kind.present(&target.ground, &forged).await.expect(200);
            trap.assert_untouched();
        })
    };
    vec![
        control("signed_by_hand", |loot| well_signed(loot.header(), loot.payload())),
        control("an_unknown_claim_changes_nothing", |loot| {
            well_signed(
                loot.header(),
                loot.payload_with("role", r#"{"admin":true,"of":["everything"]}"#),
            )
        }),
        control("addresses_of_keys_are_ignored", |loot| {
            let Loot { trap, .. } = loot;
            let header = format!(
                r#"{{"alg":"HS256","typ":"JWT","kid":"{trap}","jku":"{trap}","x5u":"{trap}","jwk":{{"kty":"oct","k":"AAAA"}}}}"#
            );
            well_signed(header, loot.payload())
        }),
        control("the_longest_that_is_read", |loot| {
            super::forms::padded(loot, super::forms::LIMIT)
        }),
        control("an_end_of_its_own", |loot| {
            let end = Utc::now().timestamp() + 30;
            loot.token.clone().with("exp", end).sign()
        }),
        control("a_clock_ten_seconds_ahead", |loot| {
            let later = loot.token.number("iat") + 10;
            loot.token.clone().with("iat", later).with("nbf", later).sign()
        }),
    ]
}
