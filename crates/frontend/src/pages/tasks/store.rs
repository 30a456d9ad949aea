//! Keeps the list and the server in step: sends what `board` wants sent, and tells the person when the server refuses.

use super::board::{Board, Editor, Entry, Key, Rollback, Write};
use crate::api::{Client, Failure};
use crate::browser::{self, spawn};
use crate::components::toast::{Toast, Toaster};
use crate::drafts::{Drafts, Words};
use crate::wording;
use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::tasks::{CreateTask, UpdateTask};
use shared::text::{Description, Title};
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
    pub reachable: RwSignal<bool>,
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
                    self.load.set(Load::Failed(failure.sentence()));
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

    /// Carries out every deletion that could still be undone; for those who are about to sign out.
    pub async fn finish(self) {
        for deletion in self.start_deletions() {
            deletion.await;
        }
    }

    fn bury_all(self) {
        self.start_deletions().into_iter().for_each(spawn);
    }

    fn start_deletions(self) -> Vec<impl Future<Output = ()> + 'static> {
        self.toaster.drop_undos();
        let keys = self.board.try_with_untracked(Board::undoable);
        let start = |key| {
            self.board.try_update(|board| board.bury(key));
            self.start(key)
        };
        keys.unwrap_or_default().into_iter().filter_map(start).collect()
    }

    fn bury(self, key: Key) {
        self.board.try_update(|board| board.bury(key));
        self.send(key);
    }

    /// Sends what a task needs sent, when its turn comes.
    fn send(self, key: Key) {
        // Not tied to the page: what was asked for is done even if the person goes on to another one.
        if let Some(sent) = self.start(key) {
            spawn(sent);
        }
    }

    fn start(self, key: Key) -> Option<impl Future<Output = ()> + 'static> {
        let client = self.client.try_get_value()?;
        let write = self.board.try_update(|board| board.begin(key)).flatten()?;
        Some(async move {
            let outcome = carry_out(&client, &write).await;
            self.settle(key, &write, outcome);
        })
    }

    fn settle(self, key: Key, write: &Write, outcome: Result<Option<shared::tasks::Task>, Failure>) {
        match outcome {
            Ok(task) => {
                if let Write::Update { id, .. } = write {
                    self.drafts.drop_edit(*id);
                }
                self.reachable.try_set(true);
                self.board.try_update(|board| match task {
                    Some(task) => board.saved(key, task),
                    None => board.gone(key),
                });
            }
            Err(failure) => {
                self.reachable.try_set(!failure.is_unreachable());
                match self.board.try_update(|board| board.refused(key, write)) {
                    Some(rollback) => self.explain(key, rollback, &failure),
                    // The list is gone, and with it everything but the words.
                    None => self.keep_words(write),
                }
            }
        }
        self.send(key);
    }

    fn explain(self, key: Key, rollback: Option<Rollback>, failure: &Failure) {
        let gone = failure.code() == Some(ErrorCode::NotFound);
        match rollback {
            None => {}
            Some(Rollback::Addition(words)) => {
                self.toast(&format!("Couldn’t add “{}”.", shorten(&words.title)), failure);
                let free = self.drafts.is_new_task_empty();
                self.drafts.put_back(words);
                if free {
                    self.composer_error.set(Some(failure.sentence()));
                }
            }
            Some(Rollback::Change { title, words, .. }) => {
                self.toast(&format!("Couldn’t change “{}”.", shorten(&title)), failure);
                if let Some(words) = words {
                    self.keep_edit(key, words.clone());
                    let editor = Editor {
                        words,
                        error: Some(failure.sentence()),
                    };
                    self.board.update(|board| board.open_editor(key, editor));
                }
                if gone {
                    self.refresh();
                }
            }
            Some(Rollback::Deletion { title }) => {
                self.toast(&format!("Couldn’t delete “{}”.", shorten(&title)), failure);
            }
        }
    }

    fn toast(self, what: &str, failure: &Failure) {
        // The sign-in page says it all.
        if *failure != Failure::SessionEnded {
            self.toaster
                .show(Toast::error(format!("{what} {}", failure.sentence())));
        }
    }

    fn keep_words(self, write: &Write) {
        match write {
            Write::Create(words) => self.drafts.put_back(words.clone()),
            // The editor's words are kept until they are saved.
            Write::Update { .. } | Write::Delete(_) => {}
        }
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

async fn carry_out(client: &Client, write: &Write) -> Result<Option<shared::tasks::Task>, Failure> {
    match write {
        Write::Create(words) => {
            let (title, description) = check(words).map_err(|_| Failure::Unreadable)?;
            let description = (!description.as_str().is_empty()).then_some(description);
            client.create_task(&CreateTask { title, description }).await.map(Some)
        }
        Write::Update {
            id,
            title,
            description,
            completed,
        } => {
            let changes = UpdateTask {
                title: title.as_deref().and_then(|title| Title::parse(title).ok()),
                description: description
                    .as_deref()
                    .map(|text| Description::parse(text).ok().filter(|_| !text.is_empty())),
                completed: *completed,
            };
            client.update_task(*id, &changes).await.map(Some)
        }
        Write::Delete(id) => match client.delete_task(*id).await {
            // Somebody else was quicker, which comes to the same.
            Err(failure) if failure.code() != Some(ErrorCode::NotFound) => Err(failure),
            _ => Ok(None),
        },
    }
}

/// The words of a task by the rules that the server keeps, or what is wrong with them.
fn check(words: &Words) -> Result<(Title, Description), String> {
    let title = Title::parse(&words.title).map_err(|broken| wording::advice("title", broken))?;
    let description = if words.description.trim().is_empty() {
        Description::parse("")
    } else {
        Description::parse(&words.description)
    };
    Ok((title, description.map_err(|broken| wording::advice("description", broken))?))
}

/// A title as it fits into a message.
fn shorten(title: &str) -> String {
    const FITS: usize = 40;
    if title.chars().count() <= FITS {
        return title.to_owned();
    }
    let start: String = title.chars().take(FITS - 1).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(title: &str, description: &str) -> Words {
        Words {
            title: title.to_owned(),
            description: description.to_owned(),
        }
    }

    #[test]
    fn words_are_checked_by_the_shared_rules() {
        let (title, description) = check(&words("  milk ", " \n")).unwrap();
        assert_eq!((title.as_str(), description.as_str()), ("milk", ""));
        assert_eq!(check(&words(" ", "")), Err("Write down what there is to do.".to_owned()));
        assert_eq!(
            check(&words("milk", &"x".repeat(1001))),
            Err("Keep the notes to 1000 characters.".to_owned())
        );
    }

    #[test]
    fn long_titles_are_shortened_between_characters() {
        assert_eq!(shorten("milk"), "milk");
        assert_eq!(shorten(&"é".repeat(60)), format!("{}…", "é".repeat(39)));
    }
}
