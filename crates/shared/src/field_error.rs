//! The wire form of what is wrong with a member of a request.

use crate::rule::RuleViolation;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One member of the request that broke a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The member's name, as in the request.
    pub field: String,
    /// What is wrong with it, worded to follow the name: `must not be empty`.
    pub message: String,
    /// The rule that it breaks, for programs. Empty from a server of a version before.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(schema_with = rule_codes))]
    pub code: Cow<'static, str>,
    /// Of a rule that has a number in it: that number, such as the most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

#[cfg(feature = "openapi")]
fn rule_codes() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .description(Some("The rule that it breaks, for programs"))
        .enum_values(Some(RuleViolation::codes()))
        .build()
}

impl FieldError {
    /// The member of this name breaks this rule.
    #[must_use]
    pub fn new(field: impl Into<String>, violation: RuleViolation) -> Self {
        Self {
            field: field.into(),
            message: violation.to_string(),
            code: violation.code().into(),
            limit: violation.limit(),
        }
    }

    /// The rule that it breaks; `None` of one that this build does not know.
    #[must_use]
    pub fn rule(&self) -> Option<RuleViolation> {
        RuleViolation::from_code(&self.code, self.limit)
    }

    /// The error as a sentence: `Title must not be empty`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let words = self.field.replace('_', " ");
        let mut letters = words.chars();
        match letters.next() {
            Some(first) => format!("{}{} {}", first.to_ascii_uppercase(), letters.as_str(), self.message),
            None => self.message.clone(),
        }
    }
}
