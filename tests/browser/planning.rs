//! Planning a day: dates, lists, tags, search, choosing many, moving by hand, and taking it all back.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play, play_on_both};
use crate::target::{button, choice, field, heading, link, row, testid, text};
use fantoccini::key::Key;
use serde_json::{Value, json};
use shared::tasks::Task;
use tests::Person;

#[tokio::test]
async fn a_line_becomes_a_task_with_all_that_it_says() {
    play_on_both(a_line_becomes_a_task).await;
}

async fn a_line_becomes_a_task(stage: &Stage) {
    let ada = stage.app.register("ada").await;
    let page = stage.browser().await;
    page.enter_at(&ada, "/today").await;
    page.fill(field("New task"), "pay rent every month on the 1st p1 #home @flat 9am")
        .await;
    page.until(
        "everything is understood",
        "return document.querySelectorAll('[data-testid=chip]').length >= 4",
        json!([]),
    )
    .await;
    page.press(Key::Enter).await;
    until_server(async || ada.list().await.len() == 1).await;
    let task = ada.list().await.remove(0);
    assert_eq!(task.title, "pay rent");
    assert_eq!(task.tags, ["flat"]);
    assert_eq!(task.priority.get(), 3);
    assert!(task.recurrence.is_some() && task.due.is_some() && task.list_id.is_some());
    page.open("/upcoming").await;
    page.sees(row("pay rent")).await;
    page.open("/tags/flat").await;
    page.sees(row("pay rent")).await;
    page.open(&format!("/lists/{}", task.list_id.unwrap())).await;
    page.sees(heading("home")).await;
    page.sees(row("pay rent")).await;
}

#[tokio::test]
async fn what_is_typed_on_today_is_due_today() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter_at(&ada, "/today").await;
        page.add("Buy milk").await;
        page.reads(testid("task-due"), "today").await;
        until_server(async || ada.list().await[0].due.is_some()).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_overdue_stands_apart_and_what_comes_is_grouped_by_day() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        due_in(&ada, "late", -1).await;
        due_in(&ada, "now", 0).await;
        due_in(&ada, "soon", 1).await;
        let page = stage.browser().await;
        page.enter_at(&ada, "/today").await;
        page.lists(&["late", "now"]).await;
        page.sees(heading("Overdue")).await;
        page.open("/upcoming").await;
        page.lists(&["soon"]).await;
        page.sees(text("Tomorrow")).await;
    })
    .await;
}

#[tokio::test]
async fn at_midnight_tomorrow_is_today_while_the_page_is_open() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        due_in(&ada, "now", 0).await;
        due_in(&ada, "soon", 1).await;
        let page = stage.browser().await;
        // A clock that can be put forward.
        page.inject(
            "{
                const Real = Date;
                window.ahead = 0;
                window.Date = class extends Real {
                    constructor(...given) { given.length ? super(...given) : super(Real.now() + window.ahead); }
                    static now() { return Real.now() + window.ahead; }
                };
            }",
        )
        .await;
        page.enter_at(&ada, "/today").await;
        page.lists(&["now"]).await;
        let _: Value = page
            .eval(
                "window.ahead = 86400000; document.dispatchEvent(new Event('visibilitychange'));
                 window.dispatchEvent(new Event('visibilitychange')); return null",
                json!([]),
            )
            .await;
        page.lists(&["now", "soon"]).await;
        page.sees(heading("Overdue")).await;
    })
    .await;
}

#[tokio::test]
async fn a_task_that_comes_back_is_ticked_off_once_and_that_can_be_undone() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.fill(field("New task"), "water the plants every day").await;
        page.press(Key::Enter).await;
        page.has_saved("water the plants").await;
        page.click(choice("Done: water the plants")).await;
        until_server(async || ada.list().await.len() == 2).await;
        page.reads(testid("open-count"), "1 to do").await;
        page.sees(row("water the plants")).await;
        page.click(button("Undo")).await;
        until_server(async || {
            let tasks = ada.list().await;
            tasks.len() == 1 && !tasks[0].completed
        })
        .await;
        page.reads(testid("open-count"), "1 to do").await;
    })
    .await;
}

#[tokio::test]
async fn a_list_is_made_renamed_recoloured_archived_and_deleted() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.open_sidebar(stage.screen).await;
        page.click(button("Add a list")).await;
        page.fill(field("Name"), "Home").await;
        page.click(button("Save")).await;
        page.sees(heading("This list is empty")).await;
        page.add("Clean the gutters").await;
        page.click(button("Edit this list")).await;
        page.fill(field("Name"), "House").await;
        page.click(testid("color-violet")).await;
        page.click(button("Save")).await;
        page.sees(heading("House")).await;
        page.click(button("Edit this list")).await;
        page.click(button("Archive")).await;
        page.sees(text("Archived “House”")).await;
        until_server(async || ada.lists().await[0].archived).await;
        page.open("/tasks").await;
        page.sees(heading("A clear list")).await;
        page.open_sidebar(stage.screen).await;
        page.click(text("House")).await;
        page.sees(heading("House")).await;
        page.lists(&["Clean the gutters"]).await;
        page.click(button("Edit this list")).await;
        page.click(button("Unarchive")).await;
        page.sees(text("“House” is back")).await;
        until_server(async || !ada.lists().await[0].archived).await;
        page.click(button("Edit this list")).await;
        page.click(button("Delete list")).await;
        page.sees(text("Deleted the list “House” and its tasks")).await;
        until_server(async || ada.list().await.is_empty()).await;
        page.click(button("Undo")).await;
        until_server(async || ada.list().await.len() == 1).await;
        page.open("/tasks").await;
        page.sees(text("House")).await;
        page.lists(&["Clean the gutters"]).await;
    })
    .await;
}

#[tokio::test]
async fn words_are_found_as_they_are_typed() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["Buy milk", "Buy bread", "Call Charles"] {
            ada.add(title).await;
        }
        let page = stage.browser().await;
        page.enter_at(&ada, "/search").await;
        page.fill(field("Search tasks"), "buy").await;
        page.reads(testid("search-count"), "2 tasks").await;
        page.type_text(" mil").await;
        page.lists(&["Buy milk"]).await;
        page.fill(field("Search tasks"), "nothing like it").await;
        page.sees(heading("Nothing found")).await;
    })
    .await;
}

#[tokio::test]
async fn many_tasks_are_chosen_changed_together_and_changed_back() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for number in 0..4 {
            ada.add(&format!("Task {number}")).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(testid("select")).await;
        page.click(choice("Select Task 3")).await;
        page.click(choice("Select Task 1")).await;
        page.reads(testid("bulk-count"), "2 selected").await;
        page.click(button("Complete")).await;
        page.lists(&["Task 2", "Task 0"]).await;
        until_server(async || done(&ada.list().await) == 2).await;
        page.click(button("Undo")).await;
        page.lists(&["Task 3", "Task 2", "Task 1", "Task 0"]).await;
        until_server(async || done(&ada.list().await) == 0).await;
        page.click(testid("select")).await;
        page.click(testid("select-all")).await;
        page.reads(testid("bulk-count"), "4 selected").await;
        page.click(testid("bulk-delete")).await;
        page.sees(text("Deleted 4 tasks")).await;
        until_server(async || ada.list().await.is_empty()).await;
        page.click(button("Undo")).await;
        until_server(async || ada.list().await.len() == 4).await;
    })
    .await;
}

#[tokio::test]
async fn with_shift_all_from_the_last_one_on_are_chosen() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["fourth", "third", "second", "first"] {
            ada.add(title).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click_with(Key::Control, row("first")).await;
        page.reads(testid("bulk-count"), "1 selected").await;
        page.click_with(Key::Shift, row("third")).await;
        page.reads(testid("bulk-count"), "3 selected").await;
        page.click(testid("bulk-delete")).await;
        page.sees(text("Deleted 3 tasks")).await;
        page.lists(&["fourth"]).await;
        until_server(async || ada.list().await.len() == 1).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_done_is_kept_the_last_one_first_and_can_be_taken_back() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["third", "second", "first"] {
            ada.add(title).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(choice("Done: first")).await;
        page.lists(&["second", "third"]).await;
        page.click(choice("Done: third")).await;
        page.lists(&["second"]).await;
        until_server(async || done(&ada.list().await) == 2).await;
        page.open("/done").await;
        page.lists(&["third", "first"]).await;
        page.click(choice("Done: first")).await;
        page.lists(&["third"]).await;
        until_server(async || done(&ada.list().await) == 1).await;
        page.open("/inbox").await;
        page.lists(&["first", "second"]).await;
    })
    .await;
}

#[tokio::test]
async fn the_keys_that_people_know_work() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["third", "second", "first"] {
            ada.add(title).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.lists(&["first", "second", "third"]).await;
        page.leave_field().await;
        page.type_text("jj").await;
        page.type_text("1").await;
        until_server(async || named(&ada, "second").await.priority.get() == 3).await;
        page.type_text("t").await;
        until_server(async || named(&ada, "second").await.due.is_some()).await;
        page.press_with(Key::Alt, char::from(Key::Up)).await;
        page.lists(&["second", "first", "third"]).await;
        page.type_text("j").await;
        page.type_text("c").await;
        page.lists(&["second", "third"]).await;
        page.press_with(Key::Control, 'z').await;
        page.lists(&["second", "first", "third"]).await;
        page.type_text("e").await;
        page.sees(field("Title")).await;
        page.press(Key::Escape).await;
        page.loses(testid("task-details")).await;
        page.type_text("xj").await;
        page.type_text("x").await;
        page.sees(testid("bulk-bar")).await;
        page.press(Key::Escape).await;
        page.loses(testid("bulk-bar")).await;
        for (keys, path) in [
            ("gi", "/inbox"),
            ("gt", "/today"),
            ("gu", "/upcoming"),
            ("/", "/search"),
        ] {
            page.leave_field().await;
            page.type_text(keys).await;
            page.arrives_at(path).await;
        }
        // In a field, keys are letters.
        page.click(field("Search tasks")).await;
        page.type_text("gt?q").await;
        page.holds(field("Search tasks"), "gt?q").await;
        page.arrives_at("/search").await;
        page.leave_field().await;
        page.type_text("q").await;
        page.sees(heading("Add a task")).await;
        page.type_text("from anywhere").await;
        page.press(Key::Enter).await;
        until_server(async || ada.list().await.len() == 4).await;
    })
    .await;
}

#[tokio::test]
async fn a_task_is_dragged_by_the_mouse_among_others_and_into_a_list() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["third", "second", "first"] {
            ada.add(title).await;
        }
        ada.add_list("Home").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.lists(&["first", "second", "third"]).await;
        page.drag(row("first"), row("third")).await;
        page.lists(&["second", "third", "first"]).await;
        page.reload().await;
        page.lists(&["second", "third", "first"]).await;
        page.drag(row("second"), link("Home")).await;
        page.sees(text("Moved “second” to Home")).await;
        until_server(async || named(&ada, "second").await.list_id.is_some()).await;
    })
    .await;
}

#[tokio::test]
async fn a_new_account_begins_with_samples_that_go_in_one_click() {
    play_on_both(async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/sign-up").await;
        page.fill(field("Email"), "ada@example.org").await;
        page.fill(field("Password"), tests::person::PASSWORD).await;
        page.press(Key::Enter).await;
        page.arrives_at("/today").await;
        let ada = stage.app.login_with("ada@example.org", tests::person::PASSWORD).await;
        until_server(async || ada.list().await.len() == 3).await;
        page.sees(row("Tick the circle of this task")).await;
        page.click(button("Remove the samples")).await;
        until_server(async || ada.list().await.is_empty()).await;
        page.reload().await;
        page.sees(heading("Nothing due today")).await;
        assert!(!page.shows(testid("samples")).await);
    })
    .await;
}

fn done(tasks: &[Task]) -> usize {
    tasks.iter().filter(|task| task.completed).count()
}

async fn named(person: &Person, title: &str) -> Task {
    let mut tasks = person.list().await.into_iter();
    tasks.find(|task| task.title == title).expect("such a task")
}

/// Adds a task that is due so many days from now.
async fn due_in(person: &Person, title: &str, days: i64) {
    let day = chrono::Local::now().date_naive() + chrono::TimeDelta::days(days);
    person
        .create(&json!({"title": title, "due": {"date": day.to_string()}}))
        .await
        .expect(201);
}

impl Page {
    /// Shows the navigation, where it is not there always.
    pub(crate) async fn open_sidebar(&self, screen: Screen) {
        if screen != Screen::Desktop {
            self.click(testid("open-sidebar")).await;
            // What is still sliding in is missed.
            self.comes_to_rest().await;
        }
    }
}
