//! The wire types of `/api/{user_id}/tasks`.

use crate::input::{Fields, Input};
use crate::instant;
use crate::text::{Description, Title};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 1000))]
    pub description: Option<Description>,
}

impl Input for CreateTask {
    fn read(fields: &mut Fields) -> Option<Self> {
        let title = fields.required("title");
        let description = fields.optional::<Option<Description>>("description");
        Some(Self {
            title: title?,
            description: description?.flatten(),
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
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 1000))]
    pub description: Option<Option<Description>>,
    /// Whether it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool, required = false))]
    pub completed: Option<bool>,
}

impl Input for UpdateTask {
    fn read(fields: &mut Fields) -> Option<Self> {
        let title = fields.optional("title");
        let description = fields.optional("description");
        let completed = fields.optional("completed");
        Some(Self {
            title: title?,
            description: description?,
            completed: completed?,
        })
    }
}

/// The answer to `DELETE /api/{user_id}/tasks/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deleted {
    /// `Task deleted successfully`
    pub message: String,
}
