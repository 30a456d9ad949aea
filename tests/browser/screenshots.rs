//! Every page in every state, as somebody sees it who looks for the first time. With `TASKWARD_SCREENSHOTS=1` the
//! pictures in `docs/screenshots` are taken anew; without, the tests still go everywhere and see that all is there.

use crate::page::Page;
use crate::stage::{Screen, Stage, play, workspace};
use crate::target::{button, choice, field, heading, row, testid, text};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use fantoccini::key::Key;
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use tests::Person;

#[tokio::test]
async fn every_state_can_be_seen_on_a_phone_in_the_light() {
    play(Screen::Phone, async |stage: &Stage| {
        tour(stage, Screen::Phone, "light").await;
    })
    .await;
}

#[tokio::test]
async fn every_state_can_be_seen_on_a_phone_in_the_dark() {
    play(Screen::Phone, async |stage: &Stage| {
        tour(stage, Screen::Phone, "dark").await;
    })
    .await;
}

#[tokio::test]
async fn every_state_can_be_seen_on_a_desktop_in_the_light() {
    play(Screen::Desktop, async |stage: &Stage| {
        tour(stage, Screen::Desktop, "light").await;
    })
    .await;
}

#[tokio::test]
async fn every_state_can_be_seen_on_a_desktop_in_the_dark() {
    play(Screen::Desktop, async |stage: &Stage| {
        tour(stage, Screen::Desktop, "dark").await;
    })
    .await;
}

async fn tour(stage: &Stage, screen: Screen, scheme: &'static str) {
    stage.forgive("status of 401");
    stage.forgive("status of 409");
    let ada = stage
        .app
        .register_with("ada.lovelace@example.org", tests::person::PASSWORD)
        .await;
    stage.app.database().execute("UPDATE users SET name = 'Ada Lovelace'");
    let page = stage.browser().await;
    page.spy().await;
    page.prefer("prefers-color-scheme", scheme).await;
    let album = Album {
        page: &page,
        screen,
        scheme,
    };
    outside(&album, &ada).await;
    inside(&album, stage, &ada).await;
    on_the_account_page(&album).await;
    album.page.sign_out().await;
    album.take("30-signed-out").await;
    page.inject("spy.broken = 'POST /refresh'").await;
    page.reload().await;
    page.sees(heading("Can’t reach Taskward")).await;
    album.take("31-unreachable").await;
}

/// What those see who are not signed in.
async fn outside(album: &Album<'_>, ada: &Person) {
    let page = album.page;
    page.open("/sign-in").await;
    page.sees(heading("Sign in")).await;
    album.take("01-sign-in").await;
    page.fill(field("Email"), &ada.email).await;
    page.fill(field("Password"), "not the password").await;
    page.press(Key::Enter).await;
    page.sees(text("That email and password don’t match.")).await;
    album.take("02-sign-in-refused").await;
    page.open("/sign-up").await;
    page.sees(heading("Create your account")).await;
    album.take("03-sign-up").await;
    page.fill(field("Email"), "ada at example").await;
    page.fill(field("Password"), "short").await;
    page.press(Key::Enter).await;
    page.sees(text("Enter an address such as ada@example.org.")).await;
    album.take("04-sign-up-errors").await;
    page.open("/nowhere").await;
    page.sees(heading("Page not found")).await;
    album.take("05-not-found").await;
}

/// The list, from empty to broken.
async fn inside(album: &Album<'_>, stage: &Stage, ada: &Person) {
    let page = album.page;
    page.enter(ada).await;
    page.sees(heading("A clear list")).await;
    album.take("10-empty").await;
    fill_list(stage, ada).await;
    page.reload().await;
    page.sees(row("Book the train to Edinburgh")).await;
    album.take("11-tasks").await;
    page.click(text("Water the plants")).await;
    page.sees(field("Title")).await;
    album.take("12-editing").await;
    page.press(Key::Escape).await;
    page.click(testid("completed-toggle")).await;
    page.sees(row("Renew passport")).await;
    album.take("13-completed").await;
    page.click(button("Delete Water the plants")).await;
    page.sees(button("Undo")).await;
    album.take("14-deleted").await;
    page.click(button("Undo")).await;
    page.click(testid("account-menu")).await;
    page.sees(testid("account-menu-panel")).await;
    album.take("15-menu").await;
    page.press(Key::Escape).await;
    page.tamper("broken", json!("PUT /tasks")).await;
    page.click(choice("Done: Water the plants")).await;
    page.sees(text("Couldn’t change “Water the plants”.")).await;
    album.take("16-refused").await;
    page.tamper("broken", json!("POST /tasks")).await;
    page.tamper("held", json!("POST /tasks")).await;
    for title in ["Call the plumber", "Return library books"] {
        page.fill(field("New task"), title).await;
        page.press(Key::Enter).await;
    }
    page.click(button("Notes")).await;
    page.fill(field("New task"), "Plan the autumn reading group").await;
    page.tamper("held", json!(null)).await;
    page.sees(heading("Not added yet")).await;
    album.take("17-not-added").await;
    page.inject("spy.held = 'GET /tasks'").await;
    page.reload().await;
    page.sees(testid("loading")).await;
    album.take("18-loading").await;
    page.tamper("broken", json!("GET /tasks")).await;
    page.tamper("held", json!(null)).await;
    page.sees(heading("Your tasks couldn’t be loaded")).await;
    album.take("19-load-error").await;
    page.tamper("broken", json!(null)).await;
    page.click(testid("retry")).await;
    page.sees(row("Water the plants")).await;
}

async fn on_the_account_page(album: &Album<'_>) {
    let page = album.page;
    page.open("/account").await;
    page.tamper("held", json!(null)).await;
    page.sees(heading("Account")).await;
    album.take("20-account").await;
    page.click(testid("sign-out-everywhere")).await;
    page.sees(heading("Sign out everywhere?")).await;
    album.take("21-everywhere").await;
    page.click(button("Cancel")).await;
    page.click(testid("delete-account")).await;
    page.sees(heading("Delete your account?")).await;
    album.take("22-delete-account").await;
    page.press(Key::Escape).await;
}

/// A list as somebody keeps it who has been here for a while.
async fn fill_list(stage: &Stage, ada: &Person) {
    // Title, notes, whether it is done, and how many hours ago it was added.
    let tasks = [
        ("Renew passport", "", true, 24 * 9),
        ("Send the contract back", "Signed by both", true, 24 * 6),
        (
            "Find a birthday present for Charles",
            "He mentioned a mechanical puzzle",
            false,
            24 * 5,
        ),
        ("Water the plants", "", false, 24 * 2),
        (
            "Read the chapter on number theory",
            "Pages 112 to 140, and the exercises at the end",
            false,
            30,
        ),
        ("Prepare slides for Thursday", "", false, 5),
        (
            "Book the train to Edinburgh",
            "The 9:30 from King’s Cross if it still has window seats",
            false,
            0,
        ),
    ];
    for (title, notes, done, hours) in tasks {
        let task = ada
            .create(&json!({"title": title, "description": notes}))
            .await
            .expect(201);
        if done {
            let id = task.json::<shared::tasks::Task>().id;
            ada.update(id, &json!({"completed": true})).await.expect(200);
        }
        let back = hours * 3_600_000_000_i64;
        let sql = format!(
            "UPDATE tasks SET created_at = created_at - {back} WHERE title = '{}'",
            title.replace('\'', "''")
        );
        stage.app.database().execute(&sql);
    }
}

/// Where pictures go.
struct Album<'a> {
    page: &'a Page,
    screen: Screen,
    scheme: &'static str,
}

impl Album<'_> {
    /// Takes a picture of the whole page, once nothing moves any more.
    async fn take(&self, name: &str) {
        self.page
            .until(
                "nothing moves",
                "return document.getAnimations().every((each) => each.playState !== 'running' || each.effect.getComputedTiming().iterations === Infinity)",
                json!([]),
            )
            .await;
        if std::env::var_os("TASKWARD_SCREENSHOTS").is_none() {
            return;
        }
        let (_, height) = self.screen.size();
        let whole: u32 = self.page.eval(HEIGHT, json!([])).await;
        // A screen as high as the page: what sticks to its top or bottom is there in the picture as well.
        self.resize(height.max(whole)).await;
        let picture = self.page.cdp("Page.captureScreenshot", json!({"format": "png"})).await;
        self.resize(height).await;
        let bytes = picture["data"].as_str().map(|data| BASE64_STANDARD.decode(data));
        let folder = workspace().join("docs/screenshots").join(self.folder());
        fs::create_dir_all(&folder).expect("a folder");
        let path: PathBuf = folder.join(format!("{name}.png"));
        fs::write(path, bytes.expect("a picture").expect("base64")).expect("a file");
    }

    fn folder(&self) -> String {
        let screen = if self.screen == Screen::Desktop {
            "desktop"
        } else {
            "phone"
        };
        format!("{screen}-{}", self.scheme)
    }

    async fn resize(&self, height: u32) {
        let (width, _) = self.screen.size();
        let is_mobile = self.screen != Screen::Desktop;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_mobile});
        self.page.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
        self.page
            .until(
                "the screen has its size",
                "return innerHeight === arguments[0]",
                json!([height]),
            )
            .await;
    }
}

/// The page's height; nothing while a dialog is open, which is in the middle of the screen and not of the page.
const HEIGHT: &str = "return document.querySelector('dialog:modal') ? 0 : document.documentElement.scrollHeight";
