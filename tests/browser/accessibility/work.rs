//! Adding tasks, choosing among them, and what is said about it.

use crate::page::Page;
use crate::refusal::set_offline;
use crate::screenshots::fill_list;
use crate::stage::{Screen, Stage, play_on_both};
use crate::target::{Target, button, choice, field, heading, row, testid, text};
use fantoccini::key::Key;
use serde_json::{Value, json};

#[tokio::test]
async fn axe_finds_nothing_while_tasks_are_added() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add_list("Holiday in Iceland").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.fill(field("New task"), "Buy milk every friday 9am p1 @flat #home")
            .await;
        page.sees(testid("chip")).await;
        page.passes("chips").await;
        for words in ["p2", "p3", "#hol"] {
            page.fill(field("New task"), words).await;
            page.sees(testid("chip")).await;
            page.passes(words).await;
        }
        page.sees(testid("new-task-names")).await;
        page.press(Key::Down).await;
        page.passes("names to choose from").await;
        page.press(Key::Escape).await;
        page.fill(field("New task"), &"long ".repeat(120)).await;
        page.press(Key::Enter).await;
        page.sees(testid("title-error")).await;
        page.click(button("Notes")).await;
        page.passes("a title that is too long, and notes").await;
        page.fill(field("New task"), "").await;
        page.open("/trash").await;
        page.sees(heading("The trash is empty")).await;
        if stage.screen == Screen::Desktop {
            page.type_text("q").await;
        } else {
            page.click(testid("quick-add")).await;
        }
        page.sees(heading("Add a task")).await;
        page.type_text("call mum tomorrow").await;
        page.sees(testid("chip")).await;
        page.passes("a line over the page").await;
        page.press(Key::Enter).await;
        page.sees(text("Added “call mum”.")).await;
        page.passes("a task that was added over the page").await;
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_while_tasks_are_chosen() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        fill_list(&ada).await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(row("Water the plants")).await;
        page.click(testid("select")).await;
        page.sees(testid("bulk-bar")).await;
        page.passes("nothing is chosen yet").await;
        page.click(choice("Select Invite the new neighbours")).await;
        page.click(choice("Select Clean the gutters")).await;
        page.reads(testid("bulk-count"), "2 selected").await;
        page.passes("two tasks are chosen").await;
        page.click(testid("bulk-complete")).await;
        page.loses(testid("bulk-bar")).await;
        page.lingers_on(button("Undo")).await;
        page.passes("what can be undone").await;
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_when_something_fails() {
    play_on_both(async |stage: &Stage| {
        stage.forgive("ERR_INTERNET_DISCONNECTED");
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.sees(row("Buy milk")).await;
        page.tamper("held", json!("PUT /tasks/")).await;
        page.click(choice("Done: Buy milk")).await;
        page.passes("a task that is on its way").await;
        page.tamper("broken", json!("PUT /tasks/")).await;
        page.tamper("held", Value::Null).await;
        page.sees(text("Couldn’t change “Buy milk”.")).await;
        page.lingers_on(button("Dismiss")).await;
        page.passes("a change that failed").await;
        page.tamper("held", json!("POST /tasks")).await;
        for title in ["Call the plumber", "Return the books"] {
            page.fill(field("New task"), title).await;
            page.press(Key::Enter).await;
        }
        page.fill(field("New task"), "a third").await;
        page.tamper("broken", json!("POST /tasks")).await;
        page.tamper("held", Value::Null).await;
        page.sees(heading("Not added yet")).await;
        page.passes("tasks that were not added").await;
        set_offline(&page, true).await;
        page.sees(testid("offline-banner")).await;
        page.passes("without a network").await;
    })
    .await;
}

impl Page {
    /// Puts the keyboard on something, so that it does not go away by itself.
    async fn lingers_on(&self, target: Target) {
        let element = self.element(target).await;
        let _: Value = self.eval("arguments[0].focus(); return null", json!([element])).await;
    }
}
