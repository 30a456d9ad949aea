//! What a person does with tasks: each act is on the page at once, and can be undone where it takes something away.

use super::drafts::Words;
use super::request::check;
use super::sync::shorten;
use super::{COMPOSER_ID, TaskStore, open_id, toggle_id};
use crate::api::{Failure, Page};
use crate::browser;
use crate::model::replica::{Content, Entry, Key};
use crate::model::views::{View, arrange, by_position};
use crate::tasks::quick_add::Draft;
use crate::ui::toast::Toast;
use chrono::Days;
use leptos::prelude::*;
use shared::due::Due;
use shared::position::Position;
use shared::tasks::Task;
use uuid::Uuid;

impl TaskStore {
    /// The person types a new task.
    pub fn set_composer(self, draft: Draft) {
        self.composer_error.set(None);
        self.drafts.set_new_task(draft);
    }

    /// Adds a task that was typed as `line`, unless it breaks a rule.
    pub fn add(self, content: Content, line: Draft) -> Option<Key> {
        let (title, description) = check(&content.words()).ok()?;
        let content = Content {
            title: title.into_string(),
            description: description.into_string(),
            ..content
        };
        let key = self.board.try_update(|board| board.add(content))?;
        self.lines.update_value(|lines| {
            lines.push((key, line));
        });
        self.send(key);
        Some(key)
    }

    /// Changes something of a task.
    pub fn change(self, key: Key, change: impl FnOnce(&mut Content)) {
        self.board.update(|board| board.change(key, change));
        self.send(key);
    }

    /// Says what has been done, and offers to undo it.
    pub fn offer(self, said: String, undo: impl Fn() + Send + Sync + 'static) {
        self.toaster.show(Toast::info(said).undo(undo));
    }

    /// Marks a task as done, or not done. The keyboard must not be left on a row that leaves.
    pub fn complete(self, key: Key, completed: bool) {
        let Some(entry) = self.peek(key) else {
            return;
        };
        self.change(key, |content| content.completed = completed);
        if completed {
            self.offer(said_done(&entry.content.title), move || {
                self.change(key, |content| content.completed = false);
                browser::focus_soon(toggle_id(key));
            });
        }
    }

    /// Puts a task into the trash.
    pub fn delete(self, key: Key) {
        let Some(title) = self.content(key).map(|content| content.title) else {
            return;
        };
        self.board.update(|board| board.set_deleted(key, true));
        self.send(key);
        self.offer(said_deleted(&title), move || {
            self.board.try_update(|board| board.set_deleted(key, false));
            self.send(key);
            browser::focus_soon(open_id(key));
        });
    }

    /// Keeps words that a person is typing.
    pub fn keep_edit(self, key: Key, words: Words) {
        if let Some(id) = self.peek(key).and_then(|entry| entry.id()) {
            self.drafts.set_edit(id, words);
        }
    }

    /// Gives words up that a person was typing, unless there are some that are still to be saved.
    pub fn drop_edit_if_saved(self, key: Key) {
        let Some(entry) = self.peek(key) else {
            return;
        };
        let kept = entry.id().and_then(|id| self.drafts.edit(id));
        if kept.is_some_and(|kept| kept == entry.content.words()) && entry.is_in_step() {
            self.drop_edit(key);
        }
    }

    /// Gives words up that a person was typing.
    pub fn drop_edit(self, key: Key) {
        if let Some(id) = self.peek(key).and_then(|entry| entry.id()) {
            self.drafts.drop_edit(id);
        }
    }

    /// The person has decided between their own words and somebody else’s.
    pub fn settle_conflict(self, key: Key, words: Words) {
        self.board.update(|board| {
            board.settle_conflict(key);
            board.change(key, |content| {
                content.title = words.title;
                content.description = words.description;
            });
        });
        self.drop_edit(key);
        self.send(key);
    }

    /// Moves a task between two others of its page, or to an end of them.
    pub fn place(self, key: Key, after: Option<Key>, before: Option<Key>) {
        let position = self.glance(|board| {
            let of = |key: Option<Key>| {
                key.and_then(|key| board.get(key))
                    .and_then(|entry| entry.content.position.clone())
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
    pub fn blank_on(self, view: &View) -> Content {
        let mut content = Content::default();
        match view {
            View::Today => content.due = Due::on(self.clock.get_untracked().today()).ok(),
            View::Upcoming => {
                let tomorrow = self.clock.get_untracked().today().checked_add_days(Days::new(1));
                content.due = tomorrow.and_then(|day| Due::on(day).ok());
            }
            View::List(id) => content.list_id = Some(*id),
            View::Tag(tag) => {
                let name = self.counts.with_untracked(|counts| {
                    let same = counts.tags.iter().find(|(folded, ..)| folded == tag);
                    same.map(|(_, name, _)| name.clone())
                });
                content.tags.push(name.unwrap_or_else(|| tag.clone()));
            }
            View::Inbox | View::All => {}
        }
        content
    }

    /// The subtasks of a task, in order.
    pub fn subtasks(self, key: Key) -> Vec<Key> {
        self.look(|board| {
            let Some(id) = board.get(key).and_then(Entry::id) else {
                return Vec::new();
            };
            let mut parts: Vec<&Entry> = board
                .shown()
                .filter(|entry| entry.content.parent_id == Some(id))
                .collect();
            // The newest task is on top of a list, but the newest step is the last one.
            arrange(&mut parts, &|a, b| by_position(b, a));
            parts.into_iter().map(|entry| entry.key).collect()
        })
    }

    /// What is in the trash, from the beginning or from where a page before ends.
    pub async fn read_trash(self, next: Option<&str>) -> Result<Page<Task>, Failure> {
        let client = self.client.get_value();
        match next {
            Some(next) => client.more_tasks(next).await,
            None => client.trash().await,
        }
    }

    /// Takes a task out of the trash. `false` if that could not be done.
    pub async fn restore(self, id: Uuid, title: &str) -> bool {
        let client = self.client.get_value();
        match client.restore_task(id).await {
            Ok(_) => {
                self.refresh();
                self.toaster.show(Toast::info(format!("“{}” is back", shorten(title))));
                true
            }
            Err(failure) => {
                self.tell(&format!("Couldn’t bring back “{}”.", shorten(title)), &failure);
                false
            }
        }
    }

    /// Deletes what is in the trash for good: one task, or all. `false` if that could not be done.
    pub async fn empty_trash(self, only: Option<Uuid>) -> bool {
        let client = self.client.get_value();
        match client.empty_trash(only).await {
            Ok(()) => true,
            Err(failure) => {
                self.tell("Couldn’t empty the trash.", &failure);
                false
            }
        }
    }
}

/// What is wrong with a new task, if something is.
pub fn check_new(content: &Content) -> Result<(), String> {
    check(&content.words()).map(drop)
}

/// Puts the keyboard where it can go on when there is no row for it.
pub fn focus_composer() {
    browser::focus_soon(COMPOSER_ID);
}

/// What is said of a task that was ticked off.
pub(super) fn said_done(title: &str) -> String {
    format!("Done: “{}”", shorten(title))
}

/// What is said of a task that was deleted.
pub(super) fn said_deleted(title: &str) -> String {
    format!("Deleted “{}”", shorten(title))
}
