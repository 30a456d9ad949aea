//! Hashing is slow on purpose, and must not be a lever: neither to stop everybody's work nor to make the server fail.

use crate::case::{Case, cases};
use futures_util::future::{join, join_all};
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::person::PASSWORD;
use tests::{Ask, TestApp, assert_problem};

pub(super) fn cases() -> Vec<Case> {
    cases![
        sign_ins_past_the_queue_are_answered_503,
        registrations_past_the_queue_are_answered_503_and_make_nothing,
        tasks_are_served_while_the_queue_is_full,
        refusals_of_a_full_queue_count_as_no_failure,
    ]
}

const FULL: [&str; 4] = ["--bcrypt-cost", "11", "--password-queue", "4"];

async fn sign_ins_past_the_queue_are_answered_503() {
    let app = TestApp::spawn_with(&FULL).await;
    let ada = app.register("ada").await;
    let answers = join_all((0..50).map(|_| app.try_login(&ada.email, PASSWORD))).await;
    let mut refused = 0;
    for answer in &answers {
        if answer.status != 200 {
            // Its `Retry-After` is looked at in there.
            assert_problem(answer, 503, ErrorCode::Unavailable);
            refused += 1;
        }
    }
    assert!((1..50).contains(&refused), "{refused} of 50 were refused");
    // What needs no hashing goes on, and so does hashing when there is room again.
    app.get(paths::READY).ask().await.expect(200);
    app.login(&ada).await;
}

async fn registrations_past_the_queue_are_answered_503_and_make_nothing() {
    let app = TestApp::spawn_with(&FULL).await;
    let register = |index: usize| {
        let body = json!({"email": format!("ada{index}@example.org"), "password": PASSWORD});
        let app = &app;
        async move { app.post_json(paths::REGISTER, &body).await }
    };
    let answers = join_all((0..50).map(register)).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_problem(answer, 503, ErrorCode::Unavailable);
    }
    assert!((1..50).contains(&made), "{made} of 50 were made");
    assert_eq!(usize::try_from(app.database().count("users")), Ok(made));
}

async fn tasks_are_served_while_the_queue_is_full() {
    let app = TestApp::spawn_with(&FULL).await;
    let ada = app.register("ada").await;
    ada.add("Milk").await;
    let sign_ins = join_all((0..50).map(|_| app.try_login(&ada.email, PASSWORD)));
    let work = async {
        for _ in 0..10 {
            assert_eq!(ada.list().await.len(), 1);
        }
    };
    let (answers, ()) = join(sign_ins, work).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 503)));
}

async fn refusals_of_a_full_queue_count_as_no_failure() {
    let flags = [&FULL[..], &["--sign-in-tries", "3"]].concat();
    let app = TestApp::spawn_with(&flags).await;
    let ada = app.register("ada").await;
    // With the right password, nothing here is a failure: nobody is made to wait afterwards.
    let answers = join_all((0..50).map(|_| app.try_login(&ada.email, PASSWORD))).await;
    assert!(answers.iter().any(|answer| answer.status == 503), "{answers:?}");
    app.login(&ada).await;
}
