//! Our recurrences and iCalendar's: what others can follow of ours, and what ours can say of theirs.

use crate::calendar::{self, recurrence};
use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarDay, ICalendarFrequency, ICalendarMonth, ICalendarRecurrenceRule, ICalendarSkip, ICalendarWeekday,
};
use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc, Weekday, WeekdaySet};
use chrono_tz::Tz;
use shared::due::Due;
use shared::recurrence::{
    Count, End, InMonth, Interval, MonthDays, Months, Nth, NthWeekdays, Pattern, Recurrence, Rule, WORKDAYS,
};

/// The rule that other programs find the days after `due` by. `None` for what RFC 5545 has no rule for.
pub(super) fn write(recurrence: Recurrence, first: NaiveDate, due: &Due) -> Option<ICalendarRecurrenceRule> {
    let Recurrence::Rule(rule) = recurrence else {
        return None;
    };
    let mut written = ICalendarRecurrenceRule {
        interval: Some(rule.interval.get()).filter(|interval| *interval > 1),
        ..ICalendarRecurrenceRule::default()
    };
    written.freq = match rule.pattern {
        Pattern::Daily => ICalendarFrequency::Daily,
        Pattern::Weekly(days) => {
            written.byday = every_day(days);
            if rule.week_start != Weekday::Mon {
                written.wkst = Some(weekday(rule.week_start));
            }
            ICalendarFrequency::Weekly
        }
        Pattern::Monthly => {
            on_month_day(&mut written, first.day());
            ICalendarFrequency::Monthly
        }
        Pattern::Month(days) => {
            in_month(&mut written, days);
            ICalendarFrequency::Monthly
        }
        Pattern::Yearly => {
            on_year_day(&mut written, first.month(), first.day());
            ICalendarFrequency::Yearly
        }
        Pattern::Year(months, days) => {
            match (months.single(), days) {
                (Some(month), InMonth::Days(days)) if !days.last() && days.days().count() == 1 => {
                    on_year_day(&mut written, month, days.days().next().unwrap_or_default());
                }
                _ => {
                    in_month(&mut written, days);
                    let months = months.iter().filter_map(|month| u8::try_from(month).ok());
                    written.bymonth = months.map(|month| ICalendarMonth::new(month, false)).collect();
                }
            }
            ICalendarFrequency::Yearly
        }
    };
    match rule.end {
        End::Never => {}
        End::Until(day) => written.until = until(day, due),
        // Others begin to count with the day that the task is due now.
        End::Count(count) => {
            let left = u32::from(count.get()) + 1;
            written.count = Some(
                left.saturating_sub(recurrence::number(&rule, first, due.date(), count))
                    .max(1),
            );
        }
    }
    Some(written)
}

/// A day for tasks of a day; for those of a moment, that moment of the day in UTC (RFC 5545 §3.3.10).
fn until(day: NaiveDate, due: &Due) -> Option<PartialDateTime> {
    match (due.time(), due.zone()) {
        (Some(time), Some(zone)) => {
            let last = Due::at(day, time, zone.clone()).ok()?;
            Some(utc(calendar::instant(&last)?))
        }
        _ => Some(date(day)),
    }
}

/// The day of the month, or its last: the one form of `SKIP=BACKWARD` that every program follows.
fn on_month_day(rule: &mut ICalendarRecurrenceRule, day: u32) {
    rule.bymonthday = (day.min(28)..=day).filter_map(|day| i8::try_from(day).ok()).collect();
    if rule.bymonthday.len() > 1 {
        rule.bysetpos = vec![-1];
    } else if day <= 28 && rule.bymonth.is_empty() {
        // What the day that it is due on says already.
        rule.bymonthday.clear();
    }
}

fn on_year_day(rule: &mut ICalendarRecurrenceRule, month: u32, day: u32) {
    rule.bymonth = u8::try_from(month)
        .map(|month| ICalendarMonth::new(month, false))
        .into_iter()
        .collect();
    if (month, day) == (2, 29) {
        on_month_day(rule, day);
    } else {
        rule.bymonthday = i8::try_from(day).into_iter().collect();
    }
}

fn every_day(days: WeekdaySet) -> Vec<ICalendarDay> {
    let every = |day| ICalendarDay {
        ordwk: None,
        weekday: weekday(day),
    };
    days.iter(Weekday::Mon).map(every).collect()
}

fn in_month(rule: &mut ICalendarRecurrenceRule, days: InMonth) {
    match days {
        InMonth::Days(days) => by_month_days(rule, days),
        InMonth::Weekdays(days) => {
            let nth = |(nth, day): (Nth, Weekday)| ICalendarDay {
                ordwk: Some(nth.get().into()),
                weekday: weekday(day),
            };
            rule.byday = days.iter().map(nth).collect();
        }
        InMonth::Workday(nth) => {
            rule.byday = every_day(WORKDAYS);
            rule.bysetpos = vec![nth.get().into()];
        }
    }
}

fn by_month_days(rule: &mut ICalendarRecurrenceRule, days: MonthDays) {
    let all: Vec<u32> = days.days().collect();
    match (all.as_slice(), days.last()) {
        ([day], false) if *day > 28 => on_month_day(rule, *day),
        (days, last) => {
            rule.bymonthday = days
                .iter()
                .filter_map(|day| i8::try_from(*day).ok())
                .chain(last.then_some(-1))
                .collect();
        }
    }
}

/// What ours can say of a rule for a task that is first due on a day. `None` if it would say something else.
pub(super) fn read(rule: &ICalendarRecurrenceRule, due: NaiveDate, zone: Tz) -> Option<Recurrence> {
    let finer = !rule.bysecond.is_empty() || !rule.byminute.is_empty() || !rule.byhour.is_empty();
    if finer || !rule.byyearday.is_empty() || !rule.byweekno.is_empty() || rule.skip == Some(ICalendarSkip::Forward) {
        return None;
    }
    let interval = Interval::new(rule.interval.unwrap_or(1).max(1))?;
    let pattern = match rule.freq {
        ICalendarFrequency::Daily => daily(rule),
        ICalendarFrequency::Weekly => weekly(rule),
        // Months of every year: the same as a yearly rule, if none is stepped over.
        ICalendarFrequency::Monthly if !rule.bymonth.is_empty() => {
            (interval == Interval::ONE).then(|| yearly(rule, due)).flatten()
        }
        ICalendarFrequency::Monthly => monthly(rule),
        ICalendarFrequency::Yearly => yearly(rule, due),
        _ => None,
    }?;
    let week_start = rule.wkst.map_or(Weekday::Mon, from_weekday);
    let end = match (rule.count, &rule.until) {
        (None, None) => End::Never,
        (Some(count), None) => End::Count(Count::new(u16::try_from(count).ok()?)?),
        (None, Some(until)) => End::Until(until_day(until, zone)?),
        (Some(_), Some(_)) => return None,
    };
    let rule = Rule {
        interval,
        end,
        ..Rule::new(pattern)
    };
    Some(Recurrence::Rule(rule.with_week_start(week_start)))
}

fn until_day(until: &PartialDateTime, zone: Tz) -> Option<NaiveDate> {
    let read = until.to_date_time()?;
    if !until.has_time() {
        return Some(read.date_time.date());
    }
    Some(match read.offset {
        Some(offset) => {
            let instant = read.date_time.and_local_timezone(offset).single()?;
            instant.with_timezone(&zone).date_naive()
        }
        None => read.date_time.date(),
    })
}

fn daily(rule: &ICalendarRecurrenceRule) -> Option<Pattern> {
    let plain = rule.bymonthday.is_empty() && rule.bymonth.is_empty() && rule.bysetpos.is_empty();
    match (plain, rule.byday.is_empty()) {
        (true, true) => Some(Pattern::Daily),
        // Each Monday, said as each day that is a Monday.
        (true, false) if rule.interval.unwrap_or(1) <= 1 => every_weekday(&rule.byday).map(Pattern::Weekly),
        _ => None,
    }
}

fn weekly(rule: &ICalendarRecurrenceRule) -> Option<Pattern> {
    let days = every_weekday(&rule.byday)?;
    let plain = rule.bymonthday.is_empty() && rule.bymonth.is_empty() && rule.bysetpos.is_empty();
    plain.then_some(Pattern::Weekly(days))
}

fn monthly(rule: &ICalendarRecurrenceRule) -> Option<Pattern> {
    if rule.byday.is_empty() && rule.bymonthday.is_empty() {
        return rule.bysetpos.is_empty().then_some(Pattern::Monthly);
    }
    days_in_month(rule).map(Pattern::Month)
}

/// What `BYDAY`, `BYMONTHDAY` and `BYSETPOS` say of a month.
fn days_in_month(rule: &ICalendarRecurrenceRule) -> Option<InMonth> {
    match (
        rule.byday.as_slice(),
        rule.bymonthday.as_slice(),
        rule.bysetpos.as_slice(),
    ) {
        ([], days, []) => month_days(days).map(InMonth::Days),
        ([], days, [-1]) => clamped(days).and_then(MonthDays::day).map(InMonth::Days),
        (days, [], []) => {
            let one = |day: &ICalendarDay| Some(NthWeekdays::one(nth(day.ordwk?)?, from_weekday(day.weekday)));
            let union = |all: Option<NthWeekdays>, day: Option<NthWeekdays>| all?.union(day?);
            days.iter().map(one).reduce(union).flatten().map(InMonth::Weekdays)
        }
        (days, [], [position]) => {
            let nth = nth(i16::try_from(*position).ok()?)?;
            let days = every_weekday(days)?;
            if days == WORKDAYS {
                return Some(InMonth::Workday(nth));
            }
            // Of all days, the last one is the month's.
            if days == WeekdaySet::ALL {
                let number = u32::try_from(nth.get()).map_or(Some(MonthDays::LAST), MonthDays::day);
                return number.map(InMonth::Days);
            }
            Some(InMonth::Weekdays(NthWeekdays::one(nth, days.single_day()?)))
        }
        _ => None,
    }
}

fn nth(number: i16) -> Option<Nth> {
    match number {
        -1 => Some(Nth::Last),
        number => Nth::new(u8::try_from(number).ok()?),
    }
}

fn yearly(rule: &ICalendarRecurrenceRule, due: NaiveDate) -> Option<Pattern> {
    let plain = rule.byday.is_empty() && rule.bymonthday.is_empty() && rule.bysetpos.is_empty();
    if rule.bymonth.is_empty() {
        return plain.then_some(Pattern::Yearly);
    }
    let month = |month: &ICalendarMonth| Months::month(month.month().into()).filter(|_| !month.is_leap());
    let months = rule
        .bymonth
        .iter()
        .map(month)
        .reduce(|a, b| Some(a?.union(b?)))
        .flatten()?;
    let days = if plain {
        MonthDays::day(due.day()).map(InMonth::Days)
    } else {
        days_in_month(rule)
    };
    // `BYSETPOS` takes one day of the year, not of each of its months.
    let of_the_year = rule.freq == ICalendarFrequency::Yearly && !rule.bysetpos.is_empty() && months.single().is_none();
    Pattern::year(months, days?).filter(|_| !of_the_year)
}

fn month_days(days: &[i8]) -> Option<MonthDays> {
    let day = |day: &i8| match *day {
        -1 => Some(MonthDays::LAST),
        day => MonthDays::day(u32::try_from(day).ok()?),
    };
    let mut days = days.iter().map(day);
    let first = days.next()??;
    days.try_fold(first, |all, day| Some(all.union(day?)))
}

/// `28,29,30,31`, of which the last one that there is: the 31st.
fn clamped(days: &[i8]) -> Option<u32> {
    let mut days: Vec<u32> = days.iter().map(|day| u32::try_from(*day).ok()).collect::<Option<_>>()?;
    days.sort_unstable();
    let (first, last) = (*days.first()?, *days.last()?);
    (first == 28 && days.into_iter().eq(first..=last)).then_some(last)
}

fn every_weekday(days: &[ICalendarDay]) -> Option<WeekdaySet> {
    let all_plain = days.iter().all(|day| day.ordwk.is_none());
    all_plain.then(|| days.iter().map(|day| from_weekday(day.weekday)).collect())
}

/// A date as iCalendar has it.
pub(super) fn date(day: NaiveDate) -> PartialDateTime {
    PartialDateTime {
        year: u16::try_from(day.year()).ok(),
        month: u8::try_from(day.month()).ok(),
        day: u8::try_from(day.day()).ok(),
        ..PartialDateTime::default()
    }
}

/// A date and time as iCalendar has it, on clocks that something else names.
pub(super) fn local(day: NaiveDate, time: chrono::NaiveTime) -> PartialDateTime {
    PartialDateTime {
        hour: u8::try_from(time.hour()).ok(),
        minute: u8::try_from(time.minute()).ok(),
        second: u8::try_from(time.second()).ok(),
        ..date(day)
    }
}

/// An instant as iCalendar has it.
pub(super) fn utc(instant: DateTime<Utc>) -> PartialDateTime {
    PartialDateTime {
        tz_hour: Some(0),
        tz_minute: Some(0),
        ..local(instant.date_naive(), instant.time())
    }
}

fn weekday(day: Weekday) -> ICalendarWeekday {
    match day {
        Weekday::Mon => ICalendarWeekday::Monday,
        Weekday::Tue => ICalendarWeekday::Tuesday,
        Weekday::Wed => ICalendarWeekday::Wednesday,
        Weekday::Thu => ICalendarWeekday::Thursday,
        Weekday::Fri => ICalendarWeekday::Friday,
        Weekday::Sat => ICalendarWeekday::Saturday,
        Weekday::Sun => ICalendarWeekday::Sunday,
    }
}

pub(super) fn from_weekday(day: ICalendarWeekday) -> Weekday {
    match day {
        ICalendarWeekday::Monday => Weekday::Mon,
        ICalendarWeekday::Tuesday => Weekday::Tue,
        ICalendarWeekday::Wednesday => Weekday::Wed,
        ICalendarWeekday::Thursday => Weekday::Thu,
        ICalendarWeekday::Friday => Weekday::Fri,
        ICalendarWeekday::Saturday => Weekday::Sat,
        ICalendarWeekday::Sunday => Weekday::Sun,
    }
}
