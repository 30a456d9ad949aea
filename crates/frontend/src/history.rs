//! The tab's history: going back closes what lies over the page before it leaves the page. The open task is in the address
//! (`?task=`), so that it can be linked to, reloaded and gone back to.
//!
//! The open task has an entry of its own, and on a narrow screen so has whatever covers the page. Whoever closes it in another
//! way leaves that entry behind, with the page's own address: to take it back would race with whatever page is gone to next. It
//! looks like the page that it lay over, and who goes back from it goes one entry further.

use crate::browser;
use crate::return_to::with_query;
use crate::ui::boxed::effect;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::location::State;
use std::cell::{Cell, OnceCell, RefCell};
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventInit, History, HtmlDialogElement, HtmlElement};

/// What the history keeps with such an entry.
const COVERED: &str = "covered";

/// What lies over the page, or beside it.
const COVERS: &str = "dialog[open], :popover-open";

/// How the address says which task is open.
const TASK: &str = "task=";

thread_local! {
    /// Whether the entry that was gone to last is such a one.
    static ON_ENTRY: Cell<bool> = const { Cell::new(false) };
    static ROUTER: OnceCell<Router> = const { OnceCell::new() };
}

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// Where the router is, and how it is sent elsewhere.
struct Router {
    path: Memo<String>,
    query: Memo<String>,
    navigate: Navigate,
}

impl Router {
    fn address(&self) -> String {
        with_query(&self.path.get_untracked(), &self.query.get_untracked())
    }
}

/// Follows the router, to be called once below it. The way back is listened to from then on.
pub fn follow_router() {
    let (location, navigate) = (use_location(), use_navigate());
    let (path, query) = (location.pathname, location.search);
    ROUTER.with(|router| {
        router.get_or_init(|| Router {
            path,
            query,
            navigate: Box::new(navigate),
        });
    });
    // The router makes no entry for a page that it takes for the one it was on, which after several steps back at once it does
    // by mistake.
    let last = RefCell::new(String::new());
    effect(move || {
        let now = with_query(&path.get(), &query.get());
        let before = last.replace(now.clone());
        browser::spawn(async move {
            // By then the router has made its entry, if it does.
            browser::pause(Duration::ZERO).await;
            if before != now && address() == before && with_router(Router::address).as_ref() == Some(&now) {
                push(&JsValue::NULL, &now);
            }
        });
    });
}

/// Listens to the way back, before the router does: listeners of a window are called in the order in which they came.
pub fn listen() {
    // A reload keeps the entry.
    ON_ENTRY.set(is_entry());
    let went = Closure::<dyn Fn(Event)>::new(|event: Event| go_back(&event));
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

/// Goes to a page of the app.
pub fn go(path: &str) {
    with_router(|router| (router.navigate)(path, NavigateOptions::default()));
}

/// The task that the address names, as it changes with the page or on the way through the history.
pub fn task() -> Option<String> {
    let (path, query) = with_router(|router| (router.path, router.query))?;
    // Another page may name the same task.
    path.with(|_| ());
    query.with(|query| named(query).map(str::to_owned))
}

/// Says in the address which task is open. The first one has an entry of its own, which the next ones and none take over.
pub fn name_task(id: Option<&str>) {
    with_router(|router| {
        let (path, query) = (router.path.get_untracked(), router.query.get_untracked());
        let here = with_query(&path, &query);
        // On the way to another page the address is no longer that of this one.
        if address() != here {
            return;
        }
        if id.is_some() && !is_entry() {
            if named(&query).is_some() {
                // Below the task that a link has led to lies its page, as for those who have come over it.
                replace(&with_query(&path, &naming(&query, None)));
            }
            lay_entry(&here);
        }
        if named(&query) == id {
            return;
        }
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            state: State::new(is_entry().then(|| COVERED.into())),
            ..NavigateOptions::default()
        };
        (router.navigate)(&with_query(&path, &naming(&query, id)), options);
    });
}

/// Shows a dialog over the page.
pub fn show_modal(dialog: &HtmlDialogElement) {
    // Refused only for a dialog that is open already or not on the page, and it is neither.
    let _ = dialog.show_modal();
    cover();
}

/// Something covers the page from now on.
fn cover() {
    if browser::is_narrow() {
        lay_entry(&address());
    }
}

/// Makes an entry for what lies over the page, unless that is where we are.
fn lay_entry(address: &str) {
    // Refused where it was done too often: then going back leaves the page.
    ON_ENTRY.set(is_entry() || push(&COVERED.into(), address));
}

fn go_back(event: &Event) {
    let is_entry = is_entry();
    let was_entry = ON_ENTRY.replace(is_entry);
    let (now, before) = (address(), with_router(Router::address).unwrap_or_default());
    let covers = covers();
    if path(&now) != path(&before) {
        // Several pages at once: nothing of this one is left.
        covers.iter().rev().for_each(close);
    } else if let Some((top, below)) = covers.split_last() {
        close(top);
        if !below.is_empty() {
            lay_entry(&before);
        }
        // Then the router is where it was.
        if address() == before {
            event.stop_immediate_propagation();
        }
    } else if was_entry && !is_entry && now == before {
        event.stop_immediate_propagation();
        if let Some(history) = history() {
            // Fails only in a document that is not shown.
            let _ = history.back();
        }
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

/// What lies over the page; the last one is on top.
fn covers() -> Vec<Element> {
    let Ok(found) = document().query_selector_all(COVERS) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|place| found.item(place)?.dyn_into().ok())
        .collect()
}

fn push(state: &JsValue, address: &str) -> bool {
    history().is_some_and(|history| history.push_state_with_url(state, "", Some(address)).is_ok())
}

fn replace(address: &str) {
    if let Some(history) = history() {
        // Refused where it was done too often: then going back leads to the task once more.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

fn is_entry() -> bool {
    history().is_some_and(|history| history.state().is_ok_and(|state| state == COVERED))
}

fn history() -> Option<History> {
    window().history().ok()
}

fn with_router<T>(act: impl FnOnce(&Router) -> T) -> Option<T> {
    ROUTER.with(|router| router.get().map(act))
}

/// The path and the query in the address bar.
fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

fn path(address: &str) -> &str {
    address.split_once('?').map_or(address, |(path, _)| path)
}

/// The task that a query names.
fn named(query: &str) -> Option<&str> {
    query.split('&').find_map(|member| member.strip_prefix(TASK))
}

/// The query naming this task, or none.
fn naming(query: &str, id: Option<&str>) -> String {
    let mut naming = String::new();
    let mut add = |sign: &str, member: &str| {
        if !naming.is_empty() {
            naming.push('&');
        }
        naming.push_str(sign);
        naming.push_str(member);
    };
    for member in query.split('&') {
        if !member.is_empty() && !member.starts_with(TASK) {
            add("", member);
        }
    }
    if let Some(id) = id {
        add(TASK, id);
    }
    naming
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_one_task_and_keeps_all_else() {
        for (query, id, expected) in [
            ("", Some("7"), "task=7"),
            ("task=6", Some("7"), "task=7"),
            ("task=6", None, ""),
            ("q=a&task=6&sort=due", Some("7"), "q=a&sort=due&task=7"),
            ("q=a&task=6", None, "q=a"),
        ] {
            assert_eq!(naming(query, id), expected, "{query}");
            assert_eq!(named(expected), id, "{expected}");
        }
    }
}
