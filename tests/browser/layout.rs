//! Every width and every amount: nothing is cut off, nothing scrolls sideways, and long lists stay lists.

use crate::page::Page;
use crate::stage::{Screen, Stage, play};
use crate::target::{button, choice, field, heading, row, testid, text};
use fantoccini::key::Key;
use futures_util::future::join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn nothing_scrolls_sideways_on_the_narrowest_screen() {
    play(Screen::Tiny, async |stage: &Stage| {
        stage.forgive("status of 401");
        let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
        let email = format!("{}@example.org", "ada".repeat(20));
        let ada = stage.app.register_with(&email, tests::person::PASSWORD).await;
        ada.create(&json!({"title": format!("{long}{long}"), "description": format!("{long}\n{long}{long}{long}")}))
            .await
            .expect(201);
        ada.add("short").await;
        let page = stage.browser().await;
        for (path, name) in [
            ("/sign-in", "Sign in"),
            ("/sign-up", "Create your account"),
            ("/nowhere", "Page not found"),
        ] {
            page.open(path).await;
            page.sees(heading(name)).await;
            page.fits(path).await;
        }
        page.open("/sign-in").await;
        page.fill(field("Email"), long).await;
        page.fill(field("Password"), "wrong").await;
        page.press(Key::Enter).await;
        page.sees(testid("email-error")).await;
        page.fits("a form with errors").await;

        page.open("/tasks").await;
        page.sign_in(&ada.email, &ada.password).await;
        page.sees(row("short")).await;
        page.fits("the list").await;
        page.click(button(format!("Edit {long}{long}"))).await;
        page.sees(field("Title")).await;
        page.fits("the details").await;
        page.press(Key::Escape).await;
        page.delete(&format!("{long}{long}")).await;
        page.sees(testid("toast")).await;
        page.fits("a message").await;
        page.click(choice("Done: short")).await;
        page.click(testid("completed-toggle")).await;
        page.fits("what is done").await;
        page.click(testid("account-menu")).await;
        page.sees(testid("account-menu-panel")).await;
        page.fits("the menu").await;
        page.open("/account").await;
        page.sees(heading("Account")).await;
        page.fits("/account").await;
        page.click(testid("delete-account")).await;
        page.sees(heading("Delete your account?")).await;
        page.fits("a dialog").await;
    })
    .await;
}

#[tokio::test]
async fn the_last_task_can_be_reached_below_messages_on_a_phone() {
    play(Screen::Phone, the_last_task_can_be_reached).await;
}

#[tokio::test]
async fn the_last_task_can_be_reached_below_messages_on_a_desktop() {
    play(Screen::Desktop, the_last_task_can_be_reached).await;
}

async fn the_last_task_can_be_reached(stage: &Stage) {
    let ada = stage.app.register("ada").await;
    for number in 0..20 {
        ada.add(&format!("Task {number:02}")).await;
    }
    let page = stage.browser().await;
    page.enter(&ada).await;
    for number in 10..14 {
        page.delete(&format!("Task {number}")).await;
    }
    page.until(
        "as many messages as there may be",
        "return document.querySelectorAll('[data-testid=toast]').length === 3",
        json!([]),
    )
    .await;
    let last = button("Edit Task 00");
    let element: Value = page.element(last.clone()).await;
    let script = "
        const [button] = arguments;
        scrollTo({top: document.documentElement.scrollHeight, behavior: 'instant'});
        const box = button.getBoundingClientRect();
        return button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))";
    page.until("the last button can be pressed", script, json!([element]))
        .await;

    // The keyboard too: what it is on is scrolled to, and is not below the messages.
    let script = "scrollTo({top: 0, behavior: 'instant'}); document.getElementById('new-task').focus()";
    let _: Value = page.eval(&format!("{script}; return null"), json!([])).await;
    page.until(
        "the page is at its top",
        "return scrollY === 0 || document.documentElement.scrollHeight <= innerHeight",
        json!([]),
    )
    .await;
    let script = "
        const [button] = arguments;
        const buttons = [...document.querySelectorAll('[data-testid=open-tasks] [data-testid=task-title]')];
        for (const each of buttons) {
            each.focus();
            const box = each.getBoundingClientRect();
            const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            if (!each.contains(hit)) return each.getAttribute('aria-label');
        }
        return document.activeElement === button ? '' : 'not the last one';";
    let covered: String = page.eval(script, json!([element])).await;
    assert_eq!(covered, "", "is below a message when the keyboard is on it");
}

#[tokio::test]
async fn a_task_that_was_not_added_has_its_buttons_side_by_side() {
    for screen in [Screen::Tiny, Screen::Phone, Screen::Desktop] {
        play(screen, async |stage: &Stage| {
            let ada = stage.app.register("ada").await;
            let page = stage.browser().await;
            page.spy().await;
            page.enter(&ada).await;
            page.tamper("held", json!("POST /tasks")).await;
            for title in ["Return the library books before they close", "Call"] {
                page.fill(field("New task"), title).await;
                page.press(Key::Enter).await;
            }
            page.fill(field("New task"), "a third").await;
            page.tamper("broken", json!("POST /tasks")).await;
            page.tamper("held", json!(null)).await;
            page.until(
                "both wait",
                "return document.querySelectorAll('[data-testid=unsent-task]').length === 2",
                json!([]),
            )
            .await;
            page.fits("tasks that were not added").await;
            let rows: Vec<(f64, f64)> = page
                .eval(
                    "return [...document.querySelectorAll('[data-testid=unsent-task]')].map((row) =>
                        ['unsent-retry', 'unsent-discard'].map((id) =>
                            row.querySelector(`[data-testid=${id}]`).getBoundingClientRect().top))",
                    json!([]),
                )
                .await;
            for (again, discard) in rows {
                assert!((again - discard).abs() < 1.0, "{screen:?}: {again} and {discard}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn of_five_hundred_tasks_only_those_near_the_screen_are_drawn_and_all_can_be_reached() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for chunk in (0..500).collect::<Vec<_>>().chunks(25) {
            join_all(
                chunk
                    .iter()
                    .map(async |number| ada.add(&format!("Task {number}")).await),
            )
            .await;
        }
        let order: Vec<String> = ada.list().await.into_iter().map(|task| task.title).collect();
        assert_eq!(order.len(), 500);
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(row(&order[0])).await;
        page.reads(testid("open-count"), "500 to do").await;
        let drawn = page.titles().await;
        assert_eq!(drawn, order[..drawn.len()], "in order");
        assert!(drawn.len() < 100, "{} rows are drawn", drawn.len());
        let script = "
            const rows = [...document.querySelectorAll('[data-testid=open-tasks] > li')];
            return rows.map((row) => [row.ariaPosInSet, row.ariaSetSize])";
        let places: Vec<(String, String)> = page.eval(script, json!([])).await;
        assert_eq!(places[0], ("1".to_owned(), "500".to_owned()));
        assert_eq!(places[places.len() - 1].0, drawn.len().to_string());

        page.scroll_down_to(row(&order[250])).await;
        page.click(choice(format!("Done: {}", order[250]))).await;
        page.reads(testid("completed-count"), "1").await;
        page.scroll_down_to(row(&order[499])).await;
        page.click(text(&order[499])).await;
        page.fill(field("Title"), "The very first one").await;
        page.press(Key::Enter).await;
        page.press(Key::Escape).await;
        page.sees(row("The very first one")).await;

        page.fill(field("New task"), "One more").await;
        page.press(Key::Enter).await;
        page.reads(testid("open-count"), "500 to do").await;
        page.sees(row("One more")).await;
        page.has_saved("One more").await;
        page.fits("the list").await;
    })
    .await;
}

impl Page {
    /// The page is no wider than the screen, and nothing on it sticks out to the right once it has
    /// stopped moving: what slides in comes from outside the screen.
    async fn fits(&self, place: &str) {
        self.comes_to_rest().await;
        let (page, screen, wide): (f64, f64, Vec<String>) = self.eval(WIDTH, json!([])).await;
        assert!(
            page <= screen && wide.is_empty(),
            "{place}: {page} on a screen of {screen}: {wide:?}"
        );
    }

    /// Scrolls down, a screen at a time, until this is in view and nothing covers it.
    async fn scroll_down_to(&self, target: crate::target::Target) {
        for _ in 0..100 {
            if self.shows(target.clone()).await {
                break;
            }
            let _: Value = self
                .eval(
                    "scrollBy({top: innerHeight / 2, behavior: 'instant'}); return null",
                    json!([]),
                )
                .await;
            self.until(
                "it is drawn",
                "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
                json!([]),
            )
            .await;
        }
        let element: Value = self.element(target).await;
        let script = "
            const [element] = arguments;
            element.scrollIntoView({block: 'center', behavior: 'instant'});
            const box = element.getBoundingClientRect();
            const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return element.contains(hit)";
        self.until("it is in view", script, json!([element])).await;
    }
}

/// The widths of the page and of the screen, and what sticks out. Not `innerWidth`: a phone zooms out until all fits.
const WIDTH: &str = "
    const screen = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('body *')]
        .filter((each) => each.checkVisibility({visibilityProperty: true, opacityProperty: true}))
        .filter((each) => !each.closest('.visually-hidden, svg'))
        .filter((each) => each.getBoundingClientRect().right > screen + 0.5)
        .map((each) => `${each.tagName}.${each.className}`);
    return [document.scrollingElement.scrollWidth, screen, wide];";
