//! One task on the page: what the server has confirmed of it, what the person wants of it, and the request that leads
//! from the one to the other.

use super::content::Content;
use crate::store::drafts::Words;
use crate::tasks::conflict::{Merged, merge};
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
    pub saved: Option<Task>,
    /// What the person sees: what they asked for last.
    pub content: Content,
    /// The person has deleted it.
    pub deleted: bool,
    /// The server has it in its trash.
    pub in_trash: bool,
    /// Words that were to replace others which somebody else had changed meanwhile: the person has to choose.
    pub conflict: Option<Words>,
    /// A request about it is under way.
    pub busy: bool,
    /// When this page last had a request about it under way, by the board's clock.
    pub touched: u64,
}

impl Entry {
    /// A task that the server does not have yet.
    pub fn unsaved(key: Key, content: Content) -> Self {
        Self {
            key,
            saved: None,
            content,
            deleted: false,
            in_trash: false,
            conflict: None,
            busy: false,
            touched: 0,
        }
    }

    /// A task as the server has it.
    pub fn saved(key: Key, task: Task) -> Self {
        Self {
            content: Content::of(&task),
            saved: Some(task),
            ..Self::unsaved(key, Content::default())
        }
    }

    /// The person sees it.
    pub fn is_shown(&self) -> bool {
        !self.deleted
    }

    /// The server's id, once there is one.
    pub fn id(&self) -> Option<Uuid> {
        self.saved.as_ref().map(|task| task.id)
    }

    /// How many subtasks it has, and how many of them are done.
    pub fn progress(&self) -> (u32, u32) {
        self.saved
            .as_ref()
            .map_or((0, 0), |task| (task.subtasks.completed, task.subtasks.total))
    }

    /// When it was done. What is not saved yet has just been.
    pub fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.saved.as_ref().and_then(|task| task.completed_at)
    }

    /// The server has all that was asked for.
    pub fn is_in_step(&self) -> bool {
        let confirmed = self.saved.as_ref().map(Content::of);
        !self.busy && self.deleted == self.in_trash && confirmed.as_ref() == Some(&self.content)
    }

    /// The list that the server sent says how the task is now, and that it is not in the trash.
    pub fn take(&mut self, task: Task) {
        self.content = Content::of(&task);
        self.saved = Some(task);
        self.deleted = false;
        self.in_trash = false;
    }

    /// The request that the task needs now: the difference between what is wanted and what is confirmed.
    pub fn next_write(&self) -> Option<Write> {
        if self.busy {
            return None;
        }
        let Some(task) = &self.saved else {
            return Some(Write::Create(Box::new(self.content.clone())));
        };
        if self.deleted != self.in_trash {
            return Some(if self.deleted {
                Write::Delete(task.id)
            } else {
                Write::Restore(task.id)
            });
        }
        let saved = Content::of(task);
        (!self.in_trash && saved != self.content).then(|| Write::Update {
            id: task.id,
            version: task.version,
            from: Box::new(saved),
            to: Box::new(self.content.clone()),
        })
    }

    /// The server has refused `write`. What has been asked for since is left to be tried.
    pub fn roll_back(&mut self, write: &Write) -> Rollback {
        match write {
            Write::Create(_) => Rollback::Addition(Box::new(self.content.clone())),
            Write::Update { id, from, to, .. } => {
                let tried = from.words() != to.words();
                let words = tried.then(|| self.content.words());
                self.content.take_back(from, to);
                Rollback::Change {
                    id: *id,
                    title: self.content.title.clone(),
                    words,
                }
            }
            Write::Delete(_) | Write::Restore(_) => {
                self.deleted = self.in_trash;
                let title = self.content.title.clone();
                if self.in_trash {
                    Rollback::Restoration { title }
                } else {
                    Rollback::Deletion { title }
                }
            }
        }
    }

    /// Somebody else has changed the task before `write` came. What only one of the two has changed is what both want;
    /// words that both have changed are left to the person, and of anything else the last one wins, which is this one.
    pub fn meet(&mut self, write: &Write, theirs: Task) {
        let Write::Update { from, .. } = write else {
            return;
        };
        let current = Content::of(&theirs);
        let (mine, base, other) = (self.content.words(), from.words(), current.words());
        self.content.rebase(from, &current);
        let title = merge(&base.title, &mine.title, &other.title);
        let notes = merge(&base.description, &mine.description, &other.description);
        if title == Merged::Ask || notes == Merged::Ask {
            self.conflict = Some(self.content.words());
            self.content.title = other.title;
            self.content.description = other.description;
        }
        self.saved = Some(theirs);
    }
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
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
