//! Tokens that the server's key has signed, but that say what the server never says.

use super::forgery::Forgery;
use super::loot::{Kind, Loot, well_signed};
use chrono::Utc;
use serde_json::{Value, json};
use tests::token::Token;
use uuid::Uuid;

const HOUR: i64 = 3600;

pub(super) fn forgeries() -> Vec<Forgery> {
    [
        absent(),
        of_another_type(),
        ends(),
        beginnings(),
        makers(),
        identities(),
        sessions(),
        strangers(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn absent() -> Vec<Forgery> {
    each_claim("absent", &json!(null))
}

fn of_another_type() -> Vec<Forgery> {
    each_claim("of_another_type", &json!({"x": 1}))
}

/// Each claim that a token of ours has, replaced by this, or taken away by `null`.
fn each_claim(name: &str, value: &Value) -> Vec<Forgery> {
    let access = ["sub", "user_id", "email", "iat", "exp", "iss", "aud", "sid", "epoch"];
    let session = ["sub", "auth_time", "iat", "exp", "iss", "aud", "sid", "epoch"];
    let access = access.iter().map(|claim| (Kind::Access, *claim));
    let session = session.iter().map(|claim| (Kind::Session, *claim));
    let forgeries = access.chain(session).map(|(kind, claim)| {
        let value = value.clone();
        Forgery::of(kind, format!("{claim}::{name}"), move |loot| {
            loot.token.clone().with(claim, value.clone()).sign()
        })
    });
    forgeries.collect()
}

/// A claim written just so.
fn text(claim: &'static str, name: &str, text: &'static str) -> Forgery {
    Forgery::new(format!("{claim}::{name}"), move |loot| {
        well_signed(loot.header(), loot.payload_with(claim, text))
    })
}

fn ends() -> Vec<Forgery> {
    vec![
        text("exp", "text", r#""9999999999""#),
        text("exp", "null", "null"),
        text("exp", "true", "true"),
        text("exp", "a_list", "[9999999999]"),
        text("exp", "an_object", "{}"),
        text("exp", "zero", "0"),
        text("exp", "negative", "-9999999999"),
        text("exp", "beyond_64_bits", "99999999999999999999"),
        text("exp", "beyond_any_float", "1e400"),
        text("exp", "a_huge_float", "1e300"),
        text("exp", "a_fraction", "9999999999.5"),
        text("exp", "not_a_number", "NaN"),
        text("exp", "infinity", "Infinity"),
        text("exp", "in_hexadecimal", "0xffffffff"),
        text("exp", "with_leading_zeros", "009999999999"),
        Forgery::new("exp::an_hour_ago", |loot| {
            let now = Utc::now().timestamp();
            let token = loot.token.clone().with("iat", now - 2 * HOUR).with("exp", now - HOUR);
            authenticated(token, now - 2 * HOUR).sign()
        }),
        Forgery::new("exp::this_very_second", |loot| {
            let now = Utc::now().timestamp();
            let token = loot.token.clone().with("iat", now - HOUR).with("exp", now);
            authenticated(token, now - HOUR).sign()
        }),
        Forgery::new("exp::before_iat", |loot| {
            let later = Utc::now().timestamp() + 10;
            loot.token.clone().with("iat", later).with("exp", later - 5).sign()
        }),
    ]
}

fn beginnings() -> Vec<Forgery> {
    let mut all = vec![
        Forgery::new("iat::text", |loot| {
            let now = Utc::now().timestamp().to_string();
            loot.token.clone().with("iat", now).sign()
        }),
        text("iat", "null", "null"),
        text("iat", "beyond_64_bits", "99999999999999999999"),
        text("nbf", "text", r#""0""#),
        text("nbf", "null", "null"),
        text("nbf", "an_object", "{}"),
        text("nbf", "beyond_64_bits", "99999999999999999999"),
    ];
    for claim in ["nbf", "iat"] {
        for (name, ahead) in [("twenty_seconds_ahead", 20), ("an_hour_ahead", HOUR)] {
            all.push(Forgery::new(format!("{claim}::{name}"), move |loot| {
                let later = Utc::now().timestamp() + ahead;
                loot.token.clone().with(claim, later).with("exp", later + HOUR).sign()
            }));
        }
    }
    all
}

fn makers() -> Vec<Forgery> {
    let mut all = vec![
        text("iss", "another", r#""somebody""#),
        text("iss", "empty", r#""""#),
        text("iss", "null", "null"),
        text("iss", "a_list", r#"["taskward"]"#),
        text("iss", "a_list_of_several", r#"["taskward","somebody"]"#),
        text("iss", "an_object", r#"{"taskward":true}"#),
        text("iss", "in_capitals", r#""TASKWARD""#),
        text("iss", "with_a_space", r#""taskward ""#),
        text("iss", "with_a_zero_byte", r#""taskward\u0000""#),
        text("aud", "another", r#""somewhere""#),
        text("aud", "empty", r#""""#),
        text("aud", "null", "null"),
        text("aud", "an_empty_list", "[]"),
        text("aud", "a_list_of_others", r#"["somebody"]"#),
        text("aud", "both_in_a_list", r#"["taskward-api","taskward-session"]"#),
        text("aud", "in_capitals", r#""TASKWARD-API""#),
        text("aud", "any", r#""*""#),
    ];
    all.push(Forgery::new("aud::of_the_other_kind", |loot| {
        let other = match loot.kind {
            Kind::Access => "taskward-session",
            Kind::Session => "taskward-api",
        };
        loot.token.clone().with("aud", other).sign()
    }));
    all
}

fn identities() -> Vec<Forgery> {
    let id = |name: &str, id: fn(&Loot) -> Value| {
        Forgery::new(format!("sub::{name}"), move |loot| named(loot, id(loot)).sign())
    };
    vec![
        id("of_nobody", |_| json!(Uuid::now_v7().to_string())),
        id("nil", |_| json!(Uuid::nil().to_string())),
        id("a_number", |_| json!(1)),
        id("a_list", |loot| json!([loot.token.claims["sub"]])),
        id("an_object", |loot| json!({"id": loot.token.claims["sub"]})),
        id("true", |_| json!(true)),
        id("empty", |_| json!("")),
        id("no_id", |_| json!("ada")),
        id("an_email", |_| json!("ada@example.org")),
        id("sql", |_| json!("' OR '1'='1")),
        id("a_wildcard", |_| json!("%")),
        id("with_a_space", |loot| json!(format!("{} ", loot.token.text("sub")))),
        id("with_a_zero_byte", |loot| {
            json!(format!("{}\0", loot.token.text("sub")))
        }),
        Forgery::of(Kind::Access, "sub::of_another_person_than_user_id", |loot| {
            let other = Token::read(&loot.other).text("sub").to_owned();
            loot.token.clone().with("sub", other).sign()
        }),
        Forgery::of(Kind::Access, "user_id::of_another_person_than_sub", |loot| {
            let other = Token::read(&loot.other).text("user_id").to_owned();
            loot.token.clone().with("user_id", other).sign()
        }),
        Forgery::of(Kind::Access, "user_id::in_capitals", |loot| {
            let id = loot.token.text("user_id").to_uppercase();
            loot.token.clone().with("user_id", id).sign()
        }),
        Forgery::of(Kind::Access, "email::no_text", |loot| {
            loot.token.clone().with("email", json!(["ada@example.org"])).sign()
        }),
    ]
}

fn sessions() -> Vec<Forgery> {
    vec![
        text("sid", "a_number", "1"),
        text("sid", "empty", r#""""#),
        text("sid", "no_id", r#""session""#),
        text("sid", "a_list", "[]"),
        text("epoch", "text", r#""0""#),
        text("epoch", "a_fraction", "0.5"),
        text("epoch", "null", "null"),
        text("epoch", "negative", "-1"),
        text("epoch", "beyond_64_bits", "99999999999999999999"),
        Forgery::new("epoch::the_next_one", |loot| {
            let next = loot.token.number("epoch") + 1;
            loot.token.clone().with("epoch", next).sign()
        }),
        Forgery::of(Kind::Session, "auth_time::in_the_future", |loot| {
            let later = Utc::now().timestamp() + HOUR;
            loot.token.clone().with("auth_time", later).sign()
        }),
        Forgery::of(Kind::Session, "auth_time::longer_ago_than_a_session_lasts", |loot| {
            let long_ago = Utc::now().timestamp() - 31 * 24 * HOUR;
            loot.token.clone().with("auth_time", long_ago).sign()
        }),
        Forgery::of(Kind::Session, "auth_time::text", |loot| {
            loot.token.clone().with("auth_time", "now").sign()
        }),
    ]
}

/// What one key may sign besides (RFC 8725 §2.8): none of it is an access token or a session.
fn strangers() -> Vec<Forgery> {
    let token = |name: &str, claims: fn(&Loot) -> Value| {
        Forgery::new(format!("stranger::{name}"), move |loot| {
            well_signed(r#"{"alg":"HS256","typ":"JWT"}"#, claims(loot).to_string())
        })
    };
    vec![
        Forgery::new("the_other_kind", |loot| loot.sibling.clone()),
        token("a_mail_link", |_| {
            let now = Utc::now().timestamp();
            json!({"email": "ada@example.org", "iat": now, "exp": now + HOUR})
        }),
        token("a_mail_link_with_an_update", |_| {
            let now = Utc::now().timestamp();
            let to = "eve@example.org";
            json!({"email": "ada@example.org", "updateTo": to, "requestType": "change-email-verification",
                "iat": now, "exp": now + HOUR})
        }),
        token("a_minimal_token_of_another_issuer", |loot| {
            let now = Utc::now().timestamp();
            json!({"sub": loot.token.claims["sub"], "email": "ada@example.org", "iat": now, "exp": now + HOUR})
        }),
        token("a_cached_session_of_another_issuer", |loot| {
            let now = Utc::now().timestamp();
            let id = &loot.token.claims["sub"];
            json!({"session": {"userId": id}, "user": {"id": id, "email": "ada@example.org", "emailVerified": true},
                "updatedAt": now * 1000, "version": "1", "iat": now, "exp": now + HOUR})
        }),
        token(
            "a_token_that_never_expires",
            |loot| json!({"sub": loot.token.claims["sub"], "email": "ada@example.org"}),
        ),
    ]
}

/// The good token with another id, wherever it says one.
fn named(loot: &Loot, id: Value) -> Token {
    let token = loot.token.clone();
    match loot.kind {
        Kind::Access => token.with("sub", id.clone()).with("user_id", id),
        Kind::Session => token.with("sub", id),
    }
}

/// A session that began then, if it is one: what else is wrong must be all that is.
fn authenticated(token: Token, auth_time: i64) -> Token {
    if token.claims.get("auth_time").is_some() {
        token.with("auth_time", auth_time)
    } else {
        token
    }
}
