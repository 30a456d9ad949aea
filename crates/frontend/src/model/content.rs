//! What a person can change of a task, member by member, so that two changes of different members never disturb each
//! other.

use super::draft::Words;
use shared::due::Due;
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tags::{Tag, Tags};
use shared::tasks::{CreateTask, Task, UpdateTask};
use shared::text::{Description, Title};
use uuid::Uuid;

/// What can be changed of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// What to do.
    pub title: String,
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

/// Does the same with every member.
macro_rules! each_member {
    ($do:ident) => {
        $do!(title);
        $do!(description);
        $do!(completed);
        $do!(due);
        $do!(priority);
        $do!(tags);
        $do!(list_id);
        $do!(parent_id);
        $do!(recurrence);
        $do!(position);
    };
}

impl Content {
    /// What a task says.
    pub fn of(task: &Task) -> Self {
        Self {
            title: task.title.clone(),
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

    /// The words alone.
    pub fn words(&self) -> Words {
        Words {
            title: self.title.clone(),
            description: self.description.clone(),
        }
    }

    /// Takes `theirs` of every member that is still as it was in `base`.
    pub fn rebase(&mut self, base: &Self, theirs: &Self) {
        macro_rules! rebase {
            ($member:ident) => {
                if self.$member == base.$member {
                    self.$member.clone_from(&theirs.$member);
                }
            };
        }
        each_member!(rebase);
    }

    /// Takes back what was to be changed from `from` to `to`, unless something else has been asked for since.
    pub fn roll_back(&mut self, from: &Self, to: &Self) {
        macro_rules! roll_back {
            ($member:ident) => {
                if from.$member != to.$member && self.$member == to.$member {
                    self.$member.clone_from(&from.$member);
                }
            };
        }
        each_member!(roll_back);
    }

    /// The request that leads from `saved` to this. A text that breaks a rule is left out: it was checked before.
    pub fn changes_since(&self, saved: &Self) -> UpdateTask {
        macro_rules! new {
            ($member:ident) => {
                (self.$member != saved.$member).then(|| self.$member.clone())
            };
        }
        UpdateTask {
            title: new!(title).and_then(|title| Title::parse(&title).ok()),
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

    /// The request that adds this as a task. `None` if its title breaks a rule.
    pub fn creation(&self) -> Option<CreateTask> {
        Some(CreateTask {
            title: Title::parse(&self.title).ok()?,
            description: description(&self.description),
            due: self.due.clone(),
            priority: Some(self.priority),
            tags: Some(tags_of(&self.tags)),
            list_id: self.list_id,
            parent_id: self.parent_id,
            recurrence: self.recurrence,
            position: self.position.clone(),
        })
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
