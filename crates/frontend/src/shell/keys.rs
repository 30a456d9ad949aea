//! What keys do, wherever the keyboard is not in a field.

use crate::store::{BulkEdit, COMPOSER_ID, TaskStore};
use crate::tasks::list::{complete, delete};
use crate::tasks::ui_state::{Field, Overlay, UiState};
use crate::ui::toast::Toaster;
use crate::{browser, history};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::due::Due;
use shared::priority::Priority;

/// As long as one has for the second key of two, in milliseconds.
const SECOND_KEY: f64 = 1500.0;

/// Listens to keys as long as the frame is there.
pub fn listen(tasks: TaskStore, ui: UiState, toaster: Toaster) {
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
            moved(&key, tasks, ui)
        } else {
            let second = browser::now() - begun.get_value() < SECOND_KEY;
            begun.set_value(if key == "g" && !second { browser::now() } else { 0.0 });
            if second {
                goes(&key)
            } else {
                plain(&key, &event, tasks, ui)
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

/// With Alt, arrows take the task along, or the list that the keyboard is on.
fn moved(key: &str, tasks: TaskStore, ui: UiState) -> bool {
    let down = match key {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return false,
    };
    if super::drag::nudge_list(tasks, down) {
        return true;
    }
    if let Some(current) = ui.current.get_untracked() {
        super::drag::nudge(tasks, ui, current, down);
    }
    true
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

fn plain(key: &str, event: &KeyboardEvent, tasks: TaskStore, ui: UiState) -> bool {
    match key {
        "q" | "n" => quick_add(ui),
        "/" => history::go("/search"),
        "?" => ui.overlay.set(Some(Overlay::Shortcuts)),
        "j" => ui.step(true),
        "k" => ui.step(false),
        // Elsewhere they scroll.
        "ArrowDown" if ui.is_on_row() => ui.step(true),
        "ArrowUp" if ui.is_on_row() => ui.step(false),
        _ => return of_task(key, event, tasks, ui),
    }
    true
}

/// Keys about the current task, or all that are chosen.
fn of_task(key: &str, event: &KeyboardEvent, tasks: TaskStore, ui: UiState) -> bool {
    let Some(current) = ui.current.get_untracked() else {
        return false;
    };
    let meant = ui.targets();
    let all = |change: BulkEdit| {
        tasks.bulk_edit(&meant, &change);
        ui.stop_selecting();
    };
    let priority = |level| BulkEdit::Priority(level);
    match key {
        "x" | "X" => ui.select(current, event.shift_key()),
        "e" | "o" => ui.show(current, Field::Title),
        "d" => ui.show(current, Field::Due),
        "p" => ui.show(current, Field::Priority),
        "c" if meant.len() > 1 => all(BulkEdit::Completed(true)),
        "c" => {
            let done = tasks.wanted(current).is_some_and(|content| content.completed);
            complete(tasks, ui, current, !done);
        }
        "t" => all(BulkEdit::Due(Due::on(tasks.clock.get_untracked().today()).ok())),
        "1" => all(priority(Priority::High)),
        "2" => all(priority(Priority::Medium)),
        "3" => all(priority(Priority::Low)),
        "4" | "0" => all(priority(Priority::None)),
        "Delete" | "Backspace" if meant.len() > 1 => all(BulkEdit::Deleted(true)),
        "Delete" | "Backspace" if ui.is_on_row() => delete(tasks, ui, current),
        _ => return false,
    }
    true
}
