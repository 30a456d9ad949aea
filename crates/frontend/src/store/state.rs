//! What the store holds, and how it is read.

use super::drafts::Drafts;
use crate::api::Client;
use crate::dates::Clock;
use crate::model::draft::Draft;
use crate::model::replica::{Content, Entry, Key, Replica};
use crate::model::views::Counts;
use crate::ui::toast::Toaster;
use crate::words::connection;
use leptos::prelude::*;
use shared::lists::List;
use std::collections::HashSet;
use std::ops::Deref;
use std::task::Waker;
use uuid::Uuid;

/// How far the tasks have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing is answered yet.
    Waiting,
    /// There is nothing, and why.
    Failed(String),
    /// The tasks of the page are there, and the others on their way.
    Partial,
    /// Every open task is there, and those that were done last.
    Complete(MoreDone),
}

impl Reading {
    /// Whether the tasks of the page are there, or why they are not; `None` as long as that is not known.
    pub fn outcome(&self) -> Option<Result<(), String>> {
        match self {
            Self::Waiting => None,
            Self::Failed(why) => Some(Err(why.clone())),
            Self::Partial | Self::Complete(_) => Some(Ok(())),
        }
    }

    /// Whether every open task is there.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Complete(_))
    }

    /// Whether some of the tasks that are done have been read.
    pub fn has_done(&self) -> bool {
        matches!(self, Self::Complete(MoreDone::No | MoreDone::At(_)))
    }

    /// Whether the server has more tasks that are done.
    pub fn has_more_done(&self) -> bool {
        matches!(self, Self::Complete(MoreDone::At(_)))
    }
}

/// Whether the server has more tasks that are done than are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoreDone {
    /// None was asked for yet.
    Unknown,
    /// All of them are here.
    No,
    /// The URL of the next page.
    At(String),
}

/// The tasks of the person who is signed in. It is small, since every closure that does something to a task has a copy; what
/// it leads to stays until the page is closed, a third of a kilobyte for each time that somebody signs in.
#[derive(Clone, Copy)]
pub struct TaskStore(&'static Parts);

impl Deref for TaskStore {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0
    }
}

/// What a [`TaskStore`] leads to.
pub struct Parts {
    pub(super) replica: RwSignal<Replica>,
    pub(super) list_replica: RwSignal<Replica<List>>,
    /// All lists as the person sees them, archived ones too, in order.
    pub lists: Memo<Vec<List>>,
    /// How many tasks there are where.
    pub counts: Memo<Counts>,
    /// How far the tasks have been read.
    pub reading: RwSignal<Reading>,
    /// Whether the tasks that are done are shown below those that are not.
    pub show_done: RwSignal<bool>,
    /// Whether the server answered last time.
    pub(super) reachable: RwSignal<bool>,
    /// Whether the machine has a network.
    pub(super) online: Signal<bool>,
    /// The clock that dates are seen by.
    pub clock: RwSignal<Clock>,
    /// What is wrong with what stands in the field for a new task.
    pub composer_error: RwSignal<Option<String>>,
    /// A task whose words somebody else has changed, too.
    pub conflict: Memo<Option<Key>>,
    /// Counts the times that words which could not be saved were given back.
    pub given_back: RwSignal<u32>,
    /// The samples that a new account began with.
    pub samples: RwSignal<Vec<Uuid>>,
    /// The words that are not sent yet.
    pub drafts: Drafts,
    pub(super) toaster: Toaster,
    pub(super) client: StoredValue<Client>,
    /// Requests under way that change something, and who waits for their end.
    pub(super) pending: StoredValue<(usize, Vec<Waker>)>,
    /// The lines that tasks which are being added were typed as.
    pub(super) lines: StoredValue<Vec<(Key, Draft)>>,
    /// Counts the times that the tasks were read, so that an earlier reading gives way to a later one.
    pub(super) generation: StoredValue<u32>,
    /// Whoever asks for the list, it is wanted as long as its own area is on the page.
    pub(super) owner: StoredValue<WeakOwner>,
}

/// The tasks of the person who is signed in.
pub fn use_tasks() -> TaskStore {
    expect_context()
}

/// The lists that are out of sight, and their tasks with them.
pub fn archived(lists: &[List]) -> HashSet<Uuid> {
    let archived = lists.iter().filter(|list| list.archived);
    archived.map(|list| list.id).collect()
}

impl TaskStore {
    /// What it leads to is never freed.
    pub(super) fn new(parts: Parts) -> Self {
        Self(Box::leak(Box::new(parts)))
    }

    /// A task, as it changes.
    pub fn entry(self, key: Key) -> Option<Entry> {
        self.replica.with(|replica| replica.get(key).cloned())
    }

    /// A task as it is now.
    pub fn get_untracked(self, key: Key) -> Option<Entry> {
        self.replica.with_untracked(|replica| replica.get(key).cloned())
    }

    /// What is wanted of a task now.
    pub fn wanted(self, key: Key) -> Option<Content> {
        self.get_untracked(key).map(|entry| entry.wanted)
    }

    /// Reads something off the replica, again whenever the replica changes.
    pub fn with<T>(self, read: impl FnOnce(&Replica) -> T) -> T {
        self.replica.with(read)
    }

    /// Reads something off the replica once.
    pub fn with_untracked<T>(self, read: impl FnOnce(&Replica) -> T) -> T {
        self.replica.with_untracked(read)
    }

    /// What keeps changes from the server, if something does.
    pub fn blocked(self) -> Option<&'static str> {
        match (self.online.get(), self.reachable.get()) {
            (false, _) => Some(connection::OFFLINE),
            (true, false) => Some(connection::TRYING_AGAIN),
            (true, true) => None,
        }
    }

    /// The list of this id.
    pub fn list(self, id: Uuid) -> Option<List> {
        self.lists
            .with(|lists| lists.iter().find(|list| list.id == id).cloned())
    }
}

/// Where a task is marked as done.
pub fn toggle_id(key: Key) -> String {
    format!("task-{key}-toggle")
}

/// Where a task's details are opened.
pub fn open_id(key: Key) -> String {
    format!("task-{key}-open")
}

/// Where a new task is typed.
pub const COMPOSER_ID: &str = "new-task";
