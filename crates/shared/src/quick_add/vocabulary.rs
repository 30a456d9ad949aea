//! What each word could mean somewhere in a phrase. A word is looked up once.

use super::lexer::name;
use crate::due::{digits, parse_date};
use chrono::{NaiveDate, Weekday};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// `9am`: hour and minute as written, and whether it is after noon if the word says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) pm: Option<bool>,
}

/// What a word could mean. Most mean nothing by themselves: `on` is [`Word::On`] in every line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// No meaning: a word of the title.
    Plain,
    /// Digits.
    Number(u16),
    /// A number as a word, which counts things but is no day of a month.
    Count(u16),
    Ordinal(u8),
    /// `first` to `fifth`, which are ordinals as words.
    Nth(u8),
    Last,
    Weekday {
        day: Weekday,
        sure: bool,
    },
    Workday,
    Weekend,
    Month(u32),
    Span(Span),
    Every,
    EveryAdverb(Adverb),
    Alternate,
    On,
    At,
    By,
    DueBy,
    In,
    The,
    Of,
    A,
    From,
    Starting,
    Now,
    Today,
    Tonight,
    Tomorrow,
    /// `tom`, which is also somebody's name.
    Tom,
    After,
    Completion,
    Until,
    For,
    Times,
    Next,
    This,
    End,
    EndOfMonth,
    And,
    Noon,
    Midnight,
    Meridiem {
        pm: bool,
    },
    Part(Part),
    Clock(Clock),
    Date(NaiveDate),
    /// `24/12`, `24/12/2026`
    Slashed(u32, u32, Option<i32>),
    /// 0 (none) to 3 (high)
    Priority(u8),
    /// `#name`
    List,
    /// `@name`
    Tag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Adverb {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// Looks a word up.
pub(super) fn classify(text: &str) -> Word {
    match text.as_bytes() {
        [b'#', ..] => name(text).map_or(Word::Plain, |_| Word::List),
        [b'@', ..] => name(text).map_or(Word::Plain, |_| Word::Tag),
        [b'0'..=b'9', ..] => numeric(text),
        // No word that means something is longer.
        bytes if bytes.len() <= 12 && bytes.is_ascii() => {
            // A name, where nobody writes the short form of tomorrow with a capital.
            if text == "Tom" {
                Word::Plain
            } else {
                word(&text.to_ascii_lowercase())
            }
        }
        _ => Word::Plain,
    }
}

fn numeric(text: &str) -> Word {
    let bytes = text.as_bytes();
    if let Some(number) = digits(bytes) {
        // Longer numbers are none that count days, but somebody's telephone.
        return u16::try_from(number)
            .ok()
            .filter(|_| bytes.len() <= 4)
            .map_or(Word::Plain, Word::Number);
    }
    if text.len() > 10 || !text.is_ascii() {
        return Word::Plain;
    }
    let text = text.to_ascii_lowercase();
    parse_date(&text)
        .map(Word::Date)
        .or_else(|| ordinal(&text))
        .or_else(|| clock(&text))
        .or_else(|| slashed(&text))
        .unwrap_or(Word::Plain)
}

fn ordinal(text: &str) -> Option<Word> {
    let ending = ["st", "nd", "rd", "th"]
        .into_iter()
        .find_map(|ending| text.strip_suffix(ending));
    let number = u8::try_from(digits(ending?.as_bytes())?).ok()?;
    (1..=31).contains(&number).then_some(Word::Ordinal(number))
}

fn clock(text: &str) -> Option<Word> {
    let meridiem = [("am", false), ("pm", true)];
    let (time, pm) = meridiem
        .into_iter()
        .find_map(|(ending, pm)| Some((text.strip_suffix(ending)?, Some(pm))))
        .unwrap_or((text, None));
    let (hour, minute) = match time.split_once([':', '.']) {
        // `9.30` alone is a price or a version.
        Some((_, minute)) if minute.len() != 2 || pm.is_none() && time.contains('.') => return None,
        Some((hour, minute)) => (hour, digits(minute.as_bytes())?),
        None if pm.is_some() => (time, 0),
        None => return None,
    };
    let hour = digits(hour.as_bytes()).filter(|_| hour.len() <= 2)?;
    let hours = if pm.is_some() { 1..=12 } else { 0..=23 };
    (hours.contains(&hour) && minute <= 59).then_some(Word::Clock(Clock { hour, minute, pm }))
}

fn slashed(text: &str) -> Option<Word> {
    let (first, rest) = text.split_once('/')?;
    let (second, year) = match rest.split_once('/') {
        Some((second, year)) => (second, Some(year)),
        None => (rest, None),
    };
    let number = |text: &str| digits(text.as_bytes()).filter(|_| text.len() <= 2);
    let year = match year {
        None => None,
        Some(year) if year.len() == 2 => Some(2000 + i32::try_from(digits(year.as_bytes())?).ok()?),
        Some(year) if year.len() == 4 => Some(i32::try_from(digits(year.as_bytes())?).ok()?),
        Some(_) => return None,
    };
    // Round the clock, not the 24th of July.
    if text == "24/7" {
        return None;
    }
    Some(Word::Slashed(number(first)?, number(second)?, year))
}

fn word(text: &str) -> Word {
    use Word::{Count, Month, Nth, Part as OfDay, Span as Of};
    let sure = |day| Word::Weekday { day, sure: true };
    // Also a verb, a star, a friend in French.
    let unsure = |day| Word::Weekday { day, sure: false };
    match text {
        "today" | "tod" => Word::Today,
        "tonight" => Word::Tonight,
        "tomorrow" | "tmr" | "tmrw" => Word::Tomorrow,
        "tom" => Word::Tom,
        "monday" | "mondays" => sure(Weekday::Mon),
        "tuesday" | "tuesdays" | "tue" | "tues" => sure(Weekday::Tue),
        "wednesday" | "wednesdays" | "weds" => sure(Weekday::Wed),
        "thursday" | "thursdays" | "thu" | "thur" | "thurs" => sure(Weekday::Thu),
        "friday" | "fridays" | "fri" => sure(Weekday::Fri),
        "saturday" | "saturdays" => sure(Weekday::Sat),
        "sunday" | "sundays" => sure(Weekday::Sun),
        "mon" => unsure(Weekday::Mon),
        "wed" => unsure(Weekday::Wed),
        "sat" => unsure(Weekday::Sat),
        "sun" => unsure(Weekday::Sun),
        "weekday" | "weekdays" | "workday" | "workdays" => Word::Workday,
        "weekend" | "weekends" => Word::Weekend,
        "january" | "jan" => Month(1),
        "february" | "feb" => Month(2),
        "march" | "mar" => Month(3),
        "april" | "apr" => Month(4),
        "may" => Month(5),
        "june" | "jun" => Month(6),
        "july" | "jul" => Month(7),
        "august" | "aug" => Month(8),
        "september" | "sep" | "sept" => Month(9),
        "october" | "oct" => Month(10),
        "november" | "nov" => Month(11),
        "december" | "dec" => Month(12),
        "minute" | "minutes" | "min" | "mins" => Of(Span::Minute),
        "hour" | "hours" => Of(Span::Hour),
        "day" | "days" => Of(Span::Day),
        "week" | "weeks" => Of(Span::Week),
        "month" | "months" => Of(Span::Month),
        "year" | "years" => Of(Span::Year),
        "morning" => OfDay(Part::Morning),
        "afternoon" => OfDay(Part::Afternoon),
        "evening" => OfDay(Part::Evening),
        "night" => OfDay(Part::Night),
        "daily" => Word::EveryAdverb(Adverb::Daily),
        "weekly" => Word::EveryAdverb(Adverb::Weekly),
        "monthly" => Word::EveryAdverb(Adverb::Monthly),
        "yearly" | "annually" => Word::EveryAdverb(Adverb::Yearly),
        "one" => Count(1),
        "two" => Count(2),
        "three" => Count(3),
        "four" => Count(4),
        "five" => Count(5),
        "six" => Count(6),
        "seven" => Count(7),
        "eight" => Count(8),
        "nine" => Count(9),
        "ten" => Count(10),
        "first" => Nth(1),
        "second" => Nth(2),
        "third" => Nth(3),
        "fourth" => Nth(4),
        "fifth" => Nth(5),
        "last" => Word::Last,
        "p1" => Word::Priority(3),
        "p2" => Word::Priority(2),
        "p3" => Word::Priority(1),
        "p4" => Word::Priority(0),
        "am" | "a.m" => Word::Meridiem { pm: false },
        "pm" | "p.m" => Word::Meridiem { pm: true },
        "noon" => Word::Noon,
        "midnight" => Word::Midnight,
        "every" => Word::Every,
        "other" => Word::Alternate,
        "on" => Word::On,
        "at" => Word::At,
        "by" => Word::By,
        "due" => Word::DueBy,
        "in" => Word::In,
        "the" => Word::The,
        "of" => Word::Of,
        "a" | "an" => Word::A,
        "from" => Word::From,
        "starting" => Word::Starting,
        "now" => Word::Now,
        "after" => Word::After,
        "completion" | "completing" | "done" => Word::Completion,
        "until" | "till" => Word::Until,
        "for" => Word::For,
        "time" | "times" => Word::Times,
        "next" => Word::Next,
        "this" => Word::This,
        "end" => Word::End,
        "eom" => Word::EndOfMonth,
        "and" | "&" => Word::And,
        _ => Word::Plain,
    }
}
