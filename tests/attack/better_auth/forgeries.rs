//! Tokens under the issuer's own secret that say what Better Auth never says of a person, or not so.

use super::common::{FLAGS, SECRET, assert_refused, tasks};
use crate::case::Case;
use crate::forge;
use crate::ground;
use chrono::Utc;
use serde_json::{Value, json};
use tests::TestApp;

const ID: &str = "U4IwuRgRN7ZhLVlWuSJIVvNjdk0S4OX2";
const OTHER: &str = "TGnSCpSJF6r7ZyLVqta2Kt5LVKFteu6g";

fn cached_session() -> Value {
    let now = Utc::now().timestamp();
    json!({
        "session": {"expiresAt": "2099-01-01T00:00:00.000Z", "token": "x", "userId": ID, "id": "s"},
        "user": {"name": "Ada", "email": "ada@example.test", "emailVerified": false, "id": ID},
        "updatedAt": now * 1000, "version": "1", "iat": now, "exp": now + 300,
    })
}

fn custom() -> Value {
    let now = Utc::now().timestamp();
    json!({"iat": now, "id": ID, "email": "ada@example.test", "emailVerified": false, "name": "Ada", "sub": ID, "exp": now + 900})
}

fn minimal() -> Value {
    let now = Utc::now().timestamp();
    json!({"sub": ID, "email": "ada@example.test", "iat": now, "exp": now + 900})
}

fn mail() -> Value {
    let now = Utc::now().timestamp();
    json!({"email": "ada@example.test", "iat": now, "exp": now + 3600})
}

/// The claims with one of them replaced, by its place; `null` takes it away.
fn with(mut claims: Value, place: &str, value: Value) -> Value {
    let (parent, name) = place.rsplit_once('/').expect("a place");
    let object = claims
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .expect("an object");
    if value.is_null() {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), value);
    }
    claims
}

type Claims = fn() -> Value;

pub(super) fn cases() -> Vec<Case> {
    let claims: &[(&str, Claims)] = &[
        // Mail tokens, as several versions make them.
        ("mail_to_verify_an_email", mail),
        ("mail_to_verify_an_email_of_1_7_25", || {
            with(mail(), "/userId", json!(ID))
        }),
        ("mail_to_change_an_email", || {
            let mail = with(mail(), "/updateTo", json!("eve@example.test"));
            with(mail, "/requestType", json!("change-email-verification"))
        }),
        ("mail_with_a_user_id_and_an_update", || {
            let mail = with(mail(), "/user_id", json!(ID));
            with(mail, "/updateTo", json!("eve@example.test"))
        }),
        ("mail_with_a_sub_and_a_request", || {
            let mail = with(mail(), "/sub", json!(ID));
            with(mail, "/requestType", json!("change-email-confirmation"))
        }),
        // Ids that do not agree.
        ("sub_is_not_the_users_id", || {
            with(cached_session(), "/sub", json!(OTHER))
        }),
        ("user_id_is_not_the_users_id", || {
            with(cached_session(), "/user_id", json!(OTHER))
        }),
        ("user_is_not_the_sessions", || {
            with(cached_session(), "/user/id", json!(OTHER))
        }),
        ("session_is_not_the_users", || {
            with(cached_session(), "/session/userId", json!(OTHER))
        }),
        ("sub_is_not_user_id", || with(minimal(), "/user_id", json!(OTHER))),
        ("user_without_a_session", || {
            with(cached_session(), "/session", json!(null))
        }),
        ("session_without_a_user", || {
            with(cached_session(), "/user", json!(null))
        }),
        ("session_without_a_user_id", || {
            with(cached_session(), "/session/userId", json!(null))
        }),
        ("user_without_an_id", || with(cached_session(), "/user/id", json!(null))),
        ("user_is_a_list", || {
            with(cached_session(), "/user", json!([{"id": ID}]))
        }),
        ("id_alone", || with(custom(), "/sub", json!(null))),
        ("no_id", || with(minimal(), "/sub", json!(null))),
        ("email_as_id", || {
            with(with(minimal(), "/sub", json!(null)), "/id", json!("ada@example.test"))
        }),
        // Ids that are none.
        ("id_is_a_number", || with(minimal(), "/sub", json!(1))),
        ("id_is_empty", || with(minimal(), "/sub", json!(""))),
        ("id_is_a_list", || with(minimal(), "/sub", json!([ID]))),
        ("id_climbs_up", || with(minimal(), "/sub", json!(".."))),
        ("id_has_a_slash", || {
            with(minimal(), "/sub", json!(format!("{ID}/tasks")))
        }),
        ("id_has_a_backslash", || with(minimal(), "/sub", json!("a\\b"))),
        ("id_has_an_escape", || with(minimal(), "/sub", json!("a%2Fb"))),
        ("id_has_a_question_mark", || with(minimal(), "/sub", json!("a?b"))),
        ("id_has_a_space", || with(minimal(), "/sub", json!("a b"))),
        ("id_has_a_line_break", || with(minimal(), "/sub", json!("a\nb"))),
        ("id_has_a_zero_byte", || with(minimal(), "/sub", json!("a\0b"))),
        ("id_is_not_ascii", || with(minimal(), "/sub", json!("\u{430}da"))),
        ("id_is_very_long", || with(minimal(), "/sub", json!("x".repeat(256)))),
        // Times.
        ("exp_absent", || with(minimal(), "/exp", json!(null))),
        ("exp_in_milliseconds_ago", || with(minimal(), "/exp", json!(-1))),
        ("exp_text", || with(minimal(), "/exp", json!("9999999999"))),
        ("exp_past", || {
            with(minimal(), "/exp", json!(Utc::now().timestamp() - 1))
        }),
        ("iat_absent", || with(minimal(), "/iat", json!(null))),
        ("iat_in_the_future", || {
            with(minimal(), "/iat", json!(Utc::now().timestamp() + 600))
        }),
        ("nbf_in_the_future", || {
            with(minimal(), "/nbf", json!(Utc::now().timestamp() + 600))
        }),
        ("session_ended", || {
            with(
                cached_session(),
                "/session/expiresAt",
                json!("2020-01-01T00:00:00.000Z"),
            )
        }),
        ("session_ends_at_no_time", || {
            with(cached_session(), "/session/expiresAt", json!("never"))
        }),
        // Persons.
        ("email_absent", || with(minimal(), "/email", json!(null))),
        ("email_none", || with(minimal(), "/email", json!("ada"))),
        ("email_a_list", || {
            with(minimal(), "/email", json!(["ada@example.test"]))
        }),
    ];
    let mut cases: Vec<_> = claims
        .iter()
        .map(|(name, claims)| case(name, || forge::sign(r#"{"alg":"HS256"}"#, claims().to_string(), SECRET)))
        .collect();
    for (name, header) in [
        ("alg_none_signed", r#"{"alg":"none"}"#),
        ("alg_hs512", r#"{"alg":"HS512"}"#),
        ("alg_eddsa_under_the_secret", r#"{"alg":"EdDSA","kid":"x"}"#),
        ("typ_of_an_access_token_of_ours", r#"{"alg":"HS256","typ":"at+jwt"}"#),
        ("typ_of_a_session_of_ours", r#"{"alg":"HS256","typ":"session+jwt"}"#),
        (
            "typ_of_their_session_cookie",
            r#"{"alg":"HS256","typ":"better-auth.session-cache+jwt"}"#,
        ),
        ("typ_of_a_logout_token", r#"{"alg":"HS256","typ":"logout+jwt"}"#),
        ("crit", r#"{"alg":"HS256","crit":["exp"]}"#),
        ("zip", r#"{"alg":"HS256","zip":"DEF"}"#),
        ("alg_twice", r#"{"alg":"none","alg":"HS256"}"#),
    ] {
        cases.push(case(name, move || forge::sign(header, minimal().to_string(), SECRET)));
    }
    for (name, secret) in [
        ("key_another", "another secret, which is long enough too"),
        ("key_ours", tests::token::SECRET),
        ("key_empty", ""),
        ("key_their_public_default", "better-auth-secret-12345678901234567890"),
        ("key_trimmed", "dummy secret of the other issuer, 012345678"),
    ] {
        cases.push(case(name, move || {
            forge::sign(r#"{"alg":"HS256"}"#, minimal().to_string(), secret)
        }));
    }
    cases.push(case("member_twice", || {
        let claims = minimal().to_string();
        forge::sign(
            r#"{"alg":"HS256"}"#,
            format!(r#"{{"sub":"{OTHER}",{}"#, &claims[1..]),
            SECRET,
        )
    }));
    for (name, claims) in [
        ("cached_session", cached_session as Claims),
        ("custom", custom),
        ("minimal", minimal),
    ] {
        cases.push(Case::new(
            "attack::better_auth",
            format!("forgery::control::{name}"),
            move || async move {
                let app = TestApp::spawn_with(&FLAGS).await;
                let token = forge::sign(r#"{"alg":"HS256"}"#, claims().to_string(), SECRET);
                tasks(&app, ID, &token).await.expect(200);
            },
        ));
    }
    cases
}

fn case(name: &str, token: impl Fn() -> String + Send + 'static) -> Case {
    Case::new("attack::better_auth", format!("forgery::{name}"), move || async move {
        // Nobody else is made on this server either: none of its cases has a good token.
        let app = ground::with(&FLAGS).await;
        let token = token();
        assert_refused(&app, ID, &token).await;
        assert_refused(&app, OTHER, &token).await;
        assert_eq!(app.database().count("users"), 0, "nobody was made of it");
    })
}
