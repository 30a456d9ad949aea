//! Whoever guesses passwords is slowed down, and nobody else is.

use futures_util::future::join_all;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::person::PASSWORD;
use tests::problem::without_request_id;
use tests::{Answer, Ask, Backend, Database, TestApp, assert_problem};

const WRONG: &str = "wrong horse battery";
const EMAIL: &str = "ada@example.org";

/// Three wrong passwords cost nothing, the fourth has a price.
const FLAGS: [&str; 2] = ["--sign-in-tries", "3"];

/// The peer is a proxy, which says where requests come from.
const BEHIND_A_PROXY: [&str; 4] = ["--sign-in-tries", "3", "--trusted-proxies", "127.0.0.0/8"];

async fn login_from(app: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.post(paths::LOGIN)
        .header("x-forwarded-for", address)
        .json(&body)
        .ask()
        .await
}

#[track_caller]
fn assert_slowed_down(answer: &Answer) -> u64 {
    assert_problem(answer, 429, ErrorCode::RateLimited);
    answer.header("retry-after").parse().unwrap()
}

/// All waits are over.
fn wait(database: &Database) {
    database.execute("UPDATE sign_in_failures SET retry_at = last_at");
}

/// Four wrong passwords, after which there is something to wait for.
async fn guess(app: &TestApp, email: &str) {
    for _ in 0..4 {
        assert_problem(&app.try_login(email, WRONG).await, 401, ErrorCode::InvalidCredentials);
    }
}

#[tokio::test]
async fn after_the_free_tries_each_one_has_to_wait_twice_as_long() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    guess(&app, EMAIL).await;
    let database = app.database();
    for seconds in [1, 2, 4, 8, 16] {
        // Tries in between are refused, and cost nothing more.
        for password in [WRONG, PASSWORD, WRONG] {
            let told = assert_slowed_down(&app.try_login(EMAIL, password).await);
            assert!(told <= seconds && told + 1 >= seconds, "{told} of {seconds}");
        }
        wait(&database);
        assert_problem(&app.try_login(EMAIL, WRONG).await, 401, ErrorCode::InvalidCredentials);
    }
}

#[tokio::test]
async fn the_wait_has_an_end_that_a_person_can_live_with() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    let database = app.database();
    for _ in 0..25 {
        app.try_login(EMAIL, WRONG).await.expect(401);
        wait(&database);
    }
    app.try_login(EMAIL, WRONG).await.expect(401);
    let told = assert_slowed_down(&app.try_login(EMAIL, PASSWORD).await);
    assert!(told > 600 && told <= 900, "{told}");
    wait(&database);
    app.try_login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_right_password_forgets_the_wrong_ones() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    for _ in 0..3 {
        for _ in 0..3 {
            app.try_login(EMAIL, WRONG).await.expect(401);
        }
        app.try_login(EMAIL, PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn an_unknown_email_is_slowed_down_in_the_same_way() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    let mut answers = Vec::new();
    for email in [EMAIL, "nobody@example.org"] {
        guess(&app, email).await;
        let answer = app.try_login(email, WRONG).await;
        assert_eq!(assert_slowed_down(&answer), 1);
        answers.push(without_request_id(&answer));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_case_of_the_email_gives_no_further_tries() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    for email in [
        "ada@example.org",
        "ADA@example.org",
        "ada@EXAMPLE.org",
        " ada@example.org ",
    ] {
        app.try_login(email, WRONG).await.expect(401);
    }
    assert_slowed_down(&app.try_login("Ada@Example.Org", WRONG).await);
}

#[tokio::test]
async fn guessing_at_one_account_leaves_others_alone() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    guess(&app, &ada.email).await;
    assert_slowed_down(&app.try_login(&ada.email, PASSWORD).await);
    app.login(&bob).await;
    // Whoever is signed in goes on.
    ada.me().await.expect(200);
    ada.add("Milk").await;
    ada.refresh().await.expect(200);
}

#[tokio::test]
async fn guesses_at_the_same_time_are_counted_one_by_one() {
    let app = TestApp::spawn_with(&["--sign-in-tries", "3", "--workers", "4"]).await;
    app.register("ada").await;
    let answers = join_all((0..20).map(|_| app.try_login(EMAIL, WRONG))).await;
    let heard = answers.iter().filter(|answer| answer.status == 401).count();
    assert!((1..=4).contains(&heard), "{heard}");
    for answer in answers.iter().filter(|answer| answer.status != 401) {
        assert_slowed_down(answer);
    }
}

#[tokio::test]
async fn people_who_sign_in_at_the_same_time_are_not_taken_for_guessers() {
    let app = TestApp::spawn_with(&["--sign-in-tries", "30", "--workers", "4"]).await;
    app.register("ada").await;
    for answer in join_all((0..20).map(|_| app.try_login(EMAIL, PASSWORD))).await {
        answer.expect(200);
    }
}

#[tokio::test]
async fn a_guesser_elsewhere_does_not_lock_out_the_owner() {
    let app = TestApp::spawn_with(&BEHIND_A_PROXY).await;
    app.register("ada").await;
    login_from(&app, "192.0.2.1", EMAIL, PASSWORD).await.expect(200);
    // From many addresses, each within its own limit.
    let mut heard = 0;
    for host in 1..=50 {
        let answer = login_from(&app, &format!("198.51.100.{host}"), EMAIL, WRONG).await;
        heard += usize::from(answer.status == 401);
    }
    assert!(
        (20..40).contains(&heard),
        "together they have ten times the tries of one, not {heard}"
    );
    assert_slowed_down(&login_from(&app, "203.0.113.9", EMAIL, PASSWORD).await);
    // The owner, where they have been before.
    login_from(&app, "192.0.2.1", EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn guessing_at_many_accounts_from_one_address_is_slowed_down() {
    let app = TestApp::spawn_with(&BEHIND_A_PROXY).await;
    app.register("ada").await;
    let mut heard = 0;
    for index in 0..80 {
        let answer = login_from(&app, "198.51.100.1", &format!("person{index}@example.org"), WRONG).await;
        heard += usize::from(answer.status == 401);
    }
    assert!(
        (40..75).contains(&heard),
        "twenty times the tries of one person, not {heard}"
    );
    assert_slowed_down(&login_from(&app, "198.51.100.1", EMAIL, PASSWORD).await);
    login_from(&app, "192.0.2.1", EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_customer_with_ipv6_is_one_address() {
    let app = TestApp::spawn_with(&BEHIND_A_PROXY).await;
    app.register("ada").await;
    for host in 1..=4 {
        login_from(&app, &format!("2001:db8:1:2::{host}"), EMAIL, WRONG)
            .await
            .expect(401);
    }
    assert_slowed_down(&login_from(&app, "2001:db8:1:2:ffff::5", EMAIL, PASSWORD).await);
    login_from(&app, "2001:db8:1:3::1", EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn nobody_gets_further_tries_by_claiming_to_come_from_elsewhere() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    for host in 1..=4 {
        login_from(&app, &format!("198.51.100.{host}"), EMAIL, WRONG)
            .await
            .expect(401);
    }
    let body = json!({"email": EMAIL, "password": WRONG});
    for name in [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "cf-connecting-ip",
        "true-client-ip",
    ] {
        let answer = app
            .post(paths::LOGIN)
            .header(name, "198.51.100.99")
            .json(&body)
            .ask()
            .await;
        assert_slowed_down(&answer);
    }
    // Behind a proxy, only what the proxy itself has added counts.
    let app = TestApp::spawn_with(&BEHIND_A_PROXY).await;
    app.register("ada").await;
    for host in 1..=4 {
        login_from(&app, &format!("198.51.100.{host}, 192.0.2.1"), EMAIL, WRONG)
            .await
            .expect(401);
    }
    assert_slowed_down(&login_from(&app, "198.51.100.99, 192.0.2.1", EMAIL, WRONG).await);
}

#[tokio::test]
async fn neither_a_restart_nor_another_node_gives_further_tries() {
    let app = TestApp::spawn_with(&FLAGS).await;
    app.register("ada").await;
    let database = app.database();
    for _ in 0..8 {
        app.try_login(EMAIL, WRONG).await.expect(401);
        wait(&database);
    }
    app.try_login(EMAIL, WRONG).await.expect(401);
    let other = if Backend::current() == Backend::Postgres {
        TestApp::spawn_on(&database, &FLAGS).await
    } else {
        drop(app);
        TestApp::spawn_on(&database, &FLAGS).await
    };
    assert_slowed_down(&other.try_login(EMAIL, PASSWORD).await);
}

#[tokio::test]
async fn guessing_the_password_of_a_session_that_was_left_open_is_slowed_down() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    let change = async |current: &str| {
        let body = json!({"current_password": current, "new_password": "battery horse correct"});
        ada.post(paths::PASSWORD).json(&body).ask().await
    };
    let delete = async |password: &str| ada.delete(paths::ME).json(&json!({"password": password})).ask().await;
    for answer in [
        change(WRONG).await,
        delete(WRONG).await,
        change(WRONG).await,
        delete(WRONG).await,
    ] {
        assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    }
    assert_slowed_down(&change(PASSWORD).await);
    assert_slowed_down(&delete(PASSWORD).await);
    // It is the same account that is guessed at.
    assert_slowed_down(&app.try_login(EMAIL, PASSWORD).await);
    wait(&app.database());
    change(PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_flood_of_sign_ins_and_sign_ups_is_held_off() {
    let app = TestApp::spawn_with(&["--sign-in-rate", "6"]).await;
    let ada = app.register("ada").await;
    for index in 0..5 {
        if index % 2 == 0 {
            app.try_login(EMAIL, PASSWORD).await.expect(200);
        } else {
            app.register(&format!("person{index}")).await;
        }
    }
    let body = json!({"email": "late@example.org", "password": PASSWORD});
    for answer in [
        app.try_login(EMAIL, PASSWORD).await,
        app.post_json(paths::REGISTER, &body).await,
    ] {
        let told = assert_slowed_down(&answer);
        assert!(told <= 10, "six a minute: {told}");
    }
    // What carries no password goes on.
    ada.me().await.expect(200);
    ada.refresh().await.expect(200);
    ada.add("Milk").await;
    app.get(paths::HEALTH).ask().await.expect(200);
}

#[tokio::test]
async fn a_flood_of_renewals_is_held_off() {
    let app = TestApp::spawn_with(&["--refresh-rate", "4"]).await;
    let ada = app.register("ada").await;
    for _ in 0..4 {
        ada.refresh().await.expect(200);
    }
    let told = assert_slowed_down(&ada.refresh().await);
    assert!(told <= 15, "four a minute: {told}");
    ada.me().await.expect(200);
    app.login(&ada).await;
}

#[tokio::test]
async fn common_passwords_and_the_email_itself_are_no_passwords() {
    let app = TestApp::spawn().await;
    for password in ["password", "12345678", "PASSWORD", "qwertyuiop", "iloveyou1"] {
        let body = json!({"email": EMAIL, "password": password});
        tests::assert_invalid(&app.post_json(paths::REGISTER, &body).await, &["password"]);
    }
    for password in [EMAIL, "ADA@example.org"] {
        let body = json!({"email": EMAIL, "password": password});
        tests::assert_invalid(&app.post_json(paths::REGISTER, &body).await, &["password"]);
    }
    let ada = app.register("ada").await;
    for password in ["password", EMAIL] {
        let body = json!({"current_password": PASSWORD, "new_password": password});
        tests::assert_invalid(&ada.post(paths::PASSWORD).json(&body).ask().await, &["new_password"]);
    }
    // As an attempt it is like any other.
    app.try_login(EMAIL, "password").await.expect(401);
}
