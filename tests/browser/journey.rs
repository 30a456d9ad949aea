//! A person's whole way through the app, from the first visit to the next one.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play};
use crate::target::{button, choice, field, heading, link, row, testid, text};
use serde_json::json;
use tests::person::PASSWORD;

const EMAIL: &str = "ada@example.org";

#[tokio::test]
async fn a_person_keeps_tasks_from_registration_to_the_next_visit_on_a_phone() {
    play(Screen::Phone, journey).await;
}

#[tokio::test]
async fn a_person_keeps_tasks_from_registration_to_the_next_visit_on_a_desktop() {
    play(Screen::Desktop, journey).await;
}

async fn journey(stage: &Stage) {
    let page = stage.browser().await;
    page.spy().await;
    page.sign_up(EMAIL).await;
    page.add("Buy milk").await;
    page.fill(field("New task"), "Call Charles").await;
    page.click(button("Add")).await;
    page.lists(&["Call Charles", "Buy milk"]).await;
    page.reads(testid("open-count"), "2 to do").await;
    page.has_saved("Call Charles").await;

    page.click(text("Buy milk")).await;
    page.fill(field("Title"), "Buy oat milk").await;
    page.fill(field("Notes"), "two bottles").await;
    page.click(button("Close details")).await;
    page.lists(&["Call Charles", "Buy oat milk"]).await;
    page.sees(text("two bottles")).await;

    page.click(choice("Done: Buy oat milk")).await;
    page.lists(&["Call Charles"]).await;
    page.reads(testid("completed-count"), "1").await;

    let person = stage.app.login_with(EMAIL, PASSWORD).await;
    let charles = person.list().await[0].clone();
    assert_eq!(charles.title, "Call Charles");
    page.delete("Call Charles").await;
    page.sees(heading("All done")).await;
    page.click(button("Undo")).await;
    page.lists(&["Call Charles"]).await;
    until_server(async || person.list().await.first().is_some_and(|task| task.id == charles.id)).await;

    come_back_without_signing_in(&page).await;
    page.lists(&["Call Charles"]).await;
    page.click(testid("completed-toggle")).await;
    page.lists(&["Call Charles", "Buy oat milk"]).await;
    let now = person.list().await[0].clone();
    assert_eq!(
        (now.title, now.created_at),
        (charles.title, charles.created_at),
        "deleted and undone"
    );

    page.click(testid("account-menu")).await;
    page.click(link("Account")).await;
    page.arrives_at("/account").await;
    page.sign_out().await;
    page.sees(text("You have signed out.")).await;
    find_nothing_behind_oneself(&page).await;

    page.open("/sign-in").await;
    page.sign_in(EMAIL, PASSWORD).await;
    page.arrives_at("/today").await;
    page.open("/tasks").await;
    page.lists(&["Call Charles"]).await;
    page.click(testid("completed-toggle")).await;
    page.sees(row("Buy oat milk")).await;
    page.sees(text("two bottles")).await;
}

/// A reload: who is signed in stays so, and the form for those who are not is never there, not even for a moment.
async fn come_back_without_signing_in(page: &Page) {
    page.reload().await;
    page.sees(heading("All tasks")).await;
    page.sees(testid("task-row")).await;
    assert!(page.has_seen("restoring").await, "the spy sees what comes and goes");
    for form in ["sign-in-form", "sign-up-form"] {
        assert!(!page.has_seen(form).await, "the {form} flashes up");
    }
    assert_eq!(page.renewals().await, 1);
}

/// After signing out, neither the way back nor the address shows a task again, not even for a moment.
async fn find_nothing_behind_oneself(page: &Page) {
    page.forget().await;
    page.back().await;
    page.until("nobody is signed in", SIGNED_OUT, json!([])).await;
    assert!(!page.has_seen("task-row").await);
    page.open("/tasks").await;
    page.until("nobody is signed in", SIGNED_OUT, json!([])).await;
    assert!(!page.has_seen("task-row").await);
}

/// The forms for those who are not signed in are there, and nothing else is on its way.
const SIGNED_OUT: &str = "return /^.sign-(in|up)$/.test(location.pathname)
    && !!document.querySelector('[data-testid=sign-in-form], [data-testid=sign-up-form]')";
