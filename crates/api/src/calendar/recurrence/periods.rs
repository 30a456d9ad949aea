//! The periods of a rule: the days, weeks, months or years that it counts by.

use chrono::{Datelike as _, Days, Months, NaiveDate, WeekdaySet};
use shared::recurrence::{Pattern, Rule};

/// The first day of the period (day, week, month or year) that `day` lies in, or of the one before that the rule has.
pub(super) fn period_of(rule: &Rule, first: NaiveDate, day: NaiveDate) -> Option<NaiveDate> {
    let start = period_start(rule, first);
    let step = u32::from(rule.interval.get());
    let passed = periods_between(rule, first, day);
    let aligned = passed - passed % step;
    match rule.pattern {
        Pattern::Daily => start.checked_add_days(Days::new(aligned.into())),
        Pattern::Weekly(_) => start.checked_add_days(Days::new(u64::from(aligned) * 7)),
        Pattern::Monthly | Pattern::Month(_) => start.checked_add_months(Months::new(aligned)),
        Pattern::Yearly | Pattern::Year(..) => start.checked_add_months(Months::new(aligned.checked_mul(12)?)),
    }
}

pub(super) fn period_start(rule: &Rule, day: NaiveDate) -> NaiveDate {
    match rule.pattern {
        Pattern::Daily => Some(day),
        Pattern::Weekly(_) => Some(day.week(rule.week_start).first_day()),
        Pattern::Monthly | Pattern::Month(_) => day.with_day(1),
        Pattern::Yearly | Pattern::Year(..) => NaiveDate::from_yo_opt(day.year(), 1),
    }
    .unwrap_or(day)
}

/// How many periods (whether the rule has them or steps over them) begin after the one of `first`, up to `day`'s.
pub(super) fn periods_between(rule: &Rule, first: NaiveDate, day: NaiveDate) -> u32 {
    let days = || (period_start(rule, day) - period_start(rule, first)).num_days();
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let passed = match rule.pattern {
        Pattern::Daily => days(),
        Pattern::Weekly(_) => days() / 7,
        Pattern::Monthly | Pattern::Month(_) => months(day) - months(first),
        Pattern::Yearly | Pattern::Year(..) => i64::from(day.year()) - i64::from(first.year()),
    };
    u32::try_from(passed).unwrap_or_default()
}

/// The days of the week of a weekly rule.
pub(super) fn weekdays(days: WeekdaySet, first: NaiveDate) -> WeekdaySet {
    if days.is_empty() {
        WeekdaySet::single(first.weekday())
    } else {
        days
    }
}
