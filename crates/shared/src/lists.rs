//! The wire types of `/api/{user_id}/lists`.

use crate::input::{Fields, FromJson, Input};
use crate::instant;
use crate::position::Position;
use crate::rule::RuleViolation;
use crate::text::Name;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// How many lists a person has at most, archived ones included, those in the trash not.
pub const MAX_LISTS: usize = 500;

/// A list of tasks. The Inbox is none: its tasks are those without a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct List {
    /// The list's id (UUID version 7).
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub color: ListColor,
    /// Its place among the lists.
    pub position: Position,
    /// Whether it is kept, but out of the way.
    pub archived: bool,
    /// When it was made.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "instant")]
    pub updated_at: DateTime<Utc>,
    /// Raised by every change; in quotes, it is the `ETag`.
    pub version: i64,
}

/// The colour of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "their names say it all")]
pub enum ListColor {
    Red,
    Orange,
    Amber,
    Green,
    Teal,
    Blue,
    Indigo,
    Violet,
    Pink,
    /// What nobody said is.
    #[default]
    Gray,
}

impl ListColor {
    /// All of them, in the order of the rainbow.
    pub const ALL: [Self; 10] = [
        Self::Red,
        Self::Orange,
        Self::Amber,
        Self::Green,
        Self::Teal,
        Self::Blue,
        Self::Indigo,
        Self::Violet,
        Self::Pink,
        Self::Gray,
    ];

    /// The name, as on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Amber => "amber",
            Self::Green => "green",
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Indigo => "indigo",
            Self::Violet => "violet",
            Self::Pink => "pink",
            Self::Gray => "gray",
        }
    }

    /// # Errors
    /// If there is no colour of this name.
    pub fn parse(name: &str) -> Result<Self, RuleViolation> {
        let mut all = Self::ALL.into_iter();
        all.find(|color| color.as_str() == name).ok_or(RuleViolation::Color)
    }
}

impl FromJson for ListColor {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        Self::parse(&String::from_json(value)?)
    }
}

/// The body of `POST /api/{user_id}/lists`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateList {
    /// What to call it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 100))]
    pub name: Name,
    /// Its colour; gray if none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ListColor, required = false))]
    pub color: Option<ListColor>,
}

impl Input for CreateList {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.required("name");
        let color = fields.optional("color");
        Some(Self {
            name: name?,
            color: color?,
        })
    }
}

/// The body of `PUT /api/{user_id}/lists/{id}`. A member that is absent is left alone.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateList {
    /// What to call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, min_length = 1, max_length = 100))]
    pub name: Option<Name>,
    /// Its colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ListColor, required = false))]
    pub color: Option<ListColor>,
    /// Its place among the lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Position, required = false))]
    pub position: Option<Position>,
    /// Whether it is kept, but out of the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool, required = false))]
    pub archived: Option<bool>,
}

impl Input for UpdateList {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.optional("name");
        let color = fields.optional("color");
        let position = fields.optional("position");
        let archived = fields.optional("archived");
        Some(Self {
            name: name?,
            color: color?,
            position: position?,
            archived: archived?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn colours_are_called_the_same_everywhere() {
        for color in ListColor::ALL {
            assert_eq!(json!(color), json!(color.as_str()));
            assert_eq!(ListColor::from_json(json!(color)), Ok(color));
        }
        assert_eq!(ListColor::from_json(json!("Red")), Err(RuleViolation::Color));
    }
}
