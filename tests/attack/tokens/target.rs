//! Whose tokens all the forgeries are made of.

use super::loot::{Kind, Loot};
use crate::ground::{self, Ground};
use crate::trap::Trap;
use tests::Person;
use tests::token::Token;
use tokio::sync::OnceCell;

static TOKENS: OnceCell<[Tokens; 2]> = OnceCell::const_new();

/// The tokens of two people, which many cases look at and none uses up: no case signs out.
pub(super) struct Target {
    pub(super) ground: Ground,
    ada: &'static Tokens,
    eve: &'static Tokens,
}

struct Tokens {
    access: String,
    session: String,
}

pub(super) async fn find() -> Target {
    let ground = ground::plain().await;
    let sign_in = async || {
        [
            Tokens::of(&ground.somebody().await),
            Tokens::of(&ground.somebody().await),
        ]
    };
    let [ada, eve] = TOKENS.get_or_init(sign_in).await;
    Target { ground, ada, eve }
}

impl Target {
    pub(super) fn loot(&self, kind: Kind, trap: &Trap) -> Loot {
        let good = self.ada.get(kind);
        let sibling = match kind {
            Kind::Access => Kind::Session,
            Kind::Session => Kind::Access,
        };
        Loot {
            kind,
            token: Token::read(&good),
            good,
            other: self.eve.get(kind),
            sibling: self.ada.get(sibling),
            trap: trap.url(),
        }
    }
}

impl Tokens {
    fn of(person: &Person) -> Self {
        Self {
            access: person.token.clone(),
            session: person.cookie.split_once('=').expect("a pair").1.to_owned(),
        }
    }

    fn get(&self, kind: Kind) -> String {
        match kind {
            Kind::Access => self.access.clone(),
            Kind::Session => self.session.clone(),
        }
    }
}
