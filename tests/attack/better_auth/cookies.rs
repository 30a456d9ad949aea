//! The other issuer's session cookie: only if the configuration says so, whole, and from this site alone.

use super::common::{FLAGS, SECRET};
use super::issuer::{self, Member};
use crate::case::{Case, cases};
use reqwest::RequestBuilder;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use tests::token::Token;
use tests::{Answer, Ask, SetCookie, TestApp, assert_problem, assert_unauthorized, assert_unauthorized_without_token};

pub(super) fn cases() -> Vec<Case> {
    cases![
        cookie_works_where_it_is_accepted,
        cookie_with_the_secure_prefix_works,
        cookie_in_parts_works,
        cookie_is_not_read_unless_configured,
        cookie_in_parts_must_be_whole,
        cookie_that_is_altered_is_refused,
        cookie_does_not_help_a_bad_token,
        cookie_is_refused_from_another_site,
        cookie_never_renews_or_ends_a_session_of_ours,
        cookie_with_an_escaped_name_is_not_read,
        cookie_of_a_mail_token_is_refused,
    ]
}

const COOKIES: [&str; 4] = ["--better-auth-secret", SECRET, "--better-auth-cookies", "true"];

fn header(cookies: &[SetCookie]) -> String {
    cookies.iter().map(SetCookie::pair).collect::<Vec<_>>().join("; ")
}

fn list(app: &TestApp, member: &Member, cookie: &str) -> RequestBuilder {
    app.get(&paths::tasks(&member.id)).header("cookie", cookie)
}

async fn work(app: &TestApp, member: &Member, cookie: &str) {
    let create = app.post(&paths::tasks(&member.id)).header("cookie", cookie);
    create.json(&json!({"title": "Milk"})).ask().await.expect(201);
    let tasks: Vec<Task> = list(app, member, cookie).ask().await.expect(200).json();
    assert_eq!(tasks.len(), 1);
}

async fn cookie_works_where_it_is_accepted() {
    let member = issuer::find().await.sign_up().await;
    assert_eq!(member.cookies[0].name, "better-auth.session_data");
    let app = TestApp::spawn_with(&COOKIES).await;
    work(&app, &member, &header(&member.cookies)).await;
}

async fn cookie_with_the_secure_prefix_works() {
    let member = issuer::find().await.sign_up_at("/api/auth-secure").await;
    assert_eq!(member.cookies[0].name, "__Secure-better-auth.session_data");
    let app = TestApp::spawn_with(&COOKIES).await;
    work(&app, &member, &header(&member.cookies)).await;
}

/// Somebody whose session does not fit into one cookie.
async fn in_parts() -> Member {
    let issuer = issuer::find().await;
    let email = format!("{}@example.test", uuid::Uuid::new_v4().simple());
    let member = issuer.sign_up_as("/api/auth", &email, &"Ada ".repeat(750)).await;
    assert!(member.cookies.len() >= 2, "{:?}", member.cookies);
    assert!(
        member.cookies[0].name.ends_with("session_data.0"),
        "{:?}",
        member.cookies
    );
    member
}

async fn cookie_in_parts_works() {
    let member = in_parts().await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let mut cookies = member.cookies.clone();
    work(&app, &member, &header(&cookies)).await;
    // Whatever order they come in.
    cookies.reverse();
    list(&app, &member, &header(&cookies)).ask().await.expect(200);
}

async fn cookie_is_not_read_unless_configured() {
    let issuer = issuer::find().await;
    for base in ["/api/auth", "/api/auth-secure"] {
        let member = issuer.sign_up_at(base).await;
        let app = TestApp::spawn_with(&FLAGS).await;
        let answer = list(&app, &member, &header(&member.cookies)).ask().await;
        assert_unauthorized_without_token(&answer);
        assert_eq!(app.database().count("users"), 0);
    }
}

async fn cookie_in_parts_must_be_whole() {
    let member = in_parts().await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let cookies = &member.cookies;
    let mut swapped = cookies.clone();
    swapped[0].value.clone_from(&cookies[1].value);
    swapped[1].value.clone_from(&cookies[0].value);
    let mut doubled = cookies.clone();
    let mut more = cookies[0].clone();
    more.name = format!("better-auth.session_data.{}", cookies.len());
    doubled.push(more);
    for broken in [&cookies[..1], &cookies[1..], &swapped, &doubled] {
        let answer = list(&app, &member, &header(broken)).ask().await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
}

async fn cookie_that_is_altered_is_refused() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let other = issuer.sign_up().await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let [header, payload, signature] = crate::forge::parts(&member.cookies[0].value).map(str::to_owned);
    let claims = Token::read(&member.cookies[0].value)
        .claims
        .to_string()
        .replace(&member.id, &other.id);
    for value in [
        format!("{header}.{}.{signature}", crate::forge::part(&claims)),
        format!("{header}.{payload}."),
        crate::forge::sign_parts(&header, &payload, "another secret, which is long enough too"),
        crate::forge::sign_parts(&header, &payload, tests::token::SECRET),
        String::new(),
        "nonsense".to_owned(),
    ] {
        let cookie = format!("better-auth.session_data={value}");
        for person in [&member, &other] {
            let answer = list(&app, person, &cookie).ask().await;
            assert_problem(&answer, 401, ErrorCode::Unauthorized);
        }
    }
}

async fn cookie_does_not_help_a_bad_token() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let cookie = header(&member.cookies);
    for authorization in ["Bearer nonsense", "Bearer", "Basic eDp4", ""] {
        let request = list(&app, &member, &cookie).header("authorization", authorization);
        assert_problem(&request.ask().await, 401, ErrorCode::Unauthorized);
    }
    // A good token is whose request it is, whatever cookie comes with it.
    let ada = app.register("ada").await;
    let me = app
        .get(paths::ME)
        .bearer_auth(&ada.token)
        .header("cookie", &cookie)
        .ask()
        .await;
    assert_eq!(me.expect(200).value()["id"], ada.id.as_str());
}

async fn cookie_is_refused_from_another_site() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let cookie = header(&member.cookies);
    work(&app, &member, &cookie).await;
    let create = |name: &'static str, value: String| {
        let request = app.post(&paths::tasks(&member.id)).header("cookie", &cookie);
        request.header(name, value).json(&json!({"title": "Planted"}))
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "nonsense"),
        ("origin", "null"),
        ("origin", "http://evil.example"),
        ("origin", "http://127.0.0.1:1"),
    ] {
        let answer: Answer = create(name, value.to_owned()).ask().await;
        assert_problem(&answer, 403, ErrorCode::CrossSite);
        let read = list(&app, &member, &cookie).header(name, value).ask().await;
        assert_problem(&read, 403, ErrorCode::CrossSite);
    }
    let tasks: Vec<Task> = list(&app, &member, &cookie).ask().await.expect(200).json();
    assert_eq!(tasks.len(), 1);
    create("origin", app.url.clone()).ask().await.expect(201);
    create("sec-fetch-site", "same-origin".to_owned())
        .ask()
        .await
        .expect(201);
}

async fn cookie_never_renews_or_ends_a_session_of_ours() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let cookie = header(&member.cookies);
    let answer = app.refresh_with(&cookie).await;
    assert_problem(&answer, 401, ErrorCode::Unauthorized);
    assert_eq!(answer.cookies(), []);
}

async fn cookie_with_an_escaped_name_is_not_read() {
    let member = issuer::find().await.sign_up_at("/api/auth-secure").await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let value = &member.cookies[0].value;
    // A browser holds only the literal prefix to its rules.
    for name in [
        "__%53ecure-better-auth.session_data",
        "%5F_Secure-better-auth.session_data",
        "better%2Dauth.session_data",
    ] {
        let answer = list(&app, &member, &format!("{name}={value}")).ask().await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
}

async fn cookie_of_a_mail_token_is_refused() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&COOKIES).await;
    let (_, token) = member.mails().await.remove(0);
    let answer = list(&app, &member, &format!("better-auth.session_data={token}"))
        .ask()
        .await;
    assert_unauthorized(&answer);
}
