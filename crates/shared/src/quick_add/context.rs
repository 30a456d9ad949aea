//! What a line means besides its words: where and when it is typed.

use crate::due::Zone;
use chrono::NaiveDateTime;

/// Where and when the line is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The date and time on the person's clock.
    pub now: NaiveDateTime,
    /// The zone of that clock, which is the zone of every time in the line.
    pub zone: Zone,
    /// How `1/2` is read.
    pub numeric_dates: NumericDates,
}

/// The order of day and month in a date of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumericDates {
    /// `1/2` is 1 February, as in most of the world.
    #[default]
    DayFirst,
    /// `1/2` is 2 January, as in the United States.
    MonthFirst,
}
