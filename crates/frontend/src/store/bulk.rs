//! Bulk edits: one change of many tasks, an optimistic update with one request, and undone with as few.

use super::state::TaskStore;
use crate::api::{Failure, decode};
use crate::browser::fold;
use crate::model::record::Members as _;
use crate::model::replica::{Content, Key, Replica};
use crate::words::report::{Tasks, tasks_not_changed};
use leptos::prelude::*;
use shared::due::Due;
use shared::priority::Priority;
use shared::tags::{Tag, Tags};
use shared::tasks::{ChangeTasks, TaskChange, TaskIds, TasksChanged};
use uuid::Uuid;

/// As many tasks as one request may change.
const MOST: usize = 500;

/// What many tasks can be given at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkEdit {
    /// Done, or not any more.
    Completed(bool),
    /// How much they matter.
    Priority(Priority),
    /// When they are due.
    Due(Option<Due>),
    /// Where they belong.
    List(Option<Uuid>),
    /// One tag more.
    AddTag(String),
    /// One tag less.
    RemoveTag(String),
    /// Into the trash, or back.
    Deleted(bool),
}

impl BulkEdit {
    /// Whether a tag is the same.
    fn has_tag(content: &Content, tag: &str) -> bool {
        content.tags.iter().any(|other| fold(other) == fold(tag))
    }

    fn apply(&self, content: &mut Content) {
        match self {
            Self::Completed(completed) => content.completed = *completed,
            Self::Priority(priority) => content.priority = *priority,
            Self::Due(due) => content.due.clone_from(due),
            Self::List(list) => content.list_id = *list,
            Self::AddTag(tag) if !Self::has_tag(content, tag) => content.tags.push(tag.clone()),
            Self::RemoveTag(tag) => content.tags.retain(|other| fold(other) != fold(tag)),
            Self::AddTag(_) | Self::Deleted(_) => {}
        }
    }

    /// What takes this change back from a task that was like this; nothing if it was no change.
    fn inverse(&self, before: &Content) -> Option<Self> {
        match self {
            Self::Completed(to) => (before.completed != *to).then_some(Self::Completed(before.completed)),
            Self::Priority(to) => (before.priority != *to).then_some(Self::Priority(before.priority)),
            Self::Due(to) => (before.due != *to).then(|| Self::Due(before.due.clone())),
            Self::List(to) => (before.list_id != *to).then_some(Self::List(before.list_id)),
            Self::AddTag(tag) => (!Self::has_tag(before, tag)).then(|| Self::RemoveTag(tag.clone())),
            Self::RemoveTag(tag) => Self::has_tag(before, tag).then(|| Self::AddTag(tag.clone())),
            Self::Deleted(to) => Some(Self::Deleted(!*to)),
        }
    }

    fn wire(&self) -> Option<TaskChange> {
        let mut change = TaskChange::default();
        let tags = |tag: &str| Tags::new([Tag::parse(tag).ok()?]).ok();
        match self {
            Self::Completed(completed) => change.completed = Some(*completed),
            Self::Priority(priority) => change.priority = Some(*priority),
            Self::Due(due) => change.due = Some(due.clone()),
            Self::List(list) => change.list_id = Some(*list),
            Self::AddTag(tag) => change.add_tags = Some(tags(tag)?),
            Self::RemoveTag(tag) => change.remove_tags = Some(tags(tag)?),
            Self::Deleted(deleted) => change.deleted = Some(*deleted),
        }
        Some(change)
    }

    /// What has been done to so many tasks, as one says it.
    fn said(&self, store: TaskStore, count: usize, title: &str) -> String {
        let what = Tasks { count, title };
        match self {
            Self::Completed(true) => what.done(),
            Self::Completed(false) => what.to_do_again(),
            Self::Priority(_) => what.priority_changed(),
            Self::Due(None) => what.date_removed(),
            Self::Due(Some(_)) => what.date_changed(),
            Self::List(list) => what.moved(&store.name_of(*list)),
            Self::AddTag(tag) => what.tagged(tag),
            Self::RemoveTag(tag) => what.untagged(tag),
            Self::Deleted(true) => what.deleted(),
            Self::Deleted(false) => what.brought_back(),
        }
    }
}

impl TaskStore {
    /// Changes many tasks at once, and offers to undo it.
    pub fn bulk_edit(self, keys: &[Key], change: &BulkEdit) {
        let mut back: Vec<(BulkEdit, Vec<Key>)> = Vec::new();
        let mut changed = Vec::new();
        let mut title = String::new();
        for key in keys {
            let Some(content) = self.wanted(*key) else {
                continue;
            };
            let Some(inverse) = change.inverse(&content) else {
                continue;
            };
            changed.push(*key);
            title = content.title.into_string();
            match back.iter_mut().find(|(other, _)| *other == inverse) {
                Some((_, keys)) => keys.push(*key),
                None => back.push((inverse, vec![*key])),
            }
        }
        if changed.is_empty() {
            return;
        }
        let said = change.said(self, changed.len(), &title);
        self.apply_bulk(&changed, change);
        self.offer(said, move || {
            for (change, keys) in &back {
                self.apply_bulk(keys, change);
            }
        });
    }

    fn apply_bulk(self, keys: &[Key], change: &BulkEdit) {
        if let [key] = keys {
            self.replica.try_update(|replica| {
                replica.change(*key, |content| change.apply(content));
                if let BulkEdit::Deleted(deleted) = change {
                    replica.set_deleted(*key, *deleted);
                }
            });
            self.send(*key);
            return;
        }
        for keys in keys.chunks(MOST) {
            // A snapshot, for the rollback.
            let before: Vec<(Key, Content)> = keys.iter().filter_map(|key| Some((*key, self.wanted(*key)?))).collect();
            let free = self
                .replica
                .try_update(|replica| {
                    for key in keys {
                        replica.change(*key, |content| change.apply(content));
                        if let BulkEdit::Deleted(deleted) = change {
                            replica.set_deleted(*key, *deleted);
                        }
                    }
                    replica.begin_bulk(keys)
                })
                .unwrap_or_default();
            // What a request is under way for follows on its own when that is answered.
            let before = before
                .into_iter()
                .filter(|(key, _)| free.iter().any(|(other, _)| other == key))
                .collect();
            self.send_bulk(free, before, change.clone());
        }
    }

    fn send_bulk(self, free: Vec<(Key, Uuid)>, before: Vec<(Key, Content)>, change: BulkEdit) {
        let (Some(client), Some(wire)) = (self.client.try_get_value(), change.wire()) else {
            return;
        };
        if free.is_empty() {
            return;
        }
        let Ok(ids) = TaskIds::new(free.iter().map(|(_, id)| *id).collect()) else {
            return;
        };
        let asked = self.with_untracked(Replica::now);
        let call = client.update_tasks(&ChangeTasks { ids, change: wire });
        self.dispatch(
            client,
            call,
            Box::new(move |answer| {
                match answer.and_then(|body| decode::<TasksChanged>(&body)) {
                    Ok(answer) => self.acknowledge_bulk(&free, &before, &change, answer, asked),
                    Err(failure) => self.roll_back_bulk(&before, &change, &failure),
                }
                for (key, _) in free {
                    self.send(key);
                }
            }),
        );
    }

    fn acknowledge_bulk(
        self,
        free: &[(Key, Uuid)],
        before: &[(Key, Content)],
        change: &BulkEdit,
        answer: TasksChanged,
        asked: u64,
    ) {
        self.reachable.try_set(true);
        self.replica.try_update(|replica| {
            for ((key, _), task) in free.iter().zip(answer.tasks) {
                let sent = before.iter().find(|(other, _)| other == key).map(|(_, content)| {
                    let mut sent = content.clone();
                    change.apply(&mut sent);
                    sent
                });
                replica.saved(*key, sent.as_ref(), task);
                if *change == BulkEdit::Deleted(true) {
                    replica.trashed(*key);
                }
            }
            replica.merge(answer.created, asked);
        });
        // What comes back was made, or taken away again; and parts come and go with their wholes.
        if matches!(change, BulkEdit::Completed(false) | BulkEdit::Deleted(_)) {
            self.refresh();
        }
    }

    fn roll_back_bulk(self, before: &[(Key, Content)], change: &BulkEdit, failure: &Failure) {
        self.reachable.try_set(!failure.is_unreachable());
        self.replica.try_update(|replica| {
            for (key, content) in before {
                let mut wanted = content.clone();
                change.apply(&mut wanted);
                replica.change(*key, |now| now.roll_back(content, &wanted));
                if let BulkEdit::Deleted(deleted) = change {
                    replica.set_deleted(*key, !*deleted);
                }
            }
            replica.end_bulk(before.iter().map(|(key, _)| *key));
        });
        self.report_failure(&tasks_not_changed(before.len()), failure);
        if !failure.is_unreachable() {
            self.refresh();
        }
    }
}
