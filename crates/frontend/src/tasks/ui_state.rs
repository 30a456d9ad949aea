//! What is on the screen besides the tasks themselves: where the keyboard is, which tasks are chosen, whose details are
//! open, and what lies over the page.

use crate::model::replica::Key;
use crate::model::views::View;
use crate::store::{open_id, toggle_id};
use crate::{browser, history};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::ops::Deref;
use uuid::Uuid;

/// Something that lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// A line for a new task.
    QuickAdd,
    /// Where to go, and what to do.
    Palette,
    /// Which keys do what.
    Shortcuts,
    /// A new list, or what there is to change of one.
    List(Option<Uuid>),
}

/// A field of the details that the keyboard is wanted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The title.
    Title,
    /// When it is due.
    Due,
    /// How much it matters.
    Priority,
}

/// The screen. It is small, as the [`TaskStore`](crate::store::TaskStore) is, and for the same reason.
#[derive(Clone, Copy)]
pub struct UiState(&'static Parts);

impl Deref for UiState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0
    }
}

/// What a [`UiState`] leads to.
pub struct Parts {
    /// What the page shows, if it shows tasks in an order of its own.
    pub view: RwSignal<Option<View>>,
    /// The tasks of the page, in order.
    pub order: RwSignal<Vec<Key>>,
    /// The task that keys are about.
    pub current: RwSignal<Option<Key>>,
    /// Whether the person is choosing tasks.
    pub selecting: RwSignal<bool>,
    /// The tasks that are chosen.
    pub selected: RwSignal<BTreeSet<Key>>,
    /// Where choosing with shift begins.
    anchor: StoredValue<Option<Key>>,
    /// The task whose details are open.
    pub open: RwSignal<Option<Key>>,
    /// The task that the address names, until its details are open.
    pub named: RwSignal<Option<String>>,
    /// What a task is called in the address, once it is saved.
    id_of: Box<dyn Fn(Key) -> Option<Uuid> + Send + Sync>,
    /// Where in the details the keyboard is to be.
    pub field: RwSignal<Field>,
    /// What lies over the page.
    pub overlay: RwSignal<Option<Overlay>>,
}

/// Offers the screen as a context. `id_of` says what a task is called in the address, once it is saved.
pub fn provide_ui_state(id_of: impl Fn(Key) -> Option<Uuid> + Send + Sync + 'static) -> UiState {
    let ui = UiState(Box::leak(Box::new(Parts {
        view: RwSignal::new(None),
        order: RwSignal::new(Vec::new()),
        current: RwSignal::new(None),
        selecting: RwSignal::new(false),
        selected: RwSignal::new(BTreeSet::new()),
        anchor: StoredValue::new(None),
        open: RwSignal::new(None),
        named: RwSignal::new(None),
        id_of: Box::new(id_of),
        field: RwSignal::new(Field::Title),
        overlay: RwSignal::new(None),
    })));
    provide_context(ui);
    ui
}

/// The screen.
pub fn use_ui_state() -> UiState {
    expect_context()
}

impl UiState {
    /// Another page is there.
    pub fn turn_to(self, view: Option<View>) {
        self.view.set(view);
        self.order.set(Vec::new());
        self.current.set(None);
        self.stop_selecting();
    }

    /// Opens the details of the task that the address names, or closes those that are open.
    pub fn follow_address(self) {
        let named = history::task();
        if named.is_none() {
            self.open.set(None);
        }
        let is_open = named == self.open_id();
        self.named.set(named.filter(|_| !is_open));
    }

    /// Says in the address which task is open.
    pub fn name_in_address(self) {
        history::name_task(self.open_id().as_deref());
    }

    /// Whether no task is open, nor about to be.
    pub fn is_closed(self) -> bool {
        self.open.get_untracked().is_none() && self.named.get_untracked().is_none()
    }

    fn open_id(self) -> Option<String> {
        let id = (self.id_of)(self.open.get_untracked()?)?;
        Some(id.to_string())
    }

    fn set_open(self, key: Option<Key>) {
        self.named.set(None);
        self.open.set(key);
        self.name_in_address();
    }

    /// The place of the current task in the page's order.
    fn place(self) -> Option<usize> {
        let current = self.current.get_untracked()?;
        self.order
            .with_untracked(|order| order.iter().position(|key| *key == current))
    }

    /// Whether the keyboard is on the current task.
    pub fn is_on_row(self) -> bool {
        let current = self.current.get_untracked();
        current.is_some_and(|key| browser::has_focus_within(&format!("task-{key}")))
    }

    /// Goes some rows up or down; from nowhere, to the first or last one.
    pub fn step(self, down: bool) {
        let next = self.order.with_untracked(|order| {
            let last = order.len().checked_sub(1)?;
            let place = match self.place() {
                None if down => 0,
                None => last,
                Some(place) if down => (place + 1).min(last),
                Some(place) => place.saturating_sub(1),
            };
            order.get(place).copied()
        });
        if let Some(key) = next {
            self.go_to(key);
        }
    }

    /// Puts the keyboard on a task.
    pub fn go_to(self, key: Key) {
        self.current.set(Some(key));
        if self.open.get_untracked().is_some() {
            self.set_open(Some(key));
        }
        if !browser::focus(&open_id(key)) {
            browser::focus_soon(open_id(key));
        }
    }

    /// The task above or below another one on the page.
    pub fn neighbour(self, key: Key) -> Option<Key> {
        self.order.with_untracked(|order| {
            let place = order.iter().position(|other| *other == key)?;
            let above = place.checked_sub(1);
            order
                .get(place + 1)
                .or_else(|| above.and_then(|above| order.get(above)))
                .copied()
        })
    }

    /// The row is about to leave its place: the keyboard must not be left on nothing.
    pub fn leave(self, key: Key, otherwise: &'static str) {
        let had_focus = browser::has_focus_within(&format!("task-{key}"));
        let next = self.neighbour(key);
        if self.current.get_untracked() == Some(key) {
            self.current.set(next);
        }
        if self.open.get_untracked() == Some(key) {
            self.set_open(None);
        } else if !had_focus {
            return;
        }
        let wanted = next.map_or_else(|| otherwise.to_owned(), toggle_id);
        browser::focus_soon(wanted);
    }

    /// Opens a task's details.
    pub fn show(self, key: Key, field: Field) {
        self.current.set(Some(key));
        self.field.set(field);
        self.set_open(Some(key));
    }

    /// Closes the details, and gives the keyboard back to the row.
    pub fn close(self) {
        if let Some(key) = self.open.get_untracked() {
            self.set_open(None);
            browser::focus_soon(open_id(key));
        }
    }

    /// The task that is open, or that the address names, is not there: nothing is open.
    pub fn close_missing(self) {
        self.set_open(None);
    }

    /// Chooses a task, or not any more; `all` from the last one on.
    pub fn select(self, key: Key, all: bool) {
        self.selecting.set(true);
        self.current.set(Some(key));
        let from = self.anchor.get_value().filter(|_| all);
        self.anchor.set_value(Some(key));
        let range = from.and_then(|from| {
            self.order.with_untracked(|order| {
                let place = |key| order.iter().position(|other| *other == key);
                let (a, b) = (place(from)?, place(key)?);
                order.get(a.min(b)..=a.max(b)).map(<[Key]>::to_vec)
            })
        });
        self.selected.update(|selected| match range {
            Some(range) => selected.extend(range),
            None if selected.remove(&key) => {}
            None => {
                selected.insert(key);
            }
        });
    }

    /// Chooses every task of the page.
    pub fn select_all(self) {
        self.selecting.set(true);
        // Not collected, for which the compiler would make a sort of its own: 1 kB of the download.
        self.selected.update(|selected| {
            selected.clear();
            self.order.with_untracked(|order| selected.extend(order));
        });
    }

    /// Chooses nothing.
    pub fn stop_selecting(self) {
        self.selecting.set(false);
        self.selected.update(BTreeSet::clear);
        self.anchor.set_value(None);
    }

    /// The chosen tasks in the order of the page, or else the current one.
    pub fn targets(self) -> Vec<Key> {
        let selected = self.selected.get_untracked();
        if selected.is_empty() {
            return self.current.get_untracked().into_iter().collect();
        }
        self.order
            .with_untracked(|order| order.iter().filter(|key| selected.contains(key)).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_chosen_is_all_of_the_page_and_nothing_else() {
        let owner = Owner::new();
        owner.set();
        let ui = provide_ui_state(|_| None);
        ui.selected.set(BTreeSet::from([7]));
        ui.order.set(vec![2, 1]);
        ui.select_all();
        assert_eq!(ui.selected.get_untracked(), BTreeSet::from([1, 2]));
    }
}
