//! The way back: on a narrow screen it closes what covers the page before it leaves the page.
//!
//! What covers the page has an entry of its own in the tab's history, of the same address. Whoever closes it in another way
//! leaves that entry behind: to take it back would race with whatever page is gone to next. It looks like the page that it
//! lay over, and who goes back from it goes one entry further.

use crate::browser;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, EventInit, History, HtmlDialogElement, HtmlElement};

/// What the history keeps with such an entry.
const COVERED: &str = "covered";

/// What the browser shows in front of everything else.
const COVERS: &str = "dialog:modal, :popover-open";

thread_local! {
    /// Whether the entry that was gone to last is such a one.
    static ON_ENTRY: Cell<bool> = const { Cell::new(false) };
    /// The address of the page that is shown.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Shows a dialog over the page.
pub fn show_modal(dialog: &HtmlDialogElement) {
    // Refused only for a dialog that is open already or not on the page, and it is neither.
    let _ = dialog.show_modal();
    cover();
}

/// Something covers the page from now on.
fn cover() {
    if let Some(history) = history().filter(|_| browser::is_narrow()) {
        // Refused where it was done too often: then going back leaves the page.
        ON_ENTRY.set(is_entry(&history) || history.push_state(&COVERED.into(), "").is_ok());
    }
}

/// The page of this address, with its query, is shown from now on.
pub fn show(address: String) {
    SHOWN.set(address);
}

/// Listens to the way back, before the router does: listeners of a window are called in the order in which they came.
pub fn listen() {
    // A reload keeps the entry.
    ON_ENTRY.set(history().is_some_and(|history| is_entry(&history)));
    let went = Closure::<dyn Fn(Event)>::new(|event: Event| go(&event));
    let _ = window().add_event_listener_with_callback("popstate", went.as_ref().unchecked_ref());
    let toggled = Closure::<dyn Fn(Event)>::new(|event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.matches(":popover-open").unwrap_or_default()) {
            cover();
        }
    });
    // It does not bubble.
    let _ = document().add_event_listener_with_callback_and_bool("toggle", toggled.as_ref().unchecked_ref(), true);
    // As long as the app is there.
    went.forget();
    toggled.forget();
}

fn go(event: &Event) {
    let Some(history) = history() else {
        return;
    };
    let is_entry = is_entry(&history);
    let was_entry = ON_ENTRY.replace(is_entry);
    let stays = address().is_some_and(|address| SHOWN.with_borrow(|shown| address == *shown));
    let covers = covers();
    if !stays {
        // Several pages at once: nothing of this one is left.
        covers.iter().rev().for_each(close);
    } else if let Some((top, below)) = covers.split_last() {
        event.stop_immediate_propagation();
        close(top);
        if !below.is_empty() {
            cover();
        }
    } else if was_entry && !is_entry {
        event.stop_immediate_propagation();
        // Fails only in a document that is not shown.
        let _ = history.back();
    }
}

/// As Escape would.
fn close(cover: &Element) {
    if let Some(dialog) = cover.dyn_ref::<HtmlDialogElement>() {
        let question = EventInit::new();
        question.set_cancelable(true);
        let question = Event::new_with_event_init_dict("cancel", &question);
        if question.is_ok_and(|question| dialog.dispatch_event(&question).unwrap_or_default()) {
            dialog.close();
        }
    } else if let Some(popover) = cover.dyn_ref::<HtmlElement>() {
        // Fails only if it is hidden already.
        let _ = popover.hide_popover();
    }
}

/// What covers the page; the last one is on top.
fn covers() -> Vec<Element> {
    let Ok(found) = document().query_selector_all(COVERS) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|place| found.item(place)?.dyn_into().ok())
        .collect()
}

fn is_entry(history: &History) -> bool {
    history.state().is_ok_and(|state| state == COVERED)
}

fn history() -> Option<History> {
    window().history().ok()
}

/// The path and the query in the address bar.
fn address() -> Option<String> {
    let location = window().location();
    Some(location.pathname().ok()? + &location.search().ok()?)
}
