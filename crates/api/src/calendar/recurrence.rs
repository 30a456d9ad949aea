//! When a task that recurs is due next.
//!
//! The library expands the rules; here is what it does not know. It is always asked near the day that is looked for,
//! never from the series' first day on, so that an answer costs the same however long a series has run.
//!
//! * **Short months.** A month without the day has it on its last day: RFC 7529's `SKIP=BACKWARD`, which the library does
//!   not read, said as `BYMONTHDAY=28,29,30,31;BYSETPOS=-1`.
//! * **The first day of a series** is one of its days even if the rule does not have it: somebody was to do the task then.
//!   Steps (`INTERVAL`) and times (`COUNT`) are counted from it.
//! * **The calendar ends** with the year 9999, and every series with it.

mod count;
mod periods;

#[cfg(test)]
mod tests;

use crate::calendar::{day_in, zone};
use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use periods::{period_of, weekdays};
use rrule::{Frequency, NWeekday, RRule, Unvalidated};
use shared::due::Due;
use shared::recurrence::{
    Count, End, InMonth, Interval, MonthDays, Months as MonthSet, Pattern, Recurrence, Rule, Unit, WORKDAYS,
};

/// When a task is due next that was due at `due` and has been completed, or `None` if its series is over.
///
/// `first` is the day that the series was first due on. What "today" is, is asked of the due's own zone, and for a day
/// without one of `zone`.
#[must_use]
pub fn next_due(
    recurrence: Recurrence,
    first: NaiveDate,
    due: &Due,
    completed: DateTime<Utc>,
    local: Tz,
) -> Option<Due> {
    let today = day_in(due.zone().and_then(zone).unwrap_or(local), completed);
    let date = next_day(recurrence, first, due.date(), today)?;
    match (due.time(), due.zone()) {
        (Some(time), Some(zone)) => Due::at(date, time, zone.clone()),
        _ => Due::on(date),
    }
    .ok()
}

/// The first day of the series after the day `due` that is not past, or `None` if the series is over by then.
///
/// Days that were missed are not made up for: nobody wants five overdue copies. `first` is the series' first day, `today`
/// the day of completion.
#[must_use]
pub fn next_day(recurrence: Recurrence, first: NaiveDate, due: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    let day = match recurrence {
        Recurrence::AfterCompletion(interval, unit) => later(today, interval, unit)?,
        Recurrence::Rule(rule) => {
            let day = day_from(&rule, first, due.succ_opt()?.max(today).max(first))?;
            let over = match rule.end {
                End::Never => false,
                End::Until(last) => day > last,
                End::Count(count) => number(&rule, first, day, count) > u32::from(count.get()),
            };
            if over {
                return None;
            }
            day
        }
    };
    (day.year() <= 9999).then_some(day)
}

/// The number of a day of the series, of which the first has 1. Past `limit` it need not be exact.
#[must_use]
pub fn number(rule: &Rule, first: NaiveDate, day: NaiveDate, limit: Count) -> u32 {
    count::number(rule, first, day, limit.get().into())
}

/// A day so much later; the last one of a month that is too short.
fn later(day: NaiveDate, interval: Interval, unit: Unit) -> Option<NaiveDate> {
    let number = u32::from(interval.get());
    match unit {
        Unit::Day => day.checked_add_days(Days::new(number.into())),
        Unit::Week => day.checked_add_days(Days::new(u64::from(number) * 7)),
        Unit::Month => day.checked_add_months(Months::new(number)),
        Unit::Year => day.checked_add_months(Months::new(number * 12)),
    }
}

/// The first day of the series from `from` on, whatever its end. `from` is not before `first`.
fn day_from(rule: &Rule, first: NaiveDate, from: NaiveDate) -> Option<NaiveDate> {
    if from == first {
        return Some(first);
    }
    let start = period_of(rule, first, from)?;
    expansions(rule, first)
        .into_iter()
        .filter_map(|expansion| first_of(expansion, start, from))
        .min()
}

/// The rule as the library reads it, its days said outright, where it begins no matter. Several where one cannot say it.
fn expansions(rule: &Rule, first: NaiveDate) -> Vec<RRule<Unvalidated>> {
    let every = |frequency| {
        RRule::new(frequency)
            .interval(rule.interval.get())
            .week_start(rule.week_start)
    };
    match rule.pattern {
        Pattern::Daily => vec![every(Frequency::Daily)],
        Pattern::Weekly(days) => {
            let days = weekdays(days, first).iter(Weekday::Mon).map(NWeekday::Every).collect();
            vec![every(Frequency::Weekly).by_weekday(days)]
        }
        Pattern::Monthly => vec![on_month_day(every(Frequency::Monthly), first.day())],
        Pattern::Month(days) => in_month(days, || every(Frequency::Monthly)),
        Pattern::Yearly => vec![on_month_day(
            in_months([first.month()], every(Frequency::Yearly)),
            first.day(),
        )],
        Pattern::Year(months, days) => in_year(months, days, || every(Frequency::Yearly)),
    }
}

fn in_months(months: impl IntoIterator<Item = u32>, rule: RRule<Unvalidated>) -> RRule<Unvalidated> {
    let months = months.into_iter().filter_map(|month| u8::try_from(month).ok());
    let months: Vec<_> = months.filter_map(|month| chrono::Month::try_from(month).ok()).collect();
    rule.by_month(&months)
}

/// `BYSETPOS` takes one day of the year, and not of each month: what needs it is a rule for each of the months.
fn in_year(months: MonthSet, days: InMonth, every: impl Fn() -> RRule<Unvalidated>) -> Vec<RRule<Unvalidated>> {
    let needs_position = match days {
        InMonth::Days(days) => days.days().any(|day| day > 28),
        InMonth::Weekdays(_) => false,
        InMonth::Workday(_) => true,
    };
    if needs_position {
        let rules = months
            .iter()
            .flat_map(|month| in_month(days, || in_months([month], every())));
        return rules.collect();
    }
    in_month(days, || in_months(months.iter(), every()))
}

/// The days of a month, of a rule whose months are said.
fn in_month(days: InMonth, every: impl Fn() -> RRule<Unvalidated>) -> Vec<RRule<Unvalidated>> {
    match days {
        InMonth::Days(days) => by_month_days(days, every),
        InMonth::Weekdays(days) => {
            let days = days.iter().map(|(nth, day)| NWeekday::Nth(nth.get().into(), day));
            vec![every().by_weekday(days.collect())]
        }
        InMonth::Workday(nth) => {
            let days = WORKDAYS.iter(Weekday::Mon).map(NWeekday::Every).collect();
            vec![every().by_weekday(days).by_set_pos(vec![nth.get().into()])]
        }
    }
}

/// The days that every month has are one rule; of the others each is one.
fn by_month_days(days: MonthDays, every: impl Fn() -> RRule<Unvalidated>) -> Vec<RRule<Unvalidated>> {
    let mut plain: Vec<i8> = days
        .days()
        .filter(|day| *day <= 28)
        .filter_map(|day| i8::try_from(day).ok())
        .collect();
    if days.last() {
        plain.push(-1);
    }
    let mut rules: Vec<_> = days
        .days()
        .filter(|day| *day > 28)
        .map(|day| on_month_day(every(), day))
        .collect();
    if !plain.is_empty() {
        rules.push(every().by_month_day(plain));
    }
    rules
}

/// On this day of the month, or on the last one of a month that is too short.
fn on_month_day(rule: RRule<Unvalidated>, day: u32) -> RRule<Unvalidated> {
    let days: Vec<i8> = (day.min(28)..=day).filter_map(|day| i8::try_from(day).ok()).collect();
    let rule = if days.len() > 1 {
        rule.by_set_pos(vec![-1])
    } else {
        rule
    };
    rule.by_month_day(days)
}

/// The first day from `from` on of a rule that begins with the period at `start`.
fn first_of(rule: RRule<Unvalidated>, start: NaiveDate, from: NaiveDate) -> Option<NaiveDate> {
    let start = start.and_time(NaiveTime::MIN).and_utc().with_timezone(&rrule::Tz::UTC);
    let set = match rule.build(start) {
        Ok(set) => set.limit(),
        Err(error) => {
            // Each rule that `expansions` makes is one; the property tests would have told.
            tracing::error!(%error, "a recurrence cannot be expanded");
            return None;
        }
    };
    (&set)
        .into_iter()
        .map(|moment| moment.date_naive())
        .find(|day| *day >= from)
}
