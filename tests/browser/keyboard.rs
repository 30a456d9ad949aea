//! The whole app by keyboard alone: everything can be reached, one sees where one is, and the place is never lost.

mod details;
mod lists;
mod many;
mod transfer;

use crate::page::{Page, until_server};
use crate::stage::{Screen, Stage, play};
use crate::target::{choice, field, heading, row, testid, text};
use fantoccini::key::Key;
use serde_json::json;
use tests::person::PASSWORD;

#[tokio::test]
async fn everything_can_be_done_by_keyboard_alone() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/").await;
        page.sees(heading("Sign in")).await;
        page.tab_to("Create an account").await;
        page.press(Key::Enter).await;
        page.sees(heading("Create your account")).await;
        page.tab_to("Email").await;
        page.type_text("ada@example.org").await;
        page.tab_to("Password").await;
        page.type_text(PASSWORD).await;
        page.tab_to("Create account").await;
        page.press(Key::Enter).await;
        page.arrives_at("/today").await;
        page.tab_to("Remove the samples").await;
        page.press(Key::Enter).await;
        page.loses(testid("samples")).await;
        page.type_text_nowhere("ga").await;
        page.arrives_at("/tasks").await;

        page.tab_to("New task").await;
        for title in ["first", "second", "third"] {
            page.type_text(title).await;
            page.press(Key::Enter).await;
            page.has_saved(title).await;
            page.is_at("New task").await;
        }

        page.tab_to("Done: third").await;
        page.press_space().await;
        page.lists(&["second", "first"]).await;
        page.is_at("Done: second").await;

        page.tab_to("Edit second").await;
        page.press(Key::Enter).await;
        page.is_at("Title").await;
        page.press(Key::End).await;
        page.type_text(", changed").await;
        page.press(Key::Enter).await;
        page.lists(&["second, changed", "first"]).await;
        page.press(Key::Escape).await;
        page.is_at("Edit second, changed").await;

        page.tab_to("Delete second, changed").await;
        page.press(Key::Enter).await;
        page.lists(&["first"]).await;
        page.is_at("Done: first").await;
        page.tab_to("Undo").await;
        page.press(Key::Enter).await;
        page.lists(&["second, changed", "first"]).await;
        page.is_at("Edit second, changed").await;
        page.tab_to("Delete second, changed").await;
        page.press(Key::Enter).await;
        page.tab_to("Delete first").await;
        page.press(Key::Enter).await;
        page.sees(heading("All done")).await;
        page.is_at("New task").await;

        page.tab_to("Account menu of ada@example.org").await;
        page.press(Key::Enter).await;
        page.tab_to("Sign out").await;
        page.press(Key::Enter).await;
        page.sees(text("You have signed out.")).await;
        let ada = stage.app.login_with("ada@example.org", PASSWORD).await;
        until_server(async || {
            let tasks = ada.list().await;
            tasks.len() == 1 && tasks[0].title == "third" && tasks[0].completed
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_open_menu_and_an_open_dialog_close_by_escape_and_give_the_keyboard_back() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.tab_to("Account menu of ada@example.org").await;
        page.press(Key::Enter).await;
        page.sees(testid("account-menu-panel")).await;
        page.press(Key::Escape).await;
        page.loses(testid("account-menu-panel")).await;
        page.is_at("Account menu of ada@example.org").await;

        page.open("/account").await;
        page.sees(heading("Account")).await;
        page.tab_to("Delete account…").await;
        page.press(Key::Enter).await;
        page.sees(heading("Delete your account?")).await;
        page.sees(field("Your password")).await;
        for _ in 0..8 {
            page.press(Key::Tab).await;
            let outside = "return document.activeElement.closest('main') !== null && document.activeElement.closest('dialog') === null";
            assert!(!page.eval::<bool>(outside, json!([])).await, "the keyboard left the dialog");
        }
        page.press(Key::Escape).await;
        page.loses(heading("Delete your account?")).await;
        page.is_at("Delete account…").await;
    })
    .await;
}

#[tokio::test]
async fn the_first_stop_skips_to_the_content() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.reload().await;
        page.sees(heading("All tasks")).await;
        page.press(Key::Tab).await;
        page.is_at("Skip to content").await;
        page.press(Key::Enter).await;
        page.press(Key::Tab).await;
        page.is_at("New task").await;
    })
    .await;
}

#[tokio::test]
async fn the_theme_can_be_chosen_by_keyboard() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/sign-in").await;
        page.sees(choice("System")).await;
        page.tab_to("System").await;
        page.press(Key::Right).await;
        page.until(
            "it is light",
            "return document.documentElement.dataset.theme === 'light'",
            json!([]),
        )
        .await;
        page.press(Key::Right).await;
        page.until(
            "it is dark",
            "return document.documentElement.dataset.theme === 'dark'",
            json!([]),
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn what_the_keyboard_is_on_is_never_covered() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        for number in 0..30 {
            ada.add(&format!("Task {number}")).await;
        }
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.sees(row("Task 29")).await;
        for _ in 0..80 {
            page.press(Key::Tab).await;
            page.is_uncovered().await;
        }
        for _ in 0..80 {
            page.tab_back().await;
            page.is_uncovered().await;
        }
    })
    .await;
}

impl Page {
    /// At least a part of what the keyboard is on can be seen (WCAG 2.4.11).
    async fn is_uncovered(&self) {
        let covered: Option<String> = self.eval(COVERED, json!([])).await;
        assert_eq!(covered, None, "something lies over it");
    }

    /// Presses Tab until the keyboard is on what is called this, looking at every stop on the way.
    async fn tab_to(&self, name: &str) {
        self.walk_to(name, async || self.press(Key::Tab).await).await;
    }

    /// The same way, but back.
    async fn tab_back_to(&self, name: &str) {
        self.walk_to(name, async || self.tab_back().await).await;
    }

    async fn walk_to(&self, name: &str, step: impl AsyncFn()) {
        let mut seen = Vec::new();
        for _ in 0..60 {
            step().await;
            let (at, ring): (String, bool) = self.eval(WHERE, json!([])).await;
            // At the end the browser itself takes its turn, and the page has no focus.
            assert!(ring || at.is_empty(), "nothing shows that the keyboard is on {at:?}");
            if at == name {
                return;
            }
            seen.push(at);
        }
        panic!("{name:?} cannot be reached: {seen:?}");
    }

    async fn tab_back(&self) {
        self.press_with(Key::Shift, char::from(Key::Tab)).await;
    }

    /// Waits until the keyboard is on what is called this.
    async fn is_at(&self, name: &str) {
        let script = format!("return (() => {{ {WHERE} }})()[0] === arguments[0]");
        self.until(format!("the keyboard is on {name:?}"), &script, json!([name]))
            .await;
    }

    /// Types where no field is.
    async fn type_text_nowhere(&self, text: &str) {
        self.leave_field().await;
        self.type_text(text).await;
    }

    async fn press_space(&self) {
        self.type_text(" ").await;
    }

    /// Goes to what is called this, and presses it.
    async fn tab_and_press(&self, name: &str) {
        self.tab_to(name).await;
        self.press(Key::Enter).await;
    }

    /// Replaces what stands in the field that the keyboard is on.
    async fn retype(&self, text: &str) {
        self.press_with(Key::Control, 'a').await;
        self.type_text(text).await;
    }
}

/// What the keyboard is on, by its name, and whether that can be seen: something is drawn around it, or around the box
/// that it is the only part of. The parts of a field for a time are the browser's own, and draw that themselves.
const WHERE: &str = "
    const element = document.activeElement;
    if (!element || element === document.body) return ['', false];
    const tidy = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
    const name = tidy(element.getAttribute('aria-label')
        || (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
        || (element.labels?.length ? [...element.labels].map((each) => each.textContent).join(' ') : element.textContent));
    const drawn = (each) => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    };
    if (element.type === 'time') return [name, true];
    return [name, [element, element.parentElement, element.closest('form, label')].some((each) => each && drawn(each))];";

/// What the keyboard is on, if none of its corners, sides and middle can be seen.
const COVERED: &str = "
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    const at = (part, from, size) => Math.min(from + size - 1, Math.max(from + 1, from + part * size));
    for (const across of [0, 0.5, 1])
        for (const down of [0, 0.5, 1]) {
            const hit = document.elementFromPoint(at(across, box.x, box.width), at(down, box.y, box.height));
            if (hit && (element.contains(hit) || hit.contains(element) && hit.closest('label'))) return null;
        }
    return element.outerHTML.slice(0, 200)";
