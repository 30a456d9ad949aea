//! What a person does with tasks: each act is an optimistic update, on the page at once, and can be undone where it takes
//! something away.

use super::state::{COMPOSER_ID, TaskStore, open_id, toggle_id};
use crate::browser;
use crate::model::draft::Draft;
use crate::model::draft::Words;
use crate::model::record::Members as _;
use crate::model::replica::{Content, Entry, Key};
use crate::model::views::{View, arrange, by_position};
use crate::words::report::Tasks;
use chrono::Days;
use leptos::prelude::*;
use shared::due::Due;
use shared::position::Position;
use shared::text::Title;
use uuid::Uuid;

/// What a new task has that says nothing else, because of where it is added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preset {
    /// When it is due.
    pub due: Option<Due>,
    /// The list that it belongs to.
    pub list_id: Option<Uuid>,
    /// Its tags.
    pub tags: Vec<String>,
}

impl TaskStore {
    /// The person types a new task.
    pub fn set_composer(self, draft: Draft) {
        self.composer_error.set(None);
        self.drafts.set_new_task(draft);
    }

    /// Adds a task that was typed as `line`.
    pub fn add(self, content: Content, line: Draft) -> Option<Key> {
        let key = self.replica.try_update(|replica| replica.add(content))?;
        self.lines.update_value(|lines| {
            lines.push((key, line));
        });
        self.send(key);
        Some(key)
    }

    /// Changes something of a task.
    pub fn change(self, key: Key, change: impl FnOnce(&mut Content)) {
        self.replica.update(|replica| replica.change(key, change));
        self.send(key);
    }

    /// Marks a task as done, or not done. The keyboard must not be left on a row that leaves.
    pub fn complete(self, key: Key, completed: bool) {
        let Some(entry) = self.get_untracked(key) else {
            return;
        };
        self.change(key, |content| content.completed = completed);
        if completed {
            self.offer(Tasks::one(entry.wanted.title.as_str()).done(), move || {
                self.change(key, |content| content.completed = false);
                browser::focus_soon(toggle_id(key));
            });
        }
    }

    /// Puts a task into the trash.
    pub fn delete(self, key: Key) {
        let Some(title) = self.wanted(key).map(|content| content.title) else {
            return;
        };
        self.replica.update(|replica| replica.set_deleted(key, true));
        self.send(key);
        self.offer(Tasks::one(title.as_str()).deleted(), move || {
            self.replica.try_update(|replica| replica.set_deleted(key, false));
            self.send(key);
            browser::focus_soon(open_id(key));
        });
    }

    /// Keeps words that a person is typing.
    pub fn keep_edit(self, key: Key, words: Words) {
        if let Some(id) = self.get_untracked(key).and_then(|entry| entry.id()) {
            self.drafts.set_edit(id, words);
        }
    }

    /// Gives words up that a person was typing, unless there are some that are still to be saved.
    pub fn drop_edit_if_saved(self, key: Key) {
        let Some(entry) = self.get_untracked(key) else {
            return;
        };
        let kept = entry.id().and_then(|id| self.drafts.edit(id));
        if kept.is_some_and(|kept| kept == entry.wanted.words()) && entry.is_in_step() {
            self.drop_edit(key);
        }
    }

    /// Gives words up that a person was typing.
    pub fn drop_edit(self, key: Key) {
        if let Some(id) = self.get_untracked(key).and_then(|entry| entry.id()) {
            self.drafts.drop_edit(id);
        }
    }

    /// The person has decided between their own words and somebody else’s.
    pub fn resolve_conflict(self, key: Key, words: Words) {
        self.replica.update(|replica| {
            replica.resolve_conflict(key);
            replica.change(key, |content| {
                if let Ok(title) = Title::parse(&words.title) {
                    content.title = title;
                }
                content.description = words.description;
            });
        });
        self.drop_edit(key);
        self.send(key);
    }

    /// Moves a task between two others of its page, or to an end of them.
    pub fn place(self, key: Key, after: Option<Key>, before: Option<Key>) {
        let position = self.with_untracked(|replica| {
            let of = |key: Option<Key>| {
                key.and_then(|key| replica.get(key))
                    .and_then(|entry| entry.wanted.position.clone())
            };
            Position::between(of(after).as_ref(), of(before).as_ref())
        });
        if let Some(position) = position {
            self.change(key, |content| content.position = Some(position));
        }
    }

    /// What a list is called.
    pub fn name_of(self, list: Option<Uuid>) -> String {
        let list = list.and_then(|id| {
            self.lists
                .with_untracked(|lists| lists.iter().find(|list| list.id == id).cloned())
        });
        list.map_or_else(|| "Inbox".to_owned(), |list| list.name)
    }

    /// What a new task has of itself on a page.
    pub fn preset_on(self, view: &View) -> Preset {
        let mut preset = Preset::default();
        match view {
            View::Today => preset.due = Due::on(self.clock.get_untracked().today()).ok(),
            View::Upcoming => {
                let tomorrow = self.clock.get_untracked().today().checked_add_days(Days::new(1));
                preset.due = tomorrow.and_then(|day| Due::on(day).ok());
            }
            View::List(id) => preset.list_id = Some(*id),
            View::Tag(tag) => {
                let name = self.counts.with_untracked(|counts| {
                    let same = counts.tags.iter().find(|(folded, ..)| folded == tag);
                    same.map(|(_, name, _)| name.clone())
                });
                preset.tags.push(name.unwrap_or_else(|| tag.clone()));
            }
            View::Inbox | View::All => {}
        }
        preset
    }

    /// The subtasks of a task, in order.
    pub fn subtasks(self, key: Key) -> Vec<Key> {
        self.with(|replica| {
            let Some(id) = replica.get(key).and_then(Entry::id) else {
                return Vec::new();
            };
            let mut parts: Vec<&Entry> = replica
                .shown()
                .filter(|entry| entry.wanted.parent_id == Some(id))
                .collect();
            // The newest task is on top of a list, but the newest step is the last one.
            arrange(&mut parts, &|a, b| by_position(b, a));
            parts.into_iter().map(|entry| entry.key).collect()
        })
    }
}

/// Puts the keyboard where it can go on when there is no row for it.
pub fn focus_composer() {
    browser::focus_soon(COMPOSER_ID);
}
