//! Phrases that name a day.

use super::cursor::Cursor;
use super::vocabulary::{Part, Span, Word};
use super::{Context, NumericDates};
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
                Word::Number(day) => Some((month, day.into())),
                Word::Ordinal(day) => Some((month, day.into())),
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
        Word::Month(month) => Some(month),
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
        .or_else(|| cursor.attempt(|ahead| end_of(ahead, today)).map(Day::from))
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
    let date = match cursor.take()? {
        Word::Today => Some(today),
        Word::Tonight => return Some(part_of(today, Part::Night)),
        Word::Tomorrow => today.succ_opt(),
        Word::Tom if introduced || !noun && cursor.at_an_end() => today.succ_opt(),
        Word::Weekday { day, sure } if sure || introduced || !noun && cursor.at_an_end() => {
            on_or_after(today.succ_opt()?, day)
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
        Word::Slashed(first, second, year) => slashed(first, second, year, context),
        _ => None,
    };
    date.map(Day::from)
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
        Word::Span(Span::Month) => today.with_day(1)?.checked_add_months(Months::new(1)),
        Word::Span(Span::Year) => NaiveDate::from_ymd_opt(today.year() + 1, 1, 1),
        _ => None,
    }
}

/// Day first or month first, as the context has it; the other way round if only that is a date.
fn slashed(first: u32, second: u32, year: Option<i32>, context: &Context) -> Option<NaiveDate> {
    let read = |day, month| in_year(month, day, year, context.now.date());
    match context.numeric_dates {
        NumericDates::DayFirst => read(first, second).or_else(|| read(second, first)),
        NumericDates::MonthFirst => read(second, first).or_else(|| read(first, second)),
    }
}

/// `30 november 2027`, `nov 30, 2027`; without a year the next one, today included.
fn calendar_date(cursor: &mut Cursor<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let (month, day) = month_and_day(cursor)?;
    let year = cursor.attempt(|ahead| {
        ahead.eat_comma();
        match ahead.take()? {
            Word::Number(year) => Some(i32::from(year)).filter(|year| YEARS.contains(year)),
            _ => None,
        }
    });
    in_year(month, day, year, today)
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

/// `in 3 days`, `a week from now`, `the day after tomorrow`.
fn from_now(cursor: &mut Cursor<'_>, context: &Context) -> Option<Day> {
    let today = context.now.date();
    let after_tomorrow = cursor.attempt(|ahead| {
        ahead.eat(Word::The);
        (ahead.eat(Word::Span(Span::Day)) && ahead.eat(Word::After) && ahead.eat(Word::Tomorrow)).then_some(())
    });
    if after_tomorrow.is_some() {
        return today.checked_add_days(Days::new(2)).map(Day::from);
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
    let months = |count: u16| today.checked_add_months(Months::new(count.into()));
    let date = match span {
        Span::Minute => return moment(context, TimeDelta::minutes(count.into())),
        Span::Hour => return moment(context, TimeDelta::hours(count.into())),
        Span::Day => today.checked_add_days(Days::new(count.into())),
        Span::Week => today.checked_add_days(Days::new(u64::from(count) * 7)),
        Span::Month => months(count),
        Span::Year => months(count.checked_mul(12)?),
    };
    date.map(Day::from)
}

fn moment(context: &Context, delta: TimeDelta) -> Option<Day> {
    let moment = context.now.checked_add_signed(delta)?;
    Some(Day {
        date: moment.date(),
        part: None,
        time: NaiveTime::from_hms_opt(moment.hour(), moment.minute(), 0),
    })
}

/// `end of month`, `the end of next year`, `eom`.
fn end_of(cursor: &mut Cursor<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let first = today.with_day(1)?;
    if cursor.eat(Word::EndOfMonth) {
        return first.checked_add_months(Months::new(1))?.pred_opt();
    }
    cursor.eat(Word::The);
    if !(cursor.eat(Word::End) && cursor.eat(Word::Of)) {
        return None;
    }
    let next = cursor.eat(Word::Next);
    if !next {
        let _ = cursor.eat(Word::The) || cursor.eat(Word::This);
    }
    match cursor.take()? {
        Word::Span(Span::Month) => first.checked_add_months(Months::new(1 + u32::from(next)))?.pred_opt(),
        Word::Span(Span::Year) => NaiveDate::from_ymd_opt(today.year() + i32::from(next), 12, 31),
        _ => None,
    }
}

/// Of the prepositions, only this phrase has `at`.
fn at_the_end(cursor: &mut Cursor<'_>, context: &Context) -> Option<Day> {
    cursor.attempt(|ahead| {
        let led = ahead.eat(Word::At);
        led.then(|| end_of(ahead, context.now.date())).flatten().map(Day::from)
    })
}

/// `on the 15th`: the next one, today included. Not `on the 2nd floor`.
fn day_of_month(cursor: &mut Cursor<'_>, today: NaiveDate, introduced: bool) -> Option<NaiveDate> {
    cursor.eat(Word::The);
    let Word::Ordinal(day) = cursor.take()? else {
        return None;
    };
    if !introduced || !cursor.at_an_end() {
        return None;
    }
    today.iter_days().take(62).find(|date| date.day() == u32::from(day))
}
