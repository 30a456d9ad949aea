//! What a person can change of a task.

use super::draft::Words;
use super::merge::{Merged, merge};
use super::record::{Members, Record, each_member};
use shared::due::Due;
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tags::{Tag, Tags};
use shared::tasks::{CreateTask, Task, UpdateTask};
use shared::text::{Description, Title};
use uuid::Uuid;

/// What can be changed of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What to do: checked once, where it was typed.
    pub title: Title,
    /// More about it; empty if there is nothing more.
    pub description: String,
    /// Whether it is done.
    pub completed: bool,
    /// When it is due.
    pub due: Option<Due>,
    /// How much it matters.
    pub priority: Priority,
    /// Its tags, as typed.
    pub tags: Vec<String>,
    /// The list that it belongs to; none is the inbox.
    pub list_id: Option<Uuid>,
    /// The task that it is a part of.
    pub parent_id: Option<Uuid>,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// Its place among others; none is the top, until the server has given it one.
    pub position: Option<Position>,
}

impl Record for Task {
    type Content = Content;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn content(&self) -> Content {
        Content::of(self)
    }

    fn is_in_trash(&self) -> bool {
        self.deleted_at.is_some()
    }
}

impl Members for Content {
    each_member!(
        title,
        description,
        completed,
        due,
        priority,
        tags,
        list_id,
        parent_id,
        recurrence,
        position
    );

    fn merge_remote(&mut self, base: &Self, theirs: &Self) -> Option<Words> {
        self.rebase(base, theirs);
        let title = merge(base.title.as_str(), self.title.as_str(), theirs.title.as_str());
        let notes = merge(&*base.description, &*self.description, &*theirs.description);
        (title == Merged::Ask || notes == Merged::Ask).then(|| {
            let words = self.words();
            self.title.clone_from(&theirs.title);
            self.description.clone_from(&theirs.description);
            words
        })
    }

    fn words(&self) -> Words {
        Words {
            title: self.title.as_str().to_owned(),
            description: self.description.clone(),
        }
    }

    fn parent_id(&self) -> Option<Uuid> {
        self.parent_id
    }

    fn is_open(&self) -> bool {
        !self.completed
    }
}

impl Content {
    /// A task of this title, and nothing else said.
    pub fn new(title: Title) -> Self {
        Self {
            title,
            description: String::new(),
            completed: false,
            due: None,
            priority: Priority::default(),
            tags: Vec::new(),
            list_id: None,
            parent_id: None,
            recurrence: None,
            position: None,
        }
    }

    /// What a task says.
    pub fn of(task: &Task) -> Self {
        Self {
            title: Title::from_trusted(task.title.clone()),
            description: task.description.clone().unwrap_or_default(),
            completed: task.completed,
            due: task.due.clone(),
            priority: task.priority,
            tags: task.tags.clone(),
            list_id: task.list_id,
            parent_id: task.parent_id,
            recurrence: task.recurrence,
            position: Some(task.position.clone()),
        }
    }

    /// The request that leads from `base` to this. Notes that break a rule are left out: they were checked before.
    pub fn changes_since(&self, base: &Self) -> UpdateTask {
        macro_rules! new {
            ($member:ident) => {
                (self.$member != base.$member).then(|| self.$member.clone())
            };
        }
        UpdateTask {
            title: new!(title),
            description: new!(description).map(|text| description(&text)),
            completed: new!(completed),
            due: new!(due),
            priority: new!(priority),
            tags: new!(tags).map(|tags| tags_of(&tags)),
            list_id: new!(list_id),
            parent_id: new!(parent_id),
            recurrence: new!(recurrence),
            position: new!(position).flatten(),
        }
    }

    /// The request that adds this as a task.
    pub fn creation(&self) -> CreateTask {
        CreateTask {
            title: self.title.clone(),
            description: description(&self.description),
            due: self.due.clone(),
            priority: Some(self.priority),
            tags: Some(tags_of(&self.tags)),
            list_id: self.list_id,
            parent_id: self.parent_id,
            recurrence: self.recurrence,
            position: self.position.clone(),
        }
    }
}

fn description(text: &str) -> Option<Description> {
    Description::parse(text).ok().filter(|_| !text.trim().is_empty())
}

/// Tags as they are sent. One that breaks the rule is left out: whoever typed it was told.
fn tags_of(tags: &[String]) -> Tags {
    let good = tags.iter().filter_map(|tag| Tag::parse(tag).ok()).take(Tags::MAX);
    Tags::new(good).unwrap_or_default()
}
