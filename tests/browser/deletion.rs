//! Deleting asks no questions, and can be undone for a while. After that it is done, whatever becomes of the page.

use crate::page::until_server;
use crate::stage::{Screen, Stage, play, play_on_both};
use crate::target::{button, heading, text};
use fantoccini::key::Key;
use serde_json::json;

#[tokio::test]
async fn an_undone_deletion_loses_nothing() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("first").await;
        let middle = ada
            .create(&json!({"title": "middle", "description": "with notes"}))
            .await
            .expect(201);
        ada.add("last").await;
        let before = ada.list().await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.delete("middle").await;
        page.lists(&["last", "first"]).await;
        page.click(button("Undo")).await;
        page.lists(&["last", "middle", "first"]).await;
        page.sees(text("with notes")).await;
        page.reload().await;
        page.lists(&["last", "middle", "first"]).await;
        let after = ada.list().await;
        let ids = |tasks: &[shared::tasks::Task]| tasks.iter().map(|task| task.id).collect::<Vec<_>>();
        assert_eq!(ids(&after), ids(&before));
        assert_eq!(after[1].description.as_deref(), Some("with notes"));
        assert_eq!(middle.json::<shared::tasks::Task>().id, after[1].id);
    })
    .await;
}

#[tokio::test]
async fn the_last_deletion_is_undone_by_the_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("first").await;
        ada.add("last").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.delete("first").await;
        page.delete("last").await;
        page.sees(heading("A clear list")).await;
        page.click(heading("A clear list")).await;
        page.press_with(Key::Control, 'z').await;
        page.lists(&["last"]).await;
        page.press_with(Key::Control, 'z').await;
        page.lists(&["last", "first"]).await;
        assert_eq!(ada.list().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_deletion_is_carried_out_at_once_and_the_message_only_offers_to_undo_it() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.delete("Buy milk").await;
        page.sees(text("Deleted “Buy milk”")).await;
        until_server(async || ada.list().await.is_empty()).await;
        page.click(button("Dismiss")).await;
        page.reload().await;
        page.sees(heading("A clear list")).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_is_brought_back_from_the_trash_and_can_be_deleted_for_good() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let milk = ada.add("Buy milk").await;
        ada.add("Call Charles").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.delete("Buy milk").await;
        page.delete("Call Charles").await;
        until_server(async || ada.list().await.is_empty()).await;
        page.open("/trash").await;
        page.click(button("Restore Buy milk")).await;
        page.sees(text("“Buy milk” is back")).await;
        page.lists(&["Call Charles"]).await;
        assert_eq!(ada.list().await[0].id, milk.id);
        page.click(button("Empty the trash…")).await;
        page.click(button("Empty the trash")).await;
        page.sees(heading("The trash is empty")).await;
        page.open("/tasks").await;
        page.lists(&["Buy milk"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_deletion_is_carried_out_when_the_tab_is_closed() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        let first = page.tab().await;
        page.open_tab().await;
        page.enter(&ada).await;
        page.delete("Buy milk").await;
        page.sees(button("Undo")).await;
        page.close_tab().await;
        page.turn_to(&first).await;
        until_server(async || ada.list().await.is_empty()).await;
    })
    .await;
}

#[tokio::test]
async fn a_deletion_is_carried_out_before_signing_out() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.delete("Buy milk").await;
        page.sees(button("Undo")).await;
        page.sign_out().await;
        assert!(ada.list().await.is_empty());
        assert!(!page.shows(button("Undo")).await);
    })
    .await;
}
