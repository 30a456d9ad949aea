//! Tasks go into files and come out of them, on the account page.

use crate::driver;
use crate::moving::names;
use crate::page::{Page, until_server};
use crate::renewal::let_the_token_run_out;
use crate::stage::{Screen, Stage, play};
use crate::target::{button, heading, testid, text};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tests::{Ask, Person};
use uuid::Uuid;

/// A file of which one line is not understood.
pub(crate) const TODOIST: &str = "TYPE,CONTENT,PRIORITY,INDENT,DATE,DATE_LANG,TIMEZONE\n\
    task,Call Ada @phone,1,1,tomorrow at 9am,en,Europe/Berlin\n\
    section,Home,,,,,\n\
    task,Water the plants,4,1,,,\n\
    task,Water the plants,4,2,when it is dry,en,\n";

#[tokio::test]
async fn a_todoist_file_is_seen_first_then_imported_and_never_twice_on_a_phone() {
    play(Screen::Phone, a_file_is_imported_once).await;
}

#[tokio::test]
async fn a_todoist_file_is_seen_first_then_imported_and_never_twice_on_a_desktop() {
    play(Screen::Desktop, a_file_is_imported_once).await;
}

async fn a_file_is_imported_once(stage: &Stage) {
    let ada = stage.app.register("ada").await;
    let (file, picture) = files();
    let page = stage.browser().await;
    page.enter_at(&ada, "/account").await;
    page.sees(heading("Import")).await;
    page.upload(testid("import-file"), &picture).await;
    page.sees(text("none of the files that can be imported")).await;

    page.upload(testid("import-file"), &file).await;
    page.sees(text("3 tasks and 1 list will be added.")).await;
    page.sees(text("Call Ada")).await;
    page.click(text("1 thing was not understood")).await;
    page.sees(text("Line 5, “Water the plants”")).await;
    assert!(ada.list().await.is_empty(), "so far it was only looked at");
    page.click(button("Cancel")).await;
    page.sees(testid("import-file")).await;
    assert!(ada.list().await.is_empty());

    page.upload(testid("import-file"), &file).await;
    page.click(button("Import")).await;
    page.sees(text("Done: 3 tasks and 1 list added.")).await;
    page.sees(text("1 thing was not understood")).await;
    assert_eq!(titles(&ada).await, ["Call Ada", "Water the plants", "Water the plants"]);
    assert_eq!(names(&ada).await, ["Everything"]);

    page.click(button("Import another file")).await;
    page.upload(testid("import-file"), &file).await;
    page.sees(text("Everything in this file is there already.")).await;
    assert!(!page.shows(button("Import")).await, "there is nothing to import");
    page.click(button("Choose another file")).await;
    page.sees(testid("import-file")).await;
    assert_eq!(titles(&ada).await.len(), 3);
    page.open("/upcoming").await;
    page.lists(&["Call Ada"]).await;
}

#[tokio::test]
async fn what_was_exported_is_a_file_that_another_account_can_take() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let list = ada.add_list("Home").await;
        let body =
            json!({"title": "Buy “oat” milk", "description": "two\nlines", "list_id": list.id, "tags": ["shop"]});
        ada.create(&body).await.expect(201);
        let gone = ada.add("Gone").await;
        ada.delete(&ada.task(gone.id)).ask().await.expect(200);
        let page = stage.browser().await;
        let folder = folder();
        page.saves_in(&folder).await;
        page.enter_at(&ada, "/account").await;
        for (button, name) in [
            ("export-json", "taskward.json"),
            ("export-csv", "taskward.csv"),
            ("export-ics", "taskward.ics"),
        ] {
            page.click(testid(button)).await;
            let file = folder.join(name);
            until_server(async || fs::read_to_string(&file).is_ok_and(|text| text.contains("Buy “oat” milk"))).await;
        }
        let file = folder.join("taskward.json");
        let export: Value = serde_json::from_str(&fs::read_to_string(&file).expect("a file")).expect("JSON");
        assert_eq!(export["tasks"].as_array().map(Vec::len), Some(2), "the trash is in it");

        let eve = stage.app.register("eve").await;
        let page = stage.browser().await;
        page.enter_at(&eve, "/account").await;
        page.upload(testid("import-file"), &file).await;
        page.sees(text("2 tasks and 1 list will be added.")).await;
        page.click(button("Import")).await;
        page.sees(text("Done: 2 tasks and 1 list added.")).await;
        let [task] = eve.list().await.try_into().expect("one task that is not in the trash");
        assert_eq!(task.title, "Buy “oat” milk");
        assert_eq!(task.description.as_deref(), Some("two\nlines"));
        assert_eq!(
            (names(&eve).await, task.tags),
            (vec!["Home".to_owned()], vec!["shop".to_owned()])
        );
    })
    .await;
}

#[tokio::test]
async fn one_sees_how_much_of_a_file_has_been_sent_while_it_is_on_its_way() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let file = folder().join("Long.csv");
        let lines = (0..2000).map(|number| format!("task,Sort the box with the number {number},1,1,,,\n"));
        let header = TODOIST.lines().next().unwrap_or_default();
        fs::write(&file, format!("{header}\n{}", lines.collect::<String>())).expect("a file");
        let page = stage.browser().await;
        page.enter_at(&ada, "/account").await;
        page.sees(heading("Import")).await;
        page.sends_at(20_000).await;
        page.upload(testid("import-file"), &file).await;
        page.reads(testid("import-phase"), "Sending the file…").await;
        page.until("a part of it is there", PART, json!([0])).await;
        let part: f64 = page.eval(PART, json!([0])).await;
        page.until("more of it is there", PART, json!([part])).await;
        assert!(ada.list().await.is_empty());
        page.sends_at(-1).await;
        page.sees(text("2000 tasks and 1 list will be added.")).await;

        page.sends_at(20_000).await;
        page.click(button("Import")).await;
        page.until("a part of it is there", PART, json!([0])).await;
        page.sends_at(-1).await;
        page.sees(text("Done: 2000 tasks and 1 list added.")).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_sent_with_an_old_token_is_sent_again_with_a_new_one() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        let file = folder().join("Everything.csv");
        fs::write(&file, TODOIST).expect("a file");
        let page = stage.browser().await;
        page.spy().await;
        page.enter_at(&ada, "/account").await;
        page.sees(heading("Import")).await;
        let_the_token_run_out(&page).await;
        page.forget().await;
        page.upload(testid("import-file"), &file).await;
        page.sees(text("3 tasks and 1 list will be added.")).await;
        let requests = page.requests().await;
        let sent = requests.iter().filter(|request| request.path.ends_with("/import"));
        let answers: Vec<_> = sent.map(|request| request.status).collect();
        assert_eq!(answers, [Some(401), Some(200)], "{requests:?}");
        assert_eq!(page.renewals().await, 1, "{requests:?}");
    })
    .await;
}

/// How much of the file is there, if that is more than before, not all of it, and what the percentage says.
const PART: &str = "
    const { value } = document.querySelector('[data-testid=import-progress]');
    const says = document.querySelector('[data-testid=import-percent]').textContent;
    return value > arguments[0] && value < 1 && says === `${Math.floor(value * 100)} %` ? value : null";

/// The titles of the person's tasks, in alphabetical order.
async fn titles(person: &Person) -> Vec<String> {
    let mut titles: Vec<String> = person.list().await.into_iter().map(|task| task.title).collect();
    titles.sort();
    titles
}

/// A file of Todoist's, and one that has no tasks.
pub(crate) fn files() -> (PathBuf, PathBuf) {
    let folder = folder();
    let (file, picture) = (folder.join("Everything.csv"), folder.join("holiday.png"));
    fs::write(&file, TODOIST).expect("a file");
    fs::write(&picture, "not a task").expect("a file");
    (file, picture)
}

/// A folder that goes away with the browsers.
pub(crate) fn folder() -> PathBuf {
    let folder = driver::shared().dir.join(Uuid::new_v4().to_string());
    fs::create_dir(&folder).expect("a folder");
    folder
}

impl Page {
    /// Lets the page send so many bytes in a second; as many as it can, if that is negative.
    async fn sends_at(&self, bytes: i32) {
        self.cdp("Network.enable", json!({})).await;
        let conditions = json!({"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes});
        self.cdp("Network.emulateNetworkConditions", conditions).await;
    }

    /// Saves what is downloaded in this folder, without asking.
    pub(crate) async fn saves_in(&self, folder: &Path) {
        let parameters = json!({"behavior": "allow", "downloadPath": folder});
        self.cdp("Browser.setDownloadBehavior", parameters).await;
    }
}
