//! Moving things by hand: tasks by a finger, and lists by mouse, finger and keyboard.

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play};
use crate::target::{Target, link, row, testid};
use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::Person;

#[tokio::test]
async fn a_task_is_dragged_by_a_finger_that_has_rested_on_it() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for title in ["third", "second", "first"] {
            ada.add(title).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.lists(&["first", "second", "third"]).await;
        page.drag_by_finger(row("first"), row("third")).await;
        page.lists(&["second", "third", "first"]).await;
        assert!(!page.shows(testid("task-details")).await, "that was no tap");
        page.reload().await;
        page.lists(&["second", "third", "first"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_finger_that_does_not_rest_scrolls_and_moves_no_task() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for number in 0..20 {
            ada.add(&format!("Task {number:02}")).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(row("Task 12")).await;
        let before = page.titles().await;
        let (x, y) = page.middle(row("Task 12")).await;
        page.touch("touchStart", Some((x, y))).await;
        for step in 1..=10 {
            page.touch("touchMove", Some((x, y - 30.0 * f64::from(step)))).await;
        }
        page.touch("touchEnd", None).await;
        page.until("it has scrolled", "return scrollY > 50", json!([])).await;
        assert_eq!(page.titles().await, before);
    })
    .await;
}

#[tokio::test]
async fn lists_are_put_in_order_by_mouse_and_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let (ada, page) = with_lists(stage, &["Home", "Work", "Garden"]).await;
        page.sees(link("Garden")).await;
        page.has_lists(&["Home", "Work", "Garden"]).await;
        page.drag(link("Home"), link("Work")).await;
        page.has_lists(&["Work", "Home", "Garden"]).await;
        page.arrives_at("/tasks").await;
        until_server(async || names(&ada).await == ["Work", "Home", "Garden"]).await;

        let _: Value = page
            .eval(
                "arguments[0].focus(); return null",
                json!([page.element(link("Garden")).await]),
            )
            .await;
        for (key, order) in [
            (Key::Up, ["Work", "Garden", "Home"]),
            (Key::Up, ["Garden", "Work", "Home"]),
            (Key::Up, ["Garden", "Work", "Home"]),
            (Key::Down, ["Work", "Garden", "Home"]),
        ] {
            page.press_with(Key::Alt, char::from(key)).await;
            page.has_lists(&order).await;
            page.until(
                "the keyboard has come along",
                "return document.activeElement.textContent.startsWith('Garden')",
                json!([]),
            )
            .await;
        }
        until_server(async || names(&ada).await == ["Work", "Garden", "Home"]).await;
        page.reload().await;
        page.sees(link("Garden")).await;
        page.has_lists(&["Work", "Garden", "Home"]).await;
    })
    .await;
}

#[tokio::test]
async fn lists_are_put_in_order_by_a_finger_in_the_drawer() {
    play(Screen::Phone, async |stage: &Stage| {
        let (ada, page) = with_lists(stage, &["Home", "Work", "Garden"]).await;
        page.open_sidebar(Screen::Phone).await;
        page.sees(link("Garden")).await;
        page.drag_by_finger(link("Home"), link("Garden")).await;
        page.has_lists(&["Work", "Garden", "Home"]).await;
        assert!(page.shows(testid("sidebar")).await, "nobody has gone anywhere");
        page.arrives_at("/tasks").await;
        until_server(async || names(&ada).await == ["Work", "Garden", "Home"]).await;
    })
    .await;
}

/// Somebody who has these lists, and a page.
async fn with_lists(stage: &Stage, names: &[&str]) -> (Person, Page) {
    let ada = stage.app.register("ada").await;
    for name in names {
        ada.add_list(name).await;
    }
    let page = stage.browser().await;
    page.enter(&ada).await;
    (ada, page)
}

/// The names of the person's lists, in the order of the server.
pub(crate) async fn names(person: &Person) -> Vec<String> {
    person.lists().await.into_iter().map(|list| list.name).collect()
}

/// Places on the way from one to another, of which that is the last.
fn way((x, y): (f64, f64), end: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    (1..=8).map(move |step| {
        let part = f64::from(step) / 8.0;
        (x + (end.0 - x) * part, y + (end.1 - y) * part)
    })
}

impl Page {
    /// Waits until the navigation has these lists, from top to bottom.
    async fn has_lists(&self, names: &[&str]) {
        let script = "
            const links = [...document.querySelectorAll('.place[data-list] .place-name')];
            return JSON.stringify(links.map((each) => each.textContent)) === JSON.stringify(arguments[0])";
        self.until(format!("the lists are {names:?}"), script, json!([names]))
            .await;
    }

    /// Waits until the app listens to hands that move things: with the dialogs, it comes after the tasks.
    async fn has_hands(&self) {
        let script = "return document.getElementById('list-dialog') !== null";
        self.until("things can be moved", script, json!([])).await;
    }

    /// Takes one thing by the mouse, and lets it go on the lower half of another.
    pub(crate) async fn drag(&self, from: Target, to: Target) {
        self.has_hands().await;
        let (from, to) = (self.element(from).await, self.element(to).await);
        let script = "return [...arguments].map((each) => {
            const box = each.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height * 0.8];
        })";
        let places: Vec<(f64, f64)> = self.eval(script, json!([from, to])).await;
        let (start, end) = (places[0], places[1]);
        let mouse = async |kind: &str, (x, y): (f64, f64), button: &str| {
            let event = json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": 1, "buttons": 1});
            self.cdp("Input.dispatchMouseEvent", event).await;
        };
        mouse("mouseMoved", start, "none").await;
        mouse("mousePressed", start, "left").await;
        for at in way(start, end) {
            mouse("mouseMoved", at, "left").await;
        }
        mouse("mouseReleased", end, "left").await;
    }

    /// A finger does something at a place of the screen.
    async fn touch(&self, kind: &str, place: Option<(f64, f64)>) {
        let points: Vec<Value> = place.into_iter().map(|(x, y)| json!({"x": x, "y": y})).collect();
        self.cdp("Input.dispatchTouchEvent", json!({"type": kind, "touchPoints": points}))
            .await;
    }

    /// Rests a finger on one thing until that comes along, and lets it go on the lower half of another.
    async fn drag_by_finger(&self, from: Target, to: Target) {
        self.has_hands().await;
        let start = self.middle(from).await;
        let middle = self.middle(to).await;
        let end = (middle.0, middle.1 + 10.0);
        self.touch("touchStart", Some(start)).await;
        self.until(
            "it is taken up",
            "return document.documentElement.classList.contains('dragging')",
            json!([]),
        )
        .await;
        for at in way(start, end) {
            self.touch("touchMove", Some(at)).await;
        }
        self.touch("touchEnd", None).await;
        self.until(
            "it is let go",
            "return !document.documentElement.classList.contains('dragging')",
            json!([]),
        )
        .await;
    }
}
