//! What an attacker holds, what they make of it, and where they present it.

use super::loot::{Kind, LIMIT, Loot, padded, well_signed};
use super::target;
use crate::case::Case;
use crate::compare;
use crate::trap::Trap;
use chrono::Utc;
use shared::paths;
use std::sync::Arc;

use tests::{Ask, assert_unauthorized};

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
        control("the_longest_that_is_read", |loot| padded(loot, LIMIT)),
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
