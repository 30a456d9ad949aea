//! Deleting asks no questions, and can be undone for a while. After that it is done, whatever becomes of the page.

use crate::page::until_server;
use crate::stage::{Screen, Stage, play};
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
        page.click(button("Delete middle")).await;
        page.lists(&["last", "first"]).await;
        page.click(button("Undo")).await;
        page.lists(&["last", "middle", "first"]).await;
        page.sees(text("with notes")).await;
        page.reload().await;
        page.lists(&["last", "middle", "first"]).await;
        assert_eq!(ada.list().await, before);
        assert_eq!(before[1], middle.json());
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
        page.click(button("Delete first")).await;
        page.click(button("Delete last")).await;
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
async fn a_deletion_whose_message_is_dismissed_is_final() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(button("Delete Buy milk")).await;
        page.sees(text("Deleted “Buy milk”")).await;
        assert_eq!(ada.list().await.len(), 1, "not yet");
        page.click(button("Dismiss")).await;
        until_server(async || ada.list().await.is_empty()).await;
        page.reload().await;
        page.sees(heading("A clear list")).await;
    })
    .await;
}

#[tokio::test]
async fn a_deletion_that_nobody_undoes_is_carried_out_by_itself() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(button("Delete Buy milk")).await;
        page.sees(button("Undo")).await;
        page.loses(button("Undo")).await;
        until_server(async || ada.list().await.is_empty()).await;
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
        page.click(button("Delete Buy milk")).await;
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
        page.click(button("Delete Buy milk")).await;
        page.sees(button("Undo")).await;
        page.sign_out().await;
        assert!(ada.list().await.is_empty());
        assert!(!page.shows(button("Undo")).await);
    })
    .await;
}
