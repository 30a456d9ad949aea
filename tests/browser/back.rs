//! Going back: it closes the details, and on a phone whatever else covers the page, and only then leaves it.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play};
use crate::target::{Target, button, field, link, row, testid, text};
use serde_json::json;
use tests::Person;

#[tokio::test]
async fn on_a_phone_going_back_closes_what_covers_the_page_and_stays() {
    play(Screen::Phone, async |stage: &Stage| {
        let (ada, page) = in_the_inbox(stage).await;

        page.click(text("Buy milk")).await;
        page.fill(field("Title"), "Buy oat milk").await;
        page.back_closes(testid("task-details"), "/inbox").await;
        page.sees(row("Buy oat milk")).await;
        until_server(async || ada.list().await[0].title == "Buy oat milk").await;

        page.click(testid("open-sidebar")).await;
        page.back_closes(testid("sidebar"), "/inbox").await;
        page.click(testid("open-palette")).await;
        page.back_closes(testid("palette-input"), "/inbox").await;
        page.click(testid("account-menu")).await;
        page.back_closes(testid("account-menu-panel"), "/inbox").await;

        // From the drawer into a dialog: it has taken the drawer's place.
        page.open_sidebar(stage.screen).await;
        page.click(button("Add a list")).await;
        page.back_closes(field("Name"), "/inbox").await;
        page.back().await;
        page.arrives_at("/tasks").await;
    })
    .await;
}

#[tokio::test]
async fn on_a_phone_what_was_closed_or_left_otherwise_takes_no_step_back() {
    play(Screen::Phone, async |stage: &Stage| {
        let (_, page) = in_the_inbox(stage).await;
        for _ in 0..2 {
            page.click(text("Buy milk")).await;
            page.click(button("Close details")).await;
            page.loses(testid("task-details")).await;
        }
        page.back().await;
        page.arrives_at("/tasks").await;

        page.open_sidebar(stage.screen).await;
        page.click(link("Upcoming")).await;
        page.arrives_at("/upcoming").await;
        page.loses(testid("sidebar")).await;
        page.click(link("Today")).await;
        page.arrives_at("/today").await;
        page.back().await;
        page.arrives_at("/upcoming").await;
        page.back().await;
        page.arrives_at("/tasks").await;
        page.sees(row("Buy milk")).await;
        assert!(!page.shows(testid("sidebar")).await, "what was left does not come back");
    })
    .await;
}

#[tokio::test]
async fn on_a_phone_details_that_came_back_with_the_page_close_as_well() {
    play(Screen::Phone, async |stage: &Stage| {
        let (_, page) = in_the_inbox(stage).await;
        page.click(text("Buy milk")).await;
        page.fill(field("Title"), "Buy oat").await;
        // Half a word is kept, and so are the details.
        page.reload().await;
        page.holds(field("Title"), "Buy oat").await;
        page.back_closes(testid("task-details"), "/inbox").await;
        page.back().await;
        page.arrives_at("/tasks").await;
    })
    .await;
}

#[tokio::test]
async fn beside_the_list_details_are_closed_before_the_page_is_left() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Inbox")).await;
        page.arrives_at("/inbox").await;
        page.click(text("Buy milk")).await;
        page.back_closes(testid("task-details"), "/inbox").await;
        page.back().await;
        page.arrives_at("/tasks").await;
    })
    .await;
}

/// Somebody who has a task, and has gone from all of them to the inbox.
async fn in_the_inbox(stage: &Stage) -> (Person, Page) {
    let ada = stage.app.register("ada").await;
    ada.add("Buy milk").await;
    let page = stage.browser().await;
    page.enter(&ada).await;
    page.click(link("Inbox")).await;
    page.arrives_at("/inbox").await;
    (ada, page)
}

impl Page {
    /// This covers the page; after one step back it does not, and the page is still there.
    async fn back_closes(&self, cover: Target, path: &str) {
        self.sees(cover.clone()).await;
        // What was opened this very moment gets its step a moment later.
        self.until(
            "there is a step to take",
            "return history.state === 'covered'",
            json!([]),
        )
        .await;
        self.back().await;
        self.loses(cover).await;
        self.arrives_at(path).await;
    }
}
