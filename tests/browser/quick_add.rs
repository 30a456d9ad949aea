//! A new task is one line, read as it is typed, wherever the person is.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play, play_on_both};
use crate::target::{button, field, heading, row, testid, text};
use fantoccini::key::Key;
use serde_json::{Value, json};
use shared::priority::Priority;

#[tokio::test]
async fn a_line_is_read_as_it_is_typed() {
    play_on_both(everything_at_once).await;
}

async fn everything_at_once(stage: &Stage) {
    let ada = stage.app.register("ada").await;
    let page = stage.browser().await;
    page.enter(&ada).await;
    let line = "pay rent every month on the 1st p1 #home @flat tomorrow 9am";
    page.fill(field("New task"), line).await;
    page.understands(&[
        "every month on the 1st",
        "High priority",
        "New list “home”",
        "flat",
        "tomorrow 9:00 AM",
    ])
    .await;
    page.press(Key::Enter).await;
    page.has_saved("pay rent").await;
    page.holds(field("New task"), "").await;
    let task = ada.list().await.remove(0);
    assert_eq!(task.title, "pay rent");
    assert_eq!(task.priority, Priority::High);
    assert_eq!(task.tags, ["flat"]);
    assert_eq!(
        task.recurrence.map(|rule| rule.to_string()).as_deref(),
        Some("FREQ=MONTHLY;BYMONTHDAY=1")
    );
    let time = task.due.and_then(|due| due.time()).expect("a time");
    assert_eq!(time.to_string(), "09:00:00");
    let home = ada.lists().await.remove(0);
    assert_eq!((home.name.as_str(), Some(home.id)), ("home", task.list_id));
}

#[tokio::test]
async fn a_chip_turns_back_into_words_and_stays_words_while_the_line_is_typed_on() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.fill(field("New task"), "draw the p1 of friday").await;
        page.understands(&["High priority", "Fri"]).await;
        page.click(button("High priority: turn “p1” back into words")).await;
        page.understands(&["Fri"]).await;
        page.type_text(" p2").await;
        page.understands(&["Fri", "Medium priority"]).await;
        page.press(Key::Enter).await;
        page.has_saved("draw the p1 of").await;
        assert_eq!(ada.list().await[0].priority, Priority::Medium);
    })
    .await;
}

#[tokio::test]
async fn quoted_text_is_left_alone() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.fill(field("New task"), "read \"tomorrow p1 #home\" @books").await;
        page.understands(&["books"]).await;
        page.press(Key::Enter).await;
        page.has_saved("read \"tomorrow p1 #home\"").await;
    })
    .await;
}

#[tokio::test]
async fn names_are_completed_by_keyboard() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let iceland = ada.add_list("Holiday in Iceland").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.fill(field("New task"), "pack the tent #hol").await;
        page.sees(testid("new-task-names")).await;
        page.press(Key::Tab).await;
        page.holds(field("New task"), "pack the tent #\"Holiday in Iceland\" ")
            .await;
        page.loses(testid("new-task-names")).await;
        page.press(Key::Enter).await;
        page.has_saved("pack the tent").await;
        assert_eq!(ada.list().await[0].list_id, Some(iceland.id));

        // Escape leaves the name as it is typed.
        page.type_text("write to #hol").await;
        page.sees(testid("new-task-names")).await;
        page.press(Key::Escape).await;
        page.loses(testid("new-task-names")).await;
        page.understands(&["New list “hol”"]).await;
    })
    .await;
}

#[tokio::test]
async fn q_adds_a_task_from_a_page_that_has_no_line() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.open("/account").await;
        page.sees(heading("Account")).await;
        page.type_text("q").await;
        page.sees(heading("Add a task")).await;
        page.sees(field("New task")).await;
        page.type_text("call mum tomorrow").await;
        page.understands(&["tomorrow"]).await;
        page.press(Key::Enter).await;
        until_server(async || ada.list().await.first().is_some_and(|task| task.title == "call mum")).await;
        // The line stays for the next one.
        page.sees(text("Added “call mum”.")).await;
        page.type_text("call dad").await;
        page.press(Key::Enter).await;
        page.sees(text("Added “call dad”.")).await;
        page.press(Key::Escape).await;
        page.loses(heading("Add a task")).await;
        page.open("/tasks").await;
        page.sees(row("call dad")).await;
        page.sees(row("call mum")).await;
    })
    .await;
}

impl Page {
    /// Waits until the chips below the line say this.
    async fn understands(&self, expected: &[&str]) {
        let script = "const tidy = (chip) => chip.textContent.replace(/\\s+/g, ' ').trim();
            return JSON.stringify([...document.querySelectorAll('[data-testid=chip]')].map(tidy)) === JSON.stringify(arguments[0])";
        self.until(format!("what is understood is {expected:?}"), script, json!([expected]))
            .await;
    }
}

#[tokio::test]
async fn a_line_that_is_entered_before_its_grammar_is_loaded_is_added_as_it_says_once_it_is() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.open("/tasks").await;
        page.sees(heading("Sign in")).await;
        page.tamper("held", json!("GET _second.wasm")).await;
        page.sign_in(&ada.email, &ada.password).await;
        page.fill(field("New task"), "call Charles p1").await;
        page.press(Key::Enter).await;
        page.holds(field("New task"), "call Charles p1").await;
        assert!(ada.list().await.is_empty());
        page.tamper("held", Value::Null).await;
        page.has_saved("call Charles").await;
        page.holds(field("New task"), "").await;
        assert_eq!(ada.list().await[0].priority, Priority::High);
    })
    .await;
}
