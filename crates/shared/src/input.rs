//! Reading a request's JSON body: every member that is wrong is reported, not only the first.

use crate::due::DueError;
use crate::error::FieldError;
use crate::recurrence::RecurrenceError;
use serde_json::{Map, Value};
use std::fmt;
use uuid::Uuid;

/// The rule that a value breaks. Its text follows the member's name: `must not be empty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The member is absent.
    Missing,
    /// `null` where a value is needed.
    Null,
    /// Not a JSON string.
    NotText,
    /// Not a JSON boolean.
    NotBool,
    /// Nothing there, or nothing but white space.
    Empty,
    /// Fewer characters (code points) than this.
    TooShort(usize),
    /// More characters (code points) than this.
    TooLong(usize),
    /// A control character that the member does not take.
    Control,
    /// Not an email address.
    NotAnEmail,
    /// A password that others would try first.
    Guessable,
    /// Not a date, or not a date and time with its zone.
    Due(DueError),
    /// Not a recurrence.
    Recurrence(RecurrenceError),
    /// Not an array of strings.
    NotTexts,
    /// Not a UUID.
    NotUuid,
    /// Not a JSON object.
    NotObject,
    /// More items than this.
    TooMany(usize),
    /// Not a number from 0 to 3.
    Priority,
    /// Not a tag.
    Tag,
    /// Not a [`Position`](crate::position::Position).
    Position,
    /// Not the name of a colour.
    Color,
    /// A list that its owner does not have.
    NoSuchList,
    /// A task that its owner does not have, or that is a subtask or the same task.
    NoSuchParent,
    /// A task that has subtasks cannot be one.
    HasSubtasks,
    /// A subtask is in its parent's list.
    ParentsList,
    /// Nothing to do.
    NoChange,
}

impl Broken {
    /// The rules whose text has no number in it.
    const PLAIN: [Self; 20] = [
        Self::Missing,
        Self::Null,
        Self::NotText,
        Self::NotBool,
        Self::Empty,
        Self::Control,
        Self::NotAnEmail,
        Self::Guessable,
        Self::NotTexts,
        Self::NotUuid,
        Self::NotObject,
        Self::Priority,
        Self::Tag,
        Self::Position,
        Self::Color,
        Self::NoSuchList,
        Self::NoSuchParent,
        Self::HasSubtasks,
        Self::ParentsList,
        Self::NoChange,
    ];

    /// The rule that an error's text speaks of, which is what `Display` writes. `None` for the text of a rule that this
    /// build does not know: a newer server may have one.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let counted = |before, unit| text.strip_prefix(before)?.strip_suffix(unit)?.parse().ok();
        let number = |before| counted(before, " characters");
        let plain = Self::PLAIN.into_iter().find(|rule| rule.plain() == Some(text));
        plain
            .or_else(|| DueError::from_text(text).map(Self::Due))
            .or_else(|| RecurrenceError::from_text(text).map(Self::Recurrence))
            .or_else(|| number("must be at least ").map(Self::TooShort))
            .or_else(|| number("must be at most ").map(Self::TooLong))
            .or_else(|| counted("must have at most ", " items").map(Self::TooMany))
    }

    fn plain(self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("is required"),
            Self::Null => Some("must not be null"),
            Self::NotText => Some("must be a string"),
            Self::NotBool => Some("must be true or false"),
            Self::Empty => Some("must not be empty"),
            Self::Control => Some("must not contain control characters"),
            Self::NotAnEmail => Some("must be an email address"),
            Self::Guessable => Some("must not be a common password, nor the email"),
            Self::Due(error) => Some(error.text()),
            Self::Recurrence(error) => Some(error.text()),
            Self::NotTexts => Some("must be an array of strings"),
            Self::NotUuid => Some("must be a UUID"),
            Self::NotObject => Some("must be an object"),
            Self::Priority => Some("must be a number from 0 to 3"),
            Self::Tag => Some("must have 1 to 50 characters each, without commas and control characters"),
            Self::Position => Some("must be a position such as tasks and lists have"),
            Self::Color => Some("must be one of red, orange, amber, green, teal, blue, indigo, violet, pink and gray"),
            Self::NoSuchList => Some("must be one of your lists"),
            Self::NoSuchParent => Some("must be one of your tasks that is not a subtask itself"),
            Self::HasSubtasks => Some("must be null for a task that has subtasks"),
            Self::ParentsList => Some("must be the list of the task that this is a subtask of"),
            Self::NoChange => Some("must have something to change"),
            Self::TooShort(_) | Self::TooLong(_) | Self::TooMany(_) => None,
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort(min) => write!(f, "must be at least {min} characters"),
            Self::TooLong(max) => write!(f, "must be at most {max} characters"),
            Self::TooMany(max) => write!(f, "must have at most {max} items"),
            rule => f.write_str(rule.plain().unwrap_or_default()),
        }
    }
}

/// A value that a member of a JSON object can hold.
pub trait FromJson: Sized {
    /// # Errors
    /// If the value is of another type or breaks the rule of this one.
    fn from_json(value: Value) -> Result<Self, Broken>;
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, Broken> {
        match value {
            Value::String(text) => Ok(text),
            Value::Null => Err(Broken::Null),
            _ => Err(Broken::NotText),
        }
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, Broken> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::Null => Err(Broken::Null),
            _ => Err(Broken::NotBool),
        }
    }
}

impl FromJson for Uuid {
    fn from_json(value: Value) -> Result<Self, Broken> {
        match value {
            Value::String(text) => text.parse().map_err(|_| Broken::NotUuid),
            Value::Null => Err(Broken::Null),
            _ => Err(Broken::NotUuid),
        }
    }
}

/// `null` is a value of its own: `None`.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Self, Broken> {
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
            None => self.check(name, Err(Broken::Missing)),
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
            Some(Value::Null) => return self.check(name, Err(Broken::Null)),
            Some(_) => return self.check(name, Err(Broken::NotObject)),
            None => return self.check(name, Err(Broken::Missing)),
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
    pub fn refuse(&mut self, name: &'static str, broken: Broken) {
        let _: Option<()> = self.check(name, Err(broken));
    }

    fn check<T>(&mut self, name: &'static str, read: Result<T, Broken>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(broken) => {
                self.errors.push(FieldError {
                    field: name.to_owned(),
                    message: broken.to_string(),
                });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_known_by_its_text() {
        let counted = [Broken::TooShort(8), Broken::TooLong(1000), Broken::TooMany(20)];
        let due = DueError::ALL.into_iter().map(Broken::Due);
        let recurrence = RecurrenceError::ALL.into_iter().map(Broken::Recurrence);
        for rule in Broken::PLAIN.into_iter().chain(counted).chain(due).chain(recurrence) {
            let text = rule.to_string();
            assert!(!text.is_empty());
            assert_eq!(Broken::from_text(&text), Some(rule), "{text}");
        }
    }

    #[test]
    fn the_text_of_an_unknown_rule_is_no_rule() {
        for text in [
            "",
            "must rhyme",
            "must be at least many characters",
            "must be at most 9",
        ] {
            assert_eq!(Broken::from_text(text), None, "{text}");
        }
    }
}
