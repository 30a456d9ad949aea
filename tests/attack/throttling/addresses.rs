//! Where a request comes from: what the peer says, what a trusted proxy says, and what anybody may have written.

use super::{FLAGS, WRONG, attack, gets_in, guess, lock_out, prolong, retry_after, try_from};
use crate::case::{Case, cases};
use reqwest::header::HeaderValue;
use serde_json::json;
use shared::paths;
use tests::person::PASSWORD;
use tests::{Answer, Ask, TestApp};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_known_address_is_not_locked_out_by_an_attacker_elsewhere,
        the_address_of_the_registration_is_known,
        an_account_becomes_slow_for_strangers_when_many_addresses_guess,
        an_address_that_guesses_at_many_accounts_becomes_slow,
        forwarded_for_is_not_believed_without_a_trusted_proxy,
        only_what_the_trusted_proxy_added_is_believed,
        a_chain_of_trusted_proxies_is_followed_to_its_end,
        other_headers_about_the_client_are_not_believed,
        an_ipv6_network_counts_as_one,
        an_ipv4_address_in_ipv6_is_the_same_one,
        bytes_beyond_ascii_do_not_hide_the_client,
        nonsense_before_the_address_does_not_hide_the_client,
    ]
}

async fn a_known_address_is_not_locked_out_by_an_attacker_elsewhere() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    assert!(gets_in(&app, "192.0.2.1", &ada.email).await);
    attack(&app, &ada.email).await;
    assert!(
        !gets_in(&app, "203.0.113.200", &ada.email).await,
        "a stranger has to wait"
    );
    assert!(gets_in(&app, "192.0.2.1", &ada.email).await);
}

async fn the_address_of_the_registration_is_known() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let register = app.post(paths::REGISTER).header("x-forwarded-for", "192.0.2.1");
    register.json(&body).ask().await.expect(201);
    attack(&app, "ada@example.org").await;
    assert!(gets_in(&app, "192.0.2.1", "ada@example.org").await);
}

async fn an_account_becomes_slow_for_strangers_when_many_addresses_guess() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    attack(&app, &ada.email).await;
    for host in 90..99 {
        let answer = try_from(&app, &format!("203.0.113.{host}"), &ada.email, PASSWORD).await;
        retry_after(&answer);
    }
    // Other accounts are not concerned.
    let eve = app.register("eve").await;
    assert!(gets_in(&app, "203.0.113.99", &eve.email).await);
}

async fn an_address_that_guesses_at_many_accounts_becomes_slow() {
    let app = TestApp::spawn_with(&["--sign-in-tries", "1", "--trusted-proxies", "127.0.0.1"]).await;
    for index in 0..21 {
        guess(&app, "203.0.113.5", &format!("person{index}@example.org"), 1).await;
    }
    prolong(&app.database());
    let ada = app.register("ada").await;
    assert!(!gets_in(&app, "203.0.113.5", &ada.email).await);
    assert!(gets_in(&app, "203.0.113.6", &ada.email).await);
}

async fn forwarded_for_is_not_believed_without_a_trusted_proxy() {
    for flags in [
        &["--sign-in-tries", "3"][..],
        // Somebody else's proxy.
        &["--sign-in-tries", "3", "--trusted-proxies", "10.0.0.0/8"],
    ] {
        let app = TestApp::spawn_with(flags).await;
        let ada = app.register("ada").await;
        for host in 1..=4 {
            let answer = try_from(&app, &format!("203.0.113.{host}"), &ada.email, WRONG).await;
            answer.expect(401);
        }
        prolong(&app.database());
        retry_after(&try_from(&app, "203.0.113.77", &ada.email, PASSWORD).await);
        retry_after(&app.try_login(&ada.email, PASSWORD).await);
    }
}

async fn only_what_the_trusted_proxy_added_is_believed() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    // The attacker writes another address each time, and the proxy appends the attacker's own.
    for host in 1..=4 {
        let forged = format!("192.0.2.{host}, 203.0.113.5");
        guess(&app, &forged, &ada.email, 1).await;
    }
    prolong(&app.database());
    retry_after(&try_from(&app, "192.0.2.77, 203.0.113.5", &ada.email, PASSWORD).await);
    // In two headers it is the same.
    let body = json!({"email": ada.email, "password": PASSWORD});
    let request = app
        .post(paths::LOGIN)
        .header("x-forwarded-for", "192.0.2.78")
        .header("x-forwarded-for", "203.0.113.5")
        .json(&body);
    retry_after(&request.ask().await);
    // Nobody whose address was written has to wait for it.
    assert!(gets_in(&app, "192.0.2.1", &ada.email).await);
}

async fn a_chain_of_trusted_proxies_is_followed_to_its_end() {
    let flags = ["--sign-in-tries", "3", "--trusted-proxies", "127.0.0.1,10.0.0.0/8"];
    let app = TestApp::spawn_with(&flags).await;
    let ada = app.register("ada").await;
    for inner in 1..=4 {
        let path = format!("203.0.113.5, 10.0.0.{inner}");
        guess(&app, &path, &ada.email, 1).await;
    }
    prolong(&app.database());
    retry_after(&try_from(&app, "203.0.113.5, 10.9.9.9", &ada.email, PASSWORD).await);
    assert!(gets_in(&app, "203.0.113.6, 10.9.9.9", &ada.email).await);
}

async fn other_headers_about_the_client_are_not_believed() {
    for flags in [&FLAGS[..2], &FLAGS] {
        other_headers_are_not_believed(flags).await;
    }
}

async fn other_headers_are_not_believed(flags: &[&str]) {
    let app = TestApp::spawn_with(flags).await;
    let ada = app.register("ada").await;
    let names = [
        "x-real-ip",
        "forwarded",
        "client-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "x-client-ip",
        "x-cluster-client-ip",
    ];
    let attempt = async |host: usize, password: &str| -> Answer {
        let body = json!({"email": ada.email, "password": password});
        let mut request = app.post(paths::LOGIN).json(&body);
        for name in names {
            let address = format!("203.0.113.{host}");
            let value = if name == "forwarded" {
                format!("for={address}")
            } else {
                address
            };
            request = request.header(name, value);
        }
        request.ask().await
    };
    for host in 1..=4 {
        attempt(host, WRONG).await.expect(401);
    }
    prolong(&app.database());
    retry_after(&attempt(99, PASSWORD).await);
}

async fn an_ipv6_network_counts_as_one() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    for address in [
        "2001:db8:1:2::1",
        "2001:db8:1:2:ffff:ffff:ffff:ffff",
        "2001:0DB8:0001:0002:dead:beef:0:1",
        "2001:db8:1:2::3",
    ] {
        guess(&app, address, &ada.email, 1).await;
    }
    prolong(&app.database());
    retry_after(&try_from(&app, "2001:db8:1:2::4", &ada.email, PASSWORD).await);
    assert!(gets_in(&app, "2001:db8:1:3::4", &ada.email).await);
}

async fn an_ipv4_address_in_ipv6_is_the_same_one() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    lock_out(&app, "203.0.113.5", &ada.email).await;
    for address in ["::ffff:203.0.113.5", "::ffff:cb00:7105"] {
        retry_after(&try_from(&app, address, &ada.email, PASSWORD).await);
    }
    // But all of IPv4 in there is not one network.
    assert!(gets_in(&app, "::ffff:203.0.113.6", &ada.email).await);
}

async fn bytes_beyond_ascii_do_not_hide_the_client() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    lock_out(&app, "203.0.113.5", &ada.email).await;
    // A proxy appends to what the client has sent, whatever that is.
    for forged in [
        &b"\xff, 203.0.113.5"[..],
        b"caf\xc3\xa9, 203.0.113.5",
        b"\xff,203.0.113.5",
    ] {
        let body = json!({"email": ada.email, "password": PASSWORD});
        let value = HeaderValue::from_bytes(forged).unwrap();
        let request = app.post(paths::LOGIN).header("x-forwarded-for", value).json(&body);
        retry_after(&request.ask().await);
    }
}

async fn nonsense_before_the_address_does_not_hide_the_client() {
    let app = TestApp::spawn_with(&FLAGS).await;
    let ada = app.register("ada").await;
    lock_out(&app, "203.0.113.5", &ada.email).await;
    for forged in [
        "nonsense, 203.0.113.5",
        ", , 203.0.113.5",
        "unknown,203.0.113.5",
        "127.0.0.1, 203.0.113.5",
        "\"203.0.113.9\", 203.0.113.5",
        "203.0.113.9:1234,  203.0.113.5 ",
    ] {
        retry_after(&try_from(&app, forged, &ada.email, PASSWORD).await);
    }
}
