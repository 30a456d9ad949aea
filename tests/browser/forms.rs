//! Signing up and signing in: what is wrong is said beside its field, and nothing that was typed is lost.

use crate::page::Page;
use crate::stage::{Screen, Stage, play};
use crate::target::{button, field, heading, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use shared::paths;
use tests::person::PASSWORD;

#[tokio::test]
async fn a_registered_email_is_refused_beside_its_field() {
    play(Screen::Phone, async |stage: &Stage| {
        stage.forgive("status of 409");
        stage.app.register("ada").await;
        let page = stage.browser().await;
        page.open("/sign-up").await;
        page.fill(field("Email"), "Ada@Example.org").await;
        page.fill(field("Password"), PASSWORD).await;
        page.click(button("Create account")).await;
        page.reads(testid("email-error"), "There is already an account with this email.")
            .await;
        page.arrives_at("/sign-up").await;
        assert_eq!(page.value(field("Email")).await, "Ada@Example.org");
        page.until("the keyboard is on the email", FOCUSED, json!(["email"]))
            .await;
        page.until("the field says so too", INVALID, json!(["email"])).await;

        page.fill(field("Email"), "grace@example.org").await;
        page.click(button("Create account")).await;
        page.arrives_at("/today").await;
    })
    .await;
}

#[tokio::test]
async fn wrong_credentials_stay_on_the_page_and_keep_the_email() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("/api/auth/login - Failed to load resource: the server responded with a status of 401");
        stage.app.register("ada").await;
        let page = stage.browser().await;
        page.open("/sign-in").await;
        for email in ["ada@example.org", "nobody@example.org"] {
            page.fill(field("Email"), email).await;
            page.fill(field("Password"), "not the password").await;
            page.press(Key::Enter).await;
            page.reads(testid("form-alert"), "That email and password don’t match.")
                .await;
            page.arrives_at("/sign-in").await;
            assert_eq!(page.value(field("Email")).await, email);
            page.until("the keyboard is on the password", FOCUSED, json!(["password"]))
                .await;
        }
        page.sign_in("ada@example.org", PASSWORD).await;
        page.arrives_at("/today").await;
    })
    .await;
}

#[tokio::test]
async fn a_field_that_breaks_its_rule_says_so_and_nothing_is_sent() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.spy().await;
        page.open("/sign-up").await;
        page.sees(heading("Create your account")).await;
        page.forget().await;
        page.click(button("Create account")).await;
        page.reads(testid("email-error"), "Enter your email address.").await;
        page.reads(testid("password-error"), "Use at least 8 characters.").await;
        page.until("the keyboard is on the first of them", FOCUSED, json!(["email"]))
            .await;

        page.fill(field("Email"), "ada at example").await;
        page.fill(field("Password"), "short").await;
        page.press(Key::Enter).await;
        page.reads(testid("email-error"), "Enter an address such as ada@example.org.")
            .await;
        page.reads(testid("password-error"), "Use at least 8 characters.").await;
        page.arrives_at("/sign-up").await;
        assert!(page.requests().await.is_empty());

        page.fill(field("Email"), "ada@example.org").await;
        page.fill(field("Password"), PASSWORD).await;
        page.loses(testid("email-error")).await;
        page.press(Key::Enter).await;
        page.arrives_at("/today").await;
    })
    .await;
}

#[tokio::test]
async fn nothing_on_a_form_moves_when_something_is_wrong_on_a_phone() {
    play(Screen::Phone, nothing_moves).await;
}

#[tokio::test]
async fn nothing_on_a_form_moves_when_something_is_wrong_on_a_desktop() {
    play(Screen::Desktop, nothing_moves).await;
}

async fn nothing_moves(stage: &Stage) {
    stage.forgive("status of 401");
    stage.forgive("status of 429");
    let ada = stage.app.register("ada").await;
    let page = stage.browser().await;
    page.spy().await;
    page.open("/sign-in").await;
    page.sees(heading("Sign in")).await;
    let before = page.places().await;
    assert!(before.len() > 6, "{before:?}");
    page.click(button("Sign in")).await;
    page.sees(testid("email-error")).await;
    page.sees(testid("password-error")).await;
    assert_eq!(page.places().await, before, "with an error at each field");
    page.fill(field("Email"), &ada.email).await;
    page.fill(field("Password"), "not the password").await;
    page.press(Key::Enter).await;
    page.sees(text("That email and password don’t match.")).await;
    assert_eq!(page.places().await, before, "with a refusal");
    page.tamper("broken", json!(format!("POST {}", paths::LOGIN))).await;
    page.press(Key::Enter).await;
    page.sees(text("Can’t reach the server. Check your connection and try again."))
        .await;
    assert_eq!(page.places().await, before, "with a refusal on two lines");

    page.open("/sign-up").await;
    page.sees(heading("Create your account")).await;
    let before = page.places().await;
    page.fill(field("Email"), "ada at example").await;
    page.fill(field("Password"), "short").await;
    page.press(Key::Enter).await;
    page.sees(text("Enter an address such as ada@example.org.")).await;
    page.sees(text("Use at least 8 characters.")).await;
    assert_eq!(page.places().await, before, "with errors on the other form");
}

#[tokio::test]
async fn a_field_is_checked_when_it_is_left() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/sign-in").await;
        page.fill(field("Email"), "ada").await;
        page.press(Key::Tab).await;
        page.reads(testid("email-error"), "Enter an address such as ada@example.org.")
            .await;
        page.until("the field says so too", INVALID, json!(["email"])).await;
    })
    .await;
}

#[tokio::test]
async fn a_common_password_is_refused_beside_its_field() {
    play(Screen::Phone, async |stage: &Stage| {
        stage.forgive("status of 400");
        let page = stage.browser().await;
        page.open("/sign-up").await;
        page.fill(field("Email"), "ada@example.org").await;
        page.fill(field("Password"), "Password1").await;
        page.click(button("Create account")).await;
        page.reads(testid("password-error"), "That one is easy to guess. Choose another.")
            .await;
        assert_eq!(page.value(field("Email")).await, "ada@example.org");
        assert_eq!(stage.app.database().count("users"), 0);
    })
    .await;
}

#[tokio::test]
async fn a_password_can_be_looked_at_while_it_is_typed() {
    play(Screen::Phone, async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/sign-up").await;
        page.fill(field("Password"), PASSWORD).await;
        let kind = "return document.getElementById('password').type";
        assert_eq!(page.eval::<String>(kind, json!([])).await, "password");
        page.click(button("Show password")).await;
        page.until("it can be read", &format!("{kind} === 'text'"), json!([]))
            .await;
        page.holds(field("Password"), PASSWORD).await;
    })
    .await;
}

#[tokio::test]
async fn a_form_is_sent_once_however_often_it_is_submitted() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.spy().await;
        page.open("/sign-up").await;
        page.fill(field("Email"), "ada@example.org").await;
        page.fill(field("Password"), PASSWORD).await;
        page.tamper("held", json!(format!("POST {}", paths::REGISTER))).await;
        page.press(Key::Enter).await;
        page.press(Key::Enter).await;
        page.click(testid("sign-up-submit")).await;
        page.reads(testid("sign-up-submit"), "Creating your account…").await;
        page.tamper("held", json!(null)).await;
        page.arrives_at("/today").await;
        let requests = page.requests().await;
        let registrations = requests.iter().filter(|request| request.path == paths::REGISTER);
        assert_eq!(registrations.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_title_that_is_too_long_is_kept_and_explained() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.sign_up("ada@example.org").await;
        let title = "long ".repeat(41);
        page.fill(field("New task"), &title).await;
        page.press(Key::Enter).await;
        page.reads(testid("title-error"), "Keep the title to 200 characters.")
            .await;
        assert_eq!(page.value(field("New task")).await, title);
        assert_eq!(stage.app.database().count("tasks WHERE deleted_at IS NULL"), 0);
    })
    .await;
}

impl Page {
    /// Where each part of the page that one points at or reads is: its name, left, top, width and height.
    async fn places(&self) -> Vec<(String, [f64; 4])> {
        let script = "
            return [...document.querySelectorAll('.brand, .card, h1, label, input, button, .narrow-note')].map((each) => {
                const { x, y, width, height } = each.getBoundingClientRect();
                return [`${each.localName}.${each.id || each.className}`, [x + scrollX, y + scrollY, width, height]];
            })";
        self.eval(script, json!([])).await
    }
}

const FOCUSED: &str = "return document.activeElement?.id === arguments[0]";
const INVALID: &str = "const field = document.getElementById(arguments[0]);
    const notes = field.getAttribute('aria-describedby').split(' ');
    return field.getAttribute('aria-invalid') === 'true' && notes.some((id) => document.getElementById(id)?.textContent)";
