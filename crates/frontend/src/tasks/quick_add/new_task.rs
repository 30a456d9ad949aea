//! A task as its line says it.

use super::grammar::Grammar;
use crate::browser;
use crate::model::draft::Draft;
use shared::due::Due;
use shared::recurrence::Recurrence;
use uuid::Uuid;

/// A list that tasks can be put into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListName {
    /// Which list; `None` is the Inbox.
    pub id: Option<Uuid>,
    /// What it is called.
    pub name: String,
    /// Its colour's name; empty for none.
    pub color: String,
}

/// Where a new task belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// Nothing was said: where the person is.
    Here,
    /// To a list that there is; `None` is the Inbox.
    To(Option<Uuid>),
    /// To a list of this name, which is to be made.
    ToNew(String),
}

/// A task as the line says it. The title has still to be checked: it may be empty or too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What to do.
    pub title: String,
    /// More about it, as typed.
    pub description: String,
    /// When it is due.
    pub due: Option<Due>,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// 0 (none) to 3 (high), if the line says one.
    pub priority: Option<u8>,
    /// Where it belongs.
    pub list: Belongs,
    /// Its tags; no two are the same but for upper and lower case.
    pub tags: Vec<String>,
}

impl NewTask {
    /// What a draft says; `None` until there is the grammar to read it.
    pub fn of(draft: &Draft, lists: &[ListName], grammar: Grammar) -> Option<Self> {
        let read = grammar.read(&draft.line)?;
        Some(Self {
            list: read.list.as_deref().map_or(Belongs::Here, |name| belongs(name, lists)),
            title: read.title,
            description: draft.description.clone(),
            due: read.due,
            recurrence: read.recurrence,
            priority: read.priority,
            tags: read.tags,
        })
    }
}

/// Where a task belongs whose line names a list.
pub(super) fn belongs(name: &str, lists: &[ListName]) -> Belongs {
    let wanted = browser::fold(name);
    let list = lists.iter().find(|list| browser::fold(&list.name) == wanted);
    list.map_or_else(|| Belongs::ToNew(name.to_owned()), |list| Belongs::To(list.id))
}
