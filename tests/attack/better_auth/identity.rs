//! Who somebody is: the issuer's id, and never an email, unless the issuer has seen that it is theirs.

use super::common::{self, FLAGS, SECRET, assert_refused, tasks};
use super::issuer::{self, Member};
use crate::case::{Case, cases};
use crate::compare;
use crate::forge;
use chrono::Utc;
use futures_util::future::join_all;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use std::time::Instant;
use tests::person::PASSWORD;
use tests::{Ask, Backend, PATIENCE, TestApp, assert_problem, assert_unauthorized};

pub(super) fn cases() -> Vec<Case> {
    cases![
        unverified_email_joins_nobodys_account,
        verified_email_joins_the_local_account,
        verified_email_joins_nobodys_account_where_that_is_off,
        joined_accounts_password_and_sessions_are_dead,
        unverified_email_keeps_nobody_from_registering,
        two_people_with_one_email_are_two_accounts,
        an_id_that_looks_like_a_local_one_reaches_nothing_of_it,
        ids_differ_by_case,
        first_requests_at_the_same_moment_make_one_account,
        nobody_signs_in_to_the_account_with_a_password,
        password_routes_refuse_an_account_without_one,
        signing_out_kills_the_sessions_tokens,
        signing_out_of_a_minimal_token_kills_it_alone,
        a_token_that_was_signed_out_stays_dead_for_as_long_as_it_would_have_lived,
        signing_out_everywhere_kills_every_foreign_token,
        changing_the_email_there_changes_nobodys_identity,
        tasks_of_a_member_are_nobody_elses,
    ]
}

fn minimal(sub: &str, email: &str) -> String {
    let now = Utc::now().timestamp();
    let claims = json!({"sub": sub, "email": email, "iat": now, "exp": now + 900});
    forge::sign(r#"{"alg":"HS256"}"#, claims.to_string(), SECRET)
}

async fn list(app: &TestApp, id: &str, token: &str) -> Vec<Task> {
    tasks(app, id, token).await.expect(200).json()
}

async fn add(app: &TestApp, id: &str, token: &str, title: &str) -> Task {
    let request = app
        .post(&paths::tasks(id))
        .bearer_auth(token)
        .json(&json!({"title": title}));
    request.ask().await.expect(201).json()
}

/// Somebody with an account here, and a member of the issuer with the same email.
async fn both() -> (TestApp, tests::Person, Member) {
    let app = TestApp::spawn_with(&FLAGS).await;
    let member = issuer::find().await.sign_up().await;
    let ada = app.register_with(&member.email, PASSWORD).await;
    ada.add("Ada's").await;
    (app, ada, member)
}

async fn unverified_email_joins_nobodys_account() {
    let (app, ada, member) = both().await;
    for token in [
        member.cached_session(),
        member.custom_token().await,
        // It says nothing of whether the email is verified.
        member.minimal_token("subject=sub").await,
    ] {
        assert_eq!(list(&app, &member.id, &token).await, []);
        let answer = tasks(&app, &ada.id, &token).await;
        assert_problem(&answer, 403, ErrorCode::Forbidden);
    }
    assert_eq!(ada.list().await.len(), 1);
    app.login(&ada).await;
    assert_eq!(app.database().count("users"), 2);
}

async fn verified_email_joins_the_local_account() {
    let (app, ada, member) = both().await;
    let member = member.verify_email().await;
    let tasks = list(&app, &member.id, &member.cached_session()).await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(
        (tasks[0].title.as_str(), tasks[0].user_id.as_str()),
        ("Ada's", member.id.as_str())
    );
    assert_eq!(app.database().count("users"), 1);
    // The path is the token's own id from now on.
    let answer = common::tasks(&app, &ada.id, &member.cached_session()).await;
    assert_problem(&answer, 403, ErrorCode::Forbidden);
}

async fn verified_email_joins_nobodys_account_where_that_is_off() {
    // As it should be where the issuer's proof of an email is none: see SECURITY.md.
    let flags = [&FLAGS[..], &["--better-auth-join-accounts", "false"]].concat();
    let app = TestApp::spawn_with(&flags).await;
    let member = issuer::find().await.sign_up().await.verify_email().await;
    let ada = app.register_with(&member.email, PASSWORD).await;
    ada.add("Ada's").await;
    assert_eq!(list(&app, &member.id, &member.cached_session()).await, []);
    assert_eq!(ada.list().await.len(), 1);
    app.login(&ada).await;
}

async fn joined_accounts_password_and_sessions_are_dead() {
    // Whoever registered with the address may have been somebody else, waiting for its owner to come.
    let (app, eve, member) = both().await;
    let session = app.login(&eve).await;
    let member = member.verify_email().await;
    list(&app, &member.id, &member.cached_session()).await;
    for person in [&eve, &session] {
        assert_unauthorized(&app.me_with(&format!("Bearer {}", person.token)).await);
        let answer = app.refresh_with(&person.cookie).await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
    let joined = app.try_login(&eve.email, &eve.password).await;
    let unknown = app.try_login("nobody@example.org", PASSWORD).await;
    assert_problem(&joined, 401, ErrorCode::InvalidCredentials);
    assert_eq!(compare::whole(&joined), compare::whole(&unknown));
}

async fn unverified_email_keeps_nobody_from_registering() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let eve = issuer::find().await.sign_up().await;
    add(&app, &eve.id, &eve.cached_session(), "Eve's").await;
    // The address' owner comes later.
    let ada = app.register_with(&eve.email, PASSWORD).await;
    assert_eq!(ada.list().await, []);
    ada.add("Ada's").await;
    let tasks = list(&app, &eve.id, &eve.cached_session()).await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].title, "Eve's");
}

async fn two_people_with_one_email_are_two_accounts() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let (one, two) = (minimal("one", "ada@example.test"), minimal("two", "ada@example.test"));
    add(&app, "one", &one, "One's").await;
    assert_eq!(list(&app, "two", &two).await, []);
    assert_problem(&tasks(&app, "one", &two).await, 403, ErrorCode::Forbidden);
    assert_eq!(app.database().count("users"), 2);
}

async fn an_id_that_looks_like_a_local_one_reaches_nothing_of_it() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let task = ada.add("Ada's").await;
    // Ids of Better Auth may be UUIDs, or whatever its operator makes them.
    let token = minimal(&ada.id, "eve@example.test");
    assert_eq!(list(&app, &ada.id, &token).await, []);
    let read = app.get(&ada.task(task.id)).bearer_auth(&token).ask().await;
    assert_problem(&read, 404, ErrorCode::NotFound);
    add(&app, &ada.id, &token, "Eve's").await;
    let end = app.post(paths::LOGOUT_EVERYWHERE).bearer_auth(&token).ask().await;
    end.expect(200);
    assert_eq!(ada.list().await, [task]);
}

async fn ids_differ_by_case() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let (small, large) = (minimal("abcdef", "a@example.test"), minimal("ABCDEF", "b@example.test"));
    add(&app, "abcdef", &small, "small").await;
    assert_eq!(list(&app, "ABCDEF", &large).await, []);
    assert_problem(&tasks(&app, "abcdef", &large).await, 403, ErrorCode::Forbidden);
    assert_problem(&tasks(&app, "ABCDEF", &small).await, 403, ErrorCode::Forbidden);
}

async fn first_requests_at_the_same_moment_make_one_account() {
    let app = TestApp::spawn_with(&[&FLAGS[..], &["--workers", "2"]].concat()).await;
    let token = minimal("one", "one@example.test");
    let answers = join_all((0..12).map(|_| tasks(&app, "one", &token))).await;
    for answer in answers {
        answer.expect(200);
    }
    assert_eq!(app.database().count("users"), 1);
    assert_eq!(app.database().count("identities"), 1);
}

async fn nobody_signs_in_to_the_account_with_a_password() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let member = issuer::find().await.sign_up().await;
    list(&app, &member.id, &member.cached_session()).await;
    let unknown = app.try_login("nobody@example.org", PASSWORD).await;
    // Not even with the password that is right there.
    let answer = app.try_login(&member.email, PASSWORD).await;
    assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    assert_eq!(compare::whole(&answer), compare::whole(&unknown));
}

async fn password_routes_refuse_an_account_without_one() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let member = issuer::find().await.sign_up().await;
    let token = member.cached_session();
    list(&app, &member.id, &token).await;
    let change = json!({"current_password": PASSWORD, "new_password": "battery horse correct"});
    let change = app.post(paths::PASSWORD).bearer_auth(&token).json(&change);
    assert_problem(&change.ask().await, 401, ErrorCode::InvalidCredentials);
    let delete = app.request(reqwest::Method::DELETE, paths::ME).bearer_auth(&token);
    let delete = delete.json(&json!({"password": PASSWORD})).ask().await;
    assert_problem(&delete, 401, ErrorCode::InvalidCredentials);
    list(&app, &member.id, &token).await;
}

async fn signing_out_kills_the_sessions_tokens() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let member = issuer::find().await.sign_up().await;
    let other = member.sign_in().await;
    let token = member.cached_session();
    list(&app, &member.id, &token).await;
    app.post(paths::LOGOUT).bearer_auth(&token).ask().await.expect(200);
    assert_refused(&app, &member.id, &token).await;
    // The other session goes on.
    list(&app, &member.id, &other.cached_session()).await;
}

async fn signing_out_of_a_minimal_token_kills_it_alone() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let member = issuer::find().await.sign_up().await;
    let token = member.minimal_token("subject=sub").await;
    let other = member.minimal_token("subject=user_id").await;
    list(&app, &member.id, &token).await;
    app.post(paths::LOGOUT).bearer_auth(&token).ask().await.expect(200);
    assert_refused(&app, &member.id, &token).await;
    list(&app, &member.id, &other).await;
}

async fn a_token_that_was_signed_out_stays_dead_for_as_long_as_it_would_have_lived() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let now = Utc::now().timestamp();
    // It outlives every session of ours.
    let claims = json!({"sub": "eve", "email": "eve@example.org", "iat": now, "exp": now + 90 * 86_400});
    let token = forge::sign(r#"{"alg":"HS256"}"#, claims.to_string(), SECRET);
    list(&app, "eve", &token).await;
    for token in [&token, &ada.token] {
        app.post(paths::LOGOUT).bearer_auth(token).ask().await.expect(200);
    }
    let database = app.database();
    app.stop();
    // 31 days later, when sessions of ours are forgotten.
    let earlier = match Backend::current() {
        Backend::Sqlite => "expires_at - 31 * 86400000000",
        Backend::Postgres => "expires_at - INTERVAL '31 days'",
    };
    database.execute(&format!("UPDATE signed_out_sessions SET expires_at = {earlier}"));
    let app = TestApp::spawn_on(&database, &FLAGS).await;
    let start = Instant::now();
    while database.count("signed_out_sessions") > 1 {
        assert!(start.elapsed() < PATIENCE, "it purges when it starts");
    }
    assert_refused(&app, "eve", &token).await;
}

async fn signing_out_everywhere_kills_every_foreign_token() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let bystander = issuer.sign_up().await;
    let tokens = [
        member.cached_session(),
        member.custom_token().await,
        member.minimal_token("subject=sub").await,
        member.sign_in().await.cached_session(),
    ];
    for token in &tokens {
        list(&app, &member.id, token).await;
    }
    list(&app, &bystander.id, &bystander.cached_session()).await;
    let everywhere = app.post(paths::LOGOUT_EVERYWHERE).bearer_auth(&tokens[1]);
    everywhere.ask().await.expect(200);
    for token in &tokens {
        assert_refused(&app, &member.id, token).await;
    }
    list(&app, &bystander.id, &bystander.cached_session()).await;
    // Whoever signs in again gets in: at the latest with the next second, the unit of the tokens' times.
    let start = Instant::now();
    while tasks(&app, &member.id, &member.minimal_token("subject=sub").await)
        .await
        .status
        != 200
    {
        assert!(start.elapsed() < PATIENCE, "a new token is never good");
    }
}

async fn changing_the_email_there_changes_nobodys_identity() {
    let app = TestApp::spawn_with(&FLAGS).await;
    add(&app, "one", &minimal("one", "old@example.test"), "One's").await;
    let ada = app.register_with("new@example.test", PASSWORD).await;
    // The same person with another address, which is somebody else's here.
    let token = minimal("one", "new@example.test");
    assert_eq!(list(&app, "one", &token).await.len(), 1);
    assert_eq!(ada.list().await, []);
    app.login(&ada).await;
}

async fn tasks_of_a_member_are_nobody_elses() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let issuer = issuer::find().await;
    let (ada, eve) = (issuer.sign_up().await, issuer.sign_up().await);
    let local = app.register("bob").await;
    let task = add(&app, &ada.id, &ada.cached_session(), "Ada's").await;
    for (id, token) in [(&eve.id, &eve.cached_session()), (&local.id, &local.token)] {
        let foreign = app.get(&paths::task(&ada.id, task.id)).bearer_auth(token).ask().await;
        assert_problem(&foreign, 403, ErrorCode::Forbidden);
        let own = app.get(&paths::task(id, task.id)).bearer_auth(token).ask().await;
        assert_problem(&own, 404, ErrorCode::NotFound);
        assert_eq!(list(&app, id, token).await, []);
    }
}
