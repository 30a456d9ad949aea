//! The wire types of export and import: `/api/{user_id}/export` and `/api/{user_id}/import`.

use crate::due::Due;
use crate::instant;
use crate::lists::List;
use crate::priority::Priority;
use crate::recurrence::Recurrence;
use crate::tasks::Task;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// `format` of every [`Export`].
pub const FORMAT: &str = "taskward";

/// `version` of the [`Export`]s that are written. Readers take it and those before.
pub const VERSION: u32 = 1;

/// Everything that a person has, as `GET /api/{user_id}/export` gives it and the import takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Export {
    /// Always [`FORMAT`].
    pub format: String,
    /// [`VERSION`] of the format.
    pub version: u32,
    /// When it was written.
    #[serde(with = "instant")]
    pub exported_at: DateTime<Utc>,
    /// All lists, by position.
    pub lists: Vec<ExportedList>,
    /// All tasks, newest first, those in the trash included.
    pub tasks: Vec<ExportedTask>,
}

/// A list, as an [`Export`] has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportedList {
    /// The list.
    #[serde(flatten)]
    pub list: List,
    /// When it was moved to the trash.
    #[serde(with = "instant::option")]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A task, as an [`Export`] has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportedTask {
    /// The task.
    #[serde(flatten)]
    pub task: Task,
    /// The day from which its recurrence is counted.
    pub series_start: Option<NaiveDate>,
}

/// The answer to `POST /api/{user_id}/import`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Whether nothing was written: what it says would be.
    pub dry_run: bool,
    /// Tasks that were added.
    pub created: u64,
    /// Tasks that were there already and were left alone.
    pub already_there: u64,
    /// How many of those are in the trash, where they stay until they are restored.
    pub in_trash: u64,
    /// Lists that were added.
    pub lists_created: u64,
    /// The first tasks that were added.
    pub tasks: Vec<ImportedTask>,
    /// What was not understood, as far as it is told.
    pub not_understood: Vec<NotUnderstood>,
    /// How many things were not understood, all of them.
    pub not_understood_total: u64,
}

/// A task of an [`ImportReport`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedTask {
    /// What to do.
    pub title: String,
    /// The list's name; `null` is the Inbox.
    pub list: Option<String>,
    /// The title of the task that it is a subtask of.
    pub parent: Option<String>,
    /// When it is due.
    pub due: Option<Due>,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// How important it is.
    pub priority: Priority,
    /// Whether it is done.
    pub completed: bool,
}

/// Something in an imported file that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotUnderstood {
    /// The line of the file that it is in, or begins in; from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Which item of the file it is, by its title or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What is wrong with it.
    pub message: String,
}
