//! Every page in every state, as somebody sees it who looks for the first time. With `TASKWARD_SCREENSHOTS=1` the
//! pictures in `docs/screenshots` are taken anew; without, the tests still go everywhere and see that all is there.

use crate::page::Page;
use crate::stage::{Screen, Stage, play, workspace};
use crate::target::{button, choice, field, heading, row, testid, text};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use tests::{Ask, Person};

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
    inside(&album, &ada).await;
    on_the_account_page(&album).await;
    album.page.sign_out().await;
    album.take("50-signed-out").await;
    page.inject("spy.broken = 'POST /refresh'").await;
    page.reload().await;
    page.sees(heading("Can’t reach Taskward")).await;
    album.take("51-unreachable").await;
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

/// The pages of tasks, from empty to broken.
async fn inside(album: &Album<'_>, ada: &Person) {
    let page = album.page;
    page.enter_at(ada, "/today").await;
    page.sees(heading("Nothing due today")).await;
    album.take("10-empty").await;
    fill_list(ada).await;
    page.reload().await;
    page.sees(row("Prepare slides for Thursday")).await;
    album.take("11-today").await;
    for (path, what, name) in [
        ("/upcoming", "Book the train to Edinburgh", "12-upcoming"),
        ("/inbox", "Water the plants", "13-inbox"),
        ("/tasks", "Water the plants", "14-all-tasks"),
        ("/tags/reading", "Read the chapter on number theory", "16-tag"),
        ("/done", "Renew passport", "17-done"),
    ] {
        page.open(path).await;
        page.sees(row(what)).await;
        album.take(name).await;
    }
    page.open("/tasks").await;
    page.sees(row("Book the train to Edinburgh")).await;
    let list: String = page
        .eval(
            "return document.querySelector('.place[data-list]').getAttribute('href')",
            json!([]),
        )
        .await;
    page.open(&list).await;
    page.sees(row("Book the train to Edinburgh")).await;
    album.take("15-list").await;
    page.open("/search").await;
    page.sees(heading("Find any task")).await;
    page.fill(field("Search tasks"), "number").await;
    page.sees(row("Read the chapter on number theory")).await;
    album.take("18-search").await;
    page.open("/tasks").await;
    page.fill(field("New task"), "Pay rent every month on the 1st p1 #home @flat 9am")
        .await;
    page.sees(testid("chip")).await;
    album.take("20-quick-add").await;
    page.fill(field("New task"), "").await;
    page.click(button("Edit Read the chapter on number theory")).await;
    page.sees(field("Title")).await;
    album.take("21-details").await;
    page.press(Key::Escape).await;
    page.delete("Water the plants").await;
    page.sees(button("Undo")).await;
    album.take("22-deleted").await;
    page.open("/trash").await;
    page.sees(row("Water the plants")).await;
    album.take("19-trash").await;
    page.click(button("Restore Water the plants")).await;
    page.sees(heading("The trash is empty")).await;
    page.open("/tasks").await;
    page.sees(row("Water the plants")).await;
    page.click(testid("select")).await;
    page.click(choice("Select Water the plants")).await;
    page.click(choice("Select Prepare slides for Thursday")).await;
    album.take("23-selected").await;
    page.press(Key::Escape).await;
    page.click(testid("account-menu")).await;
    page.sees(testid("account-menu-panel")).await;
    album.take("24-menu").await;
    page.press(Key::Escape).await;
    page.press_with(Key::Control, 'k').await;
    page.sees(testid("palette-results")).await;
    album.take("25-palette").await;
    page.press(Key::Escape).await;
    page.loses(testid("palette-results")).await;
    page.type_text("?").await;
    page.sees(heading("Keyboard shortcuts")).await;
    album.take("26-shortcuts").await;
    page.press(Key::Escape).await;
    if album.screen == Screen::Desktop {
        page.click(testid("new-list")).await;
    } else {
        page.click(testid("open-sidebar")).await;
        page.sees(button("Add a list")).await;
        page.comes_to_rest().await;
        album.take("27-drawer").await;
        page.click(button("Add a list")).await;
    }
    page.sees(heading("New list")).await;
    album.take("28-new-list").await;
    page.press(Key::Escape).await;
    when_it_fails(album).await;
}

async fn when_it_fails(album: &Album<'_>) {
    let page = album.page;
    page.open("/tasks").await;
    page.sees(row("Water the plants")).await;
    page.tamper("broken", json!("PUT /tasks")).await;
    page.click(choice("Done: Water the plants")).await;
    page.sees(text("Couldn’t change “Water the plants”.")).await;
    album.take("30-refused").await;
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
    album.take("31-not-added").await;
    page.inject("spy.held = 'GET /tasks'").await;
    page.reload().await;
    page.sees(testid("loading")).await;
    album.take("32-loading").await;
    page.tamper("broken", json!("GET /tasks")).await;
    page.tamper("held", json!(null)).await;
    page.sees(heading("Your tasks couldn’t be loaded")).await;
    album.take("33-load-error").await;
    page.tamper("broken", json!(null)).await;
    page.click(testid("retry")).await;
    page.sees(row("Water the plants")).await;
}

async fn on_the_account_page(album: &Album<'_>) {
    let page = album.page;
    page.open("/account").await;
    page.tamper("held", json!(null)).await;
    page.sees(heading("Account")).await;
    album.take("40-account").await;
    page.click(testid("sign-out-everywhere")).await;
    page.sees(heading("Sign out everywhere?")).await;
    album.take("41-everywhere").await;
    page.click(button("Cancel")).await;
    page.click(testid("delete-account")).await;
    page.sees(heading("Delete your account?")).await;
    album.take("42-delete-account").await;
    page.press(Key::Escape).await;
}

/// Lists as somebody keeps them who has been here for a while.
pub(crate) async fn fill_list(ada: &Person) {
    let list = async |name: &str, color: &str| {
        let answer = ada
            .post(&shared::paths::lists(&ada.id))
            .json(&json!({"name": name, "color": color}))
            .ask()
            .await;
        answer.expect(201).json::<shared::lists::List>().id
    };
    let (work, home, books) = (
        list("Work", "indigo").await,
        list("Home", "teal").await,
        list("Book club", "amber").await,
    );
    let now = chrono::Local::now().date_naive();
    let day = |days: i64| json!({"date": (now + chrono::TimeDelta::days(days)).to_string()});
    let tasks = [
        json!({"title": "Renew passport", "completed": true}),
        json!({"title": "Send the contract back", "description": "Signed by both", "list_id": work, "completed": true}),
        json!({"title": "Find a birthday present for Charles", "description": "He mentioned a mechanical puzzle", "due": day(5), "tags": ["ideas"]}),
        json!({"title": "Water the plants", "due": day(0), "recurrence": "FREQ=WEEKLY;BYDAY=TU,SA", "priority": 1}),
        json!({"title": "Clean the gutters", "due": day(-2), "list_id": home}),
        json!({
            "title": "Read the chapter on number theory",
            "description": "Pages **112 to 140**, and:\n\n- the exercises at the end\n- the proof of Lemma 3",
            "due": day(0), "list_id": books, "tags": ["reading"], "priority": 2,
        }),
        json!({"title": "Prepare slides for Thursday", "due": day(0), "list_id": work, "priority": 3, "tags": ["slides"]}),
        json!({"title": "Invite the new neighbours", "list_id": home}),
        json!({
            "title": "Book the train to Edinburgh",
            "description": "The 9:30 from King’s Cross if it still has window seats",
            "due": day(2), "list_id": work, "tags": ["travel"],
        }),
        json!({"title": "Pay the deposit", "due": day(2), "list_id": home, "priority": 3, "recurrence": "FREQ=MONTHLY"}),
        json!({"title": "Plan the Christmas dinner", "due": day(1), "tags": ["family", "ideas"]}),
    ];
    for mut task in tasks {
        let completed = task["completed"].take() == json!(true);
        if let Some(task) = task.as_object_mut() {
            task.remove("completed");
        }
        let made = ada.create(&task).await.expect(201).json::<shared::tasks::Task>();
        if completed {
            ada.update(made.id, &json!({"completed": true})).await.expect(200);
        }
        if made.title.starts_with("Read") {
            for (title, done) in [("Chapter 7", true), ("Exercises 1 to 12", false)] {
                let part = ada
                    .create(&json!({"title": title, "parent_id": made.id}))
                    .await
                    .expect(201);
                if done {
                    let id = part.json::<shared::tasks::Task>().id;
                    ada.update(id, &json!({"completed": true})).await.expect(200);
                }
            }
        }
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
        self.page.comes_to_rest().await;
        if std::env::var_os("TASKWARD_SCREENSHOTS").is_none() {
            return;
        }
        // What sticks to the top or bottom of the screen is there in the picture as well.
        let height = self.page.stretch().await;
        let picture = self.page.cdp("Page.captureScreenshot", json!({"format": "png"})).await;
        self.page.resize(height).await;
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
}

impl Page {
    /// Makes the screen as high as the page once that is at rest, and returns how high it was.
    pub(crate) async fn stretch(&self) -> u32 {
        self.comes_to_rest().await;
        let (before, _): (u32, u32) = self.eval(HEIGHTS, json!([])).await;
        // What is drawn only where it can be seen has no height of its own until then.
        for _ in 0..4 {
            let (height, whole): (u32, u32) = self.eval(HEIGHTS, json!([])).await;
            if whole <= height {
                break;
            }
            self.resize(whole).await;
        }
        // A message makes a page longer than any screen.
        let _: Value = self
            .eval("scrollTo({top: 0, behavior: 'instant'}); return null", json!([]))
            .await;
        before
    }

    /// Makes the screen so high.
    pub(crate) async fn resize(&self, height: u32) {
        let script = "return [innerWidth, navigator.maxTouchPoints > 0]";
        let (width, is_mobile): (u32, bool) = self.eval(script, json!([])).await;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_mobile});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
        let script = "return innerHeight === arguments[0]";
        self.until("the screen has its size", script, json!([height])).await;
    }
}

/// The screen's height and the page's; that is nothing while a dialog is open, which is in the middle of the screen and
/// not of the page.
const HEIGHTS: &str = "
    const isCovered = document.querySelector('dialog:modal');
    return [innerHeight, isCovered ? 0 : document.documentElement.scrollHeight]";
