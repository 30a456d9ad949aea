//! Sign-in forms filled in by people who know databases and parsers.

use crate::case::{Case, cases};
use crate::compare;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::paths;
use shared::text::Email;
use std::collections::HashSet;
use tests::person::PASSWORD;
use tests::{Ask, TestApp, assert_problem};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        members_that_a_client_may_not_set_are_ignored,
        one_email_has_one_account_however_it_is_written,
        one_email_has_one_account_however_many_ask_at_once,
        a_password_cannot_be_changed_without_the_old_one,
        an_account_cannot_be_deleted_without_its_password,
        of_two_password_changes_at_once_one_wins,
        signing_in_never_takes_over_a_session_that_was_there,
    ];
    for (name, email, password) in [
        ("sql_comment", "ada@example.org'--@x.org", "x"),
        ("sql_tautology", "ada@example.org", "' OR '1'='1"),
        ("sql_statement", "ada@example.org", "'; DROP TABLE users; --"),
        ("sql_quotes", "ada@example.org", "\" OR 1=1"),
        ("sql_escape", "ada@example.org", "\\"),
        ("sql_any_password", "ada@example.org", "%"),
        ("sql_tautology_in_the_address", "'or'1'='1@example.org", PASSWORD),
        ("sql_wildcard", "%@example.org", PASSWORD),
        ("sql_underscore", "ad_@example.org", PASSWORD),
        ("sql_union", "x'/**/union/**/select/**/1@example.org", PASSWORD),
        ("plus_address", "ada+x@example.org", PASSWORD),
        ("dotted_address", "a.da@example.org", PASSWORD),
        ("quoted_address", "\"ada\"@example.org", PASSWORD),
        ("look_alike_address", "\u{430}da@example.org", PASSWORD),
        ("full_width_address", "\u{ff41}da@example.org", PASSWORD),
        ("dotless_i", "ada@example.org\u{131}", PASSWORD),
        ("two_addresses", "ada@example.org,eve@example.org", PASSWORD),
        ("format_string", "%s%s%n@example.org", "%s%n"),
        ("template", "{{7*7}}@example.org", "{{7*7}}"),
        ("lookup", "${jndi:ldap://127.0.0.1/a}@example.org", "x"),
        ("header_line", "ada@example.org\r\nBcc: eve@example.org", PASSWORD),
    ] {
        cases.push(Case::new(
            module_path!(),
            format!("sign_in_is_not_fooled_by::{name}"),
            move || is_refused(json!(email), json!(password)),
        ));
    }
    for (name, value) in [
        ("null", json!(null)),
        ("true", json!(true)),
        ("a_number", json!(12_345_678)),
        ("a_list", json!([PASSWORD])),
        ("an_object", json!({"$ne": null})),
        ("a_list_of_lists", json!([[PASSWORD], [PASSWORD]])),
    ] {
        let password = value.clone();
        cases.push(Case::new(
            module_path!(),
            format!("password_is_not::{name}"),
            move || is_refused(json!("ada@example.org"), password),
        ));
        cases.push(Case::new(module_path!(), format!("email_is_not::{name}"), move || {
            is_refused(value, json!(PASSWORD))
        }));
    }
    cases
}

async fn is_refused(email: Value, password: Value) {
    let app = TestApp::spawn().await;
    app.register("ada").await;
    app.register("eve").await;
    let answer = app
        .post_json(paths::LOGIN, &json!({"email": &email, "password": &password}))
        .await;
    // What could be somebody's is looked for, and is nobody's.
    let could_be = email.as_str().is_some_and(|email| Email::parse(email).is_ok()) && password.is_string();
    if could_be {
        assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    } else {
        assert_problem(&answer, 400, ErrorCode::InvalidInput);
    }
    assert_eq!(app.database().count("users"), 2);
    assert_eq!(answer.cookies(), []);
    for leak in ["SELECT", "select", "syntax", "sqlite", "postgres", "diesel"] {
        assert!(!answer.text().contains(leak), "{answer:?}");
    }
}

async fn members_that_a_client_may_not_set_are_ignored() {
    let app = TestApp::spawn().await;
    let eve = app.register("eve").await;
    let body = json!({
        "email": "ada@example.org", "password": PASSWORD, "id": eve.id, "user_id": eve.id, "sub": eve.id,
        "epoch": 99, "password_hash": "$2b$04$x", "email_verified": true, "emailVerified": true, "admin": true,
        "role": "admin", "created_at": "1970-01-01T00:00:00Z",
    });
    let answer = app.post_json(paths::REGISTER, &body).await.expect(201);
    let user = &answer.value()["user"];
    assert_ne!(user["id"], eve.id.as_str());
    assert!(user["created_at"].as_str().unwrap() > "2020", "{answer:?}");
    let token = tests::token::Token::read(answer.value()["access_token"].as_str().unwrap());
    assert_eq!(token.number("epoch"), 0);
    app.try_login("ada@example.org", PASSWORD).await.expect(200);
    app.login(&eve).await;
}

async fn one_email_has_one_account_however_it_is_written() {
    let app = TestApp::spawn().await;
    app.register_with("kim@example.org", PASSWORD).await;
    let mut seen = HashSet::new();
    for email in [
        "kim@example.org",
        "KIM@EXAMPLE.ORG",
        "Kim@Example.Org",
        "  kim@example.org\t",
        // The sign for kelvin is a capital k.
        "\u{212a}im@example.org",
    ] {
        let body = json!({"email": email, "password": "another horse battery"});
        let answer = app.post_json(paths::REGISTER, &body).await;
        assert_problem(&answer, 409, ErrorCode::EmailExists);
        seen.insert(compare::whole(&answer));
        // The account is as it was.
        app.try_login(email, PASSWORD).await.expect(200);
        app.try_login(email, "another horse battery").await.expect(401);
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(app.database().count("users"), 1);
}

async fn one_email_has_one_account_however_many_ask_at_once() {
    let app = TestApp::spawn().await;
    let spellings = [
        "ada@example.org",
        "Ada@example.org",
        "ADA@example.org",
        "ada@Example.ORG",
    ];
    let bodies: Vec<_> = spellings
        .iter()
        .map(|email| json!({"email": email, "password": PASSWORD}))
        .collect();
    let answers = bodies.iter().cycle().take(12);
    let answers = join_all(answers.map(|body| app.post_json(paths::REGISTER, body))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_problem(answer, 409, ErrorCode::EmailExists);
    }
    assert_eq!(app.database().count("users"), 1);
}

async fn a_password_cannot_be_changed_without_the_old_one() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let new = "battery horse correct";
    for body in [
        json!({"new_password": new}),
        json!({"current_password": "", "new_password": new}),
        json!({"current_password": null, "new_password": new}),
        json!({"current_password": new, "new_password": new}),
        json!({"password": PASSWORD, "new_password": new}),
    ] {
        let answer = ada.post(paths::PASSWORD).json(&body).ask().await;
        assert!(matches!(answer.status, 400 | 401), "{answer:?}");
        assert_eq!(answer.cookies(), []);
    }
    ada.me().await.expect(200);
    app.login(&ada).await;
}

async fn an_account_cannot_be_deleted_without_its_password() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    ada.add("Milk").await;
    for body in [
        json!({}),
        json!({"password": ""}),
        json!({"password": null}),
        json!({"password": "wrong horse battery"}),
        json!({"current_password": PASSWORD}),
    ] {
        let answer = ada.delete(paths::ME).json(&body).ask().await;
        assert!(matches!(answer.status, 400 | 401), "{answer:?}");
    }
    assert_eq!(ada.delete(paths::ME).ask().await.status, 415);
    let query = [("password", PASSWORD)];
    assert_eq!(ada.delete(paths::ME).query(&query).ask().await.status, 415);
    assert_eq!(ada.list().await.len(), 1);
}

async fn of_two_password_changes_at_once_one_wins() {
    let app = TestApp::spawn_with(&["--workers", "2"]).await;
    let ada = app.register("ada").await;
    let passwords: Vec<_> = (0..8).map(|index| format!("battery horse number {index}")).collect();
    let changes = passwords.iter().map(|new| {
        let body = json!({"current_password": ada.password, "new_password": new});
        ada.post(paths::PASSWORD).json(&body).ask()
    });
    let answers = join_all(changes).await;
    let winners: Vec<_> = (0..8).filter(|index| answers[*index].status == 200).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.status, 401, "{answer:?}");
        assert_eq!(answer.cookies(), []);
    }
    for (index, password) in passwords.iter().enumerate() {
        let status = if winners.contains(&index) { 200 } else { 401 };
        app.try_login(&ada.email, password).await.expect(status);
    }
    app.try_login(&ada.email, &ada.password).await.expect(401);
    let winner = &answers[winners[0]].value()["access_token"];
    ada.with_token(winner.as_str().unwrap()).me().await.expect(200);
}

async fn signing_in_never_takes_over_a_session_that_was_there() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let body = json!({"email": ada.email, "password": ada.password});
    let request = app.post(paths::LOGIN).header("cookie", &eve.cookie).json(&body);
    let answer = request.ask().await.expect(200);
    let planted = tests::token::Token::read(eve.cookie.split_once('=').unwrap().1);
    let begun = tests::token::Token::read(&answer.session_cookie().value);
    assert_ne!(begun.text("sid"), planted.text("sid"));
    assert_eq!(begun.text("sub"), ada.id);
    assert_ne!(begun.text("sid"), tests::token::Token::read(&ada.token).text("sid"));
}
