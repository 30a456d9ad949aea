//! What the server refuses, or never hears of, is rolled back and explained, and no word is lost.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play};
use crate::target::{button, choice, field, heading, row, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use tests::Ask;

#[tokio::test]
async fn a_change_of_a_task_that_is_gone_is_explained_and_the_row_leaves() {
    play(Screen::Phone, async |stage: &Stage| {
        stage.forgive("status of 404");
        let ada = stage.app.register("ada").await;
        let milk = ada.add("Buy milk").await;
        ada.add("Call Charles").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.lists(&["Call Charles", "Buy milk"]).await;
        ada.delete(&ada.task(milk.id)).ask().await.expect(200);
        page.click(choice("Done: Buy milk")).await;
        page.sees(text("Couldn’t change “Buy milk”.")).await;
        page.lists(&["Call Charles"]).await;
        assert!(!page.shows(testid("completed-toggle")).await);
    })
    .await;
}

#[tokio::test]
async fn a_change_that_never_arrives_is_taken_back() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.tamper("broken", json!("PUT /tasks/")).await;
        page.click(choice("Done: Buy milk")).await;
        page.reads(testid("toast"), "Couldn’t change “Buy milk”.").await;
        page.sees(testid("offline-banner")).await;
        page.lists(&["Buy milk"]).await;
        page.until(
            "the box is empty again",
            "return document.querySelector('[data-testid=task-toggle]').checked === false",
            json!([]),
        )
        .await;
        page.tamper("broken", json!(null)).await;
        page.click(choice("Done: Buy milk")).await;
        page.sees(heading("All done")).await;
        until_server(async || ada.list().await[0].completed).await;
    })
    .await;
}

#[tokio::test]
async fn an_edit_that_never_arrives_is_still_in_its_editor() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.tamper("broken", json!("PUT /tasks/")).await;
        page.click(text("Buy milk")).await;
        page.fill(field("Title"), "Buy oat milk").await;
        page.press(Key::Enter).await;
        page.sees(text("Couldn’t change “Buy milk”.")).await;
        page.holds(field("Title"), "Buy oat milk").await;
        page.tamper("broken", json!(null)).await;
        page.click(field("Title")).await;
        page.press(Key::Enter).await;
        page.lists(&["Buy oat milk"]).await;
        until_server(async || ada.list().await[0].title == "Buy oat milk").await;
    })
    .await;
}

#[tokio::test]
async fn a_deletion_that_never_arrives_brings_the_row_back() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.tamper("broken", json!("DELETE /tasks/")).await;
        page.delete("Buy milk").await;
        page.sees(text("Couldn’t delete “Buy milk”.")).await;
        page.lists(&["Buy milk"]).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_network_words_are_kept_until_it_is_back() {
    play(Screen::Phone, async |stage: &Stage| {
        stage.forgive("ERR_INTERNET_DISCONNECTED");
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.lists(&["Buy milk"]).await;
        set_offline(&page, true).await;
        page.sees(testid("offline-banner")).await;
        page.fill(field("New task"), "Call Charles").await;
        page.press(Key::Enter).await;
        page.reads(testid("title-error"), "This task hasn’t been added yet.")
            .await;
        page.lists(&["Buy milk"]).await;
        page.holds(field("New task"), "Call Charles").await;

        set_offline(&page, false).await;
        page.loses(testid("offline-banner")).await;
        page.click(button("Add")).await;
        page.lists(&["Call Charles", "Buy milk"]).await;
        page.has_saved("Call Charles").await;
        assert_eq!(ada.list().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn that_the_server_cannot_be_reached_is_said_once_on_a_phone() {
    play(Screen::Phone, said_once).await;
}

#[tokio::test]
async fn that_the_server_cannot_be_reached_is_said_once_on_a_desktop() {
    play(Screen::Desktop, said_once).await;
}

async fn said_once(stage: &Stage) {
    let ada = stage.app.register("ada").await;
    ada.add("Buy milk").await;
    let page = stage.browser().await;
    page.spy().await;
    page.enter(&ada).await;
    page.tamper("broken", json!("* /tasks")).await;
    for _ in 0..2 {
        let failures = page.failures().await;
        page.click(choice("Done: Buy milk")).await;
        // Each failure is waited for at the box, which is empty again then.
        page.until(
            "the box is empty again",
            "return spy.requests.filter((each) => each.status === 0).length > arguments[0]
                && document.querySelector('[data-testid=open-tasks] [data-testid=task-toggle]')?.checked === false",
            json!([failures]),
        )
        .await;
    }
    page.tamper("held", json!("POST /tasks")).await;
    for title in ["first", "second", "third"] {
        page.fill(field("New task"), title).await;
        page.press(Key::Enter).await;
    }
    page.tamper("held", json!(null)).await;
    page.sees(heading("Not added yet")).await;
    page.until(
        "all have come back",
        "return document.querySelectorAll('[data-testid=unsent-task]').length === 2",
        json!([]),
    )
    .await;
    let said: usize = page
        .eval(
            "return document.body.innerText.split(/reach the server|offline/).length - 1",
            json!([]),
        )
        .await;
    assert_eq!(said, 1, "in the banner only");
    let toasts: Vec<String> = page
        .eval(
            "return [...document.querySelectorAll('[data-testid=toast]')].map((each) => each.innerText.trim())",
            json!([]),
        )
        .await;
    assert_eq!(
        toasts,
        ["Couldn’t change “Buy milk”."],
        "what failed twice is told once"
    );

    page.inject("spy.broken = '* /tasks'").await;
    page.reload().await;
    page.sees(heading("Your tasks couldn’t be loaded")).await;
    page.sees(testid("offline-banner")).await;
    let said: usize = page
        .eval(
            "return document.body.innerText.split(/reach the server|offline/).length - 1",
            json!([]),
        )
        .await;
    assert_eq!(said, 1, "nor beside a list that is not there");
}

#[tokio::test]
async fn several_tasks_that_cannot_be_added_wait_to_be_tried_again() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.tamper("held", json!("POST /tasks")).await;
        for title in ["first", "second"] {
            page.fill(field("New task"), title).await;
            page.press(Key::Enter).await;
            page.sees(row(title)).await;
        }
        page.fill(field("New task"), "a third, half").await;
        page.tamper("broken", json!("POST /tasks")).await;
        page.tamper("held", json!(null)).await;
        page.sees(heading("Not added yet")).await;
        page.lists(&[]).await;
        assert_eq!(page.value(field("New task")).await, "a third, half");
        let waiting =
            "return [...document.querySelectorAll('.tray-words')].map((each) => each.textContent).sort().join()";
        let is = format!("{waiting} === 'first,second'");
        page.until("both wait", &is, json!([])).await;
        page.tamper("broken", json!(null)).await;
        page.click(button("Try again")).await;
        page.until(
            "one is added",
            "return document.querySelectorAll('[data-testid=unsent-task]').length === 1",
            json!([]),
        )
        .await;
        page.click(button("Try again")).await;
        page.loses(heading("Not added yet")).await;
        until_server(async || ada.list().await.len() == 2).await;
    })
    .await;
}

#[tokio::test]
async fn a_list_that_cannot_be_read_says_so_and_is_tried_again() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.spy().await;
        page.inject("spy.broken = 'GET /tasks'").await;
        page.open("/tasks").await;
        page.sign_in(&ada.email, &ada.password).await;
        page.sees(heading("Your tasks couldn’t be loaded")).await;
        page.tamper("broken", json!(null)).await;
        page.click(button("Try again")).await;
        page.lists(&["Buy milk"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_at_first_is_tried_again_without_signing_anybody_out() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.inject("spy.broken = 'POST /refresh'").await;
        page.reload().await;
        page.sees(heading("Can’t reach Taskward")).await;
        page.sees(text("Check your connection, or try again in a moment."))
            .await;
        page.tamper("broken", json!(null)).await;
        page.click(button("Try again")).await;
        page.sees(heading("All tasks")).await;
        assert!(!page.has_seen("sign-in-form").await);
    })
    .await;
}

impl Page {
    /// How many requests of the current document have failed.
    async fn failures(&self) -> usize {
        let requests = self.requests().await;
        requests.iter().filter(|request| request.status == Some(0)).count()
    }
}

/// Takes the network away from a page, or gives it back.
pub(crate) async fn set_offline(page: &Page, offline: bool) {
    page.cdp("Network.enable", json!({})).await;
    let conditions = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    page.cdp("Network.emulateNetworkConditions", conditions).await;
}
