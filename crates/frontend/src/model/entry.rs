//! One task on the page: what the server has confirmed of it, what the person wants of it, and the request that leads
//! from the one to the other.

use super::content::Content;
use super::draft::Words;
use super::merge::{Merged, merge};
use chrono::{DateTime, Utc};
use shared::tasks::Task;
use uuid::Uuid;

/// Names a task on this page, from before the server has given it an id.
pub type Key = u32;

/// A task on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Names it on this page.
    pub key: Key,
    /// What the server has confirmed, if it has the task at all.
    pub base: Option<Task>,
    /// What the person sees: what they asked for last.
    pub wanted: Content,
    /// The person has deleted it.
    pub deleted: bool,
    /// The server has it in its trash.
    pub in_trash: bool,
    /// Words that were to replace others which somebody else had changed meanwhile: the person has to choose.
    pub conflict: Option<Words>,
    /// A request about it is under way.
    pub busy: bool,
    /// When this page last had a request about it under way, by the replica's clock.
    pub last_write: u64,
}

impl Entry {
    /// A task that the server does not have yet.
    pub fn unsaved(key: Key, content: Content) -> Self {
        Self {
            key,
            base: None,
            wanted: content,
            deleted: false,
            in_trash: false,
            conflict: None,
            busy: false,
            last_write: 0,
        }
    }

    /// A task as the server has it.
    pub fn confirmed(key: Key, task: Task) -> Self {
        Self {
            wanted: Content::of(&task),
            base: Some(task),
            ..Self::unsaved(key, Content::default())
        }
    }

    /// The person sees it.
    pub fn is_shown(&self) -> bool {
        !self.deleted
    }

    /// The server's id, once there is one.
    pub fn id(&self) -> Option<Uuid> {
        self.base.as_ref().map(|task| task.id)
    }

    /// How many subtasks it has, and how many of them are done.
    pub fn progress(&self) -> (u32, u32) {
        self.base
            .as_ref()
            .map_or((0, 0), |task| (task.subtasks.completed, task.subtasks.total))
    }

    /// When it was done. What is not saved yet has just been.
    pub fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.base.as_ref().and_then(|task| task.completed_at)
    }

    /// The server has all that was asked for.
    pub fn is_in_step(&self) -> bool {
        let confirmed = self.base.as_ref().map(Content::of);
        !self.busy && self.deleted == self.in_trash && confirmed.as_ref() == Some(&self.wanted)
    }

    /// The list that the server sent says how the task is now, and that it is not in the trash.
    pub fn accept(&mut self, task: Task) {
        self.wanted = Content::of(&task);
        self.base = Some(task);
        self.deleted = false;
        self.in_trash = false;
    }

    /// The request that the task needs now: the difference between what is wanted and what is confirmed.
    pub fn next_mutation(&self) -> Option<Mutation> {
        if self.busy {
            return None;
        }
        let Some(task) = &self.base else {
            return Some(Mutation::Create(Box::new(self.wanted.clone())));
        };
        if self.deleted != self.in_trash {
            return Some(if self.deleted {
                Mutation::Delete(task.id)
            } else {
                Mutation::Restore(task.id)
            });
        }
        let saved = Content::of(task);
        (!self.in_trash && saved != self.wanted).then(|| Mutation::Update {
            id: task.id,
            version: task.version,
            from: Box::new(saved),
            to: Box::new(self.wanted.clone()),
        })
    }

    /// The server has refused `mutation`. What has been asked for since is left to be tried.
    pub fn roll_back(&mut self, mutation: &Mutation) -> Rollback {
        match mutation {
            Mutation::Create(_) => Rollback::Addition(Box::new(self.wanted.clone())),
            Mutation::Update { id, from, to, .. } => {
                let tried = from.words() != to.words();
                let words = tried.then(|| self.wanted.words());
                self.wanted.roll_back(from, to);
                Rollback::Change {
                    id: *id,
                    title: self.wanted.title.clone(),
                    words,
                }
            }
            Mutation::Delete(_) | Mutation::Restore(_) => {
                self.deleted = self.in_trash;
                let title = self.wanted.title.clone();
                if self.in_trash {
                    Rollback::Restoration { title }
                } else {
                    Rollback::Deletion { title }
                }
            }
        }
    }

    /// Somebody else has changed the task before `mutation` came. What only one of the two has changed is what both want;
    /// words that both have changed are left to the person, and of anything else the last one wins, which is this one.
    pub fn merge_remote(&mut self, mutation: &Mutation, theirs: Task) {
        let Mutation::Update { from, .. } = mutation else {
            return;
        };
        let current = Content::of(&theirs);
        let (mine, base, other) = (self.wanted.words(), from.words(), current.words());
        self.wanted.rebase(from, &current);
        let title = merge(&base.title, &mine.title, &other.title);
        let notes = merge(&base.description, &mine.description, &other.description);
        if title == Merged::Ask || notes == Merged::Ask {
            self.conflict = Some(self.wanted.words());
            self.wanted.title = other.title;
            self.wanted.description = other.description;
        }
        self.base = Some(theirs);
    }
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// Add the task.
    Create(Box<Content>),
    /// Change the members that differ.
    Update {
        /// Which task.
        id: Uuid,
        /// The version that is to be changed.
        version: i64,
        /// How the task was.
        from: Box<Content>,
        /// How it is to be.
        to: Box<Content>,
    },
    /// Put it into the trash.
    Delete(Uuid),
    /// Take it out of the trash.
    Restore(Uuid),
}

/// What the person has to be told about, and given back, after a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rollback {
    /// The task is off the list again.
    Addition(Box<Content>),
    /// The task reads as before. The words that were to be its own, if any.
    Change {
        /// Which task.
        id: Uuid,
        /// What it is called now.
        title: String,
        /// What the person had written.
        words: Option<Words>,
    },
    /// The task is back on the list.
    Deletion {
        /// What it is called.
        title: String,
    },
    /// The task is still in the trash.
    Restoration {
        /// What it is called.
        title: String,
    },
}
