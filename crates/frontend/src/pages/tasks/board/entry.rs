//! One task on the page: what the server has confirmed of it, what the person wants of it, and the request that leads
//! from the one to the other.

use crate::drafts::Words;
use chrono::{DateTime, Utc};
use shared::tasks::Task;
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
pub enum Fate {
    /// For good.
    Stay,
    /// Deleted as far as the page shows, but still to be had back.
    Undoable,
    /// Until the server has deleted it.
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
    /// How long it is to stay.
    pub fate: Fate,
    /// A request about it is under way.
    pub busy: bool,
    /// When this page last had a request about it under way, by the board's clock.
    pub touched: u64,
}

impl Entry {
    /// A task that the server does not have yet.
    pub fn unsaved(key: Key, words: Words) -> Self {
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

    /// A task as the server has it.
    pub fn saved(key: Key, task: Task) -> Self {
        Self {
            content: Content::of(&task),
            saved: Some(task),
            ..Self::unsaved(key, Words::default())
        }
    }

    /// Greater for what is newer. What is not saved yet is the newest there is.
    pub fn rank(&self) -> (bool, Option<(DateTime<Utc>, Uuid)>, Key) {
        let created = self.saved.as_ref().map(|task| (task.created_at, task.id));
        (created.is_none(), created, self.key)
    }

    /// The words as they are seen.
    pub fn words(&self) -> Words {
        Words {
            title: self.content.title.clone(),
            description: self.content.description.clone(),
        }
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

    /// The list that the server sent says how the task is now.
    pub fn take(&mut self, task: Task) {
        self.content = Content::of(&task);
        self.saved = Some(task);
    }

    /// The request that the task needs now: the difference between what is wanted and what is confirmed.
    pub fn next_write(&self) -> Option<Write> {
        if self.busy {
            return None;
        }
        let Some(task) = &self.saved else {
            return Some(Write::Create(self.words()));
        };
        if self.fate == Fate::Leave {
            return Some(Write::Delete(task.id));
        }
        let saved = Content::of(task);
        let wanted = &self.content;
        (saved != *wanted).then(|| Write::Update {
            id: task.id,
            title: (saved.title != wanted.title).then(|| wanted.title.clone()),
            description: (saved.description != wanted.description).then(|| wanted.description.clone()),
            completed: (saved.completed != wanted.completed).then_some(wanted.completed),
        })
    }

    /// The server has refused `write`. What has been asked for since is left to be tried.
    pub fn roll_back(&mut self, write: &Write) -> Option<Rollback> {
        match write {
            Write::Create(_) => Some(Rollback::Addition(self.words())),
            Write::Update {
                id,
                title,
                description,
                completed,
            } => {
                let saved = Content::of(self.saved.as_ref()?);
                let tried = title.is_some() || description.is_some();
                let words = tried.then(|| self.words());
                let content = &mut self.content;
                undo(&mut content.title, title.as_ref(), saved.title);
                undo(&mut content.description, description.as_ref(), saved.description);
                undo(&mut content.completed, completed.as_ref(), saved.completed);
                Some(Rollback::Change {
                    id: *id,
                    title: content.title.clone(),
                    words,
                })
            }
            Write::Delete(_) => {
                self.fate = Fate::Stay;
                Some(Rollback::Deletion {
                    title: self.content.title.clone(),
                })
            }
        }
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

/// Undoes `tried`, unless the person has asked for something else since.
fn undo<T: PartialEq>(wanted: &mut T, tried: Option<&T>, saved: T) {
    if tried.is_some_and(|tried| tried == wanted) {
        *wanted = saved;
    }
}
