//! Whether somebody has an account here is nobody else's business.

use crate::case::{Case, cases};
use crate::compare;
use shared::error::ErrorCode;
use shared::paths;
use std::time::{Duration, Instant};
use tests::person::PASSWORD;
use tests::{Ask, Binary, TestApp, assert_problem, assert_unauthorized};

/// Tries of each kind in one measurement.
const TRIES: usize = 40;

/// How far the medians may lie apart.
const TOLERANCE: f64 = 0.10;

/// A measurement that somebody else's work on this machine has spoilt is made again: chance does not repeat itself, a
/// difference that is there does.
const MEASUREMENTS: usize = 3;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        unknown_email_and_wrong_password_look_the_same,
        account_without_a_password_and_unknown_email_look_the_same,
        deleted_account_and_unknown_email_look_the_same,
        disabled_account_and_unknown_email_look_the_same,
    ];
    cases.push(Case::alone(
        module_path!(),
        "unknown_email_and_wrong_password_take_the_same_time",
        unknown_email_and_wrong_password_take_the_same_time,
    ));
    cases.push(Case::alone(
        module_path!(),
        "hash_of_a_lower_cost_and_unknown_email_take_the_same_time",
        hash_of_a_lower_cost_and_unknown_email_take_the_same_time,
    ));
    cases
}

/// A failed sign-in, without what differs from request to request: status, header fields, and the body to the byte.
async fn failure(app: &TestApp, email: &str, password: &str) -> (u16, Vec<(String, String)>, String) {
    let answer = app.try_login(email, password).await;
    assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    assert_eq!(answer.cookies(), []);
    assert!(
        !answer.header("www-authenticate").contains("error="),
        "RFC 6750 §3.1: no token was sent: {answer:?}"
    );
    compare::whole(&answer)
}

async fn unknown_email_and_wrong_password_look_the_same() {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    let known = failure(&app, "ada@example.org", "wrong horse battery").await;
    assert_eq!(failure(&app, "nobody@example.org", "wrong horse battery").await, known);
    assert_eq!(failure(&app, "nobody@example.org", PASSWORD).await, known);
    assert_eq!(failure(&app, "ADA@example.org", "x").await, known);
}

async fn account_without_a_password_and_unknown_email_look_the_same() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let unknown = failure(&app, "nobody@example.org", PASSWORD).await;
    // As an account is that another issuer vouches for.
    app.database().execute("UPDATE users SET password_hash = NULL");
    assert_eq!(failure(&app, &ada.email, PASSWORD).await, unknown);
}

async fn deleted_account_and_unknown_email_look_the_same() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let body = serde_json::json!({"password": PASSWORD});
    ada.delete(paths::ME).json(&body).ask().await.expect(200);
    let unknown = failure(&app, "nobody@example.org", PASSWORD).await;
    assert_eq!(failure(&app, &ada.email, PASSWORD).await, unknown);
}

async fn disabled_account_and_unknown_email_look_the_same() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let unknown = failure(&app, "nobody@example.org", PASSWORD).await;
    let mut command = Binary::command(&app.database(), &["user", "disable", &ada.email]);
    assert!(command.output().unwrap().status.success());
    assert_eq!(failure(&app, &ada.email, PASSWORD).await, unknown);
    assert_eq!(failure(&app, &ada.email, "wrong horse battery").await, unknown);
    for token in [&ada.token, "nonsense"] {
        assert_unauthorized(&app.me_with(&format!("Bearer {token}")).await);
    }
}

/// At a cost that is used in earnest.
async fn unknown_email_and_wrong_password_take_the_same_time() {
    let app = TestApp::spawn_with(&["--bcrypt-cost", "10"]).await;
    app.register("ada").await;
    app.register("eve").await;
    take_the_same_time(&app).await;
}

/// The cost has been raised since the account was made.
async fn hash_of_a_lower_cost_and_unknown_email_take_the_same_time() {
    let app = TestApp::spawn_with(&["--bcrypt-cost", "8"]).await;
    app.register("ada").await;
    let database = app.database();
    app.stop();
    let app = TestApp::spawn_on(&database, &["--bcrypt-cost", "10"]).await;
    take_the_same_time(&app).await;
}

async fn take_the_same_time(app: &TestApp) {
    // What only the first request pays for: connections, caches.
    for email in ["ada@example.org", "nobody@example.org"] {
        time(app, email).await;
    }
    let mut seen = Vec::new();
    for _ in 0..MEASUREMENTS {
        let (known, unknown) = measure(app).await;
        let difference = (known.as_secs_f64() - unknown.as_secs_f64()).abs() / known.as_secs_f64();
        println!("sign-in, medians of {TRIES}: known {known:?}, unknown {unknown:?}, apart {difference:.3}");
        if difference <= TOLERANCE {
            return;
        }
        seen.push((known, unknown));
    }
    panic!("the time tells who has an account: {seen:?}");
}

/// The medians of tries that take turns, so that whatever else the machine does, it does to both.
async fn measure(app: &TestApp) -> (Duration, Duration) {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for index in 0..TRIES {
        // A new stranger each time, and whoever goes first alternates.
        let stranger = format!("nobody{index}@example.org");
        if index % 2 == 0 {
            known.push(time(app, "ada@example.org").await);
            unknown.push(time(app, &stranger).await);
        } else {
            unknown.push(time(app, &stranger).await);
            known.push(time(app, "ada@example.org").await);
        }
    }
    (median(known), median(unknown))
}

async fn time(app: &TestApp, email: &str) -> Duration {
    let start = Instant::now();
    let answer = app.try_login(email, "wrong horse battery").await;
    let took = start.elapsed();
    assert_eq!(answer.status, 401, "{answer:?}");
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    let middle = times.len() / 2;
    (times[middle - 1] + times[middle]) / 2
}
