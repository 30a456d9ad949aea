//! A phrase of a line.

use super::dates::Day;
use super::repeats::Repeat;
use super::times::Time;
use super::understood::Kind;
use std::ops::Range;

/// What a phrase means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    Day(Day),
    Time(Time),
    Repeat(Repeat),
    Priority(u8),
    List,
    Tag,
}

impl Meaning {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Day(_) | Self::Time(_) => Kind::Due,
            Self::Repeat(_) => Kind::Recurrence,
            Self::Priority(_) => Kind::Priority,
            Self::List => Kind::List,
            Self::Tag => Kind::Tag,
        }
    }
}

/// A phrase: its words, and what they mean.
pub(super) struct Match {
    pub(super) words: Range<usize>,
    pub(super) meaning: Meaning,
}
