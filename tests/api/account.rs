//! `GET` and `DELETE /api/auth/me`.

use serde_json::json;
use shared::auth::User;
use shared::error::ErrorCode;
use shared::paths;
use tests::{Answer, Ask, Person, TestApp, assert_invalid, assert_problem};

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
    let answer = delete(&ada, &ada.password).await.expect(200);
    assert_eq!(answer.value()["success"], true);
}
