//! The tasks and lists that the pages of somebody who is signed in share: what they read of them, and what the person
//! does with them. How the server hears of that is in `sync`.

mod acts;
pub mod drafts;
mod lists;
mod reading;
mod request;
mod sync;
mod together;

pub use self::acts::{check_new, focus_composer};
pub use self::reading::{localise, on_the_wall};
pub use self::sync::shorten;
pub use self::together::Change;

use crate::api::Client;
use crate::browser;
use crate::dates::Clock;
use crate::model::replica::{Board, Content, Entry, Key};
use crate::model::views::{Counts, View};
use crate::store::drafts::Drafts;
use crate::tasks::quick_add::Draft;
use crate::ui::dynamic::memo;
use crate::ui::toast::Toaster;
use leptos::prelude::*;
use shared::lists::List;
use std::collections::HashSet;
use std::ops::Deref;
use std::task::Waker;
use uuid::Uuid;

/// What became of reading the tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load {
    /// Not answered yet.
    Waiting,
    /// The tasks of the page are there.
    Done,
    /// There are none, and why.
    Failed(String),
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
    board: RwSignal<Board>,
    /// All lists, archived ones too, in order.
    pub lists: RwSignal<Vec<List>>,
    /// How many tasks there are where.
    pub counts: Memo<Counts>,
    /// What became of reading the tasks.
    pub load: RwSignal<Load>,
    /// Whether every open task is here.
    pub complete: RwSignal<bool>,
    /// Whether the server has more tasks that are done.
    pub more_done: RwSignal<MoreDone>,
    /// Whether the tasks that are done are shown below those that are not.
    pub show_done: RwSignal<bool>,
    /// Whether the server answered last time.
    reachable: RwSignal<bool>,
    /// Whether the machine has a network.
    online: Signal<bool>,
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
    toaster: Toaster,
    client: StoredValue<Client>,
    /// Requests under way that change something, and who waits for their end.
    pending: StoredValue<(usize, Vec<Waker>)>,
    /// The lines that tasks which are being added were typed as.
    lines: StoredValue<Vec<(Key, Draft)>>,
    /// Counts the times that the tasks were read, so that an earlier reading gives way to a later one.
    reading: StoredValue<u32>,
    /// Whoever asks for the list, it is wanted as long as its own area is on the page.
    owner: StoredValue<WeakOwner>,
}

/// Reads the tasks, those of `view` first, and offers them as a context to the pages below.
pub fn provide_tasks(client: Client, drafts: Drafts, toaster: Toaster, view: View) -> TaskStore {
    let board = RwSignal::new(Board::default());
    let lists = RwSignal::new(Vec::<List>::new());
    let clock = RwSignal::new(Clock::now());
    let counts = memo(move || {
        let archived = archived(&lists.get());
        board.with(|board| Counts::of(board, on_the_wall(clock.get()), &localise, &|id| archived.contains(&id)))
    });
    let conflict = memo(move || {
        board.with(|board| {
            board
                .shown()
                .find(|entry| entry.conflict.is_some())
                .map(|entry| entry.key)
        })
    });
    let store = TaskStore(Box::leak(Box::new(Parts {
        board,
        lists,
        counts,
        load: RwSignal::new(Load::Waiting),
        complete: RwSignal::new(false),
        more_done: RwSignal::new(MoreDone::Unknown),
        show_done: RwSignal::new(false),
        reachable: RwSignal::new(true),
        online: browser::online(),
        clock,
        composer_error: RwSignal::new(None),
        conflict,
        given_back: RwSignal::new(0),
        samples: RwSignal::new(crate::tasks::samples::remembered()),
        drafts,
        toaster,
        client: StoredValue::new(client),
        pending: StoredValue::new((0, Vec::new())),
        lines: StoredValue::new(Vec::new()),
        reading: StoredValue::new(0),
        owner: StoredValue::new(Owner::current().unwrap_or_default().downgrade()),
    })));
    store.keep_fresh();
    store.read_view_first(view);
    provide_context(store);
    store
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
    /// A task, as it changes.
    pub fn entry(self, key: Key) -> Option<Entry> {
        self.board.with(|board| board.get(key).cloned())
    }

    /// A task as it is now.
    pub fn peek(self, key: Key) -> Option<Entry> {
        self.board.with_untracked(|board| board.get(key).cloned())
    }

    /// What is wanted of a task now.
    pub fn content(self, key: Key) -> Option<Content> {
        self.peek(key).map(|entry| entry.content)
    }

    /// Reads something off the board, again whenever the board changes.
    pub fn look<T>(self, read: impl FnOnce(&Board) -> T) -> T {
        self.board.with(read)
    }

    /// Reads something off the board once.
    pub fn glance<T>(self, read: impl FnOnce(&Board) -> T) -> T {
        self.board.with_untracked(read)
    }

    /// What keeps changes from the server, if something does.
    pub fn blocked(self) -> Option<&'static str> {
        match (self.online.get(), self.reachable.get()) {
            (false, _) => Some("You’re offline. Changes can’t be saved until you’re back."),
            (true, false) => Some("Can’t reach the server. Trying again…"),
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
