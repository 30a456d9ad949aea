//! The tasks, or the lists, as a person sees them: what the server has confirmed, and on top of it what was asked for
//! since. Each change is an optimistic update: it is there before the server has heard of it, and a refusal is its rollback.
//!
//! Every one of them (an `entry`) has at most one request under way. Whatever is asked for meanwhile only changes what is
//! wanted; when the answer comes, the next request is the difference between what is wanted and what is confirmed. Quick
//! clicks therefore cannot overtake each other, and a hundred of them cost two requests.
//!
//! Everything here is pure: the requests are sent by `store`.

pub use super::content::Content;
pub use super::entry::{Entry, Key, Mutation, Place, Rollback};

use super::record::{Members, Record};
use shared::tasks::Task;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The tasks, or the lists, of one person, as far as this page has seen them.
pub struct Replica<R: Record = Task> {
    /// By their keys, which count from 0. What is gone leaves its place empty.
    entries: Vec<Option<Entry<R>>>,
    by_id: HashMap<Uuid, Key>,
    /// Grows with every request's beginning and end.
    clock: u64,
    /// What the server has no more, and since when: an answer that is stale may still have it.
    tombstones: Vec<(Uuid, u64)>,
}

impl<R: Record> Default for Replica<R> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            by_id: HashMap::new(),
            clock: 0,
            tombstones: Vec::new(),
        }
    }
}

impl<R: Record> Replica<R> {
    /// What is not deleted.
    pub fn shown(&self) -> impl Iterator<Item = &Entry<R>> {
        self.all().filter(|entry| entry.is_shown())
    }

    fn all(&self) -> impl Iterator<Item = &Entry<R>> {
        self.entries.iter().flatten()
    }

    /// An entry by its name on this page.
    pub fn get(&self, key: Key) -> Option<&Entry<R>> {
        self.entries.get(place(key)).and_then(Option::as_ref)
    }

    /// An entry by the server's id.
    pub fn find(&self, id: Uuid) -> Option<&Entry<R>> {
        self.by_id.get(&id).and_then(|key| self.get(*key))
    }

    /// The moment at which a list is asked for, to be handed back with the answer.
    pub fn now(&self) -> u64 {
        self.clock
    }

    /// Takes in some of what the server has, asked for at `asked`. What this page has changed since then is newer.
    pub fn merge(&mut self, records: Vec<R>, asked: u64) {
        for record in records {
            let id = record.id();
            if let Some(key) = self.by_id.get(&id).copied() {
                if let Some(entry) = self.get_mut(key)
                    && entry.is_in_step()
                    && entry.last_write <= asked
                {
                    entry.accept(record);
                }
            } else if !self.tombstones.iter().any(|(other, at)| *other == id && *at > asked) {
                let key = self.new_key();
                self.by_id.insert(id, key);
                self.entries.push(Some(Entry::confirmed(key, record)));
            }
        }
    }

    /// All that is open was asked for at `asked`, and this was it. What else there is is gone, or done, unless the answer
    /// is stale or something is still to be said about it.
    pub fn keep_only(&mut self, open: &HashSet<Uuid>, asked: u64) {
        let gone: Vec<Key> = self
            .all()
            .filter(|entry| {
                let is_listed = entry.wanted.is_open() && entry.base_place == Place::Home;
                is_listed && entry.is_in_step() && entry.last_write <= asked
            })
            .filter(|entry| entry.id().is_some_and(|id| !open.contains(&id)))
            .map(|entry| entry.key)
            .collect();
        for key in gone {
            self.drop_entry(key);
        }
        self.tombstones.retain(|(_, at)| *at > asked);
    }

    /// The person adds something.
    pub fn add(&mut self, content: R::Content) -> Key {
        let key = self.new_key();
        self.entries.push(Some(Entry::unsaved(key, content)));
        key
    }

    /// The person wants something else of it.
    pub fn change(&mut self, key: Key, change: impl FnOnce(&mut R::Content)) {
        if let Some(entry) = self.get_mut(key) {
            change(&mut entry.wanted);
        }
    }

    /// The person deletes it, or wants it back.
    pub fn set_deleted(&mut self, key: Key, deleted: bool) {
        self.set_place(key, if deleted { Place::Trash } else { Place::Home });
    }

    /// The person wants it somewhere else.
    pub fn set_place(&mut self, key: Key, place: Place) {
        if let Some(entry) = self.get_mut(key) {
            entry.wanted_place = place;
        }
    }

    /// The server has emptied its trash.
    pub fn purged(&mut self) {
        let gone: Vec<Key> = self
            .all()
            .filter(|entry| entry.is_in_trash())
            .map(|entry| entry.key)
            .collect();
        for key in gone {
            self.gone(key);
        }
    }

    /// The request that an entry needs now, which counts as under way from here on.
    pub fn begin(&mut self, key: Key) -> Option<Mutation<R::Content>> {
        let mutation = self.get(key)?.next_mutation()?;
        self.stamp(key, true);
        Some(mutation)
    }

    /// The server has saved it as it says, after it was sent `sent`.
    pub fn saved(&mut self, key: Key, sent: Option<&R::Content>, record: R) {
        self.stamp(key, false);
        // What was read meanwhile may have brought the new one already, under another name.
        if let Some(other) = self.by_id.insert(record.id(), key)
            && other != key
        {
            self.clear(other);
        }
        if let Some(entry) = self.get_mut(key) {
            // Of what nobody has changed since, the server has the last word: it tidies up.
            let before = sent.cloned().or_else(|| entry.base.as_ref().map(Record::content));
            if let Some(before) = before {
                entry.wanted.rebase(&before, &record.content());
            }
            entry.base_place = Place::Home;
            entry.base = Some(record);
        }
    }

    /// The server has put it into its trash.
    pub fn trashed(&mut self, key: Key) {
        self.stamp(key, false);
        let Some(id) = self.get(key).and_then(Entry::id) else {
            return;
        };
        // Its parts went with it.
        for entry in self.entries.iter_mut().flatten() {
            if entry.key == key {
                entry.base_place = Place::Trash;
            } else if entry.wanted.parent_id() == Some(id) {
                entry.base_place = Place::Trash;
                if entry.wanted_place == Place::Home {
                    entry.wanted_place = Place::Trash;
                }
            }
        }
    }

    /// The server does not have it any more.
    pub fn gone(&mut self, key: Key) {
        self.stamp(key, false);
        if let Some(id) = self.get(key).and_then(Entry::id) {
            self.tombstones.push((id, self.clock));
        }
        self.drop_entry(key);
    }

    /// The server has refused. What has been asked for since is left to be tried.
    pub fn refused(&mut self, key: Key, mutation: &Mutation<R::Content>) -> Option<Rollback<R::Content>> {
        self.stamp(key, false);
        let rollback = self.get_mut(key)?.roll_back(mutation);
        if matches!(mutation, Mutation::Create(_)) {
            self.drop_entry(key);
        }
        Some(rollback)
    }

    /// Somebody else was quicker, and this is how it is now.
    pub fn merge_remote(&mut self, key: Key, mutation: &Mutation<R::Content>, theirs: R) {
        self.stamp(key, false);
        if let Some(entry) = self.get_mut(key) {
            entry.merge_remote(mutation, theirs);
        }
    }

    /// The person has decided which words it is to have.
    pub fn resolve_conflict(&mut self, key: Key) {
        if let Some(entry) = self.get_mut(key) {
            entry.conflict = None;
        }
    }

    /// Of these, the tasks that one request can change together; they count as under way from here on.
    pub fn begin_bulk(&mut self, keys: &[Key]) -> Vec<(Key, Uuid)> {
        let free: Vec<(Key, Uuid)> = keys
            .iter()
            .filter_map(|key| self.get(*key))
            .filter(|entry| !entry.busy)
            .filter_map(|entry| Some((entry.key, entry.id()?)))
            .collect();
        for (key, _) in &free {
            self.stamp(*key, true);
        }
        free
    }

    /// The tasks have not been changed together after all.
    pub fn end_bulk(&mut self, keys: impl IntoIterator<Item = Key>) {
        for key in keys {
            self.stamp(key, false);
        }
    }

    fn new_key(&self) -> Key {
        Key::try_from(self.entries.len()).unwrap_or(Key::MAX)
    }

    fn get_mut(&mut self, key: Key) -> Option<&mut Entry<R>> {
        self.entries.get_mut(place(key)).and_then(Option::as_mut)
    }

    fn stamp(&mut self, key: Key, busy: bool) {
        self.clock += 1;
        let now = self.clock;
        if let Some(entry) = self.get_mut(key) {
            entry.busy = busy;
            entry.last_write = now;
        }
    }

    fn drop_entry(&mut self, key: Key) {
        if let Some(id) = self.get(key).and_then(Entry::id) {
            self.by_id.remove(&id);
        }
        self.clear(key);
    }

    fn clear(&mut self, key: Key) {
        if let Some(slot) = self.entries.get_mut(place(key)) {
            *slot = None;
        }
    }
}

fn place(key: Key) -> usize {
    usize::try_from(key).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
