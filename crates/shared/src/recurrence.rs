//! How a task comes back: on the days of a rule, or some time after it was completed.
//!
//! [`Recurrence::parse`] reads the one text form, [`Display`](fmt::Display) writes it in one canonical way, and
//! [`Recurrence::sentence`] says it to a person. Which days a rule has is left to a library; here is only whether a day
//! can be one of them.

mod error;
mod month;
mod sentence;
mod text;

#[cfg(test)]
pub(crate) mod tests;

use crate::input::FromJson;
use crate::rule::RuleViolation;
use chrono::{Datelike as _, Month, NaiveDate, Weekday, WeekdaySet};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

pub use error::RecurrenceError;
pub use month::{InMonth, MonthDays, Months, NthWeekdays, WORKDAYS};

/// How a task comes back.
///
/// A rule is written as RFC 5545 §3.3.10 has it, in this subset:
///
/// | | parts besides `INTERVAL` (1 to 999), and `UNTIL` (a date) or `COUNT` (1 to 9999) |
/// |---|---|
/// | daily | `FREQ=DAILY` |
/// | weekly | `FREQ=WEEKLY`, or with `BYDAY=MO,FR`, and with `WKST` where weeks don't begin on Monday |
/// | monthly | `FREQ=MONTHLY`, or with `BYMONTHDAY=1,15,-1`, `BYDAY=2TU,-1FR` (1 to 5, or -1 for the last), or `BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1` (the same) |
/// | yearly | `FREQ=YEARLY`, or with `BYMONTH=1,7` and what a month can have |
///
/// A rule without `BY…` takes its day from the day that the task is first due. `UNTIL` is the last day, in the zone that
/// the task is due in. What RFC 5545 cannot say has a form that no rule can have, with a duration of its §3.3.6:
/// `AFTER-COMPLETION=P3D` (`D`, `W`, and beyond the RFC `M` and `Y`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Recurrence {
    /// On the days of a rule.
    Rule(Rule),
    /// So long after it was completed.
    AfterCompletion(Interval, Unit),
}

/// A rule of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Which days.
    pub pattern: Pattern,
    /// Only every so many days, weeks, months or years.
    pub interval: Interval,
    /// The day that weeks begin on (`WKST`): Monday, but where weeks are stepped over and the rule says another.
    pub week_start: Weekday,
    /// How long.
    pub end: End,
}

/// Which days a rule has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Each of them.
    Daily,
    /// These days of the week; if there are none, the one that the task is first due on.
    Weekly(WeekdaySet),
    /// The day of the month that the task is first due on, or the last one of a month that is too short for it.
    Monthly,
    /// Days of each month.
    Month(InMonth),
    /// The day of the year that the task is first due on; 29 February is the 28th in a year that is too short for it.
    Yearly,
    /// Days of some months of each year; made by [`Pattern::year`].
    Year(Months, InMonth),
}

/// When a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// It does not.
    Never,
    /// After this day.
    Until(NaiveDate),
    /// After so many times, the first included.
    Count(Count),
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// How many units lie between two times: 1 to 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval(u16);

impl Interval {
    /// Each one.
    pub const ONE: Self = Self(1);
    /// The longest.
    pub const MAX: u16 = 999;

    /// `None` for a number out of bounds.
    #[must_use]
    pub fn new(number: u16) -> Option<Self> {
        (1..=Self::MAX).contains(&number).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

/// How many times something happens: 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Count(u16);

impl Count {
    /// The most.
    pub const MAX: u16 = 9999;

    /// `None` for a number out of bounds.
    #[must_use]
    pub fn new(number: u16) -> Option<Self> {
        (1..=Self::MAX).contains(&number).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

/// Which of a month's days of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nth {
    /// The first (1) to the fifth (5), counted by [`Nth::new`].
    FromStart(NthFromStart),
    /// The last.
    Last,
}

/// 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NthFromStart(u8);

impl Nth {
    /// `None` for a number out of bounds.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=5)
            .contains(&number)
            .then_some(Self::FromStart(NthFromStart(number)))
    }

    /// 1 to 5, or -1 for the last.
    #[must_use]
    pub fn get(self) -> i8 {
        match self {
            Self::FromStart(NthFromStart(number)) => number.cast_signed(),
            Self::Last => -1,
        }
    }
}

impl Rule {
    /// The days of a pattern, each of them, for ever.
    #[must_use]
    pub fn new(pattern: Pattern) -> Self {
        Self {
            pattern,
            interval: Interval::ONE,
            week_start: Weekday::Mon,
            end: End::Never,
        }
    }

    /// The rule with weeks that begin on this day. Where no week is stepped over that says nothing, and stays Monday.
    #[must_use]
    pub fn with_week_start(self, day: Weekday) -> Self {
        let steps_over_weeks =
            self.interval != Interval::ONE && matches!(self.pattern, Pattern::Weekly(days) if !days.is_empty());
        Self {
            week_start: if steps_over_weeks { day } else { Weekday::Mon },
            ..self
        }
    }

    /// The first day that the rule's `BY…` parts allow, from a day on: the one that a task with this rule is first due
    /// on if nobody says another. `None` where the calendar ends.
    #[must_use]
    pub fn first_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        // The rarest, a fifth Monday in February, is 40 years away at most.
        day.iter_days().take(366 * 41).find(|day| self.pattern.allows(*day))
    }
}

impl Pattern {
    fn allows(self, date: NaiveDate) -> bool {
        match self {
            Self::Daily | Self::Monthly | Self::Yearly => true,
            Self::Weekly(days) => days.is_empty() || days.contains(date.weekday()),
            Self::Month(days) => days.allows(date),
            Self::Year(months, days) => months.contains(date.month()) && days.allows(date),
        }
    }
}

impl From<Recurrence> for String {
    fn from(recurrence: Recurrence) -> Self {
        recurrence.to_string()
    }
}

impl TryFrom<String> for Recurrence {
    type Error = RecurrenceError;

    fn try_from(text: String) -> Result<Self, RecurrenceError> {
        Self::parse(&text)
    }
}

impl FromJson for Recurrence {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        Self::parse(&String::from_json(value)?).map_err(RuleViolation::Recurrence)
    }
}

/// The canonical text, which [`Recurrence::parse`] takes.
impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// The English name of a month, 1 to 12.
fn month_name(month: u32) -> &'static str {
    u8::try_from(month)
        .ok()
        .and_then(|number| Month::try_from(number).ok())
        .map_or("", |month| month.name())
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    impl utoipa::PartialSchema for super::Recurrence {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some("^[A-Za-z-]+=[A-Za-z0-9,;=-]+$"))
                .max_length(Some(Self::MAX))
                .description(Some(
                    "An RFC 5545 RRULE: FREQ DAILY, WEEKLY (BYDAY, WKST), MONTHLY (BYMONTHDAY, or BYDAY such as 2TU,-1FR, \
                     or BYDAY=MO,TU,WE,TH,FR with BYSETPOS 1 to 5 or -1) or YEARLY (the same with BYMONTH), with \
                     INTERVAL, and UNTIL (a date) or COUNT; or AFTER-COMPLETION with a duration such as P3D, P2W, P1M \
                     or P1Y.",
                ))
                .examples(["FREQ=MONTHLY;BYMONTHDAY=1", "AFTER-COMPLETION=P3D"])
                .into()
        }
    }

    impl utoipa::ToSchema for super::Recurrence {}
}
