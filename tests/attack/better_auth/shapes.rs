//! Each kind of token that the real Better Auth issues for a person works from one end to the other.

use super::common::{FLAGS, SECRET, assert_refused, tasks};
use super::issuer::{self, Member};
use crate::case::{Case, cases};
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use tests::token::Token;
use tests::{Ask, TestApp, assert_problem, assert_unauthorized};

pub(super) fn cases() -> Vec<Case> {
    cases![
        cached_session_works_as_a_bearer_token,
        custom_signers_token_works,
        minimal_token_with_sub_works,
        minimal_token_with_user_id_works,
        published_keys_token_works,
        all_tokens_of_a_person_are_of_one_account,
        none_is_accepted_unless_configured,
        mail_tokens_are_refused,
        expired_tokens_are_refused,
        altered_tokens_are_refused,
        cached_session_under_the_published_key_is_refused,
        our_tokens_verify_no_email_there,
        our_tokens_are_no_tokens_of_theirs_here,
    ]
}

/// Everything that a person does with tasks, under the id that the token says.
async fn work(app: &TestApp, member: &Member, token: &str) {
    let id = &member.id;
    let me = app.me_with(&format!("Bearer {token}")).await.expect(200).value();
    assert_eq!(
        (me["id"].as_str(), me["email"].as_str()),
        (Some(&**id), Some(&*member.email))
    );
    let request = |method: reqwest::Method, path: &str| app.request(method, path).bearer_auth(token);
    let create = request(reqwest::Method::POST, &paths::tasks(id)).json(&json!({"title": "Milk"}));
    let answer = create.ask().await.expect(201);
    let task: Task = answer.json();
    assert_eq!(&task.user_id, id);
    let path = paths::task(id, task.id);
    assert_eq!(answer.header("location"), path);
    let update = request(reqwest::Method::PUT, &path).json(&json!({"title": "Bread"}));
    update.ask().await.expect(200);
    let toggle = request(reqwest::Method::PATCH, &paths::task_complete(id, task.id));
    assert_eq!(toggle.ask().await.expect(200).value()["completed"], true);
    let list: Vec<Task> = tasks(app, id, token).await.expect(200).json();
    assert_eq!(list.len(), 1);
    request(reqwest::Method::DELETE, &path).ask().await.expect(200);
    // Nobody else's id is opened by it.
    let other = tasks(app, "somebody-else", token).await;
    assert_problem(&other, 403, ErrorCode::Forbidden);
}

async fn cached_session_works_as_a_bearer_token() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&FLAGS).await;
    work(&app, &member, &member.cached_session()).await;
}

async fn custom_signers_token_works() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    // With the issuer's address configured, the token's `iss` and `aud` are looked at.
    let flags = [&FLAGS[..], &["--better-auth-url", &issuer.url]].concat();
    let app = TestApp::spawn_with(&flags).await;
    work(&app, &member, &member.custom_token().await).await;
}

async fn minimal_token_with_sub_works() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&FLAGS).await;
    work(&app, &member, &member.minimal_token("subject=sub").await).await;
}

async fn minimal_token_with_user_id_works() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&FLAGS).await;
    work(&app, &member, &member.minimal_token("subject=user_id").await).await;
}

async fn published_keys_token_works() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let url = format!("{}/api/auth/jwks", issuer.url);
    let app = TestApp::spawn_with(&["--better-auth-jwks-url", &url]).await;
    let token = member.published_token().await;
    assert_eq!(Token::read(&token).header["alg"], "EdDSA");
    work(&app, &member, &token).await;
    // Published keys are all that is configured: nothing under the secret is accepted.
    assert_refused(&app, &member.id, &member.cached_session()).await;
}

async fn all_tokens_of_a_person_are_of_one_account() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let url = format!("{}/api/auth/jwks", issuer.url);
    let app = TestApp::spawn_with(&[&FLAGS[..], &["--better-auth-jwks-url", &url]].concat()).await;
    let create = app.post(&paths::tasks(&member.id)).bearer_auth(member.cached_session());
    create.json(&json!({"title": "Milk"})).ask().await.expect(201);
    for token in [
        member.custom_token().await,
        member.minimal_token("subject=sub").await,
        member.minimal_token("subject=user_id").await,
        member.published_token().await,
        member.sign_in().await.cached_session(),
    ] {
        let list: Vec<Task> = tasks(&app, &member.id, &token).await.expect(200).json();
        assert_eq!(list.len(), 1);
    }
    assert_eq!(app.database().count("users"), 1);
}

async fn none_is_accepted_unless_configured() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn().await;
    for token in [
        member.cached_session(),
        member.custom_token().await,
        member.minimal_token("subject=sub").await,
        member.published_token().await,
    ] {
        assert_refused(&app, &member.id, &token).await;
    }
    assert_eq!(app.database().count("users"), 0);
}

async fn mail_tokens_are_refused() {
    let member = issuer::find().await.sign_up().await;
    let verified = member.verify_email().await;
    let body = json!({"newEmail": format!("new-{}", member.email)});
    verified.post("/api/auth/change-email", &body).await;
    verified
        .post("/api/auth/request-password-reset", &json!({"email": member.email}))
        .await;
    let mails = member.mails().await;
    let kinds: Vec<_> = mails.iter().map(|(kind, _)| kind.trim_matches('"')).collect();
    assert!(
        kinds.contains(&"verify-email") && kinds.contains(&"change-email"),
        "{kinds:?}"
    );
    let app = TestApp::spawn_with(&FLAGS).await;
    let mut signed = 0;
    for (_, token) in &mails {
        assert_refused(&app, &member.id, token).await;
        signed += usize::from(token.matches('.').count() == 2);
    }
    assert!(signed >= 2, "JWTs are among them: {mails:?}");
    assert_eq!(app.database().count("users"), 0);
}

async fn expired_tokens_are_refused() {
    let member = issuer::find().await.sign_up().await;
    let app = TestApp::spawn_with(&FLAGS).await;
    let expired = member.minimal_token("subject=sub&ttl=-1").await;
    assert_refused(&app, &member.id, &expired).await;
    // A session that has ended ends its cached copy, whose own time is not up.
    let mut ended = Token::read(&member.cached_session());
    ended.claims["session"]["expiresAt"] = json!("2020-01-01T00:00:00.000Z");
    assert_refused(&app, &member.id, &ended.sign_with(SECRET)).await;
}

async fn altered_tokens_are_refused() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let other = issuer.sign_up().await;
    let url = format!("{}/api/auth/jwks", issuer.url);
    let app = TestApp::spawn_with(&[&FLAGS[..], &["--better-auth-jwks-url", &url]].concat()).await;
    for token in [
        member.cached_session(),
        member.custom_token().await,
        member.minimal_token("subject=sub").await,
        member.published_token().await,
    ] {
        tasks(&app, &member.id, &token).await.expect(200);
        let [header, payload, signature] = crate::forge::parts(&token);
        let claims = Token::read(&token).claims.to_string().replace(&member.id, &other.id);
        for altered in [
            format!("{header}.{}.{signature}", crate::forge::part(&claims)),
            format!("{header}.{payload}."),
            format!("{header}.{payload}"),
            format!("{}.{payload}.{signature}", crate::forge::part(r#"{"alg":"none"}"#)),
            format!("{}.{payload}.", crate::forge::part(r#"{"alg":"none"}"#)),
            format!("{header}.{payload}.{}A", &signature[..signature.len() - 1]).replace("AA", "AB"),
            crate::forge::sign_parts(header, payload, "another secret, which is long enough too"),
        ] {
            if altered == token {
                continue;
            }
            assert_refused(&app, &member.id, &altered).await;
            assert_refused(&app, &other.id, &altered).await;
        }
    }
}

async fn cached_session_under_the_published_key_is_refused() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up_at("/api/auth-jwks-cookie").await;
    let token = member.cached_session();
    assert_eq!(Token::read(&token).header["alg"], "EdDSA");
    let url = format!("{}/api/auth/jwks", issuer.url);
    let app = TestApp::spawn_with(&[&FLAGS[..], &["--better-auth-jwks-url", &url]].concat()).await;
    // It is for Better Auth itself, and says so: its `aud` is not ours.
    assert_refused(&app, &member.id, &token).await;
}

async fn our_tokens_verify_no_email_there() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let app = TestApp::spawn_with(&FLAGS).await;
    // Somebody registers here with the other one's address, which nobody has to prove.
    let eve = app.register_with(&member.email, tests::person::PASSWORD).await;
    for token in [&*eve.token, eve.cookie.split_once('=').unwrap().1] {
        let (status, text) = issuer.get(&format!("/api/auth/verify-email?token={token}")).await;
        assert!(status >= 400, "{status}: {text}");
    }
    let again = member.sign_in().await;
    let claims = Token::read(&again.cached_session()).claims;
    assert_eq!(claims["user"]["emailVerified"], false, "{claims}");
    // With the secret shared it would: that is why the server does not start then.
    let shared = Token::read(&eve.token).sign_with(SECRET);
    let (status, _) = issuer.get(&format!("/api/auth/verify-email?token={shared}")).await;
    assert!(
        status < 400,
        "if Better Auth has become stricter, the rule may go: {status}"
    );
}

async fn our_tokens_are_no_tokens_of_theirs_here() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    // Under the other issuer's secret, our own kinds of token are nobody's.
    for token in [&*ada.token, ada.cookie.split_once('=').unwrap().1] {
        let forged = Token::read(token).sign_with(SECRET);
        assert_unauthorized(&app.me_with(&format!("Bearer {forged}")).await);
        let answer = app.refresh_with(&format!("taskward_session={forged}")).await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
    // Nor are theirs a session of ours.
    let member = issuer::find().await.sign_up().await;
    for token in [member.cached_session(), member.minimal_token("subject=sub").await] {
        let answer = app.refresh_with(&format!("taskward_session={token}")).await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
}
