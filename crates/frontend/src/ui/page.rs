//! What every page has: a title in the tab, and a heading that the keyboard and the screen reader land on.

use super::boxed::effect;
use crate::browser;
use crate::words::shell;
use leptos::prelude::*;

const HEADING_ID: &str = "page-heading";

/// Whether a page has been shown before: the first one leaves the keyboard at the top of the document.
#[derive(Clone, Copy)]
pub struct Visited(StoredValue<bool>);

/// To be called once, above all pages.
pub fn provide_visited() {
    provide_context(Visited(StoredValue::new(false)));
}

/// A page's heading. It gives the tab its title, and takes the focus when the page replaces another one.
#[component]
pub fn PageHeading(
    /// What the page is about.
    #[prop(into)]
    title: Signal<String>,
) -> impl IntoView {
    effect(move || document().set_title(&title.with(|title| shell::tab(title))));
    let Visited(visited) = expect_context();
    if visited.get_value() {
        browser::focus_soon(HEADING_ID);
    }
    visited.set_value(true);
    view! {
        <h1 id=HEADING_ID class="page-heading" tabindex="-1">
            {title}
        </h1>
    }
}
