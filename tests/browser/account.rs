//! The account page: who am I, another password, out everywhere, and the end.

use crate::page::Page;
use crate::stage::{Screen, Stage, play};
use crate::target::{button, field, heading, link, testid, text};
use fantoccini::key::Key;
use tests::person::PASSWORD;
use tests::{Person, assert_unauthorized};

const ANOTHER: &str = "another good password";

#[tokio::test]
async fn the_account_page_says_who_one_is() {
    play(Screen::Phone, async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/sign-up").await;
        page.fill(field("Name (optional)"), "Ada Lovelace").await;
        page.fill(field("Email"), "Ada@Example.org").await;
        page.fill(field("Password"), PASSWORD).await;
        page.press(Key::Enter).await;
        page.arrives_at("/today").await;
        page.click(testid("account-menu")).await;
        page.reads(testid("account-email"), "ada@example.org").await;
        page.click(link("Account")).await;
        page.reads(testid("profile-name"), "Ada Lovelace").await;
        page.reads(testid("profile-email"), "ada@example.org").await;
        assert!(!page.text(testid("profile-since")).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_account_without_a_name_goes_by_its_email() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(button(format!("Account menu of {}", ada.email))).await;
        page.click(testid("account-menu")).await;
        page.click(link("Account")).await;
        page.reads(testid("profile-email"), &ada.email).await;
        assert!(!page.shows(testid("profile-name")).await, "nothing is said of a name");
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_takes_over_at_once() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("/api/auth/password - Failed to load resource: the server responded with a status of 401");
        stage.forgive("status of 400");
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        open_account(&page, &ada).await;

        change_password(&page, "not the password", ANOTHER).await;
        page.reads(testid("current_password-error"), "That isn’t your current password.")
            .await;
        change_password(&page, PASSWORD, "short").await;
        page.reads(testid("new_password-error"), "Use at least 8 characters.")
            .await;
        change_password(&page, PASSWORD, "Password1").await;
        page.reads(
            testid("new_password-error"),
            "That one is easy to guess. Choose another.",
        )
        .await;
        change_password(&page, PASSWORD, ANOTHER).await;
        page.sees(text("Your password has been changed.")).await;
        page.holds(field("New password"), "").await;

        assert_unauthorized(&ada.me().await);
        assert_eq!(stage.app.try_login(&ada.email, PASSWORD).await.status, 401);
        assert_eq!(stage.app.try_login(&ada.email, ANOTHER).await.status, 200);
        page.click(link("Back to tasks")).await;
        page.add("still signed in here").await;
    })
    .await;
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    play(Screen::Phone, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let elsewhere = stage.browser().await;
        elsewhere.enter(&ada).await;
        elsewhere.lists(&["Buy milk"]).await;
        let page = stage.browser().await;
        open_account(&page, &ada).await;
        page.click(button("Sign out everywhere")).await;
        page.sees(heading("Sign out everywhere?")).await;
        page.click(button("Cancel")).await;
        page.loses(heading("Sign out everywhere?")).await;
        ada.me().await.expect(200);

        page.click(testid("sign-out-everywhere")).await;
        page.click(testid("confirm-everywhere")).await;
        page.sees(text("You have signed out on every device.")).await;
        assert_unauthorized(&ada.me().await);
        elsewhere.delete("Buy milk").await;
        elsewhere.arrives_at("/sign-in?next=%2Ftasks").await;
        page.sign_in(&ada.email, &ada.password).await;
        page.open("/tasks").await;
        page.lists(&["Buy milk"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_behind() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("/api/auth/me - Failed to load resource: the server responded with a status of 401");
        stage.forgive("/api/auth/login - Failed to load resource: the server responded with a status of 401");
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        open_account(&page, &ada).await;
        page.click(testid("delete-account")).await;
        page.fill(field("Your password"), "not the password").await;
        page.click(testid("confirm-delete-account")).await;
        page.reads(testid("delete_password-error"), "That isn’t your password.")
            .await;
        ada.me().await.expect(200);
        page.press(Key::Escape).await;
        page.loses(heading("Delete your account?")).await;

        page.click(testid("delete-account")).await;
        page.holds(field("Your password"), "").await;
        page.fill(field("Your password"), PASSWORD).await;
        page.click(testid("confirm-delete-account")).await;
        page.sees(text("Your account and all its tasks have been deleted."))
            .await;
        page.arrives_at("/sign-in").await;
        for table in ["users", "tasks"] {
            assert_eq!(stage.app.database().count(table), 0, "{table}");
        }
        page.fill(field("Email"), &ada.email).await;
        page.fill(field("Password"), PASSWORD).await;
        page.click(button("Sign in")).await;
        page.reads(testid("form-alert"), "That email and password don’t match.")
            .await;
    })
    .await;
}

async fn open_account(page: &Page, person: &Person) {
    page.enter(person).await;
    page.click(testid("account-menu")).await;
    page.click(link("Account")).await;
    page.sees(heading("Account")).await;
}

async fn change_password(page: &Page, current: &str, new: &str) {
    page.fill(field("Current password"), current).await;
    page.fill(field("New password"), new).await;
    page.click(button("Change password")).await;
}
