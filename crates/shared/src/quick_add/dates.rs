//! Phrases that name a day.

use super::context::{Context, NumericDates};
use super::cursor::Cursor;
use super::month::one_of_month;
use super::times::time;
use super::vocabulary::{Part, Span, Word};
use crate::recurrence::{Months as MonthSet, Pattern, Rule};
use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Weekday};

/// The years that a number after a date can be.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// A day, and what the phrase says about the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    pub(super) part: Option<Part>,
    pub(super) time: Option<NaiveTime>,
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self {
            date,
            part: None,
            time: None,
        }
    }
}

/// `tomorrow`, `on monday evening`, `due by 30 nov`, `in 2 hours`.
pub(super) fn day(cursor: &mut Cursor<'_>, context: &Context) -> Option<Day> {
    cursor.attempt(|ahead| {
        let due = ahead.eat(Word::DueBy);
        let introduced = ahead.eat(Word::On) || ahead.eat(Word::By) || due;
        let mut day = plain(ahead, context, introduced).or_else(|| at_the_end(ahead, context))?;
        if let (None, None, Some(Word::Part(part))) = (day.part, day.time, ahead.peek()) {
            ahead.take();
            day.part = Some(part);
        }
        Some(day)
    })
}

/// A day without a time, as in `until 24 december`.
pub(super) fn date(cursor: &mut Cursor<'_>, context: &Context) -> Option<NaiveDate> {
    cursor.attempt(|ahead| {
        ahead.eat(Word::On);
        let day = plain(ahead, context, true)?;
        (day.part.is_none() && day.time.is_none()).then_some(day.date)
    })
}

/// A day of a month as people write it: `30 nov`, `nov 30`, `30th of november`. Month and day.
pub(super) fn month_and_day(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    cursor.attempt(|ahead| {
        ahead.eat(Word::The);
        match ahead.take()? {
            Word::Month(month) => match ahead.take()? {
                Word::Number(day) => Some((month.into(), day.into())),
                Word::Ordinal(day) => Some((month.into(), day.into())),
                _ => None,
            },
            Word::Number(day) => month(ahead).map(|month| (month, day.into())),
            Word::Ordinal(day) => {
                ahead.eat(Word::Of);
                month(ahead).map(|month| (month, day.into()))
            }
            _ => None,
        }
    })
}

fn month(cursor: &mut Cursor<'_>) -> Option<u32> {
    match cursor.take()? {
        Word::Month(month) => Some(month.into()),
        _ => None,
    }
}

/// `3`, `three`, `a`: how many of something.
pub(super) fn count(cursor: &mut Cursor<'_>) -> Option<u16> {
    match cursor.take()? {
        Word::Number(number) | Word::Count(number) => Some(number),
        Word::A => Some(1),
        _ => None,
    }
}

fn plain(cursor: &mut Cursor<'_>, context: &Context, introduced: bool) -> Option<Day> {
    let today = context.now.date();
    let day = cursor
        .attempt(|ahead| word(ahead, context, introduced))
        .or_else(|| cursor.attempt(|ahead| calendar_date(ahead, today)).map(Day::from))
        .or_else(|| cursor.attempt(|ahead| from_now(ahead, context)))
        .or_else(|| cursor.attempt(|ahead| edge_of(ahead, today)).map(Day::from))
        .or_else(|| cursor.attempt(|ahead| nth_of_month(ahead, today)).map(Day::from))
        .or_else(|| {
            cursor
                .attempt(|ahead| day_of_month(ahead, today, introduced))
                .map(Day::from)
        })?;
    // What has no four digits has no form on the wire.
    (1000..=9999).contains(&day.date.year()).then_some(day)
}

fn word(cursor: &mut Cursor<'_>, context: &Context, introduced: bool) -> Option<Day> {
    let today = context.now.date();
    let noun = cursor.is_a_noun();
    let start = *cursor;
    let date = match cursor.take()? {
        Word::Today => Some(today),
        Word::Tonight => return Some(part_of(today, Part::Night)),
        Word::Tomorrow => today.succ_opt(),
        Word::Tom if introduced || !noun && cursor.at_an_end() => today.succ_opt(),
        Word::Weekday { day, sure } => {
            // `mon 30 nov`, `friday the 13th`
            let dated = cursor.attempt(|ahead| {
                ahead.eat_comma();
                let numbered = |ahead: &mut Cursor<'_>| day_of_month(ahead, today, true);
                let date = ahead
                    .attempt(|ahead| calendar_date(ahead, today))
                    .or_else(|| ahead.attempt(numbered))?;
                (date.weekday() == day).then_some(date)
            });
            let alone = || sure || introduced || !noun && cursor.at_an_end();
            dated.or_else(|| alone().then(|| on_or_after(today.succ_opt()?, day)).flatten())
        }
        Word::This => match cursor.take()? {
            Word::Weekday { day, .. } => on_or_after(today, day),
            Word::Weekend => weekend(today),
            Word::Part(part) => return Some(part_of(today, part)),
            _ => None,
        },
        Word::Next => next(cursor.take()?, today),
        Word::The if introduced => match cursor.take()? {
            Word::Weekend => weekend(today),
            _ => None,
        },
        Word::Date(date) => Some(date),
        Word::Slashed(first, second, year)
            if introduced || year.is_some() || is_a_date(start, cursor, (first, second)) =>
        {
            slashed(first, second, year, context)
        }
        _ => None,
    };
    date.map(Day::from)
}

/// Whether two numbers that nothing introduces are a date, rather than a fraction: beside a time, or at an end of the line.
fn is_a_date(start: Cursor<'_>, end: &Cursor<'_>, numbers: (u8, u8)) -> bool {
    let before = start.before();
    let led = matches!(
        before,
        Some(
            Word::Until
                | Word::From
                | Word::Starting
                | Word::Clock(_)
                | Word::Meridiem { .. }
                | Word::Noon
                | Word::Midnight
                | Word::Part(_)
        )
    );
    if led || time(&mut { *end }).is_some() || matches!(end.peek(), Some(Word::Part(_))) {
        return true;
    }
    let (first, last) = (start.at() == 0, end.at_an_end());
    let is_fraction = matches!(numbers.1, 2..=5 | 8) && numbers.0 < numbers.1;
    // An event, and in America a number to call.
    let is_event = numbers == (9, 11);
    (first && end.is_finished()) || (first || last) && !is_fraction && !is_event
}

fn part_of(date: NaiveDate, part: Part) -> Day {
    Day {
        part: Some(part),
        ..date.into()
    }
}

fn on_or_after(date: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    date.iter_days().take(7).find(|date| date.weekday() == weekday)
}

/// Today if it is one of the two days.
fn weekend(today: NaiveDate) -> Option<NaiveDate> {
    match today.weekday() {
        Weekday::Sat | Weekday::Sun => Some(today),
        _ => on_or_after(today, Weekday::Sat),
    }
}

/// The week, month or year after this one: its first day, or its day of that name.
fn next(word: Word, today: NaiveDate) -> Option<NaiveDate> {
    let monday = || on_or_after(today.succ_opt()?, Weekday::Mon);
    match word {
        Word::Weekday { day, .. } => on_or_after(monday()?, day),
        Word::Weekend => on_or_after(monday()?, Weekday::Sat),
        Word::Span(Span::Week) => monday(),
        Word::Span(span) => Some(period(span, today)?.1),
        _ => None,
    }
}

/// The first day of the month, quarter or year, and of the one after it.
fn period(span: Span, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let months = match span {
        Span::Month => 1,
        Span::Quarter => 3,
        Span::Year => 12,
        _ => return None,
    };
    let first = today.with_day(1)?;
    let start = first.checked_sub_months(Months::new(first.month0() % months))?;
    Some((start, start.checked_add_months(Months::new(months))?))
}

/// Day first or month first, as the context has it; the other way round if only that is a date.
fn slashed(first: u8, second: u8, year: Option<u16>, context: &Context) -> Option<NaiveDate> {
    let read = |day: u8, month: u8| in_year(month.into(), day.into(), year.map(i32::from), context.now.date());
    match context.numeric_dates {
        NumericDates::DayFirst => read(first, second).or_else(|| read(second, first)),
        NumericDates::MonthFirst => read(second, first).or_else(|| read(first, second)),
    }
}

/// `30 november 2027`, `nov 30, 2027`; without a year the next one, today included.
fn calendar_date(cursor: &mut Cursor<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let (month, day) = month_and_day(cursor)?;
    let year = year(cursor);
    in_year(month, day, year, today)
}

fn year(cursor: &mut Cursor<'_>) -> Option<i32> {
    cursor.attempt(|ahead| {
        ahead.eat_comma();
        match ahead.take()? {
            Word::Number(year) => Some(i32::from(year)).filter(|year| YEARS.contains(year)),
            _ => None,
        }
    })
}

fn in_year(month: u32, day: u32, year: Option<i32>, today: NaiveDate) -> Option<NaiveDate> {
    match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day),
        // 29 February is at most eight years away.
        None => (0..=8)
            .filter_map(|years| NaiveDate::from_ymd_opt(today.year() + years, month, day))
            .find(|date| *date >= today),
    }
}

/// `in 3 days`, `a week from now`, `the day after tomorrow`, `2 days before dec 24`.
fn from_now(cursor: &mut Cursor<'_>, context: &Context) -> Option<Day> {
    let today = context.now.date();
    if let Some(date) = cursor.attempt(|ahead| beside_a_day(ahead, context)) {
        return Some(date.into());
    }
    let led = cursor.eat(Word::In);
    let count = count(cursor)?;
    let Word::Span(span) = cursor.take()? else {
        return None;
    };
    let ended = cursor.eat(Word::From) && (cursor.eat(Word::Now) || cursor.eat(Word::Today));
    if !led && !ended {
        return None;
    }
    match span {
        Span::Minute => moment(context, TimeDelta::minutes(count.into())),
        Span::Hour => moment(context, TimeDelta::hours(count.into())),
        span => later(today, count, span, false).map(Day::from),
    }
}

fn beside_a_day(cursor: &mut Cursor<'_>, context: &Context) -> Option<NaiveDate> {
    cursor.eat(Word::The);
    let count = cursor.attempt(count).unwrap_or(1);
    let Word::Span(span) = cursor.take()? else {
        return None;
    };
    let before = cursor.eat(Word::Before);
    if !before && !cursor.eat(Word::After) {
        return None;
    }
    cursor.eat(Word::On);
    let base = cursor
        .attempt(|ahead| word(ahead, context, true))
        .filter(|day| day.part.is_none())
        .map(|day| day.date)
        .or_else(|| calendar_date(cursor, context.now.date()))?;
    later(base, count, span, before)
}

/// The day so much later, or earlier.
pub(super) fn later(day: NaiveDate, count: u16, span: Span, back: bool) -> Option<NaiveDate> {
    let count = u32::from(count);
    let (days, months) = match span {
        Span::Minute | Span::Hour => return None,
        Span::Day => (count, 0),
        Span::Week => (count * 7, 0),
        Span::Fortnight => (count * 14, 0),
        Span::Month => (0, count),
        Span::Quarter => (0, count * 3),
        Span::Year => (0, count * 12),
    };
    if back {
        day.checked_sub_months(Months::new(months))?
            .checked_sub_days(Days::new(days.into()))
    } else {
        day.checked_add_months(Months::new(months))?
            .checked_add_days(Days::new(days.into()))
    }
}

fn moment(context: &Context, delta: TimeDelta) -> Option<Day> {
    let moment = context.now.checked_add_signed(delta)?;
    Some(Day {
        date: moment.date(),
        part: None,
        time: NaiveTime::from_hms_opt(moment.hour(), moment.minute(), 0),
    })
}

/// `end of month`, `the start of next year`, `end of january`, `eom`.
fn edge_of(cursor: &mut Cursor<'_>, today: NaiveDate) -> Option<NaiveDate> {
    if cursor.eat(Word::EndOfMonth) {
        return period(Span::Month, today)?.1.pred_opt();
    }
    cursor.eat(Word::The);
    let end = cursor.eat(Word::End);
    if !(end || cursor.eat(Word::Start)) || !cursor.eat(Word::Of) {
        return None;
    }
    let next = cursor.eat(Word::Next);
    if !next {
        let _ = cursor.eat(Word::The) || cursor.eat(Word::This);
    }
    let (start, after) = match cursor.take()? {
        Word::Month(month) if !next => {
            // Of this month the end is still to come.
            let from = if end { today.with_day(1)? } else { today };
            period(Span::Month, in_year(month.into(), 1, year(cursor), from)?)?
        }
        Word::Span(span) => {
            let this = period(span, today)?;
            if next || !end && this.0 < today {
                period(span, this.1)?
            } else {
                this
            }
        }
        _ => return None,
    };
    if end { after.pred_opt() } else { Some(start) }
}

/// `the first monday of january`, `last day of next month`.
fn nth_of_month(cursor: &mut Cursor<'_>, today: NaiveDate) -> Option<NaiveDate> {
    cursor.eat(Word::The);
    let days = one_of_month(cursor)?;
    if !cursor.eat(Word::Of) {
        return None;
    }
    let next = cursor.eat(Word::Next);
    if !next {
        let _ = cursor.eat(Word::The) || cursor.eat(Word::This);
    }
    let month = period(Span::Month, today)?;
    let (from, pattern, until) = match cursor.take()? {
        Word::Month(number) if !next => {
            let pattern = Pattern::year(MonthSet::month(number.into())?, days)?;
            match year(cursor) {
                Some(year) => (
                    NaiveDate::from_ymd_opt(year, 1, 1)?,
                    pattern,
                    NaiveDate::from_ymd_opt(year, 12, 31)?,
                ),
                None => (today, pattern, NaiveDate::MAX),
            }
        }
        Word::Span(Span::Month) if next => (
            month.1,
            Pattern::Month(days),
            period(Span::Month, month.1)?.1.pred_opt()?,
        ),
        Word::Span(Span::Month) => (today, Pattern::Month(days), month.1.pred_opt()?),
        _ => return None,
    };
    Rule::new(pattern).first_from(from).filter(|date| *date <= until)
}

/// Of the prepositions, only this phrase has `at`.
fn at_the_end(cursor: &mut Cursor<'_>, context: &Context) -> Option<Day> {
    cursor.attempt(|ahead| {
        let led = ahead.eat(Word::At);
        led.then(|| edge_of(ahead, context.now.date())).flatten().map(Day::from)
    })
}

/// `on the 15th`: the next one, today included. Not `on the 2nd floor`.
fn day_of_month(cursor: &mut Cursor<'_>, today: NaiveDate, introduced: bool) -> Option<NaiveDate> {
    cursor.eat(Word::The);
    let Word::Ordinal(day) = cursor.take()? else {
        return None;
    };
    // `on the 5th monday` is another day.
    let is_nth = matches!(cursor.peek(), Some(Word::Weekday { .. }));
    if !introduced || is_nth || !cursor.at_an_end() {
        return None;
    }
    today.iter_days().take(62).find(|date| date.day() == u32::from(day))
}
