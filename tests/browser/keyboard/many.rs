//! Many tasks at once, and their order.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play};
use crate::target::testid;
use fantoccini::key::Key;
use shared::priority::Priority;
use shared::tasks::Task;
use tests::Person;

#[tokio::test]
async fn a_range_of_tasks_is_chosen_and_changed_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let home = ada.add_list("Home").await;
        let page = with_tasks(stage, &ada).await;
        page.type_text_nowhere("jjx").await;
        page.type_text("jj").await;
        page.press_with(Key::Shift, 'X').await;
        page.reads(testid("bulk-count"), "3 selected").await;
        page.pick("Priority", 2).await;
        until_server(async || medium(&ada).await == ["four", "three", "two"]).await;

        page.choose_all().await;
        page.pick("Move to", 2).await;
        until_server(async || ada.list().await.iter().all(|task| task.list_id == Some(home.id))).await;
        page.choose_all().await;
        page.pick("Due", 2).await;
        until_server(async || ada.list().await.iter().all(|task| task.due.is_some())).await;
        page.choose_all().await;
        page.tab_and_press("Complete").await;
        until_server(async || ada.list().await.iter().all(|task| task.completed)).await;
        page.is_at("New task").await;
        page.tab_and_press("Undo").await;
        until_server(async || !ada.list().await.iter().any(|task| task.completed)).await;
        page.choose_all().await;
        page.tab_and_press("Delete").await;
        until_server(async || ada.list().await.is_empty()).await;
    })
    .await;
}

#[tokio::test]
async fn choosing_begins_and_ends_by_keyboard_with_buttons_alone() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = with_tasks(stage, &ada).await;
        page.tab_and_press("Select").await;
        page.sees(testid("bulk-bar")).await;
        page.tab_to("Select four").await;
        page.press_space().await;
        page.reads(testid("bulk-count"), "1 selected").await;
        page.tab_and_press("All").await;
        page.reads(testid("bulk-count"), "5 selected").await;
        page.tab_and_press("Stop selecting").await;
        page.loses(testid("bulk-bar")).await;
        // The last task that it was on.
        page.is_at("Edit one").await;
    })
    .await;
}

#[tokio::test]
async fn a_task_is_moved_among_others_by_keyboard_and_stays_there() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = with_tasks(stage, &ada).await;
        page.tab_to("Edit five").await;
        for order in [
            ["four", "five", "three", "two", "one"],
            ["four", "three", "five", "two", "one"],
        ] {
            page.press_with(Key::Alt, char::from(Key::Down)).await;
            page.lists(&order).await;
            page.is_at("Edit five").await;
        }
        page.press_with(Key::Alt, char::from(Key::Up)).await;
        page.lists(&["four", "five", "three", "two", "one"]).await;
        page.has_saved("five").await;
        page.reload().await;
        page.lists(&["four", "five", "three", "two", "one"]).await;
    })
    .await;
}

/// The page of somebody with five tasks.
async fn with_tasks(stage: &Stage, ada: &Person) -> Page {
    for title in ["one", "two", "three", "four", "five"] {
        ada.add(title).await;
    }
    let page = stage.browser().await;
    page.enter(ada).await;
    page.lists(&["five", "four", "three", "two", "one"]).await;
    page
}

async fn medium(ada: &Person) -> Vec<String> {
    let tasks = ada.list().await.into_iter();
    let medium = tasks.filter(|task: &Task| task.priority == Priority::Medium);
    medium.map(|task| task.title).collect()
}

impl Page {
    /// Goes to a menu, and steps down to what it offers there: to open it is the first step.
    async fn pick(&self, menu: &str, place: usize) {
        self.tab_to(menu).await;
        for _ in 0..=place {
            self.press(Key::Down).await;
        }
        self.press(Key::Enter).await;
    }

    /// Chooses every task by keys.
    async fn choose_all(&self) {
        self.loses(testid("bulk-bar")).await;
        self.type_text_nowhere("jx").await;
        self.sees(testid("bulk-bar")).await;
        self.press_with(Key::Control, 'a').await;
        self.reads(testid("bulk-count"), "5 selected").await;
    }
}
