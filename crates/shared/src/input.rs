//! Reading a request's JSON body: every member that is wrong is reported, not only the first.

use crate::field_error::FieldError;
use crate::rule::RuleViolation;
use serde_json::{Map, Value};
use uuid::Uuid;

/// A value that a member of a JSON object can hold.
pub trait FromJson: Sized {
    /// # Errors
    /// If the value is of another type or breaks the rule of this one.
    fn from_json(value: Value) -> Result<Self, RuleViolation>;
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        match value {
            Value::String(text) => Ok(text),
            Value::Null => Err(RuleViolation::Null),
            _ => Err(RuleViolation::NotText),
        }
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::Null => Err(RuleViolation::Null),
            _ => Err(RuleViolation::NotBool),
        }
    }
}

impl FromJson for Uuid {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        match value {
            Value::String(text) => text.parse().map_err(|_| RuleViolation::NotUuid),
            Value::Null => Err(RuleViolation::Null),
            _ => Err(RuleViolation::NotUuid),
        }
    }
}

/// `null` is a value of its own: `None`.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        match value {
            Value::Null => Ok(None),
            value => T::from_json(value).map(Some),
        }
    }
}

/// A request body that is a JSON object.
pub trait Input: Sized {
    /// Reads the members; `None` if `fields` has noted an error.
    fn read(fields: &mut Fields) -> Option<Self>;
}

/// The members of a JSON object that are still to be read, and the errors seen so far.
#[derive(Debug)]
pub struct Fields {
    members: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// A member that must be there.
    pub fn required<T: FromJson>(&mut self, name: &'static str) -> Option<T> {
        match self.members.remove(name) {
            Some(value) => self.check(name, T::from_json(value)),
            None => self.check(name, Err(RuleViolation::Missing)),
        }
    }

    /// A member that may be absent, which reads as `Some(None)`. With `T = Option<_>` it may also be `null`.
    pub fn optional<T: FromJson>(&mut self, name: &'static str) -> Option<Option<T>> {
        match self.members.remove(name) {
            Some(value) => self.check(name, T::from_json(value)).map(Some),
            None => Some(None),
        }
    }

    /// A member that is an object of its own. What is wrong in it is reported as `name.member`.
    pub fn object<T: Input>(&mut self, name: &'static str) -> Option<T> {
        let members = match self.members.remove(name) {
            Some(Value::Object(members)) => members,
            Some(Value::Null) => return self.check(name, Err(RuleViolation::Null)),
            Some(_) => return self.check(name, Err(RuleViolation::NotObject)),
            None => return self.check(name, Err(RuleViolation::Missing)),
        };
        let mut inner = Self {
            members,
            errors: Vec::new(),
        };
        let read = T::read(&mut inner);
        self.errors.extend(inner.errors.into_iter().map(|error| FieldError {
            // What is wrong with the object as a whole has no member's name.
            field: match error.field.as_str() {
                "" => name.to_owned(),
                member => format!("{name}.{member}"),
            },
            ..error
        }));
        read
    }

    /// Notes a rule that the object breaks as a whole, or that one member breaks because of another.
    pub fn refuse(&mut self, name: &'static str, violation: RuleViolation) {
        let _: Option<()> = self.check(name, Err(violation));
    }

    fn check<T>(&mut self, name: &'static str, read: Result<T, RuleViolation>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(violation) => {
                self.errors.push(FieldError::new(name, violation));
                None
            }
        }
    }
}

/// Why a body was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// Not JSON, or not an object.
    #[error("{0}")]
    Syntax(String),
    /// An object with members that break a rule.
    #[error("{}", sentences(.0))]
    Fields(Vec<FieldError>),
}

fn sentences(fields: &[FieldError]) -> String {
    let all: Vec<_> = fields.iter().map(FieldError::sentence).collect();
    all.join("; ")
}

/// Reads a request body. Unknown members are ignored.
///
/// # Errors
/// If the body is not a JSON object, or with every member of it that is wrong.
pub fn parse<T: Input>(body: &[u8]) -> Result<T, InputError> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| InputError::Syntax(format!("The body is not valid JSON: {error}")))?;
    let Value::Object(members) = value else {
        return Err(InputError::Syntax("The body must be a JSON object".to_owned()));
    };
    let mut fields = Fields {
        members,
        errors: Vec::new(),
    };
    match T::read(&mut fields) {
        Some(input) if fields.errors.is_empty() => Ok(input),
        _ => Err(InputError::Fields(fields.errors)),
    }
}
