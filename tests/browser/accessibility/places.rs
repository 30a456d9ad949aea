//! Lists, and whatever leads from one place to another.

use crate::page::until_server;
use crate::screenshots::fill_list;
use crate::stage::{Stage, play_on_both};
use crate::target::{button, field, heading, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use shared::lists::{List, ListColor};
use tests::Ask;

#[tokio::test]
async fn axe_finds_nothing_on_lists_and_what_is_done_with_them() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for color in ListColor::ALL {
            let body = json!({"name": color.as_str(), "color": color});
            let list: List = ada
                .post(&shared::paths::lists(&ada.id))
                .json(&body)
                .ask()
                .await
                .expect(201)
                .json();
            let task = json!({"title": "Paint", "list_id": list.id});
            ada.create(&task).await.expect(201);
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.open_sidebar(stage.screen).await;
        page.sees(text("teal")).await;
        page.passes("every colour").await;
        page.click(button("Add a list")).await;
        page.sees(heading("New list")).await;
        page.passes("a new list").await;
        page.click(button("Save")).await;
        page.sees(testid("list-name-error")).await;
        page.passes("a list without a name").await;
        for color in ListColor::ALL {
            page.click(testid(format!("color-{}", color.as_str()))).await;
        }
        page.passes("a colour").await;
        page.fill(field("Name"), "Home").await;
        page.click(button("Save")).await;
        page.sees(heading("This list is empty")).await;
        page.passes("an empty list").await;
        page.add("Clean the gutters").await;
        page.passes("a list").await;
        page.click(button("Edit this list")).await;
        page.sees(heading("Edit list")).await;
        page.passes("what can be done with a list").await;
        page.click(button("Archive")).await;
        until_server(async || ada.lists().await.iter().any(|list| list.archived)).await;
        page.open_sidebar(stage.screen).await;
        page.sees(heading("Archived")).await;
        page.passes("the lists that are archived").await;
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_on_menus_and_what_lies_over_the_page() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        fill_list(&ada).await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(testid("account-menu")).await;
        page.sees(testid("account-menu-panel")).await;
        page.passes("the menu").await;
        for theme in ["dark", "light", "system"] {
            page.click(testid(format!("theme-{theme}"))).await;
            page.passes_as_it_is(&format!("the theme {theme} is chosen")).await;
        }
        page.press(Key::Escape).await;
        page.press_with(Key::Control, 'k').await;
        page.sees(testid("palette-results")).await;
        page.passes("the palette").await;
        page.type_text("water").await;
        page.passes("tasks in the palette").await;
        page.type_text(" nothing like it").await;
        page.sees(testid("palette-none")).await;
        page.passes("nothing in the palette").await;
        page.press(Key::Escape).await;
        page.loses(testid("palette-input")).await;
        page.type_text("?").await;
        page.sees(heading("Keyboard shortcuts")).await;
        page.passes("the shortcuts").await;
    })
    .await;
}
