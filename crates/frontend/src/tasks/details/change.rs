//! A task as its panel shows it, and what the person changes of it.

use shared::due::Due;
use shared::recurrence::Recurrence;
use shared::text::Title;
use uuid::Uuid;

/// A task, as its panel shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// What to do.
    pub title: String,
    /// More about it, in Markdown.
    pub description: String,
    /// Whether it is done.
    pub completed: bool,
    /// When it is due.
    pub due: Option<Due>,
    /// 0 (none) to 3 (high).
    pub priority: u8,
    /// Its list; `None` is the Inbox.
    pub list: Option<Uuid>,
    /// Its tags, in their order.
    pub tags: Vec<String>,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// The title of its parent, if it is a subtask. A subtask has none itself, and is in its parent's list.
    pub parent: Option<String>,
    /// When it was added, in words.
    pub created: String,
    /// When it was last changed, in words.
    pub updated: String,
}

/// What the person changes of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What to do.
    Title(Title),
    /// More about it; empty for nothing.
    Description(String),
    /// Whether it is done.
    Completed(bool),
    /// When it is due.
    Due(Option<Due>),
    /// 0 (none) to 3 (high).
    Priority(u8),
    /// Its list; `None` is the Inbox.
    List(Option<Uuid>),
    /// All of its tags.
    Tags(Vec<String>),
    /// How it comes back.
    Recurrence(Option<Recurrence>),
}
