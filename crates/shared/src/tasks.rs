//! The wire types of `/api/{user_id}/tasks` and of the trash.

use crate::due::Due;
use crate::input::{Fields, FromJson, Input};
use crate::instant;
use crate::position::Position;
use crate::priority::Priority;
use crate::recurrence::Recurrence;
use crate::rule::RuleViolation;
use crate::tags::Tags;
use crate::text::{Description, Title};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// How many subtasks a task has at most, those in the trash not counted.
pub const MAX_SUBTASKS: usize = 500;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// The task's id (UUID version 7).
    pub id: Uuid,
    /// Whose task it is.
    pub user_id: String,
    /// What to do.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// Whether it is done.
    pub completed: bool,
    /// When it was added.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "instant")]
    pub updated_at: DateTime<Utc>,
    /// When it is due.
    pub due: Option<Due>,
    /// How much it matters.
    pub priority: Priority,
    /// Its tags, as typed.
    pub tags: Vec<String>,
    /// The list that it is in; `null` is the Inbox.
    pub list_id: Option<Uuid>,
    /// Its place in the order that people make by hand.
    pub position: Position,
    /// The task that it is a subtask of.
    pub parent_id: Option<Uuid>,
    /// How many subtasks it has.
    pub subtasks: SubtaskProgress,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// When it was done.
    #[serde(with = "instant::option")]
    pub completed_at: Option<DateTime<Utc>>,
    /// When it was moved to the trash.
    #[serde(with = "instant::option")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// Raised by every change; in quotes, it is the `ETag`.
    pub version: i64,
}

/// How far the subtasks of a task are. Those in the trash do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubtaskProgress {
    /// How many there are.
    pub total: u32,
    /// How many of them are done.
    pub completed: u32,
}

/// The body of `POST /api/{user_id}/tasks`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTask {
    /// What to do.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub title: Title,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 10_000))]
    pub description: Option<Description>,
    /// When it is due. Of a recurrence that names its days, it is the first of them if nothing else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How much it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Priority, required = false))]
    pub priority: Option<Priority>,
    /// Its tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Tags, required = false))]
    pub tags: Option<Tags>,
    /// The list that it is in; `null` is the Inbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_id: Option<Uuid>,
    /// The task that it is a subtask of, in whose list it is then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Uuid>,
    /// How it comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// Its place in the order that people make by hand; before all that is older if none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Position, required = false))]
    pub position: Option<Position>,
}

impl CreateTask {
    /// A task with this title, and nothing else said.
    #[must_use]
    pub fn new(title: Title) -> Self {
        Self {
            title,
            description: None,
            due: None,
            priority: None,
            tags: None,
            list_id: None,
            parent_id: None,
            recurrence: None,
            position: None,
        }
    }
}

impl Input for CreateTask {
    fn read(fields: &mut Fields) -> Option<Self> {
        let title = fields.required("title");
        let description = fields.optional::<Option<Description>>("description");
        let due = fields.optional::<Option<Due>>("due");
        let priority = fields.optional("priority");
        let tags = fields.optional("tags");
        let list_id = fields.optional::<Option<Uuid>>("list_id");
        let parent_id = fields.optional::<Option<Uuid>>("parent_id");
        let recurrence = fields.optional::<Option<Recurrence>>("recurrence");
        let position = fields.optional("position");
        Some(Self {
            title: title?,
            description: description?.flatten(),
            due: due?.flatten(),
            priority: priority?,
            tags: tags?,
            list_id: list_id?.flatten(),
            parent_id: parent_id?.flatten(),
            recurrence: recurrence?.flatten(),
            position: position?,
        })
    }
}

/// The body of `PUT /api/{user_id}/tasks/{id}`. A member that is absent is left alone.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateTask {
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, min_length = 1, max_length = 200))]
    pub title: Option<Title>,
    /// More about it; `null` (`Some(None)`) empties it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 10_000))]
    pub description: Option<Option<Description>>,
    /// Whether it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool, required = false))]
    pub completed: Option<bool>,
    /// When it is due; `null` is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Due>))]
    pub due: Option<Option<Due>>,
    /// How much it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Priority, required = false))]
    pub priority: Option<Priority>,
    /// Its tags, all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Tags, required = false))]
    pub tags: Option<Tags>,
    /// The list that it is moved to, with its subtasks; `null` is the Inbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub list_id: Option<Option<Uuid>>,
    /// The task that it becomes a subtask of, in whose list it is then; `null` makes it a task of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub parent_id: Option<Option<Uuid>>,
    /// How it comes back; `null` is not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Recurrence>))]
    pub recurrence: Option<Option<Recurrence>>,
    /// Its place in the order that people make by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Position, required = false))]
    pub position: Option<Position>,
}

impl Input for UpdateTask {
    fn read(fields: &mut Fields) -> Option<Self> {
        let title = fields.optional("title");
        let description = fields.optional("description");
        let completed = fields.optional("completed");
        let due = fields.optional("due");
        let priority = fields.optional("priority");
        let tags = fields.optional("tags");
        let list_id = fields.optional("list_id");
        let parent_id = fields.optional("parent_id");
        let recurrence = fields.optional("recurrence");
        let position = fields.optional("position");
        Some(Self {
            title: title?,
            description: description?,
            completed: completed?,
            due: due?,
            priority: priority?,
            tags: tags?,
            list_id: list_id?,
            parent_id: parent_id?,
            recurrence: recurrence?,
            position: position?,
        })
    }
}

/// The body of `PATCH /api/{user_id}/tasks`: one change to several tasks, to all or to none.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeTasks {
    /// The tasks, 1 to 500 of them.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Uuid>, min_items = 1, max_items = 500))]
    pub ids: TaskIds,
    /// What to change.
    pub change: TaskChange,
}

/// Tasks, 1 to 500 of them, each once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TaskIds(Vec<Uuid>);

impl TaskIds {
    /// How many there are at most.
    pub const MAX: usize = 500;

    /// Those tasks. A repeat is dropped.
    ///
    /// # Errors
    /// If there is none, or too many.
    pub fn new(ids: Vec<Uuid>) -> Result<Self, RuleViolation> {
        if ids.is_empty() {
            return Err(RuleViolation::Empty);
        }
        if ids.len() > Self::MAX {
            return Err(RuleViolation::TooMany(Self::MAX));
        }
        let mut seen = std::collections::HashSet::new();
        Ok(Self(ids.into_iter().filter(|id| seen.insert(*id)).collect()))
    }

    /// The ids.
    #[must_use]
    pub fn as_slice(&self) -> &[Uuid] {
        &self.0
    }
}

impl FromJson for TaskIds {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        match value {
            Value::Array(ids) if ids.len() <= Self::MAX => {
                Self::new(ids.into_iter().map(Uuid::from_json).collect::<Result<_, _>>()?)
            }
            Value::Array(_) => Err(RuleViolation::TooMany(Self::MAX)),
            Value::Null => Err(RuleViolation::Null),
            _ => Err(RuleViolation::NotTexts),
        }
    }
}

/// What to change of several tasks. A member that is absent is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskChange {
    /// Whether they are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool, required = false))]
    pub completed: Option<bool>,
    /// How much they matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Priority, required = false))]
    pub priority: Option<Priority>,
    /// When they are due; `null` is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Due>))]
    pub due: Option<Option<Due>>,
    /// The list that they are moved to; `null` is the Inbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub list_id: Option<Option<Uuid>>,
    /// Tags that they get.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Tags, required = false))]
    pub add_tags: Option<Tags>,
    /// Tags that they lose, whatever their case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Tags, required = false))]
    pub remove_tags: Option<Tags>,
    /// `true` moves them to the trash, `false` takes them out of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool, required = false))]
    pub deleted: Option<bool>,
}

impl Input for ChangeTasks {
    fn read(fields: &mut Fields) -> Option<Self> {
        let ids = fields.required("ids");
        let change = fields.object("change");
        Some(Self {
            ids: ids?,
            change: change?,
        })
    }
}

impl Input for TaskChange {
    fn read(fields: &mut Fields) -> Option<Self> {
        let completed = fields.optional("completed");
        let priority = fields.optional("priority");
        let due = fields.optional("due");
        let list_id = fields.optional("list_id");
        let add_tags = fields.optional("add_tags");
        let remove_tags = fields.optional("remove_tags");
        let deleted = fields.optional("deleted");
        let change = Self {
            completed: completed?,
            priority: priority?,
            due: due?,
            list_id: list_id?,
            add_tags: add_tags?,
            remove_tags: remove_tags?,
            deleted: deleted?,
        };
        if change == Self::default() {
            fields.refuse("", RuleViolation::NoChange);
        }
        Some(change)
    }
}

/// The answer to `PATCH /api/{user_id}/tasks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TasksChanged {
    /// The tasks as they are now, in the order of the request.
    pub tasks: Vec<Task>,
    /// The tasks that came about by it: the next ones of recurring tasks that were completed.
    pub created: Vec<Task>,
}

/// The answer to `DELETE /api/{user_id}/tasks/{id}`, and to every other one that deletes something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deleted {
    /// `Task deleted successfully`
    pub message: String,
}

/// The answer to `DELETE /api/{user_id}/trash`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Emptied {
    /// `Trash emptied successfully`
    pub message: String,
    /// How many tasks are gone for good.
    pub deleted: u64,
}
