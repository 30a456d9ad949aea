//! Everything about a task can be read and changed beside its list, and is saved when its field is left.

use crate::page::until_server;
use crate::stage::{Stage, play_on_both};
use crate::target::{button, choice, field, heading, link, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use shared::priority::Priority;
use shared::tasks::Task;
use tests::Person;
use uuid::Uuid;

#[tokio::test]
async fn everything_about_a_task_can_be_changed() {
    play_on_both(everything).await;
}

async fn everything(stage: &Stage) {
    let ada = stage.app.register("ada").await;
    let task = ada.add("Plan").await;
    let page = stage.browser().await;
    page.enter(&ada).await;
    page.click(text("Plan")).await;
    page.sees(testid("task-details")).await;
    page.fill(field("Title"), "Plan the trip").await;
    page.press(Key::Tab).await;
    ada.has(task.id, |task| task.title == "Plan the trip").await;

    page.click(testid("details-due")).await;
    page.fill(field("Date in words"), "every fri 9am").await;
    page.press(Key::Enter).await;
    ada.has(task.id, |task| {
        let rule = task.recurrence.map(|rule| rule.to_string());
        let time = task
            .due
            .as_ref()
            .and_then(shared::due::Due::time)
            .map(|time| time.to_string());
        rule.as_deref() == Some("FREQ=WEEKLY;BYDAY=FR") && time.as_deref() == Some("09:00:00")
    })
    .await;
    page.click(testid("details-due")).await;
    page.loses(field("Date in words")).await;

    page.click(testid("priority-3")).await;
    ada.has(task.id, |task| task.priority == Priority::High).await;
    page.fill(field("Add a tag"), "travel").await;
    page.press(Key::Enter).await;
    page.type_text("summer,").await;
    ada.has(task.id, |task| task.tags == ["travel", "summer"]).await;
    page.click(button("Remove the tag travel")).await;
    ada.has(task.id, |task| task.tags == ["summer"]).await;

    page.fill(field("Add a subtask"), "Book flights").await;
    page.press(Key::Enter).await;
    page.type_text("Rent a car").await;
    page.press(Key::Enter).await;
    ada.has(task.id, |task| task.subtasks.total == 2).await;
    page.click(choice("Done: Book flights")).await;
    ada.has(task.id, |task| task.subtasks.completed == 1).await;
    page.reads(testid("subtasks-count"), "1 of 2 done").await;

    page.press(Key::Escape).await;
    page.loses(testid("task-details")).await;
    page.sees(text("Plan the trip")).await;
}

#[tokio::test]
async fn a_day_is_chosen_in_the_calendar_by_keyboard() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let body = json!({"title": "Dentist", "due": {"date": "2027-01-31"}});
        let task: Task = ada.create(&body).await.expect(201).json();
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Dentist")).await;
        page.click(testid("details-due")).await;
        page.sees(heading("January 2027")).await;
        page.eval::<()>(
            "document.querySelector('.calendar-day[tabindex=\"0\"]').focus()",
            json!([]),
        )
        .await;
        for (key, day) in [
            (Key::PageDown, "2027-02-28"),
            (Key::Right, "2027-03-01"),
            (Key::Up, "2027-02-22"),
            (Key::End, "2027-02-27"),
        ] {
            page.press(key).await;
            page.until(
                format!("the keyboard is on {day}"),
                "return document.activeElement.id.endsWith(arguments[0])",
                json!([day]),
            )
            .await;
        }
        page.press(Key::Enter).await;
        ada.has(task.id, |task| {
            task.due.as_ref().is_some_and(|due| due.to_string() == "2027-02-27")
        })
        .await;
        page.click(button("Remove the date")).await;
        ada.has(task.id, |task| task.due.is_none()).await;
    })
    .await;
}

#[tokio::test]
async fn notes_are_shown_as_markdown_and_never_as_html() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let task = ada.add("Plan").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Plan")).await;
        page.sees(testid("task-details")).await;
        let notes =
            "Take **two** of https://example.org/x\n\n- <img src=x onerror=alert(1)>\n- [here](javascript:alert(1))\n```never lose a word";
        page.fill(testid("details-description"), notes).await;
        page.click(button("Preview the notes")).await;
        page.sees(link("https://example.org/x")).await;
        page.sees(text("never lose a word")).await;
        let found: Vec<usize> = page
            .eval(
                "const shown = document.querySelector('[data-testid=markdown]');
                 return ['strong', 'li', 'a', 'a[rel=\"noopener noreferrer nofollow\"][target=_blank]', 'img', 'script']
                     .map((each) => shown.querySelectorAll(each).length)",
                json!([]),
            )
            .await;
        assert_eq!(found, [1, 2, 1, 1, 0, 0]);
        ada.has(task.id, |task| task.description.as_deref() == Some(notes))
            .await;
        page.click(button("Edit the notes")).await;
        page.holds(testid("details-description"), notes).await;
    })
    .await;
}

#[tokio::test]
async fn words_that_were_changed_elsewhere_too_are_both_kept() {
    play_on_both(async |stage: &Stage| {
        stage.forgive("status of 412");
        let ada = stage.app.register("ada").await;
        let task = ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Buy milk")).await;
        page.fill(field("Title"), "Buy oat milk").await;
        ada.update(task.id, &json!({"title": "Buy soy milk"})).await.expect(200);
        page.press(Key::Tab).await;
        page.sees(heading("Changed in two places")).await;
        page.until(
            "the keyboard is on what is chosen",
            "return document.activeElement.checked === true",
            json!([]),
        )
        .await;
        page.sees(text("Buy oat milk")).await;
        page.sees(text("Buy soy milk")).await;
        page.click(button("Save")).await;
        page.loses(heading("Changed in two places")).await;
        ada.has(task.id, |task| task.title == "Buy oat milk / Buy soy milk")
            .await;
    })
    .await;
}

#[tokio::test]
async fn everything_is_a_few_letters_away() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy oat milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(text("Buy oat milk")).await;
        page.press_with(Key::Control, 'k').await;
        page.sees(testid("palette-input")).await;
        page.type_text("upc").await;
        page.press(Key::Enter).await;
        page.arrives_at("/upcoming").await;
        page.press_with(Key::Control, 'k').await;
        page.sees(testid("palette-input")).await;
        page.type_text("milk").await;
        page.press(Key::Enter).await;
        page.sees(testid("task-details")).await;
        page.holds(field("Title"), "Buy oat milk").await;
        page.press(Key::Escape).await;
        page.loses(testid("task-details")).await;
        page.type_text("?").await;
        page.sees(heading("Keyboard shortcuts")).await;
        page.press(Key::Escape).await;
        page.loses(heading("Keyboard shortcuts")).await;
    })
    .await;
}

/// Waits until the server has a task as it should be.
trait Has {
    async fn has(&self, id: Uuid, holds: impl Fn(&Task) -> bool);
}

impl Has for Person {
    async fn has(&self, id: Uuid, holds: impl Fn(&Task) -> bool) {
        until_server(async || holds(&self.read(id).await.expect(200).json())).await;
    }
}
