//! The account: what goes in and out, the password, and the end.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play};
use crate::target::{heading, testid, text};
use crate::transfer::{TODOIST, folder};
use fantoccini::key::Key;
use std::fs;

#[tokio::test]
async fn tasks_go_into_a_file_and_come_out_of_one_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let folder = folder();
        let file = folder.join("Everything.csv");
        fs::write(&file, TODOIST).expect("a file");
        let page = stage.browser().await;
        page.saves_in(&folder).await;
        page.enter_at(&ada, "/account").await;
        page.sees(heading("Import")).await;
        page.tab_to("Choose a file, or drop it here").await;
        page.upload(testid("import-file"), &file).await;
        page.sees(text("3 tasks and 1 list will be added.")).await;
        page.is_at("Import").await;
        page.tab_and_press("1 thing was not understood").await;
        page.sees(text("Line 5, “Water the plants”")).await;
        page.tab_and_press("Cancel").await;
        page.is_at("Import").await;
        page.tab_to("Choose a file, or drop it here").await;
        page.upload(testid("import-file"), &file).await;
        page.sees(text("3 tasks and 1 list will be added.")).await;
        page.is_at("Import").await;
        page.tab_and_press("Import").await;
        page.sees(text("Done: 3 tasks and 1 list added.")).await;
        page.is_at("Import").await;
        page.tab_and_press("Import another file").await;
        page.is_at("Import").await;
        page.press(Key::Tab).await;
        page.is_at("Choose a file, or drop it here").await;

        page.tab_and_press("Spreadsheet (CSV)A row for each task.").await;
        let file = folder.join("taskward.csv");
        until_server(async || fs::read_to_string(&file).is_ok_and(|text| text.contains("Call Ada"))).await;
        page.is_at("Spreadsheet (CSV)A row for each task.").await;
    })
    .await;
}

#[tokio::test]
async fn the_password_is_changed_and_the_account_deleted_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter_by_keyboard(&ada.email, &ada.password).await;
        page.tab_and_press(&format!("Account menu of {}", ada.email)).await;
        page.tab_and_press("Account").await;
        page.sees(heading("Account")).await;
        page.tab_to("Current password").await;
        page.type_text(&ada.password).await;
        page.tab_to("New password").await;
        page.type_text("another good password").await;
        page.press(Key::Enter).await;
        page.sees(text("Your password has been changed.")).await;

        page.tab_and_press("Sign out everywhere").await;
        page.sees(heading("Sign out everywhere?")).await;
        page.tab_and_press("Sign out everywhere").await;
        page.arrives_at("/sign-in").await;
        page.enter_by_keyboard(&ada.email, "another good password").await;
        page.tab_and_press(&format!("Account menu of {}", ada.email)).await;
        page.tab_and_press("Account").await;
        page.sees(heading("Account")).await;
        page.tab_and_press("Delete account…").await;
        page.is_at("Your password").await;
        page.type_text("another good password").await;
        page.tab_and_press("Delete account").await;
        page.arrives_at("/sign-in").await;
    })
    .await;
}

impl Page {
    /// Signs in without touching the mouse.
    async fn enter_by_keyboard(&self, email: &str, password: &str) {
        self.open("/sign-in").await;
        self.sees(heading("Sign in")).await;
        self.tab_to("Email").await;
        self.type_text(email).await;
        self.tab_to("Password").await;
        self.type_text(password).await;
        self.press(Key::Enter).await;
        self.arrives_at("/today").await;
    }
}
