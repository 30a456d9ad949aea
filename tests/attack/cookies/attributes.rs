//! How the cookie is set, and that its value is seen nowhere else.

use super::HTTPS;
use crate::case::{Case, cases};
use serde_json::json;
use shared::paths;
use tests::person::PASSWORD;
use tests::{Answer, Ask, SetCookie, TestApp};

pub(super) fn cases() -> Vec<Case> {
    cases![
        on_http_it_is_out_of_reach_of_scripts_and_other_sites,
        on_https_it_is_bound_to_the_host_and_to_tls,
        a_public_url_on_http_does_not_promise_tls,
        it_lasts_as_long_as_the_session,
        every_way_to_sign_in_sets_it_alike,
        every_way_to_sign_out_clears_it_alike,
        its_value_is_in_no_body_and_no_other_header,
        only_the_routes_of_sessions_set_it,
        it_is_set_on_no_failure,
        a_renewed_one_is_another_one,
    ]
}

/// All the attributes, `Max-Age` apart.
#[track_caller]
fn assert_strict(cookie: &SetCookie, https: bool) {
    let name = if https {
        "__Host-taskward_session"
    } else {
        "taskward_session"
    };
    assert_eq!(cookie.name, name);
    let mut attributes: Vec<_> = cookie
        .attributes
        .iter()
        .filter(|each| !each.starts_with("Max-Age="))
        .map(String::as_str)
        .collect();
    attributes.sort_unstable();
    let mut expected = vec!["HttpOnly", "Path=/", "SameSite=Strict"];
    if https {
        expected.push("Secure");
    }
    // No `Domain`: the cookie stays with the host that set it.
    assert_eq!(attributes, expected, "{cookie:?}");
    cookie.max_age();
}

async fn sign_in(app: &TestApp) -> [Answer; 2] {
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    [
        app.post_json(paths::REGISTER, &body).await.expect(201),
        app.post_json(paths::LOGIN, &body).await.expect(200),
    ]
}

async fn on_http_it_is_out_of_reach_of_scripts_and_other_sites() {
    let app = TestApp::spawn().await;
    for answer in sign_in(&app).await {
        assert_strict(&answer.session_cookie(), false);
    }
}

async fn on_https_it_is_bound_to_the_host_and_to_tls() {
    let app = TestApp::spawn_with(&["--public-url", HTTPS]).await;
    for answer in sign_in(&app).await {
        assert_strict(&answer.session_cookie(), true);
        let renewed = app.refresh_with(&answer.session_cookie().pair()).await.expect(200);
        assert_strict(&renewed.session_cookie(), true);
    }
}

async fn a_public_url_on_http_does_not_promise_tls() {
    let app = TestApp::spawn_with(&["--public-url", "http://tasks.example.org"]).await;
    for answer in sign_in(&app).await {
        assert_strict(&answer.session_cookie(), false);
    }
    // Nor does a header that anybody may write.
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let request = app.post(paths::LOGIN).header("x-forwarded-proto", "https").json(&body);
    assert_strict(&request.ask().await.expect(200).session_cookie(), false);
}

async fn it_lasts_as_long_as_the_session() {
    let app = TestApp::spawn_with(&["--session-ttl", "2h", "--session-max-age", "3h"]).await;
    for answer in sign_in(&app).await {
        let cookie = answer.session_cookie();
        let token = tests::token::Token::read(&cookie.value);
        assert_eq!(cookie.max_age(), 7200);
        assert_eq!(token.number("exp") - token.number("iat"), 7200);
    }
}

async fn every_way_to_sign_in_sets_it_alike() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let renewed = app.refresh_with(&ada.cookie).await.expect(200);
    assert_strict(&renewed.session_cookie(), false);
    let body = json!({"current_password": PASSWORD, "new_password": "battery horse correct"});
    let changed = ada.post(paths::PASSWORD).json(&body).ask().await.expect(200);
    assert_strict(&changed.session_cookie(), false);
}

async fn every_way_to_sign_out_clears_it_alike() {
    for https in [false, true] {
        let flags: &[&str] = if https { &["--public-url", HTTPS] } else { &[] };
        let app = TestApp::spawn_with(flags).await;
        let ada = app.register("ada").await;
        let other = app.login(&ada).await;
        let third = app.login(&ada).await;
        let sign_out = third.post(paths::LOGOUT);
        let everywhere = other.post(paths::LOGOUT_EVERYWHERE);
        let mut answers = vec![sign_out.ask().await, everywhere.ask().await];
        let again = app.login(&ada).await;
        let delete = again.delete(paths::ME).json(&json!({"password": PASSWORD}));
        answers.push(delete.ask().await);
        for answer in answers {
            let cookie = answer.expect(200).session_cookie();
            assert_strict(&cookie, https);
            assert_eq!((cookie.max_age(), cookie.value.as_str()), (0, ""), "{cookie:?}");
        }
    }
}

async fn its_value_is_in_no_body_and_no_other_header() {
    let app = TestApp::spawn().await;
    let mut answers: Vec<_> = sign_in(&app).await.into();
    let ada = app.login(&app.register("eve").await).await;
    answers.push(ada.refresh().await.expect(200));
    answers.push(ada.me().await.expect(200));
    let mut values: Vec<_> = answers
        .iter()
        .filter(|answer| !answer.cookies().is_empty())
        .map(|answer| answer.session_cookie().value)
        .collect();
    values.push(ada.cookie.split_once('=').unwrap().1.to_owned());
    answers.push(app.refresh_with("taskward_session=nonsense").await.expect(401));
    for answer in answers {
        for value in &values {
            // Its signature alone would do: the rest can be guessed.
            for part in value.split('.') {
                let header = tests::token::Token::read(value).header;
                assert!(!answer.text().contains(value), "{header}: {answer:?}");
                if part.len() > 60 || part.len() == 43 {
                    assert!(!answer.text().contains(part), "{header}: {answer:?}");
                }
                for (name, field) in &answer.headers {
                    let harmless = name == "set-cookie" || part.len() < 43;
                    assert!(harmless || !format!("{field:?}").contains(part), "{name}: {answer:?}");
                }
            }
        }
    }
}

async fn only_the_routes_of_sessions_set_it() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    for request in [
        ada.get(paths::ME),
        ada.get(&ada.tasks()),
        ada.get(&ada.task(task.id)),
        ada.patch(&ada.task_complete(task.id)),
        ada.post(&ada.tasks()).json(&json!({"title": "Bread"})),
        ada.delete(&ada.task(task.id)),
        ada.get(paths::HEALTH),
        ada.get(paths::OPENAPI),
        ada.get("/"),
        ada.get("/api/nothing"),
    ] {
        let answer = request.ask().await;
        assert_eq!(answer.cookies(), [], "{answer:?}");
    }
}

async fn it_is_set_on_no_failure() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body = json!({"email": "ada@example.org", "password": "wrong horse battery"});
    for request in [
        app.post(paths::LOGIN).json(&body),
        app.post(paths::REGISTER).json(&body),
        app.post(paths::REGISTER)
            .json(&json!({"email": "no email", "password": "x"})),
        ada.post(paths::PASSWORD)
            .json(&json!({"current_password": "wrong horse battery", "new_password": "battery horse correct"})),
        app.post(paths::REFRESH).header("cookie", "taskward_session=nonsense"),
        app.post(paths::REFRESH)
            .header("cookie", &ada.cookie)
            .header("sec-fetch-site", "cross-site"),
    ] {
        let answer = request.ask().await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
        assert!(
            answer.cookies().iter().all(|cookie| cookie.value.is_empty()),
            "{answer:?}"
        );
    }
}

async fn a_renewed_one_is_another_one() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let session = |pair: &str| tests::token::Token::read(pair.split_once('=').unwrap().1);
    let renewed = app.refresh_with(&ada.cookie).await.expect(200).session_cookie().pair();
    let (old, new) = (session(&ada.cookie), session(&renewed));
    assert_eq!(old.text("sid"), new.text("sid"), "the same session");
    assert_eq!(old.number("auth_time"), new.number("auth_time"));
    assert!(new.number("exp") >= old.number("exp"));
}
