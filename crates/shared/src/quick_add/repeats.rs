//! Phrases that say how a task comes back.

use super::context::Context;
use super::cursor::Cursor;
use super::dates::{count, date, later, month_and_day};
use super::month::{nth, one_of_month};
use super::vocabulary::{Part, Span, Word, range};
use crate::recurrence::{
    Count, End, InMonth, Interval, MonthDays, Months, Nth, NthWeekdays, Pattern, Recurrence, Rule, Unit, WORKDAYS,
};
use chrono::{NaiveDate, Weekday, WeekdaySet};

/// A recurrence, and what the phrase says about its first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) recurrence: Recurrence,
    pub(super) start: Option<NaiveDate>,
    pub(super) part: Option<Part>,
    /// Whether it excepts days: then it begins tomorrow at the earliest.
    excepts: bool,
}

impl From<Recurrence> for Repeat {
    fn from(recurrence: Recurrence) -> Self {
        Self {
            recurrence,
            start: None,
            part: None,
            excepts: false,
        }
    }
}

/// `every 2 weeks on mon and fri until 24 december`, `daily`, `every! 3 days`, `3 days after completion`, `weekends`,
/// `on the last day of every month`.
pub(super) fn repeat(cursor: &mut Cursor<'_>, context: &Context) -> Option<Repeat> {
    cursor.attempt(|ahead| {
        let start = ahead.at();
        let mut repeat = match ahead.peek()? {
            Word::Every | Word::Each => {
                ahead.take();
                if ahead.eat_bang() {
                    return after_completion(ahead).map(Repeat::from);
                }
                every(ahead)?
            }
            Word::EveryAdverb(number, span) => {
                ahead.take();
                let adverb = ahead.at();
                let mut repeat = by_span(ahead, number.into(), span)?;
                exceptions(ahead, &mut repeat)?;
                bounds(ahead, &mut repeat, context)?;
                // Not in `weekly report`.
                return (ahead.at() > adverb || ahead.at_an_end()).then_some(repeat);
            }
            _ => ahead
                .attempt(days_of_every_month)
                .or_else(|| ahead.attempt(|ahead| plural(ahead, start)))
                .or_else(|| ahead.attempt(counted_from_completion))?,
        };
        bounds(ahead, &mut repeat, context)?;
        Some(repeat)
    })
}

fn counted_from_completion(cursor: &mut Cursor<'_>) -> Option<Repeat> {
    let (interval, unit) = cursor.attempt(step).and_then(|(number, span)| scaled(number, span))?;
    completed(cursor).then(|| Recurrence::AfterCompletion(interval, unit).into())
}

/// What follows `every!`, which is Todoist's way to count from the completion.
fn after_completion(cursor: &mut Cursor<'_>) -> Option<Recurrence> {
    let (number, span) = step_or_one(cursor)?;
    let (interval, unit) = scaled(number, span)?;
    Some(Recurrence::AfterCompletion(interval, unit))
}

fn completed(cursor: &mut Cursor<'_>) -> bool {
    cursor
        .attempt(|ahead| (ahead.eat(Word::After) && ahead.eat(Word::Completion)).then_some(()))
        .is_some()
}

/// `3 days`
fn step(cursor: &mut Cursor<'_>) -> Option<(u16, Span)> {
    Some((count(cursor)?, span(cursor)?))
}

/// `3 days`, `3rd day`, `second week`, `other month`, `day`
fn step_or_one(cursor: &mut Cursor<'_>) -> Option<(u16, Span)> {
    cursor.attempt(step).or_else(|| {
        cursor.attempt(|ahead| {
            let number = match ahead.peek()? {
                Word::Ordinal(number) | Word::Nth(number) => number.into(),
                Word::Alternate => 2,
                _ => return Some((1, span(ahead)?)),
            };
            ahead.take();
            Some((number, span(ahead)?))
        })
    })
}

fn span(cursor: &mut Cursor<'_>) -> Option<Span> {
    match cursor.take()? {
        Word::Span(span) => Some(span),
        _ => None,
    }
}

fn scaled(number: u16, span: Span) -> Option<(Interval, Unit)> {
    let (times, unit) = match span {
        Span::Minute | Span::Hour => return None,
        Span::Day => (1, Unit::Day),
        Span::Week => (1, Unit::Week),
        Span::Fortnight => (2, Unit::Week),
        Span::Month => (1, Unit::Month),
        Span::Quarter => (3, Unit::Month),
        Span::Year => (1, Unit::Year),
    };
    Some((Interval::new(number.checked_mul(times)?)?, unit))
}

/// What follows `every`.
fn every(cursor: &mut Cursor<'_>) -> Option<Repeat> {
    if let Some(pattern) = cursor.attempt(days_of_year).or_else(|| cursor.attempt(days_of_month)) {
        return repeat_of(pattern, Interval::ONE);
    }
    if let Some((number, span)) = step_or_one(cursor) {
        let mut repeat = by_span(cursor, number, span)?;
        if span == Span::Day {
            evenings(cursor, &mut repeat)?;
        }
        return Some(repeat);
    }
    let interval = if cursor.eat(Word::Alternate) {
        Interval::new(2)?
    } else {
        Interval::ONE
    };
    let mut repeat = if let Some(days) = weekdays(cursor) {
        // `every other workday` steps over days, not weeks.
        let steps_over_days = days == WORKDAYS && interval != Interval::ONE;
        repeat_of(Pattern::Weekly(days), interval).filter(|_| !steps_over_days)?
    } else {
        match cursor.take()? {
            Word::Part(part) => Repeat {
                part: Some(part),
                ..repeat_of(Pattern::Daily, interval)?
            },
            Word::Weekend => repeat_of(Pattern::Weekly(WeekdaySet::single(Weekday::Sat)), interval)?,
            _ => return None,
        }
    };
    evenings(cursor, &mut repeat)?;
    Some(repeat)
}

/// What follows days of the week: a part of the day, and the days that are none of them.
fn evenings(cursor: &mut Cursor<'_>, repeat: &mut Repeat) -> Option<()> {
    if let (None, Some(Word::Part(part))) = (repeat.part, cursor.peek()) {
        cursor.take();
        repeat.part = Some(part);
    }
    exceptions(cursor, repeat)
}

/// `except sunday`
fn exceptions(cursor: &mut Cursor<'_>, repeat: &mut Repeat) -> Option<()> {
    let Recurrence::Rule(rule) = &mut repeat.recurrence else {
        return Some(());
    };
    let all = match rule.pattern {
        Pattern::Daily if rule.interval == Interval::ONE => WeekdaySet::ALL,
        Pattern::Weekly(days) => days,
        _ => return Some(()),
    };
    let but = cursor.attempt(|ahead| {
        ahead.eat_comma();
        if !ahead.eat(Word::Except) {
            return None;
        }
        ahead.eat(Word::On);
        ahead.eat(Word::The);
        let weekend = WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]);
        weekdays(ahead).or_else(|| ahead.eat(Word::Weekend).then_some(weekend))
    });
    if let Some(but) = but {
        let left = all.difference(but);
        if left.is_empty() {
            return None;
        }
        rule.pattern = Pattern::Weekly(left);
        repeat.excepts = true;
    }
    Some(())
}

#[expect(clippy::unnecessary_wraps, reason = "it is where the functions above end")]
fn repeat_of(pattern: Pattern, interval: Interval) -> Option<Repeat> {
    let rule = Rule {
        interval,
        ..Rule::new(pattern)
    };
    Some(Recurrence::Rule(rule).into())
}

/// What follows a unit: which of its days.
fn by_span(cursor: &mut Cursor<'_>, number: u16, span: Span) -> Option<Repeat> {
    let (interval, unit) = scaled(number, span)?;
    if completed(cursor) {
        return Some(Recurrence::AfterCompletion(interval, unit).into());
    }
    let on = cursor.attempt(|ahead| {
        if !ahead.eat(Word::On) {
            return None;
        }
        match span {
            Span::Week | Span::Fortnight => weekdays(ahead).map(Pattern::Weekly),
            Span::Month => {
                ahead.eat(Word::The);
                let days = in_month(ahead)?;
                of_the(ahead, Span::Month);
                Some(Pattern::Month(days))
            }
            Span::Quarter if number == 1 => {
                ahead.eat(Word::The);
                of_quarters(in_month(ahead)?)
            }
            Span::Year => days_of_year(ahead),
            _ => None,
        }
    });
    if span == Span::Quarter && on.is_some() {
        return repeat_of(on?, Interval::ONE);
    }
    let pattern = on.unwrap_or(match unit {
        Unit::Day => Pattern::Daily,
        Unit::Week => Pattern::Weekly(WeekdaySet::EMPTY),
        Unit::Month => Pattern::Monthly,
        Unit::Year => Pattern::Yearly,
    });
    repeat_of(pattern, interval)
}

/// `mondays and fridays`, `on weekends`: days that come back by their ending.
fn plural(cursor: &mut Cursor<'_>, start: usize) -> Option<Repeat> {
    let noun = cursor.is_a_noun();
    cursor.eat(Word::On);
    let led = cursor.at() > start;
    cursor.eat(Word::The);
    if !matches!(cursor.peek()?, Word::Plural(_)) {
        return None;
    }
    let mut repeat = repeat_of(Pattern::Weekly(weekdays(cursor)?), Interval::ONE)?;
    evenings(cursor, &mut repeat)?;
    (led || !noun && cursor.at_an_end()).then_some(repeat)
}

/// Days of the week, and ranges of them.
fn weekdays(cursor: &mut Cursor<'_>) -> Option<WeekdaySet> {
    cursor.attempt(|ahead| {
        ahead.list(WeekdaySet::union, |ahead| match ahead.take()? {
            Word::Weekday { day, .. } => {
                let last = ahead.attempt(|ahead| {
                    let led = ahead.eat(Word::To) || ahead.eat(Word::Dash);
                    match ahead.take()? {
                        Word::Weekday { day, .. } if led => Some(day),
                        _ => None,
                    }
                });
                Some(range(day, last.unwrap_or(day)))
            }
            Word::Plural(days) | Word::Weekdays(days) => Some(days),
            Word::Workday => Some(WORKDAYS),
            Word::Working => ahead.eat(Word::Span(Span::Day)).then_some(WORKDAYS),
            _ => None,
        })
    })
}

/// `24 december`, `the first monday of january and july`
fn days_of_year(cursor: &mut Cursor<'_>) -> Option<Pattern> {
    let of_months = cursor.attempt(|ahead| {
        ahead.eat(Word::The);
        let days = in_month(ahead)?;
        ahead.eat(Word::Of);
        let months = ahead.list(Months::union, |ahead| match ahead.take()? {
            Word::Month(month) => Months::month(month.into()),
            _ => None,
        })?;
        Pattern::year(months, days)
    });
    of_months.or_else(|| {
        let (month, day) = month_and_day(cursor)?;
        Pattern::year_day(month, day)
    })
}

/// `first monday`, `1st and 15th`, `last day`, each of them `of the month` or not; `last day of the quarter`.
fn days_of_month(cursor: &mut Cursor<'_>) -> Option<Pattern> {
    let days = in_month(cursor)?;
    if of_the(cursor, Span::Month) {
        return Some(Pattern::Month(days));
    }
    if of_the(cursor, Span::Quarter) {
        return of_quarters(days);
    }
    // `every 2nd workday` steps over days.
    (!matches!(days, InMonth::Workday(Nth::FromStart(_)))).then_some(Pattern::Month(days))
}

/// `on the last day of every month`
fn days_of_every_month(cursor: &mut Cursor<'_>) -> Option<Repeat> {
    // In the middle of a list that was read from its head, and was none.
    if cursor.before() == Some(Word::And) {
        return None;
    }
    cursor.eat(Word::On);
    cursor.eat(Word::The);
    let days = in_month(cursor)?;
    if !(cursor.eat(Word::Of) && (cursor.eat(Word::Every) || cursor.eat(Word::Each))) {
        return None;
    }
    let (number, span) = step_or_one(cursor)?;
    match span {
        Span::Month => repeat_of(Pattern::Month(days), Interval::new(number)?),
        Span::Quarter if number == 1 => repeat_of(of_quarters(days)?, Interval::ONE),
        _ => None,
    }
}

/// The last ones are of a quarter's last month, all others of its first.
fn of_quarters(days: InMonth) -> Option<Pattern> {
    let last = match days {
        InMonth::Days(days) => days.last(),
        InMonth::Weekdays(days) => days.iter().any(|(nth, _)| nth == Nth::Last),
        InMonth::Workday(nth) => nth == Nth::Last,
    };
    Pattern::year(
        if last {
            Months::QUARTER_ENDS
        } else {
            Months::QUARTER_STARTS
        },
        days,
    )
}

/// Days of a month.
fn in_month(cursor: &mut Cursor<'_>) -> Option<InMonth> {
    cursor
        .attempt(|ahead| one_of_month(ahead).filter(|days| matches!(days, InMonth::Workday(_))))
        .or_else(|| cursor.attempt(nth_weekdays).map(InMonth::Weekdays))
        .or_else(|| {
            let days = cursor.list(MonthDays::union, |ahead| ahead.attempt(month_day))?;
            Some(InMonth::Days(days))
        })
}

/// `first monday`, `2nd and 4th monday`, `first monday and third friday`
fn nth_weekdays(cursor: &mut Cursor<'_>) -> Option<NthWeekdays> {
    let union = |all: Option<NthWeekdays>, more: Option<NthWeekdays>| all?.union(more?);
    cursor.list(union, |ahead| {
        // A bit for each place.
        let places = ahead.list(|all, more| all | more, |ahead| Some(1_u64 << (nth(ahead)?.get() + 1)))?;
        let Word::Weekday { day, .. } = ahead.take()? else {
            return None;
        };
        let of = |nth: Nth| (places & (1 << (nth.get() + 1)) != 0).then(|| NthWeekdays::one(nth, day));
        let numbered = (1..=5).filter_map(Nth::new).chain([Nth::Last]).filter_map(of);
        Some(numbered.map(Some).reduce(union).flatten())
    })?
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
                    (cursor.peek() == Some(Word::Of)).then_some(days)?
                }
                Some(Word::Span(_)) => None,
                _ => days,
            }
        }
        Word::Nth(day) => {
            let day = MonthDays::day(day.into());
            (cursor.eat(Word::Span(Span::Day)) && cursor.peek() == Some(Word::Of)).then_some(day)?
        }
        _ => None,
    }
}

/// `of the month`, `of every month`
fn of_the(cursor: &mut Cursor<'_>, span: Span) -> bool {
    cursor
        .attempt(|ahead| {
            let led = ahead.eat(Word::Of) && (ahead.eat(Word::The) || ahead.eat(Word::Every) || ahead.eat(Word::Each));
            (led && ahead.eat(Word::Span(span))).then_some(())
        })
        .is_some()
}

/// `until 24 december`, `for 10 times`, `for 3 weeks`, `starting monday`, in any order, each once.
fn bounds(cursor: &mut Cursor<'_>, repeat: &mut Repeat, context: &Context) -> Option<()> {
    let Recurrence::Rule(mut rule) = repeat.recurrence else {
        return Some(());
    };
    let mut length = None;
    for _ in 0..2 {
        if rule.end == End::Never && length.is_none() {
            length = cursor.attempt(length_of_time);
        }
        if rule.end == End::Never && length.is_none() {
            // `from monday to friday`
            let to = repeat.start.is_some();
            rule.end = cursor.attempt(|ahead| end(ahead, context, to)).unwrap_or(End::Never);
        }
        if repeat.start.is_none() {
            repeat.start = cursor.attempt(|ahead| {
                let led = ahead.eat(Word::Starting) || ahead.eat(Word::From);
                led.then(|| date(ahead, context)).flatten()
            });
        }
    }
    if repeat.excepts {
        repeat.start = repeat.start.or(context.now.date().succ_opt());
    }
    if let Some((number, span)) = length {
        let first = rule.first_from(repeat.start.unwrap_or(context.now.date()))?;
        rule.end = End::Until(later(first, number, span, false)?.pred_opt()?);
    }
    repeat.recurrence = Recurrence::Rule(rule);
    Some(())
}

/// `for 3 weeks`
fn length_of_time(cursor: &mut Cursor<'_>) -> Option<(u16, Span)> {
    if !cursor.eat(Word::For) {
        return None;
    }
    let (number, span) = step(cursor)?;
    (number > 0 && !matches!(span, Span::Minute | Span::Hour)).then_some((number, span))
}

fn end(cursor: &mut Cursor<'_>, context: &Context, to: bool) -> Option<End> {
    match cursor.take()? {
        Word::Until => date(cursor, context).map(End::Until),
        Word::To if to => date(cursor, context).map(End::Until),
        Word::For => {
            let count = Count::new(count(cursor)?)?;
            cursor.eat(Word::Times).then_some(End::Count(count))
        }
        _ => None,
    }
}
