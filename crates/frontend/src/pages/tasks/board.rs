//! The list as a person sees it: what the server has confirmed, and on top of it what was asked for since.
//!
//! Every task (an `entry`) has at most one request under way. Whatever is asked for meanwhile only changes what is
//! wanted; when the answer comes, the next request is the difference between what is wanted and what is confirmed. Quick
//! clicks therefore cannot overtake each other, and a hundred of them cost two requests.
//!
//! Everything here is pure: the requests are sent by `store`.

mod entry;

pub use self::entry::{Editor, Entry, Key, Rollback, Write};

use self::entry::Fate;
use crate::drafts::Words;
use shared::tasks::Task;
use std::collections::VecDeque;
use std::mem;
use uuid::Uuid;

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
                    entry.take(task);
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
        let write = self.get(key)?.next_write()?;
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
        let rollback = entry.roll_back(write);
        if matches!(write, Write::Create(_)) {
            self.entries.retain(|entry| entry.key != key);
        }
        rollback
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

#[cfg(test)]
mod tests;
