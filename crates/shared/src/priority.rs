//! How much a task matters.

use crate::input::FromJson;
use crate::rule::RuleViolation;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How much a task matters: 0 (nobody said) to 3 (most).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Priority {
    /// 0: nobody said.
    #[default]
    None,
    /// 1.
    Low,
    /// 2.
    Medium,
    /// 3.
    High,
}

impl Priority {
    /// From the least to the most.
    pub const ALL: [Self; 4] = [Self::None, Self::Low, Self::Medium, Self::High];

    /// The number, 0 to 3.
    #[must_use]
    pub fn get(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
        }
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.get()
    }
}

impl TryFrom<u8> for Priority {
    type Error = RuleViolation;

    fn try_from(number: u8) -> Result<Self, RuleViolation> {
        Self::ALL
            .get(usize::from(number))
            .copied()
            .ok_or(RuleViolation::Priority)
    }
}

impl FromJson for Priority {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        match value {
            Value::Null => Err(RuleViolation::Null),
            value => {
                let number = value.as_u64().and_then(|number| u8::try_from(number).ok());
                number.ok_or(RuleViolation::Priority)?.try_into()
            }
        }
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    impl utoipa::PartialSchema for super::Priority {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .description(Some("0 (nobody said) to 3 (most)"))
                .minimum(Some(0))
                .maximum(Some(3))
                .into()
        }
    }

    impl utoipa::ToSchema for super::Priority {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_priority_is_one_of_four_numbers() {
        for priority in Priority::ALL {
            assert_eq!(Priority::from_json(json!(priority)), Ok(priority));
        }
        for bad in [json!(4), json!(-1), json!(1.5), json!("1"), json!(true), json!(256)] {
            assert_eq!(Priority::from_json(bad), Err(RuleViolation::Priority));
        }
        assert_eq!(Priority::from_json(json!(null)), Err(RuleViolation::Null));
    }
}
