//! One task or list on the page: what the server has confirmed of it, what the person wants of it (an optimistic update),
//! and the request that leads from the one to the other.

use super::content::Content;
use super::draft::Words;
use super::record::{Members, Record};
use chrono::{DateTime, Utc};
use shared::tasks::Task;
use uuid::Uuid;

/// Names an entry on this page, from before the server has given it an id.
pub type Key = u32;

/// Where something is, or is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where it belongs.
    Home,
    /// In the trash: soft-deleted.
    Trash,
    /// Nowhere any more: deleted for good.
    Gone,
}

impl Place {
    fn of(record: &impl Record) -> Self {
        if record.is_in_trash() { Self::Trash } else { Self::Home }
    }
}

/// A task or a list on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<R: Record = Task> {
    /// Names it on this page.
    pub key: Key,
    /// What the server has confirmed, if it has it at all.
    pub base: Option<R>,
    /// What the person sees: what they asked for last.
    pub wanted: R::Content,
    /// Where the server has it.
    pub base_place: Place,
    /// Where the person wants it.
    pub wanted_place: Place,
    /// Words that were to replace others which somebody else had changed meanwhile: the person has to choose.
    pub conflict: Option<Words>,
    /// A request about it is under way.
    pub busy: bool,
    /// When this page last had a request about it under way, by the replica's clock.
    pub last_write: u64,
}

impl<R: Record> Entry<R> {
    /// Something that the server does not have yet.
    pub fn unsaved(key: Key, content: R::Content) -> Self {
        Self {
            key,
            base: None,
            wanted: content,
            base_place: Place::Home,
            wanted_place: Place::Home,
            conflict: None,
            busy: false,
            last_write: 0,
        }
    }

    /// Something as the server has it.
    pub fn confirmed(key: Key, record: R) -> Self {
        let mut entry = Self::unsaved(key, record.content());
        entry.base_place = Place::of(&record);
        entry.wanted_place = entry.base_place;
        entry.base = Some(record);
        entry
    }

    /// The person sees it among others.
    pub fn is_shown(&self) -> bool {
        self.wanted_place == Place::Home
    }

    /// The person sees it in the trash.
    pub fn is_in_trash(&self) -> bool {
        self.wanted_place == Place::Trash && self.base_place == Place::Trash
    }

    /// The server's id, once there is one.
    pub fn id(&self) -> Option<Uuid> {
        self.base.as_ref().map(Record::id)
    }

    /// The server has all that was asked for.
    pub fn is_in_step(&self) -> bool {
        let confirmed = self.base.as_ref().map(Record::content);
        !self.busy && self.wanted_place == self.base_place && confirmed.as_ref() == Some(&self.wanted)
    }

    /// What the server has is all there is to say.
    pub fn accept(&mut self, record: R) {
        self.wanted = record.content();
        self.base_place = Place::of(&record);
        self.wanted_place = self.base_place;
        self.base = Some(record);
    }

    /// The request that is needed now: the difference between what is wanted and what is confirmed. It is idempotent: what
    /// has been done already is done once.
    pub fn next_mutation(&self) -> Option<Mutation<R::Content>> {
        if self.busy {
            return None;
        }
        let Some(record) = &self.base else {
            return Some(Mutation::Create(Box::new(self.wanted.clone())));
        };
        match (self.base_place, self.wanted_place) {
            (Place::Home, Place::Trash | Place::Gone) => return Some(Mutation::Delete(record.id())),
            (Place::Trash, Place::Home) => return Some(Mutation::Restore(record.id())),
            (Place::Trash, Place::Gone) => return Some(Mutation::Purge(record.id())),
            (Place::Trash, Place::Trash) | (Place::Gone, _) => return None,
            (Place::Home, Place::Home) => {}
        }
        let base = record.content();
        (base != self.wanted).then(|| Mutation::Update {
            id: record.id(),
            version: record.version(),
            from: Box::new(base),
            to: Box::new(self.wanted.clone()),
        })
    }

    /// The server has refused `mutation`. What has been asked for since is left to be tried.
    pub fn roll_back(&mut self, mutation: &Mutation<R::Content>) -> Rollback<R::Content> {
        match mutation {
            Mutation::Create(_) => Rollback::Addition(Box::new(self.wanted.clone())),
            Mutation::Update { id, from, to, .. } => {
                let tried = from.words() != to.words();
                let words = tried.then(|| self.wanted.words());
                self.wanted.roll_back(from, to);
                Rollback::Change {
                    id: *id,
                    title: self.wanted.words().title,
                    words,
                }
            }
            Mutation::Delete(_) | Mutation::Restore(_) | Mutation::Purge(_) => {
                self.wanted_place = self.base_place;
                let title = self.wanted.words().title;
                match mutation {
                    Mutation::Delete(_) => Rollback::Deletion { title },
                    Mutation::Restore(_) => Rollback::Restoration { title },
                    _ => Rollback::Purge,
                }
            }
        }
    }

    /// Somebody else has changed it before `mutation` came: a three-way merge, and the words that the person has to decide
    /// about stay beside it.
    pub fn merge_remote(&mut self, mutation: &Mutation<R::Content>, theirs: R) {
        let Mutation::Update { from, .. } = mutation else {
            return;
        };
        let words = self.wanted.merge_remote(from, &theirs.content());
        if words.is_some() {
            self.conflict = words;
        }
        self.base = Some(theirs);
    }
}

impl Entry {
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
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mutation<C = Content> {
    /// Add it.
    Create(Box<C>),
    /// Change the members that differ.
    Update {
        /// Which one.
        id: Uuid,
        /// The version that is to be changed.
        version: i64,
        /// How it was.
        from: Box<C>,
        /// How it is to be.
        to: Box<C>,
    },
    /// Put it into the trash.
    Delete(Uuid),
    /// Take it out of the trash.
    Restore(Uuid),
    /// Delete it for good.
    Purge(Uuid),
}

/// What the person has to be told about, and given back, after a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rollback<C = Content> {
    /// It is off the page again.
    Addition(Box<C>),
    /// It reads as before. The words that were to be its own, if any.
    Change {
        /// Which one.
        id: Uuid,
        /// What it is called now.
        title: String,
        /// What the person had written.
        words: Option<Words>,
    },
    /// It is back where it was.
    Deletion {
        /// What it is called.
        title: String,
    },
    /// It is still in the trash.
    Restoration {
        /// What it is called.
        title: String,
    },
    /// It is still in the trash, and was to be gone for good.
    Purge,
}
