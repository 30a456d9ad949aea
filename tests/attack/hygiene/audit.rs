//! One line for each authentication event, from which a person or a program can tell what is going on.

use crate::case::{Case, cases};
use crate::forge;
use chrono::Utc;
use serde_json::{Value, json};
use shared::paths;
use std::time::Instant;
use tests::{Answer, Ask, Binary, Database};

const PASSWORD: &str = "zebra-crossing-at-noon";
const WRONG: &str = "wrong-zebra-at-midnight";
const FOREIGN: &str = "secret-of-the-other-issuer-0123456789-abc";
const FROM: &str = "203.0.113.5";

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_event_has_one_line,
        a_flood_that_is_held_off_has_its_lines,
        refusals_and_renewals_have_their_lines,
        a_flood_of_refused_tokens_has_few_lines,
        an_account_of_another_issuer_has_its_lines,
        events_are_logged_where_only_warnings_are_asked_for,
        refusals_can_be_told_from_successes_by_their_level,
    ]
}

/// The audit lines of a server that has ended.
fn lines(server: Binary) -> Vec<Value> {
    server.terminate();
    let output = server.finish().output;
    let lines = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["target"] == "audit").collect()
}

/// The lines about the request that was answered so.
fn about<'a>(lines: &'a [Value], answer: &Answer) -> Vec<&'a Value> {
    let id = answer.request_id();
    lines
        .iter()
        .filter(|line| line["span"]["id"] == id || line["spans"].to_string().contains(id))
        .collect()
}

#[track_caller]
fn assert_line(lines: &[Value], answer: &Answer, event: &str, who: &[&str], outcome: &str) {
    let about = about(lines, answer);
    assert_eq!(about.len(), 1, "{event}, {outcome}: {answer:?} in {lines:#?}");
    let line = about[0];
    assert_eq!(line["event"], event, "{line}");
    assert_eq!(line["outcome"], outcome, "{line}");
    assert_eq!(line["client"], FROM, "{line}");
    assert!(who.iter().any(|who| line["who"] == *who), "{line}");
    assert!(line["timestamp"].is_string(), "{line}");
}

async fn every_event_has_one_line() {
    let database = Database::migrated();
    let flags = [
        "--log-format",
        "json",
        "--trusted-proxies",
        "127.0.0.1",
        "--sign-in-tries",
        "1",
    ];
    let server = Binary::start(&database, &flags);
    let post = async |path: &str, body: Value| {
        let request = server.post(path).header("x-forwarded-for", FROM);
        request.json(&body).ask().await
    };
    let email = "ada@example.org";
    let sign_in = json!({"email": email, "password": PASSWORD});
    let mistaken = json!({"email": email, "password": WRONG});
    let registered = post(paths::REGISTER, sign_in.clone()).await.expect(201);
    let registered_twice = post(paths::REGISTER, sign_in.clone()).await.expect(409);
    let common = json!({"email": "eve@example.org", "password": "password1"});
    let common = post(paths::REGISTER, common).await.expect(400);
    let signed_in = post(paths::LOGIN, sign_in.clone()).await.expect(200);
    let wrong = post(paths::LOGIN, mistaken.clone()).await.expect(401);
    let unknown = json!({"email": "nobody@example.org", "password": WRONG});
    let unknown = post(paths::LOGIN, unknown).await.expect(401);
    post(paths::LOGIN, mistaken.clone()).await.expect(401);
    crate::throttling::prolong(&database);
    let throttled = post(paths::LOGIN, mistaken).await.expect(429);

    let id = registered.value()["user"]["id"].as_str().unwrap().to_owned();
    let token = |answer: &Answer| answer.value()["access_token"].as_str().unwrap().to_owned();
    let with = |path: &str, token: String| server.post(path).header("x-forwarded-for", FROM).bearer_auth(token);
    let signed_out = with(paths::LOGOUT, token(&signed_in)).ask().await.expect(200);
    let everywhere = with(paths::LOGOUT_EVERYWHERE, token(&registered))
        .ask()
        .await
        .expect(200);
    // From somewhere else, where nobody has to wait.
    let body = json!({"email": email, "password": PASSWORD});
    let elsewhere = server.post(paths::LOGIN).header("x-forwarded-for", "192.0.2.1");
    let again = elsewhere.json(&body).ask().await.expect(200);
    database.execute("DELETE FROM sign_in_failures");
    let change = json!({"current_password": WRONG, "new_password": "another-zebra-at-noon"});
    let not_changed = with(paths::PASSWORD, token(&again))
        .json(&change)
        .ask()
        .await
        .expect(401);
    let change = json!({"current_password": PASSWORD, "new_password": "another-zebra-at-noon"});
    let changed = with(paths::PASSWORD, token(&again))
        .json(&change)
        .ask()
        .await
        .expect(200);
    let delete = |password: &str| {
        let request = server
            .request(reqwest::Method::DELETE, paths::ME)
            .bearer_auth(token(&changed));
        request
            .header("x-forwarded-for", FROM)
            .json(&json!({"password": password}))
    };
    let not_deleted = delete(WRONG).ask().await.expect(401);
    let deleted = delete("another-zebra-at-noon").ask().await.expect(200);

    let lines = lines(server);
    let ada: &[&str] = &[email, &id];
    for (answer, event, who, outcome) in [
        (&registered, "Register", ada, "success"),
        (&registered_twice, "Register", ada, "failure"),
        (&common, "Register", &["eve@example.org"], "failure"),
        (&signed_in, "Login", ada, "success"),
        (&wrong, "Login", ada, "failure"),
        (&unknown, "Login", &["nobody@example.org"], "failure"),
        (&throttled, "Login", ada, "failure"),
        (&signed_out, "Logout", ada, "success"),
        (&everywhere, "LogoutEverywhere", ada, "success"),
        (&not_changed, "ChangePassword", ada, "failure"),
        (&changed, "ChangePassword", ada, "success"),
        (&not_deleted, "DeleteAccount", ada, "failure"),
        (&deleted, "DeleteAccount", ada, "success"),
    ] {
        assert_line(&lines, answer, event, who, outcome);
    }
    let why = |answer: &Answer| about(&lines, answer)[0]["reason"].to_string();
    assert!(why(&throttled).contains("RateLimited"), "{}", why(&throttled));
    assert!(why(&wrong).contains("InvalidCredentials"), "{}", why(&wrong));
}

async fn a_flood_that_is_held_off_has_its_lines() {
    let database = Database::migrated();
    let flags = [
        "--log-format",
        "json",
        "--trusted-proxies",
        "127.0.0.1",
        "--sign-in-rate",
        "2",
    ];
    let server = Binary::start(&database, &flags);
    let mut held_off = Vec::new();
    for _ in 0..5 {
        let request = server.post(paths::LOGIN).header("x-forwarded-for", FROM);
        let answer = request
            .json(&json!({"email": "ada@example.org", "password": WRONG}))
            .ask()
            .await;
        if answer.status == 429 {
            held_off.push(answer);
        }
    }
    assert_eq!(held_off.len(), 3);
    let lines = lines(server);
    for answer in &held_off {
        assert_line(&lines, answer, "Login", &["ada@example.org"], "failure");
    }
}

async fn refusals_and_renewals_have_their_lines() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json", "--trusted-proxies", "127.0.0.1"]);
    let ada = server.register_with("ada@example.org", PASSWORD).await;
    let eve = server.register_with("eve@example.org", PASSWORD).await;
    let get = |path: &str, token: &str| server.get(path).header("x-forwarded-for", FROM).bearer_auth(token);
    let renew = |cookie: &str| {
        let request = server.post(paths::REFRESH).header("x-forwarded-for", FROM);
        request.header("cookie", cookie)
    };
    let nonsense = get(paths::ME, "nonsense").ask().await.expect(401);
    let somebody_elses = get(&ada.tasks(), &eve.token).ask().await.expect(403);
    let cross_site = renew(&ada.cookie).header("sec-fetch-site", "cross-site");
    let cross_site = cross_site.ask().await.expect(403);
    let renewed = renew(&ada.cookie).ask().await.expect(200);
    let signed_out = server.post(paths::LOGOUT).bearer_auth(&eve.token);
    signed_out.ask().await.expect(200);
    let dead = get(&eve.tasks(), &eve.token).ask().await.expect(401);
    let dead_cookie = renew(&eve.cookie).ask().await.expect(401);
    let nothing = server.get(paths::ME).ask().await.expect(401);
    let lines = lines(server);
    for (answer, event, who, outcome) in [
        (&nonsense, "Access", "unknown", "failure"),
        (&somebody_elses, "Access", eve.id.as_str(), "failure"),
        (&cross_site, "Access", ada.id.as_str(), "failure"),
        (&renewed, "Renew", ada.id.as_str(), "success"),
        (&dead, "Access", eve.id.as_str(), "failure"),
        (&dead_cookie, "Access", eve.id.as_str(), "failure"),
    ] {
        assert_line(&lines, answer, event, &[who], outcome);
    }
    let why = |answer: &Answer| about(&lines, answer)[0]["reason"].clone();
    assert_eq!(why(&somebody_elses), "Forbidden");
    assert_eq!(why(&cross_site), "CrossSite");
    assert_eq!(why(&dead), "Unauthorized");
    // Who sends nothing is refused nothing.
    assert_eq!(about(&lines, &nothing), Vec::<&Value>::new());
}

async fn a_flood_of_refused_tokens_has_few_lines() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json"]);
    let start = Instant::now();
    for _ in 0..200 {
        server.me_with("Bearer nonsense").await.expect(401);
    }
    let seconds = usize::try_from(start.elapsed().as_secs()).unwrap();
    let lines = lines(server);
    assert!(
        (1..=12 + seconds).contains(&lines.len()),
        "{} lines in {seconds} s",
        lines.len()
    );
}

async fn an_account_of_another_issuer_has_its_lines() {
    let database = Database::migrated();
    let mut command = Binary::command(&database, &["--log-format", "json", "--trusted-proxies", "127.0.0.1"]);
    let server = Binary::run(command.env("BETTER_AUTH_SECRET", FOREIGN)).unwrap();
    let now = Utc::now().timestamp();
    let claims = |id: &str, email: &str| {
        let claims = json!({"sub": id, "email": email, "emailVerified": true, "iat": now, "exp": now + 300});
        forge::sign(r#"{"alg":"HS256"}"#, claims.to_string(), FOREIGN)
    };
    let first = async |id: &str, email: &str| {
        let request = server.get(&paths::tasks(id)).header("x-forwarded-for", FROM);
        request.bearer_auth(claims(id, email)).ask().await.expect(200)
    };
    let made = first("somebody", "eve@example.org").await;
    let ada = server.register_with("ada@example.org", PASSWORD).await;
    // From here on the local password is dead: whoever has to explain that looks here.
    let joined = first("somebody-else", "ada@example.org").await;
    let again = first("somebody-else", "ada@example.org").await;
    let lines = lines(server);
    assert_eq!(about(&lines, &made).len(), 1, "{lines:#?}");
    let join = about(&lines, &joined);
    assert_eq!(join.len(), 1, "{lines:#?}");
    let text = join[0].to_string();
    assert!(text.contains(&ada.id) || text.contains("ada@example.org"), "{text}");
    assert!(text.contains("somebody-else"), "{text}");
    assert_eq!(about(&lines, &again), Vec::<&Value>::new(), "{lines:#?}");
}

async fn events_are_logged_where_only_warnings_are_asked_for() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json", "--log", "warn,audit=info"]);
    let ada = server.register_with("ada@example.org", PASSWORD).await;
    server.login(&ada).await;
    let refused = server.try_login(&ada.email, WRONG).await.expect(401);
    let lines = lines(server);
    assert_eq!(lines.len(), 3, "{lines:#?}");
    // The request's id is there though its span is not asked for.
    assert_eq!(about(&lines, &refused).len(), 1, "{lines:#?}");
}

async fn refusals_can_be_told_from_successes_by_their_level() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--log-format", "json"]);
    let ada = server.register_with("ada@example.org", PASSWORD).await;
    let good = server.try_login(&ada.email, PASSWORD).await.expect(200);
    let bad = server.try_login(&ada.email, WRONG).await.expect(401);
    let lines = lines(server);
    assert_eq!(about(&lines, &good)[0]["level"], "INFO");
    assert_eq!(about(&lines, &bad)[0]["level"], "WARN");
}
