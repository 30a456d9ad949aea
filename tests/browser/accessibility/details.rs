//! All of a task.

use crate::stage::{Stage, play_on_both};
use crate::target::{button, choice, field, heading, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use shared::tasks::Task;

#[tokio::test]
async fn axe_finds_nothing_on_the_words_and_parts_of_a_task() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for body in [
            json!({"title": "Pack", "tags": ["travel", "trains"]}),
            json!({"title": "Plan the trip", "tags": ["summer"], "priority": 2}),
        ] {
            ada.create(&body).await.expect(201);
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Plan the trip")).await;
        page.sees(testid("task-details")).await;
        page.passes("details").await;
        page.fill(field("Title"), "").await;
        page.press(Key::Enter).await;
        page.sees(text("Write down what there is to do.")).await;
        page.passes("details with an error").await;
        page.fill(field("Title"), "Plan the journey").await;
        page.press(Key::Enter).await;

        let notes = "# Way\n\nBy **train**, `not` by *air*:\n\n- [x] [seats](https://example.org)\n1. luggage\n\n> quiet\n\n```\ncode\n```\n\n---";
        page.fill(testid("details-description"), notes).await;
        page.passes("notes as they are written").await;
        page.click(button("Preview the notes")).await;
        page.sees(testid("markdown")).await;
        page.passes("notes as they read").await;

        page.fill(field("Add a tag"), "tra").await;
        page.sees(testid("details-tag-popup")).await;
        page.press(Key::Down).await;
        page.passes("tags to choose from").await;
        page.press(Key::Enter).await;
        page.sees(button("Remove the tag trains")).await;
        for title in ["Book flights", "Rent a car"] {
            page.fill(field("Add a subtask"), title).await;
            page.press(Key::Enter).await;
            page.sees(button(format!("Delete {title}"))).await;
        }
        page.click(choice("Done: Rent a car")).await;
        page.reads(testid("subtasks-count"), "1 of 2 done").await;
        page.passes("subtasks").await;
        for level in 0..=3 {
            page.click(testid(format!("priority-{level}"))).await;
            page.passes(&format!("priority {level}")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_on_the_days_of_a_task() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let body = json!({"title": "Plan", "due": {"date": "2027-01-31", "time": "09:30", "zone": "Asia/Tokyo"}});
        ada.create(&body).await.expect(201);
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Plan")).await;
        page.click(testid("details-due")).await;
        page.sees(heading("January 2027")).await;
        page.passes("a calendar, and a time somewhere else").await;
        page.fill(field("Date in words"), "no such day").await;
        page.passes("words that are no day").await;
        page.fill(field("Date in words"), "").await;
        page.press(Key::Tab).await;
        page.click(testid("details-due")).await;
        page.loses(heading("January 2027")).await;
        page.choose(testid("recurrence"), "Custom…").await;
        page.sees(testid("recurrence-custom")).await;
        for unit in ["days", "weeks", "months", "years"] {
            page.choose(testid("recurrence-unit"), unit).await;
            page.passes(&format!("every so many {unit}")).await;
        }
        for end in ["Ends on", "Ends after"] {
            page.choose(testid("recurrence-end"), end).await;
            page.passes(end).await;
        }
        page.click(testid("recurrence-after")).await;
        page.loses(testid("recurrence-end")).await;
        page.passes("counted from the day it is done").await;
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_when_a_task_was_changed_in_two_places() {
    play_on_both(async |stage: &Stage| {
        stage.forgive("status of 412");
        let ada = stage.app.register("ada").await;
        let body = json!({"title": "Buy milk", "description": "two"});
        let task: Task = ada.create(&body).await.expect(201).json();
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Buy milk")).await;
        page.fill(field("Title"), "Buy oat milk").await;
        let theirs = json!({"title": "Buy soy milk", "description": "three"});
        ada.update(task.id, &theirs).await.expect(200);
        page.press(Key::Enter).await;
        page.sees(heading("Changed in two places")).await;
        page.passes("what to keep").await;
        for side in ["mine", "theirs", "both"] {
            page.click(testid(format!("conflict-0-{side}"))).await;
            page.passes(side).await;
        }
    })
    .await;
}
