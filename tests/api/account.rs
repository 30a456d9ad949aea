//! `GET` and `DELETE /api/auth/me`.

use serde_json::{Value, json};
use shared::auth::User;
use shared::error::ErrorCode;
use shared::paths;
use std::collections::BTreeSet;
use tests::problem::without_request_id;
use tests::service::until;
use tests::{Answer, Ask, Database, Person, TestApp, assert_invalid, assert_problem, assert_unauthorized};
use uuid::Uuid;

async fn delete(person: &Person, password: &str) -> Answer {
    person
        .delete(paths::ME)
        .json(&json!({"password": password}))
        .ask()
        .await
}

/// Gives a person so many tasks, in a list, half of them subtasks. `Last` is the last that is deleted.
async fn fill(ada: &Person, count: usize) {
    let list = Uuid::now_v7();
    let mut tasks: Vec<Value> = Vec::with_capacity(count);
    for number in 0..count / 2 {
        let parent = Uuid::now_v7();
        let title = if number + 1 == count / 2 { "Last" } else { "Secret" };
        tasks.push(json!({"id": parent, "title": title, "list_id": list}));
        tasks.push(json!({"id": Uuid::now_v7(), "title": "Part of a secret", "parent_id": parent}));
    }
    ada.import(&[json!({"id": list, "name": "Secrets"})], &tasks).await;
}

/// Whether nothing is left in the tables but what one account without tasks has.
fn is_clean(database: &Database) -> bool {
    let one = |table| database.count(table) == 1;
    let none = |table| database.count(table) == 0;
    one("users") && one("known_networks") && none("tasks") && none("lists") && none("signed_out_sessions")
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

#[tokio::test]
async fn a_deleted_account_is_gone_at_once_while_its_rows_are_left() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    fill(&ada, 1000).await;
    let elsewhere = app.login(&ada).await;
    app.login(&ada).await.post(paths::LOGOUT).ask().await.expect(200);
    let database = app.database();
    database.refuse("DELETE", "Last");
    delete(&ada, &ada.password).await.expect(200);
    for person in [&ada, &elsewhere] {
        assert_unauthorized(&person.me().await);
        assert_unauthorized(&person.create(&json!({"title": "Late"})).await);
        assert_unauthorized(&person.get(&person.tasks()).ask().await);
        assert_unauthorized(&app.refresh_with(&person.cookie).await);
        assert_unauthorized(&delete(person, &ada.password).await);
    }
    let gone = app.try_login(&ada.email, &ada.password).await;
    assert_problem(&gone, 401, ErrorCode::InvalidCredentials);
    let unknown = app.try_login("nobody@example.org", &ada.password).await;
    assert_eq!(without_request_id(&gone), without_request_id(&unknown));
    assert_eq!(database.count("users WHERE email LIKE '%ada%'"), 0);
    let again = app.register("ada").await;
    assert_ne!(again.id, ada.id);
    assert_eq!((again.list().await, again.lists().await), (vec![], vec![]));
    until("some rows are gone", async || database.count("tasks") < 500).await;
    assert!(database.count("tasks WHERE title = 'Last'") == 1);
    // Whoever comes later, as after a restart, goes on with what is left.
    app.stop();
    database.allow();
    let app = TestApp::spawn_on(&database, &[]).await;
    until("all rows are gone", async || is_clean(&database)).await;
    assert_eq!(again.at(&app.url).list().await, []);
}

#[tokio::test]
async fn others_write_while_an_accounts_rows_are_deleted() {
    const TASKS: usize = 20_000;
    let app = TestApp::spawn().await;
    let (ada, bob) = (app.register("ada").await, app.register("bob").await);
    fill(&ada, TASKS).await;
    let database = app.database();
    delete(&ada, &ada.password).await.expect(200);
    let mut seen = BTreeSet::new();
    let mut added = 0;
    loop {
        bob.add("Milk").await;
        added += 1;
        seen.insert(database.count("tasks") - added);
        if seen.contains(&0) {
            break;
        }
    }
    assert!(seen.len() > 10, "in a few pieces only: {seen:?}");
    until("its account is gone", async || database.count("users") == 1).await;
    assert_eq!(bob.list().await.len(), usize::try_from(added).unwrap());
}

mod postgres_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn several_nodes_delete_the_rows_of_an_account_together() {
        let database = Database::migrated();
        let app = TestApp::spawn_on(&database, &[]).await;
        let ada = app.register("ada").await;
        app.register("bob").await;
        fill(&ada, 10_000).await;
        delete(&ada, &ada.password).await.expect(200);
        let other = TestApp::spawn_on(&database, &[]).await;
        let third = TestApp::spawn_on(&database, &[]).await;
        until("all rows are gone", async || is_clean(&database)).await;
        drop((other, third));
    }
}
