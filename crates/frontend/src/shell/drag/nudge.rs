//! Moves tasks and lists by the keyboard, a step at a time.

use super::target::{Thing, by_hand, list_of};
use crate::browser;
use crate::model::replica::Key;
use crate::store::{TaskStore, open_id};
use crate::tasks::ui_state::UiState;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A step up or down, by the keyboard.
pub fn nudge(tasks: TaskStore, ui: UiState, key: Key, down: bool) {
    if !by_hand(ui) {
        return;
    }
    let order = ui.order.get_untracked();
    let Some(place) = order.iter().position(|other| *other == key) else {
        return;
    };
    let at = |place: Option<usize>| place.and_then(|place| order.get(place)).copied();
    let (after, before) = if down {
        if place + 1 >= order.len() {
            return;
        }
        (at(place.checked_add(1)), at(place.checked_add(2)))
    } else {
        if place == 0 {
            return;
        }
        (at(place.checked_sub(2)), at(place.checked_sub(1)))
    };
    tasks.place(key, after, before);
    browser::focus_soon(open_id(key));
}

/// A step up or down of the list that the keyboard is on, by the keyboard.
pub fn nudge_list(tasks: TaskStore, down: bool) -> bool {
    let on = document().active_element();
    let Some(id) = on.as_ref().and_then(list_of) else {
        return false;
    };
    if tasks.move_list(id, down) {
        // All places are drawn anew.
        browser::next_frame(move || focus_list(id));
    }
    true
}

fn focus_list(id: Uuid) {
    let link = document().query_selector(&Thing::List(id).selector()).ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        // Could only fail on an element that is gone.
        let _ = link.focus();
    }
}
