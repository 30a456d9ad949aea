//! Lists and places: made, changed, put away and gone to.

use crate::moving::names;
use crate::page::until_server;
use crate::stage::{Screen, Stage, play};
use crate::target::{heading, link, row, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use shared::lists::List;
use tests::Person;

#[tokio::test]
async fn a_list_is_made_renamed_recoloured_moved_archived_and_deleted_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add_list("Work").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(link("Work")).await;
        page.tab_and_press("Add a list").await;
        page.is_at("Name").await;
        page.type_text("Home").await;
        page.press(Key::Enter).await;
        page.sees(heading("This list is empty")).await;
        let before = named(&ada, "Home").await;

        page.tab_and_press("Edit this list").await;
        page.is_at("Name").await;
        page.retype("House").await;
        page.press(Key::Tab).await;
        page.press(Key::Right).await;
        page.tab_and_press("Save").await;
        page.sees(heading("House")).await;
        page.is_at("Edit this list").await;
        until_server(async || names(&ada).await == ["Work", "House"]).await;
        assert_ne!(named(&ada, "House").await.color, before.color);

        page.press(Key::Enter).await;
        page.is_at("Name").await;
        page.tab_and_press("Move up").await;
        until_server(async || names(&ada).await == ["House", "Work"]).await;
        page.is_at("Move up").await;
        page.tab_and_press("Archive").await;
        page.sees(heading("Archived")).await;
        until_server(async || named(&ada, "House").await.archived).await;
        page.is_at("Edit this list").await;
        page.press(Key::Enter).await;
        page.is_at("Name").await;
        page.tab_and_press("Unarchive").await;
        page.loses(heading("Archived")).await;
        page.tab_and_press("Edit the list House").await;
        page.is_at("Name").await;
        page.tab_and_press("Delete list").await;
        page.arrives_at("/inbox").await;
        until_server(async || names(&ada).await == ["Work"]).await;
        page.tab_and_press("Undo").await;
        until_server(async || names(&ada).await.len() == 2).await;
    })
    .await;
}

#[tokio::test]
async fn every_place_is_reached_through_the_drawer_of_a_narrow_screen_by_keyboard() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add_list("Work").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.tab_and_press("Pages").await;
        page.sees(testid("sidebar")).await;
        page.tab_and_press("Work").await;
        page.sees(heading("Work")).await;
        page.loses(testid("sidebar")).await;
        page.tab_and_press("Pages").await;
        page.sees(testid("sidebar")).await;
        page.press(Key::Escape).await;
        page.loses(testid("sidebar")).await;
        page.is_at("Pages").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_is_brought_back_and_destroyed_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["one", "two", "three"] {
            let task = ada.add(title).await;
            tests::Ask::ask(ada.delete(&ada.task(task.id))).await.expect(200);
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.type_text_nowhere("gx").await;
        page.sees(row("three")).await;
        page.tab_and_press("Restore two").await;
        page.sees(text("“two” is back")).await;
        page.is_at("Trash").await;
        page.tab_and_press("Delete three for good").await;
        page.lists(&["one"]).await;
        page.is_at("Trash").await;
        page.tab_and_press("Empty the trash…").await;
        page.sees(heading("Empty the trash?")).await;
        page.tab_and_press("Empty the trash").await;
        page.sees(heading("The trash is empty")).await;
        page.is_at("Trash").await;
    })
    .await;
}

#[tokio::test]
async fn a_task_is_found_and_opened_from_the_search_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["Buy milk", "Call Charles"] {
            ada.add(title).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.type_text_nowhere("/").await;
        page.is_at("Search tasks").await;
        page.type_text("milk").await;
        page.lists(&["Buy milk"]).await;
        page.tab_and_press("Edit Buy milk").await;
        page.is_at("Title").await;
        page.press(Key::Escape).await;
        page.is_at("Edit Buy milk").await;
    })
    .await;
}

#[tokio::test]
async fn the_palette_is_stepped_through_and_the_sheet_of_keys_gives_the_keyboard_back() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.tab_to("Add a list").await;
        page.press_with(Key::Control, 'k').await;
        page.is_at("Go to, do or find").await;
        page.type_text("theme").await;
        page.press(Key::Down).await;
        page.press(Key::Up).await;
        page.retype("dark").await;
        page.press(Key::Enter).await;
        let dark = "return document.documentElement.dataset.theme === 'dark'";
        page.until("it is dark", dark, json!([])).await;
        page.is_at("Add a list").await;
        page.type_text("?").await;
        page.sees(heading("Keyboard shortcuts")).await;
        page.is_at("Close").await;
        page.press(Key::Enter).await;
        page.loses(heading("Keyboard shortcuts")).await;
        page.is_at("Add a list").await;
    })
    .await;
}

#[tokio::test]
async fn a_key_pressed_right_after_escape_is_meant_for_the_page() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.press_with(Key::Control, 'k').await;
        page.is_at("Go to, do or find").await;
        // As Escape does it, with the next key before anything else is heard of it.
        let close_and_press = "
            document.querySelector('dialog:modal').requestClose();
            document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true, cancelable: true}));
            return null";
        let () = page.eval(close_and_press, json!([])).await;
        page.sees(heading("Keyboard shortcuts")).await;
        page.press(Key::Escape).await;
        page.loses(heading("Keyboard shortcuts")).await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_was_refused_is_forgotten_when_the_palette_takes_over() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.tab_and_press("Add a list").await;
        page.is_at("Name").await;
        page.press(Key::Enter).await;
        page.sees(testid("list-name-error")).await;
        page.press_with(Key::Control, 'k').await;
        page.is_at("Go to, do or find").await;
        page.type_text("add a list").await;
        page.press(Key::Enter).await;
        page.is_at("Name").await;
        page.loses(testid("list-name-error")).await;
    })
    .await;
}

async fn named(ada: &Person, name: &str) -> List {
    let lists = ada.lists().await;
    lists.into_iter().find(|list| list.name == name).expect("such a list")
}
