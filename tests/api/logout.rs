//! `POST /api/auth/logout` and `/logout-everywhere`.

use shared::auth::Acknowledgement;
use shared::error::ErrorCode;
use shared::paths;
use tests::{Answer, Ask, Person, TestApp, assert_problem, assert_unauthorized, assert_unauthorized_without_token};

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
async fn logout_ends_the_session_and_clears_the_cookie() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (token, cookie) in [(true, true), (true, false), (false, true)] {
        let session = app.login(&ada).await;
        let renewed: shared::auth::AuthResponse = session.refresh().await.expect(200).json();
        let token = token.then_some(&*session.token);
        let cookie = cookie.then_some(&*session.cookie);
        let answer = logout(&app, token, cookie).await.expect(200);
        let body: Acknowledgement = answer.json();
        assert!(body.success && !body.message.is_empty(), "{answer:?}");
        let cleared = answer.session_cookie();
        assert_eq!(cleared.name, "taskward_session");
        assert_eq!(cleared.value, "");
        assert_eq!(cleared.max_age(), 0);
        assert!(
            cleared.has("Path=/") && cleared.has("HttpOnly"),
            "or it clears another cookie: {cleared:?}"
        );
        assert_dead(&app, &session).await;
        // Every token of the session, also the one that the cookie bought.
        assert_dead(&app, &session.with_token(renewed.access_token.reveal())).await;
        // And no other session.
        assert_alive(&app, &ada).await;
    }
}

#[tokio::test]
async fn logout_of_an_https_site_clears_the_prefixed_cookie() {
    let app = TestApp::spawn_with(&["--public-url", "https://tasks.example.org"]).await;
    let ada = app.register("ada").await;
    let cleared = logout(&app, None, Some(&ada.cookie)).await.expect(200).session_cookie();
    assert_eq!(cleared.name, "__Host-taskward_session");
    assert_eq!(cleared.max_age(), 0);
    // A browser ignores a __Host- cookie without these.
    assert!(cleared.has("Secure") && cleared.has("Path=/"), "{cleared:?}");
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
async fn logout_refuses_a_bad_token() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    assert_unauthorized(&logout(&app, Some("nonsense"), None).await);
    assert_unauthorized(&logout(&app, Some(ada.cookie.split_once('=').unwrap().1), None).await);
    assert_alive(&app, &ada).await;
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
async fn logout_can_be_repeated_without_harm() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    logout(&app, Some(&ada.token), Some(&ada.cookie)).await.expect(200);
    let again = logout(&app, Some(&ada.token), Some(&ada.cookie)).await;
    assert!(matches!(again.status, 200 | 401), "{again:?}");
    assert_dead(&app, &ada).await;
}

#[tokio::test]
async fn logout_by_a_foreign_site_does_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let request = app
        .post(paths::LOGOUT)
        .header("cookie", &ada.cookie)
        .header("sec-fetch-site", "cross-site");
    let answer = request.ask().await;
    assert_problem(&answer, 403, ErrorCode::CrossSite);
    assert!(answer.cookies().is_empty(), "{answer:?}");
    assert_alive(&app, &ada).await;
}

#[tokio::test]
async fn logout_of_one_person_leaves_another_alone() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    logout(&app, Some(&ada.token), Some(&ada.cookie)).await.expect(200);
    assert_alive(&app, &bob).await;
}

#[tokio::test]
async fn signing_in_again_after_logout_works() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    logout(&app, Some(&ada.token), None).await.expect(200);
    let again = app.login(&ada).await;
    assert_alive(&app, &again).await;
    assert_dead(&app, &ada).await;
}

#[tokio::test]
async fn logout_everywhere_ends_every_session_at_once() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let sessions = [app.login(&ada).await, app.login(&ada).await, ada.clone()];
    let answer = sessions[0].post(paths::LOGOUT_EVERYWHERE).ask().await.expect(200);
    let body: Acknowledgement = answer.json();
    assert!(body.success && !body.message.is_empty(), "{answer:?}");
    for session in &sessions {
        assert_dead(&app, session).await;
    }
    assert_alive(&app, &bob).await;
    let again = app.login(&ada).await;
    assert_alive(&app, &again).await;
    for session in &sessions {
        assert_dead(&app, session).await;
    }
}

#[tokio::test]
async fn logout_everywhere_needs_a_token_and_not_a_cookie() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = app
        .post(paths::LOGOUT_EVERYWHERE)
        .header("cookie", &ada.cookie)
        .ask()
        .await;
    assert_unauthorized_without_token(&answer);
    assert_alive(&app, &ada).await;
}
