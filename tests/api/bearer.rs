//! Which access tokens are accepted, and in which places.

use crate::routes;
use chrono::Utc;
use serde_json::{Value, json};
use shared::paths;
use std::collections::HashSet;
use tests::problem::without_request_id;
use tests::token::{SECRET, Token};
use tests::{Ask, Person, TestApp, assert_unauthorized, assert_unauthorized_without_token};
use uuid::Uuid;

#[tokio::test]
async fn a_token_signed_by_hand_is_accepted_if_it_says_what_the_server_says() {
    // The control of every test below: what they change is all that is wrong.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let token = Token::read(&ada.token);
    ada.with_token(token.sign()).me().await.expect(200);
    let later = token.clone().with("exp", Utc::now().timestamp() + 30);
    ada.with_token(later.sign()).me().await.expect(200);
    let unknown_claim = token.with("scope", "more than we know");
    ada.with_token(unknown_claim.sign()).me().await.expect(200);
}

/// Tokens with something wrong, each with what it is.
type Bad = Vec<(String, String)>;

/// The signature is another one than the header promises and the server makes.
fn bad_signatures(ada: &Person) -> Bad {
    let good = Token::read(&ada.token);
    let mut bad: Bad = Vec::new();
    let mut push = |name: &str, token: String| bad.push((name.to_owned(), token));
    let with_header = |member: &str, value: Value| good.clone().with_header(member, value).sign();

    push(
        "another secret",
        good.sign_with("another secret, which is long enough too"),
    );
    push("empty secret", good.sign_with(""));
    push("a longer secret", good.sign_with(&format!("{SECRET}x")));
    let signature = ada.token.rsplit('.').next().unwrap();
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        push(&format!("unsecured, alg {alg:?}"), good.unsecured(alg));
        push(&format!("signed, alg {alg:?}"), with_header("alg", json!(alg)));
        push(
            &format!("alg {alg:?}, the old signature"),
            format!("{}{signature}", good.unsecured(alg)),
        );
    }
    push("HS384, properly signed", good.sign_hs384());
    for alg in ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 "] {
        push(&format!("alg {alg}"), with_header("alg", json!(alg)));
    }
    push("without alg", with_header("alg", json!(null)));
    push("alg is a list", with_header("alg", json!(["HS256"])));
    push("typ of the session cookie", with_header("typ", json!("session+jwt")));
    let critical = good.clone().with_header("crit", json!(["x"])).with_header("x", 1);
    push("critical extension (RFC 7515 §4.1.11)", critical.sign());
    bad
}

/// The server has signed the token, but never such a one.
fn bad_claims(ada: &Person, bob: &Person) -> Bad {
    let good = Token::read(&ada.token);
    let now = Utc::now().timestamp();
    let mut bad: Bad = Vec::new();
    let mut push = |name: &str, token: Token| bad.push((name.to_owned(), token.sign()));
    let with = |claim: &str, value: Value| good.clone().with(claim, value);
    let of = |id: &str| good.clone().with("sub", id).with("user_id", id);

    push(
        "expired long ago",
        with("iat", json!(now - 7200)).with("exp", now - 3600),
    );
    push(
        "expired this second: there is no leeway",
        with("iat", json!(now - 60)).with("exp", now),
    );
    push(
        "issued in the future",
        with("iat", json!(now + 300)).with("exp", now + 600),
    );
    push("not valid yet", with("nbf", json!(now + 300)));
    push("another issuer", with("iss", json!("somebody")));
    push("issuers in a list", with("iss", json!(["taskward", "somebody"])));
    push("another audience", with("aud", json!("taskward-session")));
    push("not in the list of audiences", with("aud", json!(["somebody"])));
    for claim in ["sub", "user_id", "email", "iat", "exp", "iss", "aud", "sid", "epoch"] {
        push(&format!("without {claim}"), with(claim, json!(null)));
        push(&format!("{claim} of a wrong type"), with(claim, json!({"x": 1})));
    }
    push("exp as text", with("exp", json!((now + 3600).to_string())));
    push("exp beyond any type", with("exp", json!(1e300)));
    push("exp below zero", with("exp", json!(-1)));
    push("somebody who never was", of(&Uuid::now_v7().to_string()));
    push("sub is no id", of("ada"));
    push("sub and user_id disagree", with("user_id", json!(bob.id)));
    push("an epoch that is over", with("epoch", json!(good.number("epoch") - 1)));
    push("an epoch to come", with("epoch", json!(good.number("epoch") + 1)));
    push("sid is no id", with("sid", json!("x")));
    bad
}

/// What is no token, or not as it was issued.
fn bad_forms(ada: &Person, bob: &Person) -> Bad {
    let parts: Vec<_> = ada.token.split('.').collect();
    let other: Vec<_> = bob.token.split('.').collect();
    [
        (
            "somebody else's claims",
            format!("{}.{}.{}", parts[0], other[1], parts[2]),
        ),
        (
            "somebody else's signature",
            format!("{}.{}.{}", parts[0], parts[1], other[2]),
        ),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{}.x", ada.token)),
        ("a signature that is cut", ada.token[..ada.token.len() - 2].to_owned()),
        ("padding", format!("{}=", ada.token)),
        ("a character changed", flip(&ada.token, parts[0].len() + 20)),
        ("nonsense", "nonsense".to_owned()),
        ("dots", "..".to_owned()),
        ("large", "x".repeat(6000)),
        ("claims are no object", format!("{}.W10.{}", parts[0], parts[2])),
        ("the session cookie", ada.cookie.split_once('=').unwrap().1.to_owned()),
    ]
    .map(|(name, token)| (name.to_owned(), token))
    .into()
}

fn flip(token: &str, at: usize) -> String {
    let mut bytes = token.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn every_bad_token_is_refused_and_all_in_the_same_words() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let mut bodies = HashSet::new();
    let bad = [bad_signatures(&ada), bad_claims(&ada, &bob), bad_forms(&ada, &bob)].concat();
    for (name, token) in bad {
        let answer = app.me_with(&format!("Bearer {token}")).await;
        assert_eq!(answer.status, 401, "{name}: {token}");
        assert_unauthorized(&answer);
        bodies.insert(without_request_id(&answer).to_string());
        let answer = app.get(&ada.tasks()).bearer_auth(&token).ask().await;
        assert_unauthorized(&answer);
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn every_protected_route_refuses_a_bad_token() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let expired = Token::read(&ada.token).with("exp", Utc::now().timestamp() - 1).sign();
    for route in routes::protected(&ada.id, task.id) {
        for bad in [&expired, "nonsense"] {
            let mut request = app.request(route.method.clone(), &route.path).bearer_auth(bad);
            if let Some(body) = &route.body {
                request = request.json(body);
            }
            assert_unauthorized(&request.ask().await);
        }
    }
    assert_eq!(ada.list().await, [task]);
}

#[tokio::test]
async fn the_scheme_is_bearer_in_any_case() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        app.me_with(&format!("{scheme} {}", ada.token)).await.expect(200);
    }
}

#[tokio::test]
async fn other_schemes_and_forms_of_the_header_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for header in [
        String::new(),
        " ".to_owned(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        ada.token.clone(),
        format!("Basic {}", ada.token),
        "Basic YWRhQGV4YW1wbGUub3JnOmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==".to_owned(),
        format!("Token {}", ada.token),
        format!("Bearer{}", ada.token),
        format!("Bearer: {}", ada.token),
        format!("Bearer token={}", ada.token),
        format!("Bearer \"{}\"", ada.token),
        format!("Bearer {} x", ada.token),
        format!("Bearer {0}, Bearer {0}", ada.token),
        format!("Bearer {0},{0}", ada.token),
    ] {
        let answer = app.me_with(&header).await;
        tests::assert_problem(&answer, 401, shared::error::ErrorCode::Unauthorized);
    }
    let bytes = reqwest::header::HeaderValue::from_bytes(b"Bearer \xff\xfe").unwrap();
    let answer = app.get(paths::ME).header("authorization", bytes).ask().await;
    tests::assert_problem(&answer, 401, shared::error::ErrorCode::Unauthorized);
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    for (first, second) in [
        (&ada.token, &ada.token),
        (&ada.token, &bob.token),
        (&ada.token, &"x".to_owned()),
        (&"x".to_owned(), &ada.token),
    ] {
        let answer = app.get(paths::ME).bearer_auth(first).bearer_auth(second).ask().await;
        assert_unauthorized(&answer);
    }
}

#[tokio::test]
async fn a_token_anywhere_else_than_in_the_header_opens_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for path in [paths::ME.to_owned(), ada.tasks()] {
        for name in ["access_token", "token", "bearer", "authorization"] {
            let answer = app.get(&path).query(&[(name, &ada.token)]).ask().await;
            assert_unauthorized_without_token(&answer);
        }
        for name in ["taskward_session", "access_token", "__Host-taskward_session"] {
            let answer = app
                .get(&path)
                .header("cookie", format!("{name}={}", ada.token))
                .ask()
                .await;
            assert_unauthorized_without_token(&answer);
        }
        let answer = app.get(&path).header("x-access-token", &ada.token).ask().await;
        assert_unauthorized_without_token(&answer);
    }
    let body = format!("access_token={}&title=Milk", ada.token);
    let form = app
        .post(&ada.tasks())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    assert_unauthorized_without_token(&form.ask().await);
}

#[tokio::test]
async fn the_session_cookie_opens_no_other_route() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    for route in routes::protected(&ada.id, task.id) {
        let mut request = app
            .request(route.method.clone(), &route.path)
            .header("cookie", &ada.cookie);
        if let Some(body) = &route.body {
            request = request.json(body);
        }
        assert_unauthorized_without_token(&request.ask().await);
    }
    assert_eq!(ada.list().await, [task]);
}

#[tokio::test]
async fn tokens_of_another_server_are_refused() {
    let other = TestApp::spawn_with(&["--jwt-secret", "the secret of another server, also long"]).await;
    let stranger = other.register("ada").await;
    let app = TestApp::spawn().await;
    app.register("ada").await;
    assert_unauthorized(&app.me_with(&format!("Bearer {}", stranger.token)).await);
    assert_unauthorized(&app.refresh_with(&stranger.cookie).await);
}
