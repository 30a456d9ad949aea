//! The list that the pages of somebody who is signed in share: what they read of it, and what the person does with it.
//! How the server hears of that is in `sync`.

mod request;
mod sync;

use self::request::check;
use self::sync::shorten;
use super::board::{Board, Editor, Entry, Key};
use crate::api::{Client, Failure};
use crate::browser;
use crate::components::toast::{Toast, Toaster};
use crate::drafts::{Drafts, Words};
use leptos::prelude::*;
use std::time::Duration;
use uuid::Uuid;

/// How often an unreachable server is tried again, and how often dates are read anew.
const TICK: Duration = Duration::from_secs(15);

/// What became of reading the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load {
    /// Not answered yet.
    Waiting,
    /// The list is there.
    Done,
    /// There is no list, and why.
    Failed(String),
}

/// The tasks of the person who is signed in.
#[derive(Clone, Copy)]
pub struct TaskStore {
    board: RwSignal<Board>,
    /// The tasks that are to be done, in order.
    pub open: Memo<Vec<Key>>,
    /// The tasks that are done, in order.
    pub done: Memo<Vec<Key>>,
    /// Whether the tasks that are done are shown.
    pub show_done: RwSignal<bool>,
    /// What became of reading the list.
    pub load: RwSignal<Load>,
    /// Whether the server answered last time.
    reachable: RwSignal<bool>,
    /// Whether the machine has a network.
    online: Signal<bool>,
    /// The instant that dates are seen from.
    pub now: RwSignal<f64>,
    /// What is wrong with it.
    pub composer_error: RwSignal<Option<String>>,
    /// The words that are not sent yet.
    pub drafts: Drafts,
    toaster: Toaster,
    client: StoredValue<Client>,
    /// Whoever asks for the list, it is wanted as long as its own area is on the page.
    owner: StoredValue<WeakOwner>,
}

/// Reads the list, and offers it as a context to the pages below.
pub fn provide_tasks(client: Client, drafts: Drafts, toaster: Toaster) {
    let board = RwSignal::new(Board::default());
    let section = move |completed| {
        Memo::new(move |_| board.with(|board| board.section(completed).map(|entry| entry.key).collect()))
    };
    let store = TaskStore {
        board,
        open: section(false),
        done: section(true),
        show_done: RwSignal::new(false),
        load: RwSignal::new(Load::Waiting),
        reachable: RwSignal::new(true),
        online: browser::online(),
        now: RwSignal::new(browser::now()),
        composer_error: RwSignal::new(None),
        drafts,
        toaster,
        client: StoredValue::new(client),
        owner: StoredValue::new(Owner::current().unwrap_or_default().downgrade()),
    };
    store.keep_fresh();
    store.refresh();
    provide_context(store);
}

/// The tasks of the person who is signed in.
pub fn use_tasks() -> TaskStore {
    expect_context()
}

impl TaskStore {
    /// A task, as it changes.
    pub fn entry(self, key: Key) -> Option<Entry> {
        self.board.with(|board| board.get(key).cloned())
    }

    /// What keeps changes from the server, if something does.
    pub fn blocked(self) -> Option<&'static str> {
        match (self.online.get(), self.reachable.get()) {
            (false, _) => Some("You’re offline. Changes can’t be saved until you’re back."),
            (true, false) => Some("Can’t reach the server. Trying again…"),
            (true, true) => None,
        }
    }

    /// Reads the list again.
    pub fn refresh(self) {
        let owner = self.owner.try_get_value().and_then(|owner| owner.upgrade());
        if let Some(owner) = owner {
            // Nobody needs the answer once the list is off the page.
            owner.with(|| browser::spawn_while_shown(self.read()));
        }
    }

    async fn read(self) {
        let client = self.client.get_value();
        let asked = self.board.with_untracked(Board::now);
        match client.list_tasks().await {
            Ok(tasks) => {
                self.board.update(|board| board.merge(tasks, asked));
                let first = self.load.get_untracked() != Load::Done;
                self.load.set(Load::Done);
                self.reachable.set(true);
                if first {
                    self.reopen_editors();
                }
            }
            Err(Failure::SessionEnded) => {}
            Err(failure) => {
                self.reachable.set(!failure.is_unreachable());
                if self.load.get_untracked() != Load::Done {
                    self.load.set(Load::Failed(if failure.is_unreachable() {
                        // The banner says why.
                        "They will be here as soon as the server can be reached.".to_owned()
                    } else {
                        failure.sentence()
                    }));
                }
            }
        }
    }

    /// Tries again after a failure, showing that it does.
    pub fn retry(self) {
        self.load.set(Load::Waiting);
        self.refresh();
    }

    /// Adds a task with what stands in the field, which is free for the next one at once.
    pub fn add(self, words: &Words) {
        let (title, description) = match check(words) {
            Ok(checked) => checked,
            Err(message) => {
                self.composer_error.set(Some(message));
                return;
            }
        };
        self.set_composer(Words::default());
        self.add_checked(Words {
            title: title.into_string(),
            description: description.into_string(),
        });
    }

    /// Tries words from the tray again.
    pub fn add_from_tray(self, words: &Words) {
        self.drafts.take_from_tray(words);
        self.add_checked(words.clone());
    }

    fn add_checked(self, words: Words) {
        if let Some(key) = self.board.try_update(|board| board.add(words)) {
            self.send(key);
        }
    }

    /// The person types a new task.
    pub fn set_composer(self, words: Words) {
        self.composer_error.set(None);
        self.drafts.set_new_task(words);
    }

    /// Marks a task as done, or not done.
    pub fn complete(self, key: Key, completed: bool) {
        self.leave_row(key);
        self.board.update(|board| board.complete(key, completed));
        self.send(key);
    }

    /// Opens a task's editor.
    pub fn edit(self, key: Key) {
        self.board.update(|board| {
            if let Some(words) = board.get(key).map(Entry::words) {
                board.open_editor(key, Editor { words, error: None });
            }
        });
    }

    /// The person types in a task's editor.
    pub fn keep_edit(self, key: Key, words: Words) {
        if let Some(id) = self.id(key) {
            self.drafts.set_edit(id, words);
        }
    }

    /// Closes a task's editor without a change.
    pub fn cancel_edit(self, key: Key) {
        if let Some(id) = self.id(key) {
            self.drafts.drop_edit(id);
        }
        self.close_editor(key);
    }

    /// Closes a task's editor and saves its words, unless they break a rule.
    pub fn save_edit(self, key: Key, words: &Words) {
        let (title, description) = match check(words) {
            Ok(checked) => checked,
            Err(message) => {
                let editor = Editor {
                    words: words.clone(),
                    error: Some(message),
                };
                self.board.update(|board| board.open_editor(key, editor));
                return;
            }
        };
        let words = Words {
            title: title.into_string(),
            description: description.into_string(),
        };
        self.board.update(|board| board.reword(key, words));
        self.close_editor(key);
        self.send(key);
        // Nothing new was said; else the words are kept until the server has them.
        let entry = self.board.with_untracked(|board| board.get(key).cloned());
        if let Some(id) = entry.filter(Entry::is_in_step).and_then(|entry| entry.id()) {
            self.drafts.drop_edit(id);
        }
    }

    /// Takes a task off the list, and deletes it when the time to undo that is over.
    pub fn delete(self, key: Key) {
        let Some(title) = self
            .board
            .with_untracked(|board| board.get(key).map(|entry| entry.content.title.clone()))
        else {
            return;
        };
        self.leave_row(key);
        self.board.update(|board| board.delete(key));
        let undo = move || {
            self.board.try_update(|board| board.undo_delete(key));
            browser::focus_soon(toggle_id(key));
        };
        let bury = move || self.bury(key);
        self.toaster
            .show(Toast::info(format!("Deleted “{}”", shorten(&title))).undo(undo, bury));
    }

    fn reopen_editors(self) {
        self.board.update(|board| {
            for edit in self.drafts.edits() {
                if let Some(key) = board.find(edit.id).map(|entry| entry.key) {
                    let (words, error) = (edit.words, None);
                    board.open_editor(key, Editor { words, error });
                }
            }
        });
    }

    fn close_editor(self, key: Key) {
        self.board.update(|board| board.close_editor(key));
        browser::focus_soon(edit_id(key));
    }

    /// The row is about to leave its place: the keyboard must not be left on nothing.
    fn leave_row(self, key: Key) {
        let next = self.board.with_untracked(|board| board.neighbour(key));
        browser::focus_soon(next.map_or_else(|| COMPOSER_ID.to_owned(), toggle_id));
    }

    fn id(self, key: Key) -> Option<Uuid> {
        self.board.with_untracked(|board| board.get(key).and_then(Entry::id))
    }

    fn keep_fresh(self) {
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            if browser::is_visible() {
                self.now.set(browser::now());
                self.refresh();
            }
        });
        let online = window_event_listener(leptos::ev::online, move |_| self.refresh());
        let hidden = window_event_listener_untyped("pagehide", move |_| self.bury_all());
        let tick = set_interval_with_handle(
            move || {
                self.now.set(browser::now());
                if !self.reachable.get_untracked() && browser::is_visible() {
                    self.refresh();
                }
            },
            TICK,
        );
        on_cleanup(move || {
            self.bury_all();
            seen.remove();
            online.remove();
            hidden.remove();
            if let Ok(tick) = tick {
                tick.clear();
            }
        });
    }
}

/// Where a new task is typed.
pub const COMPOSER_ID: &str = "new-task";

/// Where a task is marked as done.
pub fn toggle_id(key: Key) -> String {
    format!("task-{key}-toggle")
}

/// Where a task's editor is opened.
pub fn edit_id(key: Key) -> String {
    format!("task-{key}-edit")
}
