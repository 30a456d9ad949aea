//! `POST /api/auth/logout` and `/logout-everywhere`: how they are asked, and what they say. What they end, and for whom, the
//! attack suite looks at.

use shared::auth::Acknowledgement;
use shared::error::ErrorCode;
use shared::paths;
use tests::service::until;
use tests::{
    Answer, Ask, Backend, Person, TestApp, assert_problem, assert_unauthorized, assert_unauthorized_without_token,
};

/// Signs out with what is given.
async fn logout(app: &TestApp, token: Option<&str>, cookie: Option<&str>) -> Answer {
    let mut request = app.post(paths::LOGOUT);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    request.ask().await
}

/// Neither the token nor the cookie of the session opens anything any more.
async fn assert_dead(app: &TestApp, session: &Person) {
    assert_unauthorized(&app.me_with(&format!("Bearer {}", session.token)).await);
    assert_unauthorized(&app.get(&session.tasks()).bearer_auth(&session.token).ask().await);
    assert_unauthorized(&app.refresh_with(&session.cookie).await);
}

async fn assert_alive(app: &TestApp, session: &Person) {
    app.me_with(&format!("Bearer {}", session.token)).await.expect(200);
    app.refresh_with(&session.cookie).await.expect(200);
}

#[tokio::test]
async fn logout_says_that_it_is_done() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (token, cookie) in [(true, true), (true, false), (false, true)] {
        let session = app.login(&ada).await;
        let token = token.then_some(&*session.token);
        let cookie = cookie.then_some(&*session.cookie);
        assert_done(&logout(&app, token, cookie).await.expect(200));
        assert_dead(&app, &session).await;
        assert_alive(&app, &ada).await;
    }
    assert_done(&ada.post(paths::LOGOUT_EVERYWHERE).ask().await.expect(200));
    assert_dead(&app, &ada).await;
}

#[track_caller]
fn assert_done(answer: &Answer) {
    let body: Acknowledgement = answer.json();
    assert!(body.success && !body.message.is_empty(), "{answer:?}");
}

#[tokio::test]
async fn logout_with_token_and_cookie_of_different_sessions_ends_both() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let (first, second) = (app.login(&ada).await, app.login(&ada).await);
    logout(&app, Some(&first.token), Some(&second.cookie)).await.expect(200);
    assert_dead(&app, &first).await;
    assert_dead(&app, &second).await;
    assert_alive(&app, &ada).await;
}

#[tokio::test]
async fn logout_needs_a_token_or_a_cookie() {
    let app = TestApp::spawn().await;
    assert_unauthorized_without_token(&logout(&app, None, None).await);
    assert_unauthorized_without_token(&app.post(paths::LOGOUT).header("cookie", "theme=dark").ask().await);
}

#[tokio::test]
async fn logout_refuses_a_bad_cookie() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for cookie in [
        "taskward_session=nonsense".to_owned(),
        format!("taskward_session={}", ada.token),
    ] {
        let answer = logout(&app, None, Some(&cookie)).await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
    assert_alive(&app, &ada).await;
}

#[tokio::test]
async fn what_need_not_be_remembered_is_forgotten_however_much_it_is() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    app.login(&ada).await.post(paths::LOGOUT).ask().await.expect(200);
    let database = app.database();
    let (id, instant) = match Backend::current() {
        Backend::Sqlite => ("randomblob(16)", "n"),
        Backend::Postgres => ("gen_random_uuid()", "to_timestamp(n)"),
    };
    for (columns, values) in [
        (
            "signed_out_sessions (user_id, id, expires_at)",
            format!("users.id, {id}, {instant}"),
        ),
        (
            "known_networks (user_id, network, seen_at)",
            format!("users.id, {id}, {instant}"),
        ),
        (
            "sign_in_failures (key, failures, retry_at, last_at)",
            format!("{id}, 7, {instant}, {instant}"),
        ),
    ] {
        database.execute(&format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
             INSERT INTO {columns} SELECT {values} FROM numbers, users"
        ));
    }
    app.stop();
    let _app = TestApp::spawn_on(&database, &[]).await;
    let tables = [
        "signed_out_sessions",
        "known_networks",
        "sign_in_failures WHERE failures = 7",
    ];
    until("only what is recent is left", async || {
        tables.map(|table| database.count(table)) == [1, 1, 0]
    })
    .await;
}
