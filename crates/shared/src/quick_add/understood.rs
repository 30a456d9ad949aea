//! What is understood of a line.

use crate::due::Due;
use crate::recurrence::Recurrence;
use std::ops::Range;

/// What a line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuickAdd {
    /// What is left when all that was understood is taken away; it may be empty or too long for a task.
    pub title: String,
    /// When it is due.
    pub due: Option<Due>,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// 0 (none) to 3 (high).
    pub priority: Option<u8>,
    /// The name of the list it belongs to, as typed.
    pub list: Option<String>,
    /// The names of its tags, as typed; no two are the same but for upper and lower case.
    pub tags: Vec<String>,
    /// What was understood, in the order of the line, without overlaps.
    pub understood: Vec<Understood>,
}

/// A part of the line that means something: what the app shows as a chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// Its bytes in the line. To turn it back into words, pass this range to [`parse`](super::parse).
    pub range: Range<usize>,
    /// Its text in the line.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
}

/// What a part of a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A date, a time, or both.
    Due,
    /// How it comes back.
    Recurrence,
    /// `p1`
    Priority,
    /// `#home`
    List,
    /// `@flat`
    Tag,
}
