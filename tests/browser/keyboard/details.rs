//! A line and a task: every part of them can be reached and changed.

use crate::page::until_server;
use crate::stage::{Screen, Stage, play};
use crate::target::{button, field, heading, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use shared::priority::Priority;
use shared::tasks::Task;
use tests::Person;

#[tokio::test]
async fn a_chip_turns_back_into_words_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.tab_to("New task").await;
        page.type_text("draw the p1 of friday").await;
        page.sees(button("High priority: turn “p1” back into words")).await;
        page.tab_and_press("High priority: turn “p1” back into words").await;
        page.loses(button("High priority: turn “p1” back into words")).await;
        page.is_at("New task").await;
        page.press(Key::Enter).await;
        page.has_saved("draw the p1 of").await;
        let task = only(&ada).await;
        assert_eq!((task.priority, task.due.is_some()), (Priority::None, true));
    })
    .await;
}

#[tokio::test]
async fn everything_about_a_task_can_be_changed_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let home = ada.add_list("Home").await;
        ada.add("Plan").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(text("Plan")).await;
        page.tab_and_press("Edit Plan").await;
        page.is_at("Title").await;
        page.retype("Plan the trip").await;
        page.press(Key::Tab).await;
        comes_to(&ada, |task| task.title == "Plan the trip").await;

        page.is_at("Notes").await;
        page.type_text("by **train**").await;
        page.press_with(Key::Control, char::from(Key::Enter)).await;
        page.is_at("Edit the notes").await;
        comes_to(&ada, |task| task.description.as_deref() == Some("by **train**")).await;
        page.press(Key::Enter).await;
        page.is_at("Notes").await;

        page.tab_and_press("Due No date").await;
        page.is_at("Date in words").await;
        page.type_text("31 dec").await;
        page.press(Key::Enter).await;
        comes_to(&ada, |task| due(task).is_some_and(|due| due.ends_with("-12-31"))).await;
        let tomorrow = chrono::Local::now().date_naive() + chrono::TimeDelta::days(1);
        page.tab_and_press(&format!("Tomorrow{}", tomorrow.format("%a"))).await;
        comes_to(&ada, |task| due(task).is_some_and(|due| !due.ends_with("-12-31"))).await;
        page.tab_to("Time").await;
        page.type_text("0930AM").await;
        comes_to(&ada, |task| due(task).is_some_and(|due| due.contains("09:30"))).await;

        page.tab_to("Repeat").await;
        page.type_text("Cus").await;
        page.sees(testid("recurrence-custom")).await;
        page.tab_to("Every").await;
        page.retype("3").await;
        page.press(Key::Tab).await;
        comes_to(&ada, |task| rule(task) == "FREQ=DAILY;INTERVAL=3").await;
        page.tab_to("End").await;
        page.type_text("Ends af").await;
        page.tab_to("Times").await;
        page.retype("4").await;
        page.press(Key::Tab).await;
        comes_to(&ada, |task| rule(task).ends_with("COUNT=4")).await;

        page.is_at("No priority").await;
        page.press(Key::Up).await;
        comes_to(&ada, |task| task.priority == Priority::Low).await;
        page.tab_to("List").await;
        page.type_text("Home").await;
        comes_to(&ada, |task| task.list_id == Some(home.id)).await;
        page.tab_to("Add a tag").await;
        page.type_text("travel,summer,").await;
        comes_to(&ada, |task| task.tags == ["travel", "summer"]).await;
        page.press(Key::Backspace).await;
        comes_to(&ada, |task| task.tags == ["travel"]).await;
        page.tab_back().await;
        page.is_at("Remove the tag travel").await;
        page.press(Key::Enter).await;
        comes_to(&ada, |task| task.tags.is_empty()).await;
        page.is_at("Add a tag").await;
        page.press(Key::Escape).await;
        page.loses(testid("task-details")).await;
        page.is_at("Edit Plan the trip").await;
    })
    .await;
}

#[tokio::test]
async fn the_date_of_a_task_is_taken_away_and_the_task_is_done_and_deleted_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.create(&json!({"title": "Plan", "due": {"date": "2030-01-31"}}))
            .await
            .expect(201);
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(text("Plan")).await;
        page.tab_and_press("Edit Plan").await;
        page.is_at("Title").await;
        page.tab_and_press("Remove the date").await;
        comes_to(&ada, |task| task.due.is_none()).await;
        page.is_at("Due No date").await;
        page.tab_back_to("Done").await;
        page.press_space().await;
        comes_to(&ada, |task| task.completed).await;
        page.loses(testid("task-details")).await;
        page.is_at("New task").await;
        page.tab_and_press("Completed1").await;
        page.tab_and_press("Edit Plan").await;
        page.is_at("Title").await;
        page.tab_back_to("Delete this task").await;
        page.press(Key::Enter).await;
        page.loses(testid("task-details")).await;
        until_server(async || ada.list().await.is_empty()).await;
        page.is_at("New task").await;
    })
    .await;
}

#[tokio::test]
async fn subtasks_are_added_renamed_done_and_deleted_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Plan").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(text("Plan")).await;
        page.tab_and_press("Edit Plan").await;
        page.is_at("Title").await;
        page.tab_to("Add a subtask").await;
        for (count, title) in ["Book flights", "Rent a car", "Pack"].into_iter().enumerate() {
            page.type_text(title).await;
            page.press(Key::Enter).await;
            page.sees(button(format!("Delete {title}"))).await;
            page.is_at("Add a subtask").await;
            let all = u32::try_from(count).unwrap() + 1;
            comes_to(&ada, |task| task.subtasks.total == all).await;
        }
        page.tab_to("Done: Book flights").await;
        page.press_space().await;
        comes_to(&ada, |task| task.subtasks.completed == 1).await;
        page.is_at("Done: Book flights").await;
        page.tab_to("Subtask").await;
        page.retype("Book trains").await;
        page.press(Key::Enter).await;
        page.sees(button("Delete Book trains")).await;
        page.is_at("Add a subtask").await;
        page.tab_and_press("Delete Rent a car").await;
        comes_to(&ada, |task| task.subtasks.total == 2).await;
        page.is_at("Add a subtask").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_in_two_places_is_decided_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 412");
        let ada = stage.app.register("ada").await;
        let task = ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(text("Buy milk")).await;
        page.tab_and_press("Edit Buy milk").await;
        page.is_at("Title").await;
        ada.update(task.id, &json!({"title": "Buy soy milk"})).await.expect(200);
        page.retype("Buy oat milk").await;
        page.press(Key::Enter).await;
        page.sees(heading("Changed in two places")).await;
        page.tab_to("BothBuy oat milk / Buy soy milk").await;
        page.press(Key::Up).await;
        page.tab_and_press("Save").await;
        page.loses(heading("Changed in two places")).await;
        comes_to(&ada, |task| task.title == "Buy soy milk").await;
        page.holds(field("Title"), "Buy soy milk").await;
    })
    .await;
}

/// Waits until the person's only task is so at the server.
async fn comes_to(ada: &Person, holds: impl Fn(&Task) -> bool) {
    until_server(async || holds(&only(ada).await)).await;
}

async fn only(ada: &Person) -> Task {
    let tasks = ada.list().await;
    tasks.into_iter().find(|task| task.parent_id.is_none()).expect("a task")
}

fn due(task: &Task) -> Option<String> {
    task.due.as_ref().map(ToString::to_string)
}

fn rule(task: &Task) -> String {
    task.recurrence.map(|rule| rule.to_string()).unwrap_or_default()
}
