//! A good token in a place where none may be, and headers that say more than one thing.

use crate::case::{Case, cases};
use crate::ground;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::{Ask, Person, TestApp, assert_problem, assert_unauthorized, assert_unauthorized_without_token, raw};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        token_with_any_letter_changed_is_refused,
        token_in_a_form_is_refused,
        token_in_a_json_body_is_refused,
        token_in_the_url_of_a_websocket_is_refused,
        tokens_in_two_headers_are_refused,
        header_folded_over_two_lines_is_refused,
        control_bytes_in_the_header_are_refused,
        bytes_beyond_ascii_in_the_header_are_refused,
        scheme_in_any_case_and_spaces_around_the_token_are_read,
        session_cookie_beside_a_bad_token_does_not_help,
        no_header_names_another_user,
    ];
    for name in [
        "access_token",
        "token",
        "jwt",
        "bearer",
        "authorization",
        "Authorization",
    ] {
        cases.push(Case::new(
            module_path!(),
            format!("token_in_the_query_as_{name}_is_refused"),
            move || in_query(name),
        ));
    }
    for name in [
        "access_token",
        "token",
        "Authorization",
        "taskward_session",
        "__Host-taskward_session",
        "better-auth.session_data",
        "__Secure-better-auth.session_data",
    ] {
        cases.push(Case::new(
            module_path!(),
            format!("token_in_the_cookie_{name}_is_refused"),
            move || in_cookie(name),
        ));
    }
    for name in [
        "X-Access-Token",
        "X-Auth-Token",
        "X-Authorization",
        "X-Api-Key",
        "X-Forwarded-Authorization",
        "X-Original-Authorization",
        "X-Forwarded-Access-Token",
        "Proxy-Authorization",
        "WWW-Authenticate",
        "Authentication",
        "Sec-WebSocket-Protocol",
    ] {
        cases.push(Case::new(
            module_path!(),
            format!("token_in_the_header_{name}_is_refused"),
            move || in_header(name),
        ));
    }
    for scheme in [
        "Basic",
        "Digest",
        "Token",
        "JWT",
        "DPoP",
        "Negotiate",
        "ApiKey",
        "Bearer:",
        "Bearers",
    ] {
        cases.push(Case::new(
            module_path!(),
            format!("scheme_{}_is_refused", scheme.replace(':', "_with_a_colon")),
            move || by_scheme(scheme),
        ));
    }
    cases
}

async fn in_query(name: &'static str) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    for path in [paths::ME.to_owned(), ada.tasks()] {
        for value in [ada.token.clone(), format!("Bearer {}", ada.token)] {
            let answer = app.get(&path).query(&[(name, value)]).ask().await;
            assert_unauthorized_without_token(&answer);
        }
    }
    let signed_out = app.post(paths::LOGOUT).query(&[(name, &ada.token)]).ask().await;
    assert_unauthorized_without_token(&signed_out);
    ada.me().await.expect(200);
}

async fn in_cookie(name: &'static str) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let session = ada.cookie.split_once('=').unwrap().1;
    for value in [&ada.token, session] {
        for path in [paths::ME.to_owned(), ada.tasks()] {
            let request = app.get(&path).header("cookie", format!("{name}={value}"));
            assert_unauthorized_without_token(&request.ask().await);
        }
        let request = app.post(&ada.tasks()).header("cookie", format!("{name}={value}"));
        let answer = request.json(&json!({"title": "Milk"})).ask().await;
        assert_unauthorized_without_token(&answer);
    }
    assert_eq!(ada.list().await, []);
}

async fn in_header(name: &'static str) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    for path in [paths::ME.to_owned(), ada.tasks()] {
        for value in [ada.token.clone(), format!("Bearer {}", ada.token)] {
            let answer = app.get(&path).header(name, value).ask().await;
            assert_unauthorized_without_token(&answer);
        }
    }
}

async fn by_scheme(scheme: &'static str) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let answer = app.me_with(&format!("{scheme} {}", ada.token)).await;
    assert_problem(&answer, 401, ErrorCode::Unauthorized);
}

async fn token_with_any_letter_changed_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let step = 3;
    for start in 0..step {
        // Each round changes every third letter on its own, so that all places come up.
        for at in (start..ada.token.len()).step_by(step) {
            let mut letters = ada.token.clone().into_bytes();
            letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(letters).unwrap();
            let answer = app.me_with(&format!("Bearer {changed}")).await;
            assert_eq!(answer.status, 401, "letter {at}: {changed}");
        }
    }
    ada.me().await.expect(200);
}

async fn token_in_a_form_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // RFC 6750 §2.2 allows it, and RFC 9700 §4.3.2 tells why not.
    let body = format!("access_token={}&title=Milk", ada.token);
    let request = app
        .post(&ada.tasks())
        .header("content-type", "application/x-www-form-urlencoded");
    assert_unauthorized_without_token(&request.body(body).ask().await);
}

async fn token_in_a_json_body_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body = json!({"title": "Milk", "access_token": ada.token, "token": ada.token, "authorization": ada.token});
    assert_unauthorized_without_token(&app.post_json(&ada.tasks(), &body).await);
    assert_unauthorized_without_token(&app.post_json(paths::LOGOUT, &body).await);
    assert_eq!(ada.list().await, []);
}

async fn token_in_the_url_of_a_websocket_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let request = app
        .get(&ada.tasks())
        .query(&[("access_token", &ada.token)])
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    assert_unauthorized_without_token(&request.ask().await);
}

async fn tokens_in_two_headers_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    for (first, second) in [
        (&ada.token, &ada.token),
        (&ada.token, &eve.token),
        (&ada.token, &"nonsense".to_owned()),
        (&"nonsense".to_owned(), &ada.token),
    ] {
        let answer = app.get(paths::ME).bearer_auth(first).bearer_auth(second).ask().await;
        assert_unauthorized(&answer);
    }
    let mixed = app.get(paths::ME).basic_auth("ada", Some("x")).bearer_auth(&ada.token);
    assert_problem(&mixed.ask().await, 401, ErrorCode::Unauthorized);
}

async fn header_folded_over_two_lines_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let folded = format!("Authorization: Bearer\r\n {}", ada.token);
    let request = raw::request(&format!("GET {}", paths::ME), &[&folded], b"");
    let answer = raw::exchange(app.address, &request).await.expect("an answer");
    assert!(matches!(answer.status, 400 | 401), "{answer:?}");
}

async fn control_bytes_in_the_header_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for byte in ["\0", "\x01", "\x0b", "\x1f", "\x7f", "\r"] {
        for value in [
            format!("Bearer {}{byte}", ada.token),
            format!("Bearer{byte}{}", ada.token),
        ] {
            let field = format!("Authorization: {value}");
            let request = raw::request(&format!("GET {}", paths::ME), &[&field], b"");
            let answer = raw::exchange(app.address, &request).await.expect("an answer");
            assert!(matches!(answer.status, 400 | 401), "{value:?}: {answer:?}");
        }
    }
}

async fn bytes_beyond_ascii_in_the_header_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for bytes in [&b"\xff"[..], b"\xc2\xa0", "\u{feff}".as_bytes(), b"\xc0\xae"] {
        for value in [
            [b"Bearer ", ada.token.as_bytes(), bytes].concat(),
            [b"Bearer", bytes, ada.token.as_bytes()].concat(),
            [b"Bearer ", bytes].concat(),
        ] {
            let value = HeaderValue::from_bytes(&value).unwrap();
            let answer = app.get(paths::ME).header("authorization", value).ask().await;
            assert_problem(&answer, 401, ErrorCode::Unauthorized);
        }
    }
}

async fn scheme_in_any_case_and_spaces_around_the_token_are_read() {
    // The control of the cases around it (RFC 9110 §11.1): what they change is what is refused.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for value in [
        format!("Bearer {}", ada.token),
        format!("bearer {}", ada.token),
        format!("BEARER {}", ada.token),
        format!("bEaReR {}", ada.token),
        format!("Bearer   {}", ada.token),
    ] {
        app.me_with(&value).await.expect(200);
    }
    for value in [
        format!("Bearer\t{}", ada.token),
        format!("Bearer{}", ada.token),
        ada.token.clone(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
        " ".to_owned(),
        format!(
            "Basic {}",
            BASE64_STANDARD.encode(format!("{}:{}", ada.email, ada.password))
        ),
    ] {
        assert_problem(&app.me_with(&value).await, 401, ErrorCode::Unauthorized);
    }
}

async fn session_cookie_beside_a_bad_token_does_not_help() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for authorization in ["Bearer nonsense", "Basic eDp4", "Bearer"] {
        for path in [paths::ME.to_owned(), ada.tasks()] {
            let request = app.get(&path).header("cookie", &ada.cookie);
            let answer = request.header("authorization", authorization).ask().await;
            assert_problem(&answer, 401, ErrorCode::Unauthorized);
        }
    }
}

async fn no_header_names_another_user() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    ada.add("Ada's").await;
    let names = [
        "X-User-Id",
        "X-User",
        "X-Forwarded-User",
        "X-Remote-User",
        "Remote-User",
        "X-Authenticated-User",
        "X-Impersonate-User",
        "X-Forwarded-Email",
    ];
    let claiming = |person: Option<&Person>, path: &str| {
        let request = match person {
            Some(person) => person.get(path),
            None => app.get(path),
        };
        names.iter().fold(request, |request, name| {
            let value = if name.ends_with("Email") { &ada.email } else { &ada.id };
            request.header(*name, value)
        })
    };
    assert_unauthorized_without_token(&claiming(None, &ada.tasks()).ask().await);
    assert_problem(
        &claiming(Some(&eve), &ada.tasks()).ask().await,
        403,
        ErrorCode::Forbidden,
    );
    let me = claiming(Some(&eve), paths::ME).ask().await.expect(200);
    assert_eq!(me.value()["id"], eve.id.as_str());
}
