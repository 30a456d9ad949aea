//! `taskward user …`

use super::{Ended, run, taskward};
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use tests::problem::without_request_id;
use tests::token::Token;
use tests::{Answer, Ask, Binary, Database, Person, TestApp, assert_problem, assert_unauthorized};

const SECRET_ELSEWHERE: &str = "the secret of another issuer, long enough";

/// What the command has written to the audit log, as JSON.
fn audit(ended: &Ended) -> Vec<Value> {
    let lines = ended
        .stderr
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["target"] == "audit").collect()
}

#[track_caller]
fn assert_audited(ended: &Ended, event: &str, who: &str, outcome: &str) {
    let lines = audit(ended);
    assert_eq!(lines.len(), 1, "{ended:?}");
    assert_eq!(lines[0]["event"], event, "{ended:?}");
    assert_eq!(lines[0]["client"], "operator", "{ended:?}");
    assert_eq!(lines[0]["outcome"], outcome, "{ended:?}");
    assert!(lines[0]["who"].as_str().unwrap().contains(who), "{ended:?}");
}

fn user(database: &Database, arguments: &[&str]) -> Ended {
    taskward(database, &[&["--log-format", "json", "user"], arguments].concat())
}

/// Neither token nor cookie opens anything any more.
async fn assert_ended(app: &TestApp, person: &Person) {
    assert_unauthorized(&person.me().await);
    assert_unauthorized(&person.get(&person.tasks()).ask().await);
    assert_problem(&app.refresh_with(&person.cookie).await, 401, ErrorCode::Unauthorized);
}

async fn refused(app: &TestApp, email: &str, password: &str) -> Answer {
    let answer = app.try_login(email, password).await;
    assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    answer
}

/// A token of another issuer, for somebody whom it knows by this id.
fn token_from_elsewhere(id: &str, email: &str) -> String {
    let now = chrono::Utc::now().timestamp();
    let token = Token {
        header: json!({"alg": "HS256"}),
        claims: json!({"sub": id, "email": email, "iat": now, "exp": now + 900}),
    };
    token.sign_with(SECRET_ELSEWHERE)
}

#[tokio::test]
async fn the_list_has_every_account() {
    let app = TestApp::spawn_with(&["--better-auth-secret", SECRET_ELSEWHERE]).await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let token = token_from_elsewhere("somebody", "ada@example.org");
    app.get(&paths::tasks("somebody"))
        .bearer_auth(token)
        .ask()
        .await
        .expect(200);
    user(&app.database(), &["disable", &eve.email]).well();

    let ended = user(&app.database(), &["list"]).well();
    let lines: Vec<Vec<&str>> = ended
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines.len(), 3, "{ended:?}");
    assert_eq!(lines[0][1..], ["active", &ada.id, "ada@example.org"], "{ended:?}");
    assert_eq!(lines[1][1..], ["disabled", &eve.id, "eve@example.org"], "{ended:?}");
    assert_eq!(
        (lines[2][1], lines[2][3]),
        ("no-password", "ada@example.org"),
        "{ended:?}"
    );
    assert!(chrono::DateTime::parse_from_rfc3339(lines[0][0]).is_ok(), "{ended:?}");
}

/// More accounts than are read at a time.
#[tokio::test]
async fn a_long_list_is_whole() {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    let database = app.database();
    let id = match tests::Backend::current() {
        tests::Backend::Sqlite => "CAST(x'ff00000000000000000000' || printf('%05d', n) AS BLOB)",
        tests::Backend::Postgres => "gen_random_uuid()",
    };
    database.execute(&format!(
        "INSERT INTO users (id, email, created_at) WITH RECURSIVE numbers(n) AS \
         (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1200) \
         SELECT {id}, 'user-' || n || '@example.org', (SELECT created_at FROM users) FROM numbers"
    ));
    let ended = user(&database, &["list"]).well();
    let mut emails: Vec<_> = ended
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().last())
        .collect();
    emails.sort_unstable();
    emails.dedup();
    assert_eq!(emails.len(), 1201);
}

#[tokio::test]
async fn a_reset_password_is_random_and_ends_every_session() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let mut passwords: Vec<String> = Vec::new();
    for email in ["ada@example.org", " ADA@example.org "] {
        let other = app
            .login_with(&ada.email, passwords.last().unwrap_or(&ada.password))
            .await;
        let ended = user(&app.database(), &["reset-password", email]).well();
        assert_audited(&ended, "ResetPassword", &ada.id, "success");
        let password = ended.stdout.trim_end().to_owned();
        assert!(
            password.len() >= 20 && !password.contains(char::is_whitespace),
            "{ended:?}"
        );
        assert!(!ended.stderr.contains(&password), "it is in the log: {ended:?}");
        assert_ended(&app, &other).await;
        passwords.push(password);
    }
    assert_ne!(passwords[0], passwords[1]);
    for old in [&ada.password, &passwords[0]] {
        refused(&app, &ada.email, old).await;
    }
    app.login_with(&ada.email, &passwords[1]).await.me().await.expect(200);
    // Nobody else has noticed.
    eve.me().await.expect(200);
}

#[tokio::test]
async fn a_reset_password_may_come_from_standard_input() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let database = app.database();
    let reset = |input: &str| {
        let arguments = ["--log-format", "json", "user", "reset-password", &ada.email, "--stdin"];
        run(&mut Binary::command(&database, &arguments), input)
    };
    for bad in [
        "",
        "\n",
        "short\n",
        "password1\n",
        "ada@example.org\n",
        "a\0b\0c\0d\0e\n",
    ] {
        let ended = reset(bad).badly();
        assert_audited(&ended, "ResetPassword", "ada@example.org", "failure");
    }
    ada.me().await.expect(200);
    let ended = reset(" a new one, with spaces \r\nand a second line\n").well();
    assert_eq!(ended.stdout, "");
    assert_ended(&app, &ada).await;
    app.login_with(&ada.email, " a new one, with spaces ").await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_looks_like_a_wrong_password() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let task = ada.add("Milk").await;
    let wrong = refused(&app, &ada.email, "wrong horse battery").await;
    let ended = user(&app.database(), &["disable", &ada.email]).well();
    assert_audited(&ended, "DisableAccount", &ada.id, "success");

    assert_ended(&app, &ada).await;
    let answer = refused(&app, &ada.email, &ada.password).await;
    assert_eq!(without_request_id(&answer), without_request_id(&wrong));
    // The email is still taken.
    let body = json!({"email": ada.email, "password": "another horse battery"});
    assert_problem(
        &app.post_json(paths::REGISTER, &body).await,
        409,
        ErrorCode::EmailExists,
    );
    eve.me().await.expect(200);

    // A new password alone lets nobody in.
    let ended = user(&app.database(), &["reset-password", &ada.email]).well();
    refused(&app, &ada.email, ended.stdout.trim_end()).await;

    let enabled = user(&app.database(), &["enable", &ada.email]).well();
    assert_audited(&enabled, "EnableAccount", &ada.id, "success");
    assert_ended(&app, &ada).await;
    let back = app.login_with(&ada.email, ended.stdout.trim_end()).await;
    assert_eq!(back.list().await, [task]);
}

#[tokio::test]
async fn a_disabled_account_of_another_issuer_is_out_whatever_token_it_brings() {
    let app = TestApp::spawn_with(&["--better-auth-secret", SECRET_ELSEWHERE]).await;
    let list = async |id: &str, token: String| app.get(&paths::tasks(id)).bearer_auth(token).ask().await;
    let token = token_from_elsewhere("somebody", "eve@example.org");
    list("somebody", token.clone()).await.expect(200);
    let other = token_from_elsewhere("another", "eve@example.org");
    list("another", other.clone()).await.expect(200);

    // Two accounts have this email: one of them must be named by its id.
    let ended = user(&app.database(), &["disable", "eve@example.org"]).badly();
    assert!(ended.stderr.contains("user list"), "{ended:?}");
    let id = user(&app.database(), &["list"]).well().stdout;
    let id = id.lines().next().unwrap().split_whitespace().nth(2).unwrap().to_owned();
    user(&app.database(), &["disable", &id]).well();

    assert_unauthorized(&list("somebody", token).await);
    // As the issuer makes it the next time: nothing that was ended before says anything about it.
    let mut later = Token::read(&token_from_elsewhere("somebody", "eve@example.org"));
    later = later.clone().with("iat", later.number("iat") + 10);
    assert_unauthorized(&list("somebody", later.sign_with(SECRET_ELSEWHERE)).await);
    list("another", other).await.expect(200);

    user(&app.database(), &["enable", &id]).well();
    list("somebody", later.sign_with(SECRET_ELSEWHERE)).await.expect(200);
    // It has no password here, and gets none.
    let ended = user(&app.database(), &["reset-password", &id]).badly();
    assert!(ended.stderr.contains("no password"), "{ended:?}");
}

#[tokio::test]
async fn a_deleted_account_is_gone_with_all_that_is_its_once_that_is_confirmed() {
    let app = TestApp::spawn_with(&["--better-auth-secret", SECRET_ELSEWHERE]).await;
    let database = app.database();
    let ada = app.register("ada").await;
    ada.add("Ada's").await;
    let eve = app.register("eve").await;
    // It has no password to be deleted by.
    let token = token_from_elsewhere("somebody", "bob@example.org");
    let tasks = paths::tasks("somebody");
    app.get(&tasks).bearer_auth(&token).ask().await.expect(200);
    let asked = user(&database, &["delete", &ada.email]).badly();
    assert!(
        asked.stderr.contains("--yes") && asked.stderr.contains(&ada.id),
        "{asked:?}"
    );
    assert_audited(&asked, "DeleteAccount", &ada.email, "failure");
    ada.me().await.expect(200);
    for (email, who) in [
        (ada.email.as_str(), ada.id.as_str()),
        ("bob@example.org", "bob@example.org"),
    ] {
        let deleted = user(&database, &["delete", "--yes", email]).well();
        assert_eq!(deleted.stdout, "");
        assert_audited(&deleted, "DeleteAccount", who, "success");
    }
    assert_ended(&app, &ada).await;
    refused(&app, &ada.email, &ada.password).await;
    for (table, rows) in [("users", 1), ("tasks", 0), ("identities", 0)] {
        assert_eq!(database.count(table), rows, "{table}");
    }
    eve.me().await.expect(200);
    user(&database, &["delete", "--yes", &ada.email]).badly();
}

#[tokio::test]
async fn an_account_that_is_not_there_is_an_error() {
    let app = TestApp::spawn().await;
    for account in [
        "nobody@example.org",
        "01890000-0000-7000-8000-000000000000",
        "nobody",
        "",
    ] {
        for command in ["disable", "enable", "reset-password"] {
            let ended = user(&app.database(), &[command, account]).badly();
            assert_eq!(audit(&ended)[0]["outcome"], "failure", "{ended:?}");
            assert_eq!(ended.stdout, "", "{ended:?}");
        }
    }
}

#[test]
fn looking_after_accounts_does_not_migrate() {
    let database = Database::empty();
    let ended = user(&database, &["list"]).badly();
    assert_eq!(ended.stdout, "");
    taskward(&database, &["check"]).badly();
    taskward(&database, &["migrate"]).well();
    assert_eq!(user(&database, &["list"]).well().stdout, "");
}
