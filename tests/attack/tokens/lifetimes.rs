//! Tokens that were good once: what ends a session ends all of its tokens with the very next request, on every node.

use crate::case::{Case, cases, only_on};
use serde_json::json;
use shared::paths;
use std::collections::HashSet;
use tests::person::PASSWORD;
use tests::problem::without_request_id;
use tests::token::Token;
use tests::{Answer, Ask, Backend, Person, TestApp, assert_problem, assert_unauthorized};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        signed_out_session_is_dead_at_once,
        signed_out_session_is_dead_for_tokens_it_bought_before,
        signing_out_spares_other_sessions,
        signing_out_everywhere_kills_every_session,
        password_change_kills_every_other_session,
        deleted_account_leaves_no_living_token,
        deleted_accounts_email_does_not_revive_its_tokens,
        sessions_stay_ended_after_a_restart,
        signing_out_by_a_dead_token_ends_nothing_else,
        signing_in_again_ends_the_session_that_the_cookie_held,
        another_site_ends_no_session_by_signing_in,
    ];
    cases.extend(only_on(Backend::Postgres, cases![sessions_end_on_every_node]));
    cases
}

/// Neither of the tokens opens anything any more.
async fn assert_dead(app: &TestApp, person: &Person) {
    let answer = app.me_with(&format!("Bearer {}", person.token)).await;
    assert_unauthorized(&answer);
    assert_unauthorized(&app.get(&person.tasks()).bearer_auth(&person.token).ask().await);
    let create = app.post(&person.tasks()).bearer_auth(&person.token);
    assert_unauthorized(&create.json(&json!({"title": "Milk"})).ask().await);
    assert_problem(
        &app.refresh_with(&person.cookie).await,
        401,
        shared::error::ErrorCode::Unauthorized,
    );
}

async fn assert_alive(app: &TestApp, person: &Person) {
    app.me_with(&format!("Bearer {}", person.token)).await.expect(200);
    app.refresh_with(&person.cookie).await.expect(200);
}

async fn change_password(person: &Person, new: &str) -> Answer {
    let body = json!({"current_password": person.password, "new_password": new});
    person.post(paths::PASSWORD).json(&body).ask().await
}

async fn delete(person: &Person) {
    let body = json!({"password": person.password});
    person.delete(paths::ME).json(&body).ask().await.expect(200);
}

async fn signed_out_session_is_dead_at_once() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // By the token alone, by the cookie alone.
    let by_token = app.post(paths::LOGOUT).bearer_auth(&ada.token);
    by_token.ask().await.expect(200);
    assert_dead(&app, &ada).await;
    let again = app.login(&ada).await;
    let by_cookie = app.post(paths::LOGOUT).header("cookie", &again.cookie);
    by_cookie.ask().await.expect(200);
    assert_dead(&app, &again).await;
    // By both, once more: it does no harm, and revives nothing.
    let request = app.post(paths::LOGOUT).bearer_auth(&ada.token);
    let repeated = request.header("cookie", &ada.cookie).ask().await;
    assert!(matches!(repeated.status, 200 | 401), "{repeated:?}");
    assert_dead(&app, &ada).await;
    // Who signs in afterwards is signed in.
    assert_alive(&app, &app.login(&ada).await).await;
    assert_dead(&app, &ada).await;
}

async fn signing_in_again_ends_the_session_that_the_cookie_held() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let elsewhere = app.login(&ada).await;
    let sign_in = async |cookie: &str, path: &str, email: &str, password: &str| {
        let request = app.post(path).header("cookie", cookie);
        let body = json!({"email": email, "password": password});
        request.json(&body).ask().await
    };
    // Only who has the password ends anything.
    sign_in(&ada.cookie, paths::LOGIN, &ada.email, "wrong horse battery")
        .await
        .expect(401);
    assert_alive(&app, &ada).await;
    let again = sign_in(&ada.cookie, paths::LOGIN, &ada.email, &ada.password).await;
    assert_dead(&app, &ada).await;
    let cookie = again.expect(200).session_cookie().pair();
    app.refresh_with(&cookie).await.expect(200);
    // Whoever signs in or up after somebody else, in the same browser.
    let eve = sign_in(&cookie, paths::REGISTER, "eve@example.org", "correct horse battery").await;
    app.refresh_with(&cookie).await.expect(401);
    app.refresh_with(&eve.expect(201).session_cookie().pair())
        .await
        .expect(200);
    assert_alive(&app, &elsewhere).await;
}

async fn another_site_ends_no_session_by_signing_in() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let request = app.post(paths::LOGIN).header("cookie", &ada.cookie);
    let request = request.header("sec-fetch-site", "same-site");
    let body = json!({"email": eve.email, "password": eve.password});
    request.json(&body).ask().await.expect(200);
    assert_alive(&app, &ada).await;
}

async fn signed_out_session_is_dead_for_tokens_it_bought_before() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut bought = Vec::new();
    for _ in 0..3 {
        let answer = app.refresh_with(&ada.cookie).await.expect(200);
        let mut renewed = ada.with_token(answer.value()["access_token"].as_str().unwrap());
        renewed.cookie = answer.session_cookie().pair();
        bought.push(renewed);
    }
    app.post(paths::LOGOUT)
        .bearer_auth(&bought[1].token)
        .ask()
        .await
        .expect(200);
    for person in bought.iter().chain([&ada]) {
        assert_dead(&app, person).await;
    }
}

async fn signing_out_spares_other_sessions() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let other = app.login(&ada).await;
    let eve = app.register("eve").await;
    ada.post(paths::LOGOUT).ask().await.expect(200);
    assert_alive(&app, &other).await;
    assert_alive(&app, &eve).await;
}

async fn signing_out_everywhere_kills_every_session() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let other = app.login(&ada).await;
    let eve = app.register("eve").await;
    app.post(paths::LOGOUT_EVERYWHERE)
        .bearer_auth(&ada.token)
        .ask()
        .await
        .expect(200);
    assert_dead(&app, &ada).await;
    assert_dead(&app, &other).await;
    assert_alive(&app, &eve).await;
    assert_alive(&app, &app.login(&ada).await).await;
    assert_dead(&app, &ada).await;
    assert_dead(&app, &other).await;
}

async fn password_change_kills_every_other_session() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let thief = app.login(&ada).await;
    let eve = app.register("eve").await;
    let answer = change_password(&ada, "battery horse correct").await.expect(200);
    assert_dead(&app, &thief).await;
    assert_dead(&app, &ada).await;
    assert_alive(&app, &eve).await;
    let mut renewed = ada.with_token(answer.value()["access_token"].as_str().unwrap());
    renewed.cookie = answer.session_cookie().pair();
    assert_alive(&app, &renewed).await;
}

async fn deleted_account_leaves_no_living_token() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let other = app.login(&ada).await;
    let signed_out = app.login(&ada).await;
    signed_out.post(paths::LOGOUT).ask().await.expect(200);
    delete(&ada).await;
    for session in [&ada, &other, &signed_out] {
        assert_dead(&app, session).await;
    }
    // In the same words as a token that never was one: that there was an account does not show.
    let gone = app.me_with(&format!("Bearer {}", ada.token)).await;
    let nonsense = app.me_with("Bearer nonsense").await;
    assert_eq!(without_request_id(&gone), without_request_id(&nonsense));
}

async fn deleted_accounts_email_does_not_revive_its_tokens() {
    let app = TestApp::spawn().await;
    let old = app.register("ada").await;
    delete(&old).await;
    let new = app.register("ada").await;
    assert_ne!(new.id, old.id);
    assert_dead(&app, &old).await;
    let forged = Token::read(&old.token)
        .with("sub", new.id.as_str())
        .with("user_id", new.id.as_str());
    // Even by the server's key: it would need the new account's epoch. Both begin with the same, so this one is good,
    // which is why nothing but the server may hold the key; the old account's id never is.
    app.me_with(&format!("Bearer {}", forged.sign())).await.expect(200);
    assert_unauthorized(&app.get(&old.tasks()).bearer_auth(&old.token).ask().await);
}

async fn sessions_end_on_every_node() {
    let first = TestApp::spawn().await;
    let second = TestApp::spawn_on(&first.database(), &[]).await;
    let ada = first.register("ada").await;
    let other = first.login(&ada).await;
    assert_alive(&second, &other).await;
    // What one node has renewed is good on the other, until any of them ends it.
    let renewed = second.refresh_with(&ada.cookie).await.expect(200);
    let mut renewed = ada.with_token(renewed.value()["access_token"].as_str().unwrap());
    assert_alive(&first, &renewed).await;
    renewed.cookie = second.refresh_with(&ada.cookie).await.session_cookie().pair();
    first
        .post(paths::LOGOUT)
        .bearer_auth(&ada.token)
        .ask()
        .await
        .expect(200);
    assert_dead(&second, &ada).await;
    assert_dead(&second, &renewed).await;
    assert_alive(&second, &other).await;
    change_password(&other.at(&second.url), PASSWORD).await.expect(200);
    assert_dead(&first, &other).await;
    let session = second.login(&ada).await;
    assert_alive(&first, &session).await;
    session.post(paths::LOGOUT_EVERYWHERE).ask().await.expect(200);
    assert_dead(&first, &session).await;
    let session = second.login(&ada).await;
    delete(&session.at(&first.url)).await;
    assert_dead(&second, &session).await;
}

async fn sessions_stay_ended_after_a_restart() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let other = app.login(&ada).await;
    let eve = app.register("eve").await;
    app.post(paths::LOGOUT).bearer_auth(&ada.token).ask().await.expect(200);
    change_password(&eve, "battery horse correct").await.expect(200);
    let bob = app.register("bob").await;
    bob.post(paths::LOGOUT_EVERYWHERE).ask().await.expect(200);
    let database = app.database();
    app.stop();
    let app = TestApp::spawn_on(&database, &[]).await;
    assert_dead(&app, &ada).await;
    assert_dead(&app, &eve).await;
    assert_dead(&app, &bob).await;
    assert_alive(&app, &other).await;
}

async fn signing_out_by_a_dead_token_ends_nothing_else() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let other = app.login(&ada).await;
    app.post(paths::LOGOUT).bearer_auth(&ada.token).ask().await.expect(200);
    let mut bodies = HashSet::new();
    let session = other.cookie.split_once('=').unwrap().1;
    for token in [&ada.token, "nonsense", &format!("{}x", other.token), session] {
        let answer = app.post(paths::LOGOUT).bearer_auth(token).ask().await;
        assert_unauthorized(&answer);
        bodies.insert(without_request_id(&answer).to_string());
        let answer = app.post(paths::LOGOUT_EVERYWHERE).bearer_auth(token).ask().await;
        assert_unauthorized(&answer);
        bodies.insert(without_request_id(&answer).to_string());
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_alive(&app, &other).await;
}
