//! What keys do, wherever the keyboard is not in a field.

use crate::model::replica::Key;
use crate::store::{COMPOSER_ID, TaskStore};
use crate::tasks::ui_state::{Overlay, UiState};
use crate::ui::toast::Toaster;
use crate::{browser, history};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// As long as one has for the second key of two, in milliseconds.
const SECOND_KEY: f64 = 1500.0;

/// Keys about tasks and lists that are kept until what does them is loaded, at most.
const EARLY: usize = 8;

/// A key that changes tasks or lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// Its name, as of `KeyboardEvent.key`.
    pub key: String,
    /// Whether Shift was down.
    pub shift: bool,
    /// Whether Alt was down.
    pub alt: bool,
    /// The task that it was about.
    current: Option<Key>,
}

/// Does what a key means. Whether it means something.
pub type Act = fn(&Press, TaskStore, UiState) -> bool;

/// What keys do to tasks and lists. It is loaded lazily, and does then what was pressed before.
#[derive(Clone, Copy)]
pub struct TaskKeys {
    act: StoredValue<Option<Act>>,
    early: StoredValue<Vec<Press>>,
    tasks: TaskStore,
    ui: UiState,
}

impl TaskKeys {
    /// Whether the key means something.
    fn press(self, event: &KeyboardEvent) -> bool {
        let press = Press {
            key: event.key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
            current: self.ui.current.get_untracked(),
        };
        if let Some(act) = self.act.get_value() {
            return act(&press, self.tasks, self.ui);
        }
        self.early.update_value(|early| {
            if early.len() < EARLY {
                early.push(press);
            }
        });
        false
    }

    /// From now on `act` does it. What was pressed before is done unless the keyboard has gone to another task since.
    pub fn loaded(self, act: Act) {
        self.act.set_value(Some(act));
        for press in self.early.try_update_value(std::mem::take).unwrap_or_default() {
            if press.current == self.ui.current.get_untracked() {
                act(&press, self.tasks, self.ui);
            }
        }
    }
}

/// Listens to keys as long as the frame is there.
pub fn listen(tasks: TaskStore, ui: UiState, toaster: Toaster) {
    let task_keys = TaskKeys {
        act: StoredValue::new(None),
        early: StoredValue::new(Vec::new()),
        tasks,
        ui,
    };
    provide_context(task_keys);
    let begun = StoredValue::new(0.0);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        let with_control = event.ctrl_key() || event.meta_key();
        let key = event.key();
        let taken = if with_control {
            controlled(&key, &event, ui, toaster)
        } else if key == "Escape" {
            escape(ui)
        } else if browser::is_writing() || browser::is_modal() || ui.overlay.with_untracked(Option::is_some) {
            // The last of these may still have to be loaded: what is typed is meant for it.
            false
        } else if event.alt_key() {
            task_keys.press(&event)
        } else {
            let second = browser::now() - begun.get_value() < SECOND_KEY;
            begun.set_value(if key == "g" && !second { browser::now() } else { 0.0 });
            if second {
                goes(&key)
            } else {
                plain(&key, ui) || task_keys.press(&event)
            }
        };
        if taken {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// A line for a new task: the one on the page, or one over it.
pub fn quick_add(ui: UiState) {
    if !browser::focus(COMPOSER_ID) {
        ui.overlay.set(Some(Overlay::QuickAdd));
    }
}

fn controlled(key: &str, event: &KeyboardEvent, ui: UiState, toaster: Toaster) -> bool {
    match key.to_ascii_lowercase().as_str() {
        "k" => {
            ui.overlay.update(|overlay| {
                *overlay = if *overlay == Some(Overlay::Palette) {
                    None
                } else {
                    Some(Overlay::Palette)
                };
            });
            true
        }
        "z" if !event.shift_key() && !browser::is_writing() => toaster.undo_last(),
        "a" if ui.selecting.get_untracked() && !browser::is_writing() => {
            ui.select_all();
            true
        }
        _ => false,
    }
}

fn escape(ui: UiState) -> bool {
    // Dialogs close themselves.
    if browser::is_modal() {
        return false;
    }
    if ui.overlay.with_untracked(Option::is_some) {
        ui.overlay.set(None);
        return true;
    }
    if ui.open.get_untracked().is_some() {
        ui.close();
        true
    } else if ui.selecting.get_untracked() {
        ui.stop_selecting();
        true
    } else if browser::is_writing() {
        browser::leave_field();
        true
    } else {
        false
    }
}

fn goes(key: &str) -> bool {
    let path = match key {
        "i" => "/inbox",
        "t" => "/today",
        "u" => "/upcoming",
        "a" => "/tasks",
        "d" => "/done",
        "s" => "/search",
        "x" => "/trash",
        _ => return false,
    };
    history::go(path);
    true
}

fn plain(key: &str, ui: UiState) -> bool {
    match key {
        "q" | "n" => quick_add(ui),
        "/" => history::go("/search"),
        "?" => ui.overlay.set(Some(Overlay::Shortcuts)),
        "j" => ui.step(true),
        "k" => ui.step(false),
        // Elsewhere they scroll.
        "ArrowDown" if ui.is_on_row() => ui.step(true),
        "ArrowUp" if ui.is_on_row() => ui.step(false),
        _ => return false,
    }
    true
}
