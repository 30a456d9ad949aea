//! When a task is due, and how often, where that is chosen. Dates themselves are worded in `dates`.

use shared::recurrence::{Pattern, Recurrence, Rule};

/// What can be typed for a date.
pub const EXAMPLES: &str = "Such as “fri 9am” or “in 2 weeks”";

/// What was typed is no date.
pub const NOT_A_DATE: &str = "Not a date that I can read yet";

/// A task that is done once.
pub const ONCE: &str = "Doesn’t repeat";

/// A series that goes on from the day on which a task is done, rather than from the day on which it was due.
pub const FROM_DONE: &str = "Counted from the day it’s done";

/// What all rules by the month begin with.
const EVERY_MONTH: &str = "every month ";

/// How often, and from which day on.
pub fn from(recurrence: &str, day: &str) -> String {
    format!("{recurrence}, from {day}")
}

/// The zone that a time is meant in, if it is not the person's own.
pub fn in_zone(zone: &str) -> String {
    format!("in {zone}")
}

/// Which days of a month, for a choice below its `month`.
pub fn of_month(pattern: Pattern) -> String {
    let sentence = Recurrence::Rule(Rule::new(pattern)).sentence();
    sentence.trim_start_matches(EVERY_MONTH).to_owned()
}
