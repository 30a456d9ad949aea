//! The open task is in the address: it can be linked to, reloaded, gone back to, and come back to after signing in.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play, play_on_both};
use crate::target::{field, link, row, testid, text};
use fantoccini::key::Key;
use serde_json::{Value, json};
use shared::tasks::Task;
use tests::{Ask as _, Person};
use uuid::Uuid;

/// What is said of a task that the address names and that is not there.
const MISSING: &str = "There is no such task. It may have been deleted.";

#[tokio::test]
async fn the_open_task_is_in_the_address_through_a_reload_and_closing_it_leaves_none() {
    play_on_both(async |stage: &Stage| {
        let (_, task, page) = in_the_inbox(stage).await;
        page.click(text("Buy milk")).await;
        page.arrives_at(&with(&task)).await;
        page.reload().await;
        page.holds(field("Title"), "Buy milk").await;
        page.arrives_at(&with(&task)).await;
        page.press(Key::Escape).await;
        page.loses(testid("task-details")).await;
        page.arrives_at("/inbox").await;
        page.back().await;
        page.arrives_at("/tasks").await;
    })
    .await;
}

#[tokio::test]
async fn going_back_closes_the_details_and_going_forward_opens_them_again() {
    play_on_both(async |stage: &Stage| {
        let (ada, task, page) = in_the_inbox(stage).await;
        page.click(text("Buy milk")).await;
        page.fill(field("Title"), "Buy oat milk").await;
        page.back().await;
        page.loses(testid("task-details")).await;
        page.arrives_at("/inbox").await;
        page.sees(row("Buy oat milk")).await;
        until_server(async || ada.list().await[0].title == "Buy oat milk").await;
        page.forward().await;
        page.holds(field("Title"), "Buy oat milk").await;
        page.arrives_at(&with(&task)).await;
        page.back().await;
        page.arrives_at("/inbox").await;
        page.loses(testid("task-details")).await;
        page.back().await;
        page.arrives_at("/tasks").await;
    })
    .await;
}

#[tokio::test]
async fn through_open_details_one_step_back_leads_out_of_them() {
    play(Screen::Desktop, async |stage: &Stage| {
        let (ada, first, page) = in_the_inbox(stage).await;
        let second = ada.add("Call Charles").await;
        page.reload().await;
        page.click(text("Call Charles")).await;
        page.arrives_at(&with(&second)).await;
        page.holds(field("Title"), "Call Charles").await;
        page.leave_field().await;
        page.type_text("j").await;
        page.holds(field("Title"), "Buy milk").await;
        page.arrives_at(&with(&first)).await;
        page.back().await;
        page.arrives_at("/inbox").await;
        page.loses(testid("task-details")).await;
        page.back().await;
        page.arrives_at("/tasks").await;
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_back_to_a_page_finds_the_task_that_was_open_there() {
    play(Screen::Desktop, async |stage: &Stage| {
        let (_, task, page) = in_the_inbox(stage).await;
        page.click(text("Buy milk")).await;
        page.sees(testid("task-details")).await;
        for _ in 0..2 {
            page.click(link("Upcoming")).await;
            page.arrives_at("/upcoming").await;
            page.loses(testid("task-details")).await;
            page.back().await;
            page.arrives_at(&with(&task)).await;
            page.holds(field("Title"), "Buy milk").await;
        }
        page.back().await;
        page.arrives_at("/inbox").await;
        page.loses(testid("task-details")).await;
    })
    .await;
}

#[tokio::test]
async fn a_link_to_a_task_opens_it_on_any_page() {
    play_on_both(async |stage: &Stage| {
        let (ada, task, page) = in_the_inbox(stage).await;
        let done = ada.add("Pay the rent").await;
        ada.update(done.id, &json!({"completed": true})).await.expect(200);
        for (path, task) in [
            ("/inbox", &task),
            ("/upcoming", &task),
            ("/search", &task),
            ("/tasks", &done),
        ] {
            page.open(&format!("{path}?task={}", task.id)).await;
            page.holds(field("Title"), &task.title).await;
            page.arrives_at(&format!("{path}?task={}", task.id)).await;
            // Below it lies its page, though nobody has been there.
            page.back().await;
            page.loses(testid("task-details")).await;
            page.arrives_at(path).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_not_there_is_said_to_be_missing_and_leaves_the_address() {
    play_on_both(async |stage: &Stage| {
        stage.forgive("status of 404");
        let (ada, gone, page) = in_the_inbox(stage).await;
        let eve = stage.app.register("eve").await;
        let hers = eve.add("Eve’s own").await;
        ada.delete(&ada.task(gone.id)).ask().await.expect(200);
        for id in [
            gone.id.to_string(),
            hers.id.to_string(),
            Uuid::nil().to_string(),
            "7".to_owned(),
        ] {
            page.open(&format!("/inbox?task={id}")).await;
            page.sees(text(MISSING)).await;
            page.arrives_at("/inbox").await;
            assert!(!page.shows(testid("task-details")).await && !page.shows(text("Eve’s own")).await);
        }
    })
    .await;
}

#[tokio::test]
async fn signing_in_leads_back_to_the_task() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let task = ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.open(&with(&task)).await;
        page.arrives_at(&format!("/sign-in?next=%2Finbox%3Ftask%3D{}", task.id))
            .await;
        page.sign_in(&ada.email, &ada.password).await;
        page.arrives_at(&with(&task)).await;
        page.holds(field("Title"), "Buy milk").await;
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_being_added_is_in_the_address_once_it_is_saved() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.tamper("held", json!("POST /tasks")).await;
        page.fill(field("New task"), "Buy milk").await;
        page.press(Key::Enter).await;
        page.click(text("Buy milk")).await;
        page.sees(testid("task-details")).await;
        page.arrives_at("/tasks").await;
        page.tamper("held", json!(null)).await;
        page.until("the task is named", "return location.search !== ''", json!([]))
            .await;
        let id = ada.list().await[0].id;
        page.arrives_at(&format!("/tasks?task={id}")).await;
        page.back().await;
        page.arrives_at("/tasks").await;
        page.loses(testid("task-details")).await;
    })
    .await;
}

/// Somebody who has a task, and has gone from all of them to the inbox.
async fn in_the_inbox(stage: &Stage) -> (Person, Task, Page) {
    let ada = stage.app.register("ada").await;
    let task = ada.add("Buy milk").await;
    let page = stage.browser().await;
    page.enter(&ada).await;
    let inbox = match stage.screen {
        Screen::Desktop => text("Inbox"),
        _ => link("Inbox"),
    };
    page.click(inbox).await;
    page.arrives_at("/inbox").await;
    page.sees(row("Buy milk")).await;
    (ada, task, page)
}

/// The inbox, with this task open.
fn with(task: &Task) -> String {
    format!("/inbox?task={}", task.id)
}

impl Page {
    /// Goes forward in the tab's history.
    async fn forward(&self) {
        let _: Value = self.eval("history.forward(); return null", json!([])).await;
    }
}
