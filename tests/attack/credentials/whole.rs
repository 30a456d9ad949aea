//! The whole password counts, exactly as typed.

use crate::case::{Case, cases};
use crate::ground;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use tests::{Ask, TestApp, assert_invalid, assert_problem};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![nul_is_refused_everywhere, longest_password_counts_to_its_last_character];
    let near = [
        ("past_byte_72", "x".repeat(72) + "-right", "x".repeat(72) + "-wrong"),
        ("cut_at_byte_72", "x".repeat(72) + "-right", "x".repeat(72)),
        ("a_byte_more", "x".repeat(72), "x".repeat(73)),
        ("past_byte_72_in_wide_characters", "é".repeat(60), "é".repeat(59) + "è"),
        (
            "a_space_in_front",
            "correct horse battery".to_owned(),
            " correct horse battery".to_owned(),
        ),
        (
            "a_space_behind",
            "correct horse battery ".to_owned(),
            "correct horse battery".to_owned(),
        ),
        (
            "a_line_break_behind",
            "correct horse battery".to_owned(),
            "correct horse battery\n".to_owned(),
        ),
        (
            "in_capitals",
            "correct horse battery".to_owned(),
            "Correct horse battery".to_owned(),
        ),
        (
            "composed_and_decomposed",
            "caf\u{e9}-caf\u{e9}-caf\u{e9}".to_owned(),
            "cafe\u{301}-cafe\u{301}-cafe\u{301}".to_owned(),
        ),
        (
            "compatible_letters",
            "\u{fb01}rst \u{fb01}sh swims".to_owned(),
            "first fish swims".to_owned(),
        ),
        (
            "look_alike_letters",
            "p\u{430}ssphr\u{430}se here".to_owned(),
            "passphrase here".to_owned(),
        ),
        (
            "a_zero_width_space",
            "correct\u{200b}horse".to_owned(),
            "correcthorse".to_owned(),
        ),
        (
            "a_byte_order_mark",
            "correct horse battery".to_owned(),
            "\u{feff}correct horse battery".to_owned(),
        ),
        (
            "a_wildcard",
            "correct horse battery".to_owned(),
            "correct horse %".to_owned(),
        ),
        (
            "in_capitals_beyond_ascii",
            "pässwörd here".to_owned(),
            "PÄSSWÖRD HERE".to_owned(),
        ),
        (
            "without_its_accents",
            "pässwörd here".to_owned(),
            "password here".to_owned(),
        ),
        (
            "a_space_more",
            "correct horse battery ".to_owned(),
            "correct horse battery  ".to_owned(),
        ),
        (
            "without_its_spaces",
            " correct horse ".to_owned(),
            "correct horse".to_owned(),
        ),
        ("its_last_letter", "correct horse".to_owned(), "correct hors".to_owned()),
    ];
    for (name, right, wrong) in near {
        cases.push(Case::new(
            module_path!(),
            format!("near_miss_is_refused::{name}"),
            move || near_miss(right, wrong),
        ));
    }
    cases
}

async fn near_miss(right: String, wrong: String) {
    let app = ground::plain().await;
    let ada = app.register_with(&ground::unknown_email(), &right).await;
    let answer = app.try_login(&ada.email, &wrong).await;
    assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    app.try_login(&ada.email, &right).await.expect(200);
    for (path, body) in [
        (
            paths::PASSWORD,
            json!({"current_password": wrong, "new_password": "battery horse correct"}),
        ),
        (paths::ME, json!({"password": wrong})),
    ] {
        let request = if path == paths::ME {
            ada.delete(path)
        } else {
            ada.post(path)
        };
        assert_problem(&request.json(&body).ask().await, 401, ErrorCode::InvalidCredentials);
    }
    app.try_login(&ada.email, &right).await.expect(200);
}

async fn nul_is_refused_everywhere() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for bad in ["correct horse battery\0", "\0correct horse battery", "correct\0horse"] {
        let register = json!({"email": "eve@example.org", "password": bad});
        assert_invalid(&app.post_json(paths::REGISTER, &register).await, &["password"]);
        assert_invalid(&app.try_login(&ada.email, bad).await, &["password"]);
        let change = json!({"current_password": ada.password, "new_password": bad});
        let answer = ada.post(paths::PASSWORD).json(&change).ask().await;
        assert_invalid(&answer, &["new_password"]);
        let change = json!({"current_password": bad, "new_password": "battery horse correct"});
        let answer = ada.post(paths::PASSWORD).json(&change).ask().await;
        assert_invalid(&answer, &["current_password"]);
    }
    assert_eq!(app.database().count("users"), 1);
}

async fn longest_password_counts_to_its_last_character() {
    let app = TestApp::spawn().await;
    let right = "🔑".repeat(127) + "a";
    let wrong = "🔑".repeat(127) + "b";
    app.register_with("ada@example.org", &right).await;
    let answer = app.try_login("ada@example.org", &wrong).await;
    assert_problem(&answer, 401, ErrorCode::InvalidCredentials);
    app.try_login("ada@example.org", &right).await.expect(200);
}
