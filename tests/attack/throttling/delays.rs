//! How long a guesser waits, and what the waiting is good for.

use super::{FLAGS, WHILE, WRONG, gets_in, guess, let_pass, lock_out, prolong, retry_after, try_from};
use crate::case::{Case, cases};
use crate::compare;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use shared::paths;
use std::time::Instant;
use tests::person::PASSWORD;
use tests::{Answer, Ask, PATIENCE, TestApp};

pub(super) fn cases() -> Vec<Case> {
    cases![
        after_the_free_tries_a_guesser_waits,
        every_further_failure_doubles_the_wait,
        the_wait_has_an_end,
        the_right_password_is_refused_during_the_wait,
        waiting_really_ends_by_the_clock,
        asking_during_the_wait_does_not_prolong_it,
        success_makes_ones_own_failures_forgotten,
        success_at_ones_own_account_does_not_help_to_guess_at_anothers,
        an_unknown_email_is_slowed_down_just_the_same,
        one_email_counts_as_one_however_it_is_written,
        guesses_at_the_same_moment_count_one_after_the_other,
        signing_in_at_the_same_moment_is_no_guessing,
        changing_the_password_is_slowed_down_as_signing_in_is,
        deleting_the_account_is_slowed_down_as_signing_in_is,
        those_who_are_signed_in_notice_nothing,
        failures_of_yesterday_are_forgotten,
    ]
}

const HERE: &str = "198.51.100.7";

async fn after_the_free_tries_a_guesser_waits() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    guess(&app, HERE, &ada.email, 3).await;
    prolong(&app.database());
    // They were free: there is nothing to prolong. The next one is not.
    guess(&app, HERE, &ada.email, 1).await;
    prolong(&app.database());
    let wait = retry_after(&try_from(&app, HERE, &ada.email, WRONG).await);
    assert!(wait <= WHILE + 1, "{wait} s");
}

async fn every_further_failure_doubles_the_wait() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    guess(&app, HERE, &ada.email, 3).await;
    for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256] {
        let start = Instant::now();
        guess(&app, HERE, &ada.email, 1).await;
        // The short ones would be over before they can be asked about.
        prolong(&app.database());
        // Tries in between cost nothing more.
        for password in [WRONG, PASSWORD, WRONG] {
            let answer = try_from(&app, HERE, &ada.email, password).await;
            assert_wait(&answer, WHILE + expected, start);
        }
        let_pass(&app.database(), WHILE + expected);
    }
}

/// The wait that is told is this one, but for the time that has passed since.
#[track_caller]
fn assert_wait(answer: &Answer, expected: i64, since: Instant) {
    let wait = retry_after(answer);
    let passed = i64::try_from(since.elapsed().as_secs()).expect("a short test") + 1;
    assert!(
        (expected - passed..=expected).contains(&wait),
        "{wait} s instead of {expected}"
    );
}

async fn the_wait_has_an_end() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    guess(&app, HERE, &ada.email, 3).await;
    for _ in 0..15 {
        guess(&app, HERE, &ada.email, 1).await;
        let_pass(&app.database(), 900);
    }
    guess(&app, HERE, &ada.email, 1).await;
    let wait = retry_after(&try_from(&app, HERE, &ada.email, WRONG).await);
    assert!((890..=900).contains(&wait), "a quarter of an hour: {wait} s");
    let_pass(&app.database(), 900);
    assert!(gets_in(&app, HERE, &ada.email).await);
}

async fn the_right_password_is_refused_during_the_wait() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    lock_out(&app, HERE, &ada.email).await;
    let right = try_from(&app, HERE, &ada.email, PASSWORD).await;
    let wrong = try_from(&app, HERE, &ada.email, WRONG).await;
    retry_after(&right);
    assert_eq!(without_wait(&right), without_wait(&wrong));
    assert_eq!(right.cookies(), []);
}

/// The answer without the seconds to wait, one of which may have passed between two answers.
fn without_wait(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let (status, mut fields, body) = compare::whole(answer);
    fields.retain(|(name, _)| name != "retry-after");
    (status, fields, body)
}

async fn waiting_really_ends_by_the_clock() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    guess(&app, HERE, &ada.email, 4).await;
    let start = Instant::now();
    while !gets_in(&app, HERE, &ada.email).await {
        assert!(start.elapsed() < PATIENCE, "a second has passed long since");
    }
}

async fn asking_during_the_wait_does_not_prolong_it() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    lock_out(&app, HERE, &ada.email).await;
    for _ in 0..30 {
        let answer = try_from(&app, HERE, &ada.email, WRONG).await;
        assert!(retry_after(&answer) <= WHILE + 1);
    }
    let_pass(&app.database(), WHILE + 1);
    assert!(gets_in(&app, HERE, &ada.email).await);
}

async fn success_makes_ones_own_failures_forgotten() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for _ in 0..3 {
        for _ in 0..3 {
            try_from(&app, HERE, &ada.email, WRONG).await.expect(401);
        }
        assert!(gets_in(&app, HERE, &ada.email).await);
    }
}

async fn success_at_ones_own_account_does_not_help_to_guess_at_anothers() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    for _ in 0..4 {
        guess(&app, HERE, &ada.email, 1).await;
        assert!(gets_in(&app, HERE, &eve.email).await);
    }
    prolong(&app.database());
    for _ in 0..3 {
        retry_after(&try_from(&app, HERE, &ada.email, WRONG).await);
        assert!(gets_in(&app, HERE, &eve.email).await, "what is Eve's own goes on");
    }
}

async fn an_unknown_email_is_slowed_down_just_the_same() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let start = Instant::now();
    guess(&app, HERE, &ada.email, 4).await;
    guess(&app, HERE, "nobody@example.org", 4).await;
    prolong(&app.database());
    let known = try_from(&app, HERE, &ada.email, WRONG).await;
    let unknown = try_from(&app, HERE, "nobody@example.org", WRONG).await;
    for answer in [&known, &unknown] {
        assert_wait(answer, WHILE + 1, start);
    }
    assert_eq!(without_wait(&known), without_wait(&unknown));
}

async fn one_email_counts_as_one_however_it_is_written() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    let spellings = [
        "ada@example.org",
        "ADA@EXAMPLE.ORG",
        " ada@example.org ",
        "Ada@Example.org",
    ];
    for spelling in spellings {
        try_from(&app, HERE, spelling, WRONG).await.expect(401);
    }
    prolong(&app.database());
    for spelling in spellings {
        retry_after(&try_from(&app, HERE, spelling, WRONG).await);
    }
}

async fn guesses_at_the_same_moment_count_one_after_the_other() {
    let app = TestApp::spawn_with(&[&FLAGS[..], &["--workers", "2"]].concat()).await;
    let ada = app.register("ada").await;
    let start = Instant::now();
    let answers = join_all((0..30).map(|_| try_from(&app, HERE, &ada.email, WRONG))).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
    // On a machine that took seconds for this, a wait may have ended in between.
    assert!(
        (1..=4).contains(&looked_at) || start.elapsed().as_secs() >= 1,
        "{looked_at} guesses were looked at"
    );
    for answer in answers.iter().filter(|answer| answer.status != 401) {
        retry_after(answer);
    }
}

async fn signing_in_at_the_same_moment_is_no_guessing() {
    // The control of the case above.
    let app = TestApp::spawn_with(&["--sign-in-tries", "30", "--workers", "4"]).await;
    let ada = app.register("ada").await;
    for answer in join_all((0..20).map(|_| app.try_login(&ada.email, PASSWORD))).await {
        answer.expect(200);
    }
}

async fn changing_the_password_is_slowed_down_as_signing_in_is() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let change = async |password: &str| {
        let body = json!({"current_password": password, "new_password": "battery horse correct"});
        // Not on a device that is known.
        let request = app.post(paths::PASSWORD).bearer_auth(&ada.token);
        request.header("x-forwarded-for", HERE).json(&body).ask().await
    };
    for _ in 0..4 {
        change(WRONG).await.expect(401);
    }
    prolong(&app.database());
    retry_after(&change(WRONG).await);
    retry_after(&change(PASSWORD).await);
    // It is the same password, so it is the same count.
    retry_after(&try_from(&app, HERE, &ada.email, PASSWORD).await);
    let delete = app.request(Method::DELETE, paths::ME).bearer_auth(&ada.token);
    let delete = delete.header("x-forwarded-for", HERE);
    retry_after(&delete.json(&json!({"password": PASSWORD})).ask().await);
    let_pass(&app.database(), WHILE + 1);
    change(PASSWORD).await.expect(200);
}

async fn deleting_the_account_is_slowed_down_as_signing_in_is() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let delete = async |password: &str| {
        let request = app.request(Method::DELETE, paths::ME).bearer_auth(&ada.token);
        let request = request.header("x-forwarded-for", HERE);
        request.json(&json!({"password": password})).ask().await
    };
    for _ in 0..4 {
        delete(WRONG).await.expect(401);
    }
    prolong(&app.database());
    retry_after(&delete(WRONG).await);
    retry_after(&delete(PASSWORD).await);
    retry_after(&try_from(&app, HERE, &ada.email, PASSWORD).await);
    ada.me().await.expect(200);
    let_pass(&app.database(), WHILE + 1);
    delete(PASSWORD).await.expect(200);
}

async fn those_who_are_signed_in_notice_nothing() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    lock_out(&app, "127.0.0.1", &ada.email).await;
    assert!(!gets_in(&app, "127.0.0.1", &ada.email).await);
    ada.add("Milk").await;
    ada.refresh().await.expect(200);
    ada.me().await.expect(200);
    ada.post(paths::LOGOUT).ask().await.expect(200);
}

async fn failures_of_yesterday_are_forgotten() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    lock_out(&app, HERE, &ada.email).await;
    let_pass(&app.database(), WHILE + 25 * 3600);
    // As if nothing had been: three are free again.
    guess(&app, HERE, &ada.email, 3).await;
    prolong(&app.database());
    assert!(gets_in(&app, HERE, &ada.email).await);
}
