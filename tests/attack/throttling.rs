//! Guessing passwords: it becomes slow for whoever guesses, and for nobody else.

mod addresses;
mod crowds;
mod delays;
mod devices;
mod floods;
mod memory;

use crate::case::Case;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::person::PASSWORD;
use tests::site::Site;
use tests::{Answer, Ask, Backend, Database, TestApp, assert_problem};

pub(crate) fn cases() -> Vec<Case> {
    [
        delays::cases(),
        addresses::cases(),
        crowds::cases(),
        devices::cases(),
        floods::cases(),
        memory::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Three wrong passwords cost nothing, and a proxy on this machine says where requests come from.
const FLAGS: [&str; 4] = ["--sign-in-tries", "3", "--trusted-proxies", "127.0.0.1"];

const WRONG: &str = "wrong horse battery";

/// A try to sign in, from the address that the proxy says.
async fn try_from(site: &Site, address: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    let request = site.post(paths::LOGIN).header("x-forwarded-for", address).json(&body);
    request.ask().await
}

/// The same, with cookies.
async fn try_with(site: &Site, address: &str, cookies: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    let request = site.post(paths::LOGIN).header("x-forwarded-for", address);
    request.header("cookie", cookies).json(&body).ask().await
}

/// A botnet guesses: each address has tries of its own, all of them together ten times as many, and one that brings the
/// wait about.
async fn attack(app: &TestApp, email: &str) {
    for host in 1..=31 {
        guess(app, &format!("203.0.113.{host}"), email, 1).await;
    }
    prolong(&app.database());
}

/// Wrong passwords that are all looked at.
async fn guess(site: &Site, address: &str, email: &str, times: usize) {
    for _ in 0..times {
        let answer = try_from(site, address, email, WRONG).await;
        assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    }
}

/// So many wrong passwords that no further one is looked at for quite a while.
async fn lock_out(app: &TestApp, address: &str, email: &str) {
    // Three are free, and the one that brings the wait about is looked at as well.
    guess(app, address, email, 4).await;
    // A second would be over too soon on a busy machine.
    prolong(&app.database());
}

#[track_caller]
fn retry_after(answer: &Answer) -> i64 {
    assert_problem(answer, 429, ErrorCode::RateLimited);
    answer.header("retry-after").parse().expect("a whole number of seconds")
}

/// Lets time pass for those who wait. To the server it is all one whether its clock or the noted times have moved.
fn let_pass(database: &Database, seconds: i64) {
    let moved = match Backend::current() {
        Backend::Sqlite => format!("- {seconds} * 1000000"),
        Backend::Postgres => format!("- INTERVAL '{seconds} seconds'"),
    };
    database.execute(&format!(
        "UPDATE sign_in_failures SET retry_at = retry_at {moved}, last_at = last_at {moved}"
    ));
}

/// Makes those who wait do so for longer; those who do not go on not to.
pub(crate) fn prolong(database: &Database) {
    let_pass(database, -WHILE);
}

/// What [`prolong`] adds (seconds).
const WHILE: i64 = 1000;

/// Whether the right password is looked at, and taken.
async fn gets_in(site: &Site, address: &str, email: &str) -> bool {
    let answer = try_from(site, address, email, PASSWORD).await;
    let let_in = answer.status == 200;
    if !let_in {
        retry_after(&answer);
    }
    let_in
}
