//! Which of a series' days a day is, without going through all that lie before it.

use super::periods::{period_of, period_start, periods_between, weekdays};
use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use shared::recurrence::{InMonth, MonthDays, Nth, Pattern, Rule, WORKDAYS};
use std::collections::BTreeSet;

/// The number of a day of the series, of which the first has 1. Past `limit` it need not be exact.
pub(super) fn number(rule: &Rule, first: NaiveDate, day: NaiveDate, limit: u32) -> u32 {
    let Some(last) = period_of(rule, first, day).filter(|_| day > first) else {
        return 1;
    };
    let periods = periods_between(rule, first, day) / u32::from(rule.interval.get());
    let before = whole(rule, first, periods, limit) + within(rule, first, last, day);
    // The first day counts, whether the rule has it or not; what its period has before it does not.
    1 + before.saturating_sub(within(rule, first, period_start(rule, first), first))
}

/// How many days the first periods have, of those that the rule does not step over.
fn whole(rule: &Rule, first: NaiveDate, periods: u32, limit: u32) -> u32 {
    let start = period_start(rule, first);
    let uneven = match rule.pattern {
        Pattern::Month(days) | Pattern::Year(_, days) => match days {
            InMonth::Days(_) => true,
            // The last one may be the fourth, which is counted once.
            InMonth::Weekdays(days) => days.iter().any(|(nth, day)| match nth.get() {
                5 => true,
                4 => days.iter().any(|other| other == (Nth::Last, day)),
                _ => false,
            }),
            InMonth::Workday(_) => false,
        },
        _ => false,
    };
    if !uneven {
        return periods.saturating_mul(within(rule, first, start, NaiveDate::MAX));
    }
    let months = match rule.pattern {
        Pattern::Year(..) => 12,
        _ => 1,
    };
    let mut days = 0;
    let step = u32::from(rule.interval.get()) * months;
    for period in (0..periods).map_while(|period| start.checked_add_months(Months::new(period * step))) {
        days += within(rule, first, period, NaiveDate::MAX);
        // Up to a year's days of these lie before the first one.
        if days > limit + 366 {
            break;
        }
    }
    days
}

/// How many days the rule has in the period that begins at `start`, up to and with `until`.
fn within(rule: &Rule, first: NaiveDate, start: NaiveDate, until: NaiveDate) -> u32 {
    let one = |day: Option<NaiveDate>| u32::from(day.is_some_and(|day| day <= until));
    match rule.pattern {
        Pattern::Daily => one(Some(start)),
        Pattern::Weekly(days) => {
            let day = |weekday: Weekday| start.checked_add_days(Days::new(weekday.days_since(rule.week_start).into()));
            weekdays(days, first)
                .iter(Weekday::Mon)
                .map(|weekday| one(day(weekday)))
                .sum()
        }
        Pattern::Monthly => one(in_month(start, first.day())),
        Pattern::Month(days) => in_month_until(days, start, until),
        Pattern::Yearly => one(in_year(start, first.month(), first.day())),
        Pattern::Year(months, days) => months
            .iter()
            .filter_map(|month| start.with_month(month))
            .map(|month| in_month_until(days, month, until))
            .sum(),
    }
}

/// How many of a month's days there are up to and with `until`.
fn in_month_until(days: InMonth, month: NaiveDate, until: NaiveDate) -> u32 {
    let one = |day: Option<NaiveDate>| u32::from(day.is_some_and(|day| day <= until));
    match days {
        InMonth::Days(days) => days_of(days, month).into_iter().map(|day| one(Some(day))).sum(),
        // A fifth one is the last as well.
        InMonth::Weekdays(days) => {
            let days: BTreeSet<_> = days
                .iter()
                .filter_map(|(nth, day)| nth_weekday(month, nth, day))
                .collect();
            days.into_iter().map(|day| one(Some(day))).sum()
        }
        InMonth::Workday(nth) => one(workday(month, nth)),
    }
}

fn nth_weekday(month: NaiveDate, number: Nth, weekday: Weekday) -> Option<NaiveDate> {
    match number {
        Nth::Last => nth(month, 5, weekday).or_else(|| nth(month, 4, weekday)),
        number @ Nth::FromStart(_) => nth(month, number.get(), weekday),
    }
}

fn workday(month: NaiveDate, nth: Nth) -> Option<NaiveDate> {
    let workdays = |days: u32| {
        (1..=days)
            .filter_map(|day| month.with_day(day))
            .filter(|day| WORKDAYS.contains(day.weekday()))
    };
    match usize::try_from(nth.get()) {
        Ok(number) => workdays(7).nth(number.checked_sub(1)?),
        Err(_) => workdays(month.num_days_in_month().into()).next_back(),
    }
}

fn nth(month: NaiveDate, number: i8, weekday: Weekday) -> Option<NaiveDate> {
    let number = u8::try_from(number).ok()?;
    NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), weekday, number)
}

/// These days of the month, each once: in a short one several may be its last.
fn days_of(days: MonthDays, month: NaiveDate) -> BTreeSet<NaiveDate> {
    let last = days.last().then_some(31);
    days.days().chain(last).filter_map(|day| in_month(month, day)).collect()
}

fn in_year(year: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    in_month(year.with_month(month)?, day)
}

/// The day of the month, or its last.
fn in_month(month: NaiveDate, day: u32) -> Option<NaiveDate> {
    month.with_day(day.min(month.num_days_in_month().into()))
}
