//! Phrases that say how a task comes back.

use super::Context;
use super::cursor::Cursor;
use super::dates::{count, date, month_and_day};
use super::vocabulary::{Adverb, Part, Span, Word};
use crate::recurrence::{Count, End, Interval, MonthDays, Nth, Pattern, Recurrence, Rule, Unit, YearDay};
use chrono::{NaiveDate, Weekday, WeekdaySet};

const WORKDAYS: WeekdaySet =
    WeekdaySet::from_array([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]);

/// A recurrence, and what the phrase says about its first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) recurrence: Recurrence,
    pub(super) start: Option<NaiveDate>,
    pub(super) part: Option<Part>,
}

impl From<Recurrence> for Repeat {
    fn from(recurrence: Recurrence) -> Self {
        Self {
            recurrence,
            start: None,
            part: None,
        }
    }
}

/// `every 2 weeks on mon and fri until 24 december`, `daily`, `every! 3 days`, `3 days after completion`.
pub(super) fn repeat(cursor: &mut Cursor<'_>, context: &Context) -> Option<Repeat> {
    cursor.attempt(|ahead| {
        if ahead.eat(Word::Every) {
            if ahead.eat_bang() {
                return after_completion(ahead).map(Repeat::from);
            }
            let mut repeat = every(ahead)?;
            bounds(ahead, &mut repeat, context);
            return Some(repeat);
        }
        if let Some(Word::EveryAdverb(adverb)) = ahead.peek() {
            ahead.take();
            return by_adverb(ahead, adverb, context);
        }
        let (interval, unit) = units(ahead)?;
        completed(ahead).then(|| Recurrence::AfterCompletion(interval, unit).into())
    })
}

/// What follows `every!`, which is Todoist's way to count from the completion.
fn after_completion(cursor: &mut Cursor<'_>) -> Option<Recurrence> {
    let interval = if cursor.eat(Word::Alternate) {
        Interval::new(2)?
    } else {
        Interval::ONE
    };
    let (number, unit) = cursor
        .attempt(units)
        .or_else(|| unit(cursor).map(|unit| (interval, unit)))?;
    Some(Recurrence::AfterCompletion(number, unit))
}

fn completed(cursor: &mut Cursor<'_>) -> bool {
    cursor
        .attempt(|ahead| (ahead.eat(Word::After) && ahead.eat(Word::Completion)).then_some(()))
        .is_some()
}

/// `3 days`
fn units(cursor: &mut Cursor<'_>) -> Option<(Interval, Unit)> {
    let interval = Interval::new(count(cursor)?)?;
    Some((interval, unit(cursor)?))
}

fn unit(cursor: &mut Cursor<'_>) -> Option<Unit> {
    match cursor.take()? {
        Word::Span(Span::Day) => Some(Unit::Day),
        Word::Span(Span::Week) => Some(Unit::Week),
        Word::Span(Span::Month) => Some(Unit::Month),
        Word::Span(Span::Year) => Some(Unit::Year),
        _ => None,
    }
}

/// What follows `every`.
fn every(cursor: &mut Cursor<'_>) -> Option<Repeat> {
    if let Some((month, day)) = month_and_day(cursor) {
        return plain(Pattern::YearDay(YearDay::new(month, day)?));
    }
    if let Some(pattern) = cursor.attempt(in_month) {
        return plain(pattern);
    }
    if let Some((interval, unit)) = cursor.attempt(|ahead| ordinal_unit(ahead).or_else(|| units(ahead))) {
        return Some(by_unit(cursor, interval, unit));
    }
    let interval = if cursor.eat(Word::Alternate) {
        Interval::new(2)?
    } else {
        Interval::ONE
    };
    if let Some(unit) = cursor.attempt(unit) {
        return Some(by_unit(cursor, interval, unit));
    }
    if let Some(days) = weekdays(cursor) {
        return repeat_of(Pattern::Weekly(days), interval);
    }
    match cursor.take()? {
        Word::Part(part) => Some(Repeat {
            part: Some(part),
            ..repeat_of(Pattern::Daily, interval)?
        }),
        Word::Workday if interval == Interval::ONE => plain(Pattern::Weekly(WORKDAYS)),
        Word::Weekend => repeat_of(Pattern::Weekly(WeekdaySet::single(Weekday::Sat)), interval),
        _ => None,
    }
}

fn plain(pattern: Pattern) -> Option<Repeat> {
    repeat_of(pattern, Interval::ONE)
}

#[expect(clippy::unnecessary_wraps, reason = "it is where the functions above end")]
fn repeat_of(pattern: Pattern, interval: Interval) -> Option<Repeat> {
    let rule = Rule {
        interval,
        ..Rule::new(pattern)
    };
    Some(Recurrence::Rule(rule).into())
}

/// `3rd day`, `second week`
fn ordinal_unit(cursor: &mut Cursor<'_>) -> Option<(Interval, Unit)> {
    cursor.attempt(|ahead| {
        let (Word::Ordinal(number) | Word::Nth(number)) = ahead.take()? else {
            return None;
        };
        Some((Interval::new(number.into())?, unit(ahead)?))
    })
}

/// What follows a unit: which of its days.
fn by_unit(cursor: &mut Cursor<'_>, interval: Interval, unit: Unit) -> Repeat {
    if completed(cursor) {
        return Recurrence::AfterCompletion(interval, unit).into();
    }
    let on = cursor.attempt(|ahead| {
        if !ahead.eat(Word::On) {
            return None;
        }
        match unit {
            Unit::Day => None,
            Unit::Week => weekdays(ahead).map(Pattern::Weekly),
            Unit::Month => {
                ahead.eat(Word::The);
                in_month(ahead)
            }
            Unit::Year => {
                let (month, day) = month_and_day(ahead)?;
                YearDay::new(month, day).map(Pattern::YearDay)
            }
        }
    });
    let pattern = on.unwrap_or(match unit {
        Unit::Day => Pattern::Daily,
        Unit::Week => Pattern::Weekly(WeekdaySet::EMPTY),
        Unit::Month => Pattern::Monthly,
        Unit::Year => Pattern::Yearly,
    });
    let rule = Rule {
        interval,
        ..Rule::new(pattern)
    };
    Recurrence::Rule(rule).into()
}

/// `daily`, `weekly on friday`, `monthly for 5 times`. Not in `weekly report`.
fn by_adverb(cursor: &mut Cursor<'_>, adverb: Adverb, context: &Context) -> Option<Repeat> {
    let unit = match adverb {
        Adverb::Daily => Unit::Day,
        Adverb::Weekly => Unit::Week,
        Adverb::Monthly => Unit::Month,
        Adverb::Yearly => Unit::Year,
    };
    let start = cursor.at();
    let mut repeat = by_unit(cursor, Interval::ONE, unit);
    bounds(cursor, &mut repeat, context);
    (cursor.at() > start || cursor.at_an_end()).then_some(repeat)
}

fn weekdays(cursor: &mut Cursor<'_>) -> Option<WeekdaySet> {
    cursor.attempt(|ahead| {
        ahead.list(WeekdaySet::union, |ahead| match ahead.take()? {
            Word::Weekday { day, .. } => Some(WeekdaySet::single(day)),
            _ => None,
        })
    })
}

/// Days of a month: `first monday`, `1st and 15th`, `last day`, each of them `of the month` or not.
fn in_month(cursor: &mut Cursor<'_>) -> Option<Pattern> {
    let pattern = cursor.attempt(nth_weekday).or_else(|| {
        let days = cursor.list(MonthDays::union, |ahead| ahead.attempt(month_day))?;
        Some(Pattern::MonthDays(days))
    })?;
    of_the_month(cursor);
    Some(pattern)
}

fn nth_weekday(cursor: &mut Cursor<'_>) -> Option<Pattern> {
    let nth = match cursor.take()? {
        Word::Ordinal(number) | Word::Nth(number) => Nth::new(number)?,
        Word::Last => Nth::Last,
        _ => return None,
    };
    match cursor.take()? {
        Word::Weekday { day, .. } => Some(Pattern::MonthWeekday(nth, day)),
        _ => None,
    }
}

fn month_day(cursor: &mut Cursor<'_>) -> Option<MonthDays> {
    match cursor.take()? {
        Word::Last => cursor.eat(Word::Span(Span::Day)).then_some(MonthDays::LAST),
        Word::Ordinal(day) => {
            let days = MonthDays::day(day.into());
            match cursor.peek() {
                // `3rd day` counts days, unless it says of what.
                Some(Word::Span(Span::Day)) => {
                    cursor.take();
                    of_the_month(cursor).then_some(days)?
                }
                Some(Word::Span(_)) => None,
                _ => days,
            }
        }
        Word::Nth(day) => {
            let day = MonthDays::day(day.into());
            (cursor.eat(Word::Span(Span::Day)) && of_the_month(cursor)).then_some(day)?
        }
        _ => None,
    }
}

fn of_the_month(cursor: &mut Cursor<'_>) -> bool {
    cursor
        .attempt(|ahead| {
            let led = ahead.eat(Word::Of) && (ahead.eat(Word::The) || ahead.eat(Word::Every));
            (led && ahead.eat(Word::Span(Span::Month))).then_some(())
        })
        .is_some()
}

/// `until 24 december`, `for 10 times`, `starting monday`, in any order, each once.
fn bounds(cursor: &mut Cursor<'_>, repeat: &mut Repeat, context: &Context) {
    let Recurrence::Rule(mut rule) = repeat.recurrence else {
        return;
    };
    for _ in 0..2 {
        if rule.end == End::Never {
            rule.end = cursor.attempt(|ahead| end(ahead, context)).unwrap_or(End::Never);
        }
        if repeat.start.is_none() {
            repeat.start = cursor.attempt(|ahead| {
                let led = ahead.eat(Word::Starting) || ahead.eat(Word::From);
                led.then(|| date(ahead, context)).flatten()
            });
        }
    }
    repeat.recurrence = Recurrence::Rule(rule);
}

fn end(cursor: &mut Cursor<'_>, context: &Context) -> Option<End> {
    match cursor.take()? {
        Word::Until => date(cursor, context).map(End::Until),
        Word::For => {
            let count = Count::new(count(cursor)?)?;
            cursor.eat(Word::Times).then_some(End::Count(count))
        }
        _ => None,
    }
}
