//! The account: what goes in and out, the password, and the end.

use crate::stage::{Stage, play_on_both};
use crate::target::{button, field, heading, testid, text};
use crate::transfer::files;
use serde_json::{Value, json};

#[tokio::test]
async fn axe_finds_nothing_on_the_account_page() {
    play_on_both(async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter_at(&ada, "/account").await;
        page.sees(heading("Account")).await;
        page.passes("account").await;
        page.click(button("Change password")).await;
        page.sees(text("Enter your current password.")).await;
        page.passes("another password with errors").await;
        page.fill(field("Current password"), &ada.password).await;
        page.fill(field("New password"), "another good password").await;
        page.click(button("Change password")).await;
        page.sees(text("Your password has been changed.")).await;
        page.passes("another password").await;
        page.click(testid("sign-out-everywhere")).await;
        page.sees(heading("Sign out everywhere?")).await;
        page.passes("whether to sign out everywhere").await;
        page.click(button("Cancel")).await;
        page.click(testid("delete-account")).await;
        page.sees(heading("Delete your account?")).await;
        page.passes("whether to delete the account").await;
        page.click(testid("confirm-delete-account")).await;
        page.sees(testid("delete_password-error")).await;
        page.passes("what is missing to delete the account").await;
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_on_the_ways_in_and_out() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let (file, picture) = files();
        let page = stage.browser().await;
        page.spy().await;
        page.enter_at(&ada, "/account").await;
        page.sees(heading("Import")).await;
        page.upload(testid("import-file"), &picture).await;
        page.sees(text("none of the files that can be imported")).await;
        page.passes("a file of no use").await;
        page.tamper("held", json!("GET /export")).await;
        page.click(testid("export-json")).await;
        page.passes("a file is made").await;
        page.tamper("held", Value::Null).await;
        page.tamper("held", json!("POST /import")).await;
        page.upload(testid("import-file"), &file).await;
        page.sees(testid("import-working")).await;
        page.passes("a file is looked at").await;
        page.tamper("held", Value::Null).await;
        page.sees(text("3 tasks and 1 list will be added.")).await;
        page.click(text("1 thing was not understood")).await;
        page.passes("what is in a file").await;
        page.click(button("Import")).await;
        page.sees(text("Done: 3 tasks and 1 list added.")).await;
        page.click(text("1 thing was not understood")).await;
        page.passes("what was imported").await;
        page.click(button("Import another file")).await;
        page.upload(testid("import-file"), &file).await;
        page.sees(text("Everything in this file is there already.")).await;
        page.passes("nothing to import").await;
        page.click(button("Choose another file")).await;
        page.tamper("broken", json!("POST /import")).await;
        page.upload(testid("import-file"), &file).await;
        page.sees(testid("form-alert")).await;
        page.passes("an import that failed").await;
    })
    .await;
}
