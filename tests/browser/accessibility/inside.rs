//! The pages of tasks, from the first look to somebody who has been here for a while.

use crate::screenshots::fill_list;
use crate::stage::{Stage, play_on_both};
use crate::target::{button, field, heading, row, testid, text};
use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::person::PASSWORD;

#[tokio::test]
async fn axe_finds_nothing_on_the_pages_of_a_new_account() {
    play_on_both(async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/sign-up").await;
        page.fill(field("Email"), "ada@example.org").await;
        page.fill(field("Password"), PASSWORD).await;
        page.press(Key::Enter).await;
        page.arrives_at("/today").await;
        page.sees(testid("samples")).await;
        page.sees(row("Tick the circle of this task")).await;
        page.passes("the samples").await;
        page.click(button("Remove the samples")).await;
        page.loses(testid("samples")).await;
        page.sees(heading("Nothing due today")).await;
        page.passes("an empty day, and what can be undone").await;
        for (path, name) in [
            ("/tasks", "A clear list"),
            ("/upcoming", "Nothing planned"),
            ("/inbox", "Your inbox is empty"),
            ("/tags/flat", "@flat"),
            ("/search", "Find any task"),
            ("/done", "Done"),
            ("/trash", "Trash"),
        ] {
            page.open(path).await;
            page.sees(heading(name)).await;
            page.passes(path).await;
        }
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_on_the_pages_of_somebody_with_tasks() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        fill_list(&ada).await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(row("Clean the gutters")).await;
        page.click(testid("completed-toggle")).await;
        page.sees(row("Renew passport")).await;
        page.passes("all tasks, and those that are done").await;
        for (path, title) in [
            ("/today", "Clean the gutters"),
            ("/upcoming", "Book the train to Edinburgh"),
            ("/inbox", "Water the plants"),
            ("/tags/ideas", "Plan the Christmas dinner"),
            ("/done", "Renew passport"),
        ] {
            page.open(path).await;
            page.sees(row(title)).await;
            page.passes(path).await;
        }
        page.open("/search").await;
        page.fill(field("Search tasks"), "number").await;
        page.sees(row("Read the chapter on number theory")).await;
        page.passes("what was found").await;
        page.fill(field("Search tasks"), "nothing like it").await;
        page.sees(heading("Nothing found")).await;
        page.passes("nothing was found").await;
        page.open("/tasks").await;
        page.sees(row("Clean the gutters")).await;
        page.delete("Clean the gutters").await;
        page.delete("Water the plants").await;
        page.sees(text("Deleted “Water the plants”")).await;
        page.open("/trash").await;
        page.sees(row("Clean the gutters")).await;
        page.passes("the trash").await;
        page.click(button("Empty the trash…")).await;
        page.sees(heading("Empty the trash?")).await;
        page.passes("whether to empty the trash").await;
        page.click(button("Empty the trash")).await;
        page.sees(heading("The trash is empty")).await;
        page.passes("the empty trash").await;
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_while_tasks_are_read_and_when_that_fails() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        for (path, request, failure) in [
            ("/tasks", "GET /tasks", "Your tasks couldn’t be loaded"),
            ("/trash", "GET /trash", "The trash couldn’t be loaded"),
        ] {
            page.inject(&format!("spy.broken = null; spy.held = '{request}'")).await;
            page.open(path).await;
            page.sees(testid("loading")).await;
            page.passes(&format!("{path} is read")).await;
            page.tamper("broken", json!(request)).await;
            page.tamper("held", Value::Null).await;
            page.sees(heading(failure)).await;
            page.passes(&format!("{path} cannot be read")).await;
        }
    })
    .await;
}
