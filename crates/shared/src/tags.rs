//! The tags of a task.

use crate::input::FromJson;
use crate::rule::RuleViolation;
use crate::text::lower_case;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;

/// A tag: trimmed, 1 to 50 characters, without commas and control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Tag(String);

impl Tag {
    /// Characters (code points) at most.
    pub const MAX: usize = 50;

    /// # Errors
    /// If the text, trimmed, breaks the rule.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        let text = text.trim();
        let good =
            (1..=Self::MAX).contains(&text.chars().count()) && !text.contains(|c: char| c.is_control() || c == ',');
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(RuleViolation::Tag)
        }
    }

    /// The text, as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The tags of one task, in the order they were given: at most 20, no two the same but for upper and lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// How many a task has at most.
    pub const MAX: usize = 20;

    /// Those tags. One that was there before is dropped.
    ///
    /// # Errors
    /// If there are too many.
    pub fn new(tags: impl IntoIterator<Item = Tag>) -> Result<Self, RuleViolation> {
        let mut seen = HashSet::new();
        let tags: Vec<_> = tags
            .into_iter()
            .filter(|tag| seen.insert(lower_case(tag.as_str())))
            .collect();
        if tags.len() > Self::MAX {
            return Err(RuleViolation::TooMany(Self::MAX));
        }
        Ok(Self(tags))
    }

    /// The tags.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Tag::as_str)
    }

    /// They as a JSON array.
    #[must_use]
    pub fn to_json(&self) -> String {
        // A list of texts can always be written.
        serde_json::to_string(self).unwrap_or_else(|_| "[]".to_owned())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromJson for Tags {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        let Value::Array(tags) = value else {
            return Err(if value.is_null() {
                RuleViolation::Null
            } else {
                RuleViolation::NotTexts
            });
        };
        let read = |value| match value {
            Value::String(text) => Tag::parse(&text),
            _ => Err(RuleViolation::NotTexts),
        };
        Self::new(tags.into_iter().map(read).collect::<Result<Vec<_>, _>>()?)
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};

    impl utoipa::PartialSchema for super::Tags {
        fn schema() -> RefOr<Schema> {
            let tag = ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(super::Tag::MAX))
                .pattern(Some("^[^,]*$"));
            ArrayBuilder::new()
                .description(Some("As typed; a repeat, whatever its case, is dropped"))
                .items(tag)
                .max_items(Some(Self::MAX))
                .into()
        }
    }

    impl utoipa::ToSchema for super::Tags {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Vec<String>, RuleViolation> {
        Tags::from_json(value).map(|tags| tags.iter().map(str::to_owned).collect())
    }

    #[test]
    fn tags_are_kept_as_typed_and_a_repeat_is_dropped() {
        assert_eq!(
            read(json!([" Home ", "flat", "HOME", "Été", "été"])),
            Ok(vec!["Home".to_owned(), "flat".to_owned(), "Été".to_owned()])
        );
        let many: Vec<_> = (0..21).map(|n| format!("t{n}")).collect();
        assert_eq!(read(json!(many)), Err(RuleViolation::TooMany(20)));
    }

    #[test]
    fn other_values_are_no_tags() {
        for (value, broken) in [
            (json!(null), RuleViolation::Null),
            (json!("home"), RuleViolation::NotTexts),
            (json!([1]), RuleViolation::NotTexts),
            (json!([null]), RuleViolation::NotTexts),
            (json!([" "]), RuleViolation::Tag),
            (json!(["a,b"]), RuleViolation::Tag),
            (json!(["a\nb"]), RuleViolation::Tag),
            (json!(["x".repeat(51)]), RuleViolation::Tag),
        ] {
            assert_eq!(read(value.clone()), Err(broken), "{value}");
        }
    }
}
