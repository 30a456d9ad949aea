//! Which days of a month a rule has, and in which months.

use super::{Nth, NthFromStart, Pattern};
use chrono::{Datelike as _, Days, NaiveDate, Weekday, WeekdaySet};

/// Monday to Friday.
pub const WORKDAYS: WeekdaySet =
    WeekdaySet::from_array([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]);

/// Which days of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InMonth {
    /// By their numbers. A month that is too short for one has it on its last day (RFC 7529, `SKIP=BACKWARD`).
    Days(MonthDays),
    /// The first Monday, the last Friday. A month without a fifth one has none.
    Weekdays(NthWeekdays),
    /// The first to fifth, or the last, of the days from Monday to Friday.
    Workday(Nth),
}

impl InMonth {
    pub(super) fn allows(self, date: NaiveDate) -> bool {
        let is_last = |step| {
            date.checked_add_days(Days::new(step))
                .is_none_or(|next| next.month() != date.month())
        };
        let weekday = date.weekday();
        match self {
            // Bit 0 is the last day; those above the day's own are days that a last one stands for.
            Self::Days(days) => {
                days.0 & (1 << date.day()) != 0 || is_last(1) && (days.last() || days.0 >> date.day() != 0)
            }
            Self::Weekdays(days) => {
                let has = |place: u32| days.0 & bit(place, weekday) != 0;
                has(date.day0() / 7) || has(LAST_PLACE) && is_last(7)
            }
            Self::Workday(_) if !WORKDAYS.contains(weekday) => false,
            Self::Workday(Nth::Last) => is_last(if weekday == Weekday::Fri { 3 } else { 1 }),
            // The fifth is the 7th at the latest.
            Self::Workday(Nth::FromStart(NthFromStart(nth))) => {
                let weekends = u32::from(date.day() > weekday.number_from_monday()) * 2;
                // Of the weekend before this week, the month may have but the Sunday.
                let missing = u32::from(weekends > 0 && date.day() == weekday.number_from_monday() + 1);
                date.day() <= 7 && date.day() + missing == weekends + u32::from(nth)
            }
        }
    }
}

/// Days of the month, at least one: 1 to 31, and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MonthDays(pub(super) u32);

impl MonthDays {
    /// The last day of the month, whichever it is.
    pub const LAST: Self = Self(1);

    /// One day of the month. `None` for a number out of bounds.
    #[must_use]
    pub fn day(day: u32) -> Option<Self> {
        (1..=31).contains(&day).then(|| Self(1 << day))
    }

    /// These days and those.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The numbered days, in order.
    pub fn days(self) -> impl Iterator<Item = u32> {
        (1..=31).filter(move |day| self.0 & (1 << day) != 0)
    }

    /// Whether the last day is among them.
    #[must_use]
    pub fn last(self) -> bool {
        self.0 & Self::LAST.0 != 0
    }
}

/// Weekdays of the month by their place in it, such as the second and the fourth Monday: 1 to [`NthWeekdays::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NthWeekdays(u64);

/// Where the last one of a month has its bit: behind the first five.
const LAST_PLACE: u32 = 5;

fn bit(place: u32, weekday: Weekday) -> u64 {
    1 << (place * 8 + weekday.num_days_from_monday())
}

impl NthWeekdays {
    /// The most there can be, so that the text of a rule stays within its bounds.
    pub const MAX: u32 = 20;

    /// One of them.
    #[must_use]
    pub fn one(nth: Nth, weekday: Weekday) -> Self {
        let place = match nth {
            Nth::FromStart(NthFromStart(nth)) => u32::from(nth) - 1,
            Nth::Last => LAST_PLACE,
        };
        Self(bit(place, weekday))
    }

    /// These and those. `None` if they are too many.
    #[must_use]
    pub fn union(self, other: Self) -> Option<Self> {
        let all = self.0 | other.0;
        (all.count_ones() <= Self::MAX).then_some(Self(all))
    }

    /// Each of them, those of the first week first.
    pub fn iter(self) -> impl Iterator<Item = (Nth, Weekday)> {
        (0..=LAST_PLACE).flat_map(move |place| {
            let nth = u8::try_from(place + 1).ok().and_then(Nth::new).unwrap_or(Nth::Last);
            WeekdaySet::ALL
                .iter(Weekday::Mon)
                .filter(move |weekday| self.0 & bit(place, *weekday) != 0)
                .map(move |weekday| (nth, weekday))
        })
    }
}

/// Months of the year, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Months(u16);

impl Months {
    /// The last month of each quarter.
    pub const QUARTER_ENDS: Self = Self(1 << 3 | 1 << 6 | 1 << 9 | 1 << 12);
    /// The first month of each quarter.
    pub const QUARTER_STARTS: Self = Self(1 << 1 | 1 << 4 | 1 << 7 | 1 << 10);

    /// One month. `None` for a number that is not from 1 to 12.
    #[must_use]
    pub fn month(month: u32) -> Option<Self> {
        (1..=12).contains(&month).then(|| Self(1 << month))
    }

    /// These months and those.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Their numbers, in order.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        (1..=12).filter(move |month| self.contains(*month))
    }

    /// Whether the month with this number is among them.
    #[must_use]
    pub fn contains(self, month: u32) -> bool {
        month < 16 && self.0 & (1 << month) != 0
    }

    /// The month, if it is a single one.
    #[must_use]
    pub fn single(self) -> Option<u32> {
        self.0.is_power_of_two().then(|| self.0.trailing_zeros())
    }
}

impl Pattern {
    /// These days of these months, each year. `None` for a day that none of the months ever has, and for workdays of
    /// several months, which no yearly `BYSETPOS` can say.
    #[must_use]
    pub fn year(months: Months, days: InMonth) -> Option<Self> {
        // A leap year has them all.
        let longest = months.iter().map(days_at_most).max()?;
        let real = match days {
            InMonth::Days(days) => days.0 >> longest <= 1,
            InMonth::Weekdays(_) => true,
            InMonth::Workday(_) => months.single().is_some(),
        };
        real.then_some(Self::Year(months, days))
    }

    /// The same day each year, such as 24 December. `None` for a day that no year has.
    #[must_use]
    pub fn year_day(month: u32, day: u32) -> Option<Self> {
        Self::year(Months::month(month)?, InMonth::Days(MonthDays::day(day)?))
    }

    /// One weekday of the month, such as the last Friday.
    #[must_use]
    pub fn month_weekday(nth: Nth, weekday: Weekday) -> Self {
        Self::Month(InMonth::Weekdays(NthWeekdays::one(nth, weekday)))
    }

    /// Days of the month by their numbers.
    #[must_use]
    pub fn month_days(days: MonthDays) -> Self {
        Self::Month(InMonth::Days(days))
    }
}

fn days_at_most(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
