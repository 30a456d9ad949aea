//! What lies under the pointer: what can be dragged, and where it would go.

use crate::model::replica::Key;
use crate::model::views::View;
use crate::tasks::ui_state::UiState;
use leptos::prelude::*;
use uuid::Uuid;
use web_sys::Element;

/// Something that can be dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Task(Key),
    List(Uuid),
}

/// Where it would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// Above or below another one of its kind.
    Beside(Thing, bool),
    /// Into a list, or the inbox.
    List(Option<Uuid>),
    /// To today.
    Today,
}

impl Thing {
    /// What an element is, or is a part of.
    pub(super) fn of(element: &Element) -> Option<Self> {
        key_of(element)
            .map(Self::Task)
            .or_else(|| list_of(element).map(Self::List))
    }

    /// Finds what is marked while it moves.
    pub(super) fn selector(self) -> String {
        match self {
            Self::Task(key) => format!("[data-key='{key}']"),
            Self::List(id) => format!("[data-list='{id}']"),
        }
    }
}

/// Whether the page's tasks stand in the person's own order.
pub(super) fn by_hand(ui: UiState) -> bool {
    ui.view
        .with_untracked(|view| view.as_ref().is_some_and(View::is_ordered_by_hand))
}

/// The closest element that fits, from this one up.
pub(super) fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// The task whose row this is.
pub(super) fn key_of(element: &Element) -> Option<Key> {
    closest(element, "[data-key]")?.get_attribute("data-key")?.parse().ok()
}

/// The list whose link in the navigation this is.
pub(super) fn list_of(element: &Element) -> Option<Uuid> {
    closest(element, "[data-list]")?
        .get_attribute("data-list")?
        .parse()
        .ok()
}

/// Whether a place is in the lower half of what it is in.
pub(super) fn is_below(element: &Element, row: &str, y: f64) -> Option<bool> {
    let row = closest(element, row)?.get_bounding_client_rect();
    Some(y > row.top() + row.height() / 2.0)
}
