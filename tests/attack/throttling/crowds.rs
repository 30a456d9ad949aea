//! Many who guess at one account: its owner gets in all the same, and they get few guesses.

use super::{FLAGS, WHILE, WRONG, attack, gets_in, guess, let_pass, retry_after, try_from, try_with};
use crate::case::{Case, cases};
use futures_util::future::{join_all, select};
use std::cell::Cell;
use std::pin::pin;
use std::time::{Duration, Instant};
use tests::person::PASSWORD;
use tests::site::Site;
use tests::{Binary, TestApp};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        the_first_tries_of_a_site_do_not_wait_for_others,
        first_tries_wait_as_well_once_there_have_been_many,
        nobody_waits_for_others_longer_than_a_minute,
        a_good_sign_in_ends_the_wait_that_others_have_brought_about,
        a_new_password_of_the_operators_ends_every_wait,
    ];
    cases.push(Case::alone(
        module_path!(),
        "the_owner_signs_in_during_a_flood_from_everywhere",
        the_owner_signs_in_during_a_flood_from_everywhere,
    ));
    cases
}

async fn the_first_tries_of_a_site_do_not_wait_for_others() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    attack(&app, &ada.email).await;
    // Somebody who mistypes once.
    guess(&app, "192.0.2.1", &ada.email, 1).await;
    assert!(gets_in(&app, "192.0.2.1", &ada.email).await);
    attack(&app, &ada.email).await;
    // A guesser has no more than these, however many addresses the site has.
    guess(&app, "198.51.100.1", &ada.email, 1).await;
    guess(&app, "198.51.100.2", &ada.email, 1).await;
    for host in 1..9 {
        retry_after(&try_from(&app, &format!("198.51.100.{host}"), &ada.email, WRONG).await);
    }
    guess(&app, "2001:db8:1:1::1", &ada.email, 1).await;
    guess(&app, "2001:db8:1:2::1", &ada.email, 1).await;
    retry_after(&try_from(&app, "2001:db8:1:3::1", &ada.email, WRONG).await);
}

/// As if so many had failed at each account.
fn fail(app: &TestApp, failures: i64) {
    let database = app.database();
    database.execute(&format!(
        "UPDATE sign_in_failures SET failures = {failures} WHERE failures > 30"
    ));
}

async fn first_tries_wait_as_well_once_there_have_been_many() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    attack(&app, &ada.email).await;
    fail(&app, 599);
    guess(&app, "192.0.2.1", &ada.email, 1).await;
    retry_after(&try_from(&app, "192.0.2.1", &ada.email, PASSWORD).await);
    retry_after(&try_from(&app, "198.51.100.1", &ada.email, PASSWORD).await);
}

async fn nobody_waits_for_others_longer_than_a_minute() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    attack(&app, &ada.email).await;
    fail(&app, 1_000_000);
    let_pass(&app.database(), WHILE + 60);
    guess(&app, "203.0.113.99", &ada.email, 1).await;
    let wait = retry_after(&try_from(&app, "192.0.2.1", &ada.email, PASSWORD).await);
    assert!((55..=60).contains(&wait), "{wait} s");
}

async fn a_good_sign_in_ends_the_wait_that_others_have_brought_about() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    attack(&app, &ada.email).await;
    assert!(!gets_in(&app, "203.0.113.200", &ada.email).await);
    // From where the account is known.
    assert!(gets_in(&app, "127.0.0.1", &ada.email).await);
    assert!(gets_in(&app, "203.0.113.200", &ada.email).await);
}

async fn a_new_password_of_the_operators_ends_every_wait() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    attack(&app, &ada.email).await;
    super::lock_out(&app, "127.0.0.1", &ada.email).await;
    for address in ["203.0.113.200", "127.0.0.1"] {
        assert!(!gets_in(&app, address, &ada.email).await);
    }
    let mut command = Binary::command(&app.database(), &["user", "reset-password", &ada.email]);
    let output = command.output().unwrap();
    assert!(output.status.success());
    let password = String::from_utf8(output.stdout).unwrap();
    for address in ["203.0.113.200", "127.0.0.1"] {
        let answer = try_from(&app, address, &ada.email, password.trim()).await;
        answer.expect(200);
    }
}

/// As many as the audit had, each of a site of its own: nothing tells one of them from an owner on a new device.
const ATTACKERS: u8 = 200;

/// Requests of theirs in flight: more than the queue takes.
const IN_FLIGHT: usize = 24;

async fn the_owner_signs_in_during_a_flood_from_everywhere() {
    // A hash takes as long as everywhere, and there are few places: the queue is full all the time.
    let flags = [
        &FLAGS[2..],
        &["--sign-in-tries", "5", "--bcrypt-cost", "10", "--password-queue", "8"],
    ]
    .concat();
    let app = TestApp::spawn_with(&flags).await;
    let ada = app.register("ada").await;
    let home = try_from(&app, "192.0.2.1", &ada.email, PASSWORD).await.expect(200);
    let device = home.device_cookie().pair();
    let (refused, next) = (Cell::new(0), Cell::new(0_usize));
    let flood = join_all((0..IN_FLIGHT).map(|_| async {
        loop {
            let n = next.get();
            next.set(n + 1);
            let address = format!("198.18.{}.7", n % usize::from(ATTACKERS));
            // Most guess at the owner's account; others keep the queue full when those have to wait.
            let email = if n % 3 == 0 {
                format!("nobody{n}@example.org")
            } else {
                ada.email.clone()
            };
            let answer = try_from(&app, &address, &email, WRONG).await;
            refused.set(refused.get() + u32::from(answer.status == 503));
        }
    }));
    let owner = async {
        while refused.get() < 20 {
            tokio::task::yield_now().await;
        }
        for n in 0..5 {
            let address = format!("198.19.{n}.7");
            let from_device = try_with(&app, &address, &device, &ada.email, PASSWORD);
            took(Duration::from_secs(3), from_device).await.expect(200);
            let from_network = try_from(&app, "192.0.2.1", &ada.email, PASSWORD);
            took(Duration::from_secs(3), from_network).await.expect(200);
            let address = format!("198.51.{n}.7");
            took(Duration::from_mins(1), enters(&app, &address, &ada.email)).await;
        }
    };
    select(pin!(flood), pin!(owner)).await;
}

/// Signs in from an address that the account does not know, as often as it takes.
async fn enters(site: &Site, address: &str, email: &str) {
    while try_from(site, address, email, PASSWORD).await.status != 200 {}
}

async fn took<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let done = work.await;
    assert!(start.elapsed() <= limit, "{:?}", start.elapsed());
    done
}
