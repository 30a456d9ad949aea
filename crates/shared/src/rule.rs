//! The rules that a member of a request can break: for programs a code, for people a text.

use crate::due::DueError;
use crate::recurrence::RecurrenceError;
use std::fmt;

/// Declares the rules that have no number of their own, each once: its name here, its code, and its text.
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident $code:literal $text:literal)+) => {
        /// A rule that a value breaks. Its text follows the member's name: `must not be empty`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RuleViolation {
            $($(#[doc = $doc])+ $rule,)+
            /// Fewer characters (code points) than this.
            TooShort(usize),
            /// More characters (code points) than this.
            TooLong(usize),
            /// More items than this.
            TooMany(usize),
            /// There are as many lists as there may be, which is this.
            TooManyLists(usize),
            /// More words than this.
            TooManyWords(usize),
            /// The task has as many subtasks as it may have, which is this.
            TooManySubtasks(usize),
            /// None of what can stand there, which is this.
            NotOneOf(&'static str),
            /// Not a date, or not a date and time with its zone.
            Due(DueError),
            /// Not a recurrence.
            Recurrence(RecurrenceError),
        }

        impl RuleViolation {
            const PLAIN: &[Self] = &[$(Self::$rule),+];

            /// The rule's code, which never changes once it is published.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$rule => $code,)+
                    Self::TooShort(_) => TOO_SHORT,
                    Self::TooLong(_) => TOO_LONG,
                    Self::TooMany(_) => TOO_MANY,
                    Self::TooManyLists(_) => TOO_MANY_LISTS,
                    Self::TooManyWords(_) => TOO_MANY_WORDS,
                    Self::TooManySubtasks(_) => TOO_MANY_SUBTASKS,
                    Self::NotOneOf(_) => NOT_ONE_OF,
                    Self::Due(error) => error.code(),
                    Self::Recurrence(error) => error.code(),
                }
            }
        }

        impl fmt::Display for RuleViolation {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$rule => f.write_str($text),)+
                    Self::TooShort(min) => write!(f, "must be at least {min} characters"),
                    Self::TooLong(max) => write!(f, "must be at most {max} characters"),
                    Self::TooMany(max) => write!(f, "must have at most {max} items"),
                    Self::TooManyLists(max) => write!(f, "must not be another list's: there are {max} already"),
                    Self::TooManyWords(max) => write!(f, "must have at most {max} words"),
                    Self::TooManySubtasks(max) => write!(f, "must not be a task that has {max} subtasks already"),
                    Self::NotOneOf(choices) => write!(f, "must be {choices}"),
                    Self::Due(error) => f.write_str(error.text()),
                    Self::Recurrence(error) => f.write_str(error.text()),
                }
            }
        }
    };
}

rules! {
    /// The member is absent.
    Missing "required" "is required"
    /// `null` where a value is needed.
    Null "null" "must not be null"
    /// A parameter that is there twice.
    Repeated "repeated" "must be given once"
    /// Not a JSON string.
    NotText "not_a_string" "must be a string"
    /// Not a JSON boolean.
    NotBool "not_a_boolean" "must be true or false"
    /// Not an array of strings.
    NotTexts "not_strings" "must be an array of strings"
    /// Not a JSON object.
    NotObject "not_an_object" "must be an object"
    /// Not a UUID.
    NotUuid "not_a_uuid" "must be a UUID"
    /// Not a day of the calendar.
    NotDate "not_a_date" "must be a date such as 2026-11-30"
    /// Not a time zone.
    NotZone "not_a_time_zone" "must be a time zone of the IANA database such as Europe/London"
    /// Nothing there, or nothing but white space.
    Empty "empty" "must not be empty"
    /// A control character that the member does not take.
    Control "control_character" "must not contain control characters"
    /// Not an email address.
    NotAnEmail "not_an_email" "must be an email address"
    /// A password that others would try first.
    Guessable "guessable" "must not be a common password, nor the email"
    /// Not a number from 0 to 3.
    Priority "no_such_priority" "must be a number from 0 to 3"
    /// Not a tag.
    Tag "malformed_tag" "must have 1 to 50 characters each, without commas and control characters"
    /// Not a [`Position`](crate::position::Position).
    Position "malformed_position" "must be a position such as tasks and lists have"
    /// Not the name of a colour.
    Color "no_such_color" "must be one of red, orange, amber, green, teal, blue, indigo, violet, pink and gray"
    /// A list that its owner does not have.
    NoSuchList "no_such_list" "must be one of your lists"
    /// A task that its owner does not have, or that is a subtask or the same task.
    NoSuchParent "no_such_parent" "must be one of your tasks that is not a subtask itself"
    /// A task that has subtasks cannot be one.
    HasSubtasks "has_subtasks" "must be null for a task that has subtasks"
    /// A subtask is in its parent's list.
    ParentsList "not_the_parents_list" "must be the list of the task that this is a subtask of"
    /// Nothing to do.
    NoChange "no_change" "must have something to change"
    /// Not a size of a page.
    PageSize "no_such_page_size" "must be a number from 1 to 200"
    /// Not a cursor of this order.
    Cursor "invalid_cursor" "must be one that a next link of this order had"
}

const TOO_SHORT: &str = "too_short";
const TOO_LONG: &str = "too_long";
const TOO_MANY: &str = "too_many";
const TOO_MANY_LISTS: &str = "too_many_lists";
const TOO_MANY_WORDS: &str = "too_many_words";
const TOO_MANY_SUBTASKS: &str = "too_many_subtasks";
const NOT_ONE_OF: &str = "not_one_of";

impl RuleViolation {
    /// The number that is part of the rule, if one is.
    #[must_use]
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::TooShort(limit)
            | Self::TooLong(limit)
            | Self::TooMany(limit)
            | Self::TooManyLists(limit)
            | Self::TooManySubtasks(limit)
            | Self::TooManyWords(limit) => Some(limit),
            _ => None,
        }
    }

    /// The rule of this code. `None` of one that this build does not know: a newer server may have it. Nor is a rule known by
    /// its code alone that lists what can stand there.
    #[must_use]
    pub fn from_code(code: &str, limit: Option<usize>) -> Option<Self> {
        match (code, limit) {
            (TOO_SHORT, Some(limit)) => Some(Self::TooShort(limit)),
            (TOO_LONG, Some(limit)) => Some(Self::TooLong(limit)),
            (TOO_MANY, Some(limit)) => Some(Self::TooMany(limit)),
            (TOO_MANY_LISTS, Some(limit)) => Some(Self::TooManyLists(limit)),
            (TOO_MANY_WORDS, Some(limit)) => Some(Self::TooManyWords(limit)),
            (TOO_MANY_SUBTASKS, Some(limit)) => Some(Self::TooManySubtasks(limit)),
            _ => Self::without_parameter().find(|rule| rule.code() == code),
        }
    }

    fn without_parameter() -> impl Iterator<Item = Self> {
        let due = DueError::ALL.into_iter().map(Self::Due);
        let recurrence = RecurrenceError::ALL.into_iter().map(Self::Recurrence);
        Self::PLAIN.iter().copied().chain(due).chain(recurrence)
    }

    /// Every code that there is.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        let counted = [
            TOO_SHORT,
            TOO_LONG,
            TOO_MANY,
            TOO_MANY_LISTS,
            TOO_MANY_WORDS,
            TOO_MANY_SUBTASKS,
            NOT_ONE_OF,
        ];
        Self::without_parameter().map(Self::code).chain(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_rule_is_known_by_its_code() {
        let counted = [
            RuleViolation::TooShort(8),
            RuleViolation::TooLong(1000),
            RuleViolation::TooMany(20),
            RuleViolation::TooManyLists(500),
            RuleViolation::TooManyWords(20),
            RuleViolation::TooManySubtasks(500),
        ];
        for rule in RuleViolation::without_parameter().chain(counted) {
            assert!(!rule.to_string().is_empty(), "{rule:?}");
            assert_eq!(RuleViolation::from_code(rule.code(), rule.limit()), Some(rule));
        }
    }

    #[test]
    fn no_two_rules_have_the_same_code() {
        let mut seen = HashSet::new();
        for code in RuleViolation::codes() {
            assert!(seen.insert(code), "{code}");
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code}");
        }
    }

    #[test]
    fn the_code_of_an_unknown_rule_is_no_rule() {
        for (code, limit) in [
            ("", None),
            ("must_rhyme", None),
            ("too_long", None),
            ("not_one_of", None),
        ] {
            assert_eq!(RuleViolation::from_code(code, limit), None, "{code}");
        }
    }
}
