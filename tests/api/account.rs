//! `GET` and `DELETE /api/auth/me`.

use serde_json::json;
use shared::auth::User;
use shared::error::ErrorCode;
use shared::paths;
use tests::{Answer, Ask, Person, TestApp, assert_invalid, assert_problem, assert_unauthorized};

async fn delete(person: &Person, password: &str) -> Answer {
    person
        .delete(paths::ME)
        .json(&json!({"password": password}))
        .ask()
        .await
}

#[tokio::test]
async fn me_says_who_the_caller_is_and_nothing_more() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = ada.me().await.expect(200);
    let user: User = answer.json();
    assert_eq!(
        (user.id, user.email, user.name),
        (ada.id.clone(), ada.email.clone(), None)
    );
    let mut members: Vec<_> = answer.value().as_object().unwrap().keys().cloned().collect();
    members.sort();
    assert_eq!(members, ["created_at", "email", "id", "name"]);
}

#[tokio::test]
async fn delete_account_leaves_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let other = app.login(&ada).await;
    let signed_out = app.login(&ada).await;
    signed_out.post(paths::LOGOUT).ask().await.expect(200);
    let task = ada.add("Milk").await;
    let kept = bob.add("Bread").await;

    let answer = delete(&ada, &ada.password).await.expect(200);
    assert_eq!(answer.value()["success"], true);

    for session in [&ada, &other, &signed_out] {
        assert_unauthorized(&app.me_with(&format!("Bearer {}", session.token)).await);
        assert_unauthorized(&app.get(&session.tasks()).bearer_auth(&session.token).ask().await);
        assert_unauthorized(&app.get(&session.task(task.id)).bearer_auth(&session.token).ask().await);
        assert_unauthorized(&app.refresh_with(&session.cookie).await);
    }
    assert_problem(
        &app.try_login(&ada.email, &ada.password).await,
        401,
        ErrorCode::InvalidCredentials,
    );
    assert_problem(&bob.get(&ada.tasks()).ask().await, 403, ErrorCode::Forbidden);

    let database = app.database();
    assert_eq!(database.count("users"), 1);
    assert_eq!(database.count("tasks"), 1);
    assert_eq!(bob.list().await, [kept]);
}

#[tokio::test]
async fn delete_account_clears_the_cookie() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let cookie = delete(&ada, &ada.password).await.expect(200).session_cookie();
    assert_eq!((&*cookie.value, cookie.max_age()), ("", 0));
}

#[tokio::test]
async fn a_deleted_email_can_register_anew_and_finds_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    ada.add("Milk").await;
    delete(&ada, &ada.password).await.expect(200);
    let again = app.register("ada").await;
    assert_ne!(again.id, ada.id);
    assert_eq!(again.list().await, []);
    assert_problem(&again.get(&ada.tasks()).ask().await, 403, ErrorCode::Forbidden);
    assert_unauthorized(&app.me_with(&format!("Bearer {}", ada.token)).await);
}

#[tokio::test]
async fn delete_account_needs_the_password() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    assert_problem(
        &delete(&ada, "wrong horse battery").await,
        401,
        ErrorCode::InvalidCredentials,
    );
    assert_invalid(&delete(&ada, "").await, &["password"]);
    assert_invalid(&ada.delete(paths::ME).json(&json!({})).ask().await, &["password"]);
    assert_invalid(
        &ada.delete(paths::ME).json(&json!({"password": 1})).ask().await,
        &["password"],
    );
    // Without a body there is no password, and no type of body either.
    let without = ada.delete(paths::ME).ask().await;
    assert!(matches!(without.status, 400 | 415), "{without:?}");
    ada.me().await.expect(200);
    assert_eq!(ada.list().await, [task]);
}
