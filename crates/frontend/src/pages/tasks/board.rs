//! The list as a person sees it: what the server has confirmed, and on top of it what was asked for since.
//!
//! Every task has at most one request under way. Whatever is asked for meanwhile only changes what is wanted; when the
//! answer comes, the next request is the difference between what is wanted and what is confirmed. Quick clicks
//! therefore cannot overtake each other, and a hundred of them cost two requests.
//!
//! Everything here is pure: the requests are sent by `store`.

use crate::drafts::Words;
use chrono::{DateTime, Utc};
use shared::tasks::Task;
use std::collections::VecDeque;
use std::mem;
use uuid::Uuid;

/// Names a task on this page, from before the server has given it an id.
pub type Key = u32;

/// What can be changed of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// What to do.
    pub title: String,
    /// More about it; empty if there is nothing more.
    pub description: String,
    /// Whether it is done.
    pub completed: bool,
}

impl Content {
    fn of(task: &Task) -> Self {
        Self {
            title: task.title.clone(),
            description: task.description.clone().unwrap_or_default(),
            completed: task.completed,
        }
    }

    fn words(&self) -> Words {
        Words {
            title: self.title.clone(),
            description: self.description.clone(),
        }
    }
}

/// An editor of a task's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editor {
    /// The words that it opened with.
    pub words: Words,
    /// What was wrong with them when they were last to be saved.
    pub error: Option<String>,
}

/// How long a task is to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Stay,
    /// Deleted as far as the page shows, but still to be had back.
    Undoable,
    Leave,
}

/// A task on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Names it on this page.
    pub key: Key,
    /// What the server has confirmed, if it has the task at all.
    pub saved: Option<Task>,
    /// What the person sees: what they asked for last.
    pub content: Content,
    /// Its editor, if that is open.
    pub editor: Option<Editor>,
    fate: Fate,
    busy: bool,
    /// When this page last had a request about it under way.
    touched: u64,
}

impl Entry {
    fn unsaved(key: Key, words: Words) -> Self {
        Self {
            key,
            saved: None,
            content: Content {
                title: words.title,
                description: words.description,
                completed: false,
            },
            editor: None,
            fate: Fate::Stay,
            busy: false,
            touched: 0,
        }
    }

    fn saved(key: Key, task: Task) -> Self {
        Self {
            content: Content::of(&task),
            saved: Some(task),
            ..Self::unsaved(key, Words::default())
        }
    }

    /// Greater for what is newer. What is not saved yet is the newest there is.
    fn rank(&self) -> (bool, Option<(DateTime<Utc>, Uuid)>, Key) {
        let created = self.saved.as_ref().map(|task| (task.created_at, task.id));
        (created.is_none(), created, self.key)
    }

    /// The words as they are seen.
    pub fn words(&self) -> Words {
        self.content.words()
    }

    /// The server's id, once there is one.
    pub fn id(&self) -> Option<Uuid> {
        self.saved.as_ref().map(|task| task.id)
    }

    /// The server has all that was asked for.
    pub fn is_in_step(&self) -> bool {
        let confirmed = self.saved.as_ref().map(Content::of);
        !self.busy && self.fate == Fate::Stay && confirmed.as_ref() == Some(&self.content)
    }
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Add the task.
    Create(Words),
    /// Change what is `Some`.
    Update {
        /// Which task.
        id: Uuid,
        /// A new title.
        title: Option<String>,
        /// A new description.
        description: Option<String>,
        /// Done, or not any more.
        completed: Option<bool>,
    },
    /// Delete it.
    Delete(Uuid),
}

/// What the person has to be told about, and given back, after a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rollback {
    /// The task is off the list again.
    Addition(Words),
    /// The task reads as before. The words that were to be its own, if any.
    Change {
        /// Which task.
        id: Uuid,
        /// What it is called now.
        title: String,
        /// What the editor said.
        words: Option<Words>,
    },
    /// The task is back on the list.
    Deletion {
        /// What it is called.
        title: String,
    },
}

/// The tasks of one person, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    entries: Vec<Entry>,
    next_key: Key,
    /// Grows with every request's beginning and end.
    clock: u64,
    /// Tasks that this page has deleted, and when: an older answer may still list them.
    buried: Vec<(Uuid, u64)>,
}

impl Board {
    /// The tasks to be shown of one of the two sections.
    pub fn section(&self, completed: bool) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.fate == Fate::Stay && entry.content.completed == completed)
    }

    /// A task by its name on this page.
    pub fn get(&self, key: Key) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// A task by the server's id.
    pub fn find(&self, id: Uuid) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id() == Some(id))
    }

    /// The moment at which a list is asked for, to be handed back with the answer.
    pub fn now(&self) -> u64 {
        self.clock
    }

    /// Takes in the server's list that was asked for at `asked`. What this page has changed since then is newer.
    pub fn merge(&mut self, tasks: Vec<Task>, asked: u64) {
        let mut old = VecDeque::from(mem::take(&mut self.entries));
        for task in tasks {
            // Both lists have the same order: what is looked for is found at once, or close by.
            let place = old.iter().position(|entry| entry.id() == Some(task.id));
            if let Some(mut entry) = place.and_then(|place| old.remove(place)) {
                if entry.is_in_step() && entry.touched <= asked {
                    entry.content = Content::of(&task);
                    entry.saved = Some(task);
                }
                self.entries.push(entry);
            } else if !self.buried.iter().any(|(id, at)| *id == task.id && *at > asked) {
                let key = self.new_key();
                self.entries.push(Entry::saved(key, task));
            }
        }
        // Gone from the server, unless the answer is older than the task or something is still to be said about it.
        old.retain(|entry| entry.busy || entry.touched > asked || entry.saved.is_none() || entry.editor.is_some());
        for entry in old {
            let place = self.entries.iter().position(|other| other.rank() < entry.rank());
            self.entries.insert(place.unwrap_or(self.entries.len()), entry);
        }
        self.buried.retain(|(_, at)| *at > asked);
    }

    /// Adds a task on top.
    pub fn add(&mut self, words: Words) -> Key {
        let key = self.new_key();
        self.entries.insert(0, Entry::unsaved(key, words));
        key
    }

    /// The person marks a task as done, or not done.
    pub fn complete(&mut self, key: Key, completed: bool) {
        if let Some(entry) = self.get_mut(key) {
            entry.content.completed = completed;
        }
    }

    /// The person rewords a task.
    pub fn reword(&mut self, key: Key, words: Words) {
        if let Some(entry) = self.get_mut(key) {
            entry.content.title = words.title;
            entry.content.description = words.description;
        }
    }

    /// The person deletes a task, and may still think better of it.
    pub fn delete(&mut self, key: Key) {
        self.set_fate(key, Fate::Undoable);
    }

    /// The person has thought better of it.
    pub fn undo_delete(&mut self, key: Key) {
        self.set_fate(key, Fate::Stay);
    }

    /// It is too late for second thoughts.
    pub fn bury(&mut self, key: Key) {
        if self.get(key).is_some_and(|entry| entry.fate == Fate::Undoable) {
            self.set_fate(key, Fate::Leave);
        }
    }

    /// The tasks whose deletion can still be undone.
    pub fn undoable(&self) -> Vec<Key> {
        let undoable = self.entries.iter().filter(|e| e.fate == Fate::Undoable);
        undoable.map(|entry| entry.key).collect()
    }

    /// The request that a task needs now, which counts as under way from here on.
    pub fn begin(&mut self, key: Key) -> Option<Write> {
        let write = next_write(self.get(key)?)?;
        let now = self.tick();
        let entry = self.get_mut(key)?;
        entry.busy = true;
        entry.touched = now;
        Some(write)
    }

    /// The server has saved the task as it says.
    pub fn saved(&mut self, key: Key, task: Task) {
        let now = self.tick();
        // A list that was read meanwhile may have brought the new task already, under another name.
        self.entries
            .retain(|entry| entry.key == key || entry.id() != Some(task.id));
        if let Some(entry) = self.get_mut(key) {
            entry.busy = false;
            entry.touched = now;
            entry.saved = Some(task);
        }
    }

    /// The server has deleted the task, or does not have it any more.
    pub fn gone(&mut self, key: Key) {
        let now = self.tick();
        if let Some(id) = self.get(key).and_then(Entry::id) {
            self.buried.push((id, now));
        }
        self.entries.retain(|entry| entry.key != key);
    }

    /// The server has refused. What has been asked for since is left to be tried.
    pub fn refused(&mut self, key: Key, write: &Write) -> Option<Rollback> {
        let now = self.tick();
        let entry = self.get_mut(key)?;
        entry.busy = false;
        entry.touched = now;
        match write {
            Write::Create(_) => {
                let words = entry.content.words();
                self.entries.retain(|entry| entry.key != key);
                Some(Rollback::Addition(words))
            }
            Write::Update {
                id,
                title,
                description,
                completed,
            } => {
                let saved = Content::of(entry.saved.as_ref()?);
                let content = &mut entry.content;
                let tried = title.is_some() || description.is_some();
                let words = tried.then(|| content.words());
                roll_back(&mut content.title, title.as_ref(), saved.title);
                roll_back(&mut content.description, description.as_ref(), saved.description);
                roll_back(&mut content.completed, completed.as_ref(), saved.completed);
                Some(Rollback::Change {
                    id: *id,
                    title: entry.content.title.clone(),
                    words,
                })
            }
            Write::Delete(_) => {
                entry.fate = Fate::Stay;
                Some(Rollback::Deletion {
                    title: entry.content.title.clone(),
                })
            }
        }
    }

    /// The task that the keyboard should go to when this one leaves its section: the one below it, else above.
    pub fn neighbour(&self, key: Key) -> Option<Key> {
        let completed = self.get(key)?.content.completed;
        let keys: Vec<Key> = self.section(completed).map(|entry| entry.key).collect();
        let place = keys.iter().position(|other| *other == key)?;
        let above = place.checked_sub(1);
        keys.get(place + 1)
            .or_else(|| above.and_then(|above| keys.get(above)))
            .copied()
    }

    /// The person opens a task's editor, or is given it back with what was wrong.
    pub fn open_editor(&mut self, key: Key, editor: Editor) {
        if let Some(entry) = self.get_mut(key) {
            entry.editor = Some(editor);
        }
    }

    /// The person is done with a task's editor.
    pub fn close_editor(&mut self, key: Key) {
        if let Some(entry) = self.get_mut(key) {
            entry.editor = None;
        }
    }

    fn new_key(&mut self) -> Key {
        let key = self.next_key;
        self.next_key += 1;
        key
    }

    fn get_mut(&mut self, key: Key) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.key == key)
    }

    fn set_fate(&mut self, key: Key, fate: Fate) {
        if let Some(entry) = self.get_mut(key) {
            entry.fate = fate;
        }
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }
}

fn next_write(entry: &Entry) -> Option<Write> {
    if entry.busy {
        return None;
    }
    let Some(task) = &entry.saved else {
        return Some(Write::Create(entry.content.words()));
    };
    if entry.fate == Fate::Leave {
        return Some(Write::Delete(task.id));
    }
    let saved = Content::of(task);
    let wanted = &entry.content;
    (saved != *wanted).then(|| Write::Update {
        id: task.id,
        title: (saved.title != wanted.title).then(|| wanted.title.clone()),
        description: (saved.description != wanted.description).then(|| wanted.description.clone()),
        completed: (saved.completed != wanted.completed).then_some(wanted.completed),
    })
}

/// Undoes `tried`, unless the person has asked for something else since.
fn roll_back<T: PartialEq>(wanted: &mut T, tried: Option<&T>, saved: T) {
    if tried.is_some_and(|tried| tried == wanted) {
        *wanted = saved;
    }
}

#[cfg(test)]
mod tests;
