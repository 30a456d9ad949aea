//! Quick add: one line, read as it is typed, as a task.
//!
//! `pay rent every month on the 1st p1 #home @flat tomorrow 9am` is the task "pay rent" in the list "home" with the tag
//! "flat", of the highest priority, monthly, and first due tomorrow at nine.
//!
//! * **Signs** are Todoist's, whose users know them by heart: `#` is where a task belongs (there a project, here a list),
//!   `@` is a label (here a tag), `p1` to `p3` are priorities from the highest down, and `p4` is none. A name with spaces is
//!   quoted: `#"my home"`. A name of digits alone is none: `#123` is somebody's issue.
//! * **Quoted text** is left alone, and keeps its quotes: they may be meant (`read "Emma"`).
//! * **Of what there can be only one of**, the last wins, and what came before stays words: whoever adds `friday` to a line
//!   has thought again. A date and a time are two things; next to each other they are one chip.
//! * **Dates** are never in the past unless their year says so. A weekday is the next one and never today (`this` asks for
//!   today too); `next` takes it from the week, beginning on Monday, after this one. `24/12` has the day first
//!   unless [`Context::numeric_dates`] says otherwise, or only the other way round is a date; `24/7` is no date.
//! * **Times** alone are today, or tomorrow if they have passed. `at 1` to `at 6` are after noon; with a colon the clock has
//!   24 hours. Morning is 9:00, afternoon 14:00, evening 19:00, night 20:00. Midnight is the beginning of a day,
//!   but of `today` and `tonight` the end, a minute early so that the day stays right.
//! * **Two numbers** (`24/12`) are a date after `on`, `by`, `due`, `until`, `from`, with a year, or beside a time, or at an end
//!   of the line where they are no common fraction.
//! * **Half of a phrase** is worse than none: a phrase of which a part is not understood is left alone as a whole
//!   (`partial.rs`), and a day that is not understood lets no time beside it choose another day. A day that is misspelt
//!   (`tomorow`) is that day.
//! * **A recurrence** without a date is first due on its first day from today, or after it if the time has passed.
//! * **Words with two meanings** (`sun`, `mon`, `tom`, `weekly`, `at 9`) count only where a phrase could end, since what follows
//!   shows the other one: `buy sun cream`. `Tom` with a capital is somebody, `may` and `march` are months only beside a day.
//!
//! It is a grammar of our own, parsed by recursive descent (longest match, with backtracking) over the lexer's tokens, because
//! the crates that read such dates (chrono-english, natural-date-parser, whichtime) either do not say where in a line
//! something was found, or bring a regular-expression engine and time zones into the download.

mod context;
mod cursor;
mod dates;
mod lexer;
mod month;
mod name;
mod partial;
mod phrase;
mod repeats;
mod times;
mod title;
mod understood;
mod vocabulary;

#[cfg(test)]
mod phrases;
#[cfg(test)]
mod tests;

pub use context::{Context, NumericDates};
pub use understood::{Kind, QuickAdd, Understood};

use crate::due::Due;
use crate::recurrence::Recurrence;
use crate::tags::Tags;
use crate::text::lower_case;
use chrono::{NaiveDate, NaiveTime};
use cursor::Cursor;
use lexer::{Token, Trail};
use name::name;
use phrase::{Match, Meaning};
use repeats::Repeat;
use std::collections::HashSet;
use std::ops::Range;
use vocabulary::Word;

/// Reads a line, in time that grows with its length. What touches one of the byte ranges `as_words` stays words; they may
/// be any ranges, in any order.
#[must_use]
pub fn parse(line: &str, context: &Context, as_words: &[Range<usize>]) -> QuickAdd {
    let tokens = lexer::tokens(line, as_words);
    let mut read = QuickAdd::default();
    let mut kept = last_of_each(partial::without_partial(&tokens, phrases(&tokens, context)));
    let mut tags = HashSet::new();
    kept.retain(|phrase| {
        let name = tokens
            .get(phrase.words.start)
            .and_then(|token| name(line.get(token.range.clone())?));
        match phrase.meaning {
            Meaning::Priority(priority) => read.priority = Some(priority),
            Meaning::Repeat(repeat) => read.recurrence = Some(repeat.recurrence),
            Meaning::List => read.list = name.map(str::to_owned),
            Meaning::Tag => {
                // What looks like one more stays words.
                let Some(name) = name.filter(|_| tags.len() < Tags::MAX) else {
                    return false;
                };
                if tags.insert(lower_case(name)) {
                    read.tags.push(name.to_owned());
                }
            }
            Meaning::Day(_) | Meaning::Time(_) => {}
        }
        true
    });
    read.due = due(&kept, context);
    read.understood = understood(line, &tokens, &kept);
    read.title = title::title(line, &read.understood);
    read
}

/// Every phrase, in order. At each word the longest kinds are tried first; none reads further than its own words.
fn phrases(tokens: &[Token], context: &Context) -> Vec<Match> {
    let mut phrases = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let mut cursor = Cursor::new(tokens, at);
        if let Some(meaning) = phrase(&mut cursor, context) {
            phrases.push(Match {
                words: at..cursor.at(),
                meaning,
            });
            at = cursor.at();
        } else {
            at += 1;
        }
    }
    phrases
}

fn phrase(cursor: &mut Cursor<'_>, context: &Context) -> Option<Meaning> {
    let simple = match cursor.peek()? {
        // What most words are.
        Word::Plain | Word::Cited | Word::CitedName | Word::Impossible => return None,
        Word::Priority(priority) => Some(Meaning::Priority(priority)),
        Word::List => Some(Meaning::List),
        Word::Tag => Some(Meaning::Tag),
        _ => None,
    };
    if simple.is_some() {
        cursor.take();
        return simple;
    }
    repeats::repeat(cursor, context)
        .map(Meaning::Repeat)
        .or_else(|| dates::day(cursor, context).map(Meaning::Day))
        .or_else(|| times::time(cursor).map(Meaning::Time))
}

fn last_of_each(mut phrases: Vec<Match>) -> Vec<Match> {
    let mut seen = HashSet::new();
    phrases.reverse();
    // Tags are the one thing that there can be many of.
    phrases.retain(|phrase| {
        matches!(phrase.meaning, Meaning::Tag) || seen.insert(std::mem::discriminant(&phrase.meaning))
    });
    phrases.reverse();
    phrases
}

fn due(phrases: &[Match], context: &Context) -> Option<Due> {
    let mut day = None;
    let mut time = None;
    let mut repeat = None;
    for phrase in phrases {
        match phrase.meaning {
            Meaning::Day(said) => day = Some(said),
            Meaning::Time(said) => time = Some(said),
            Meaning::Repeat(said) => repeat = Some(said),
            Meaning::Priority(_) | Meaning::List | Meaning::Tag => {}
        }
    }
    let part = day.and_then(|day| day.part).or(repeat.and_then(|repeat| repeat.part));
    let time = match (time, day.and_then(|day| day.time)) {
        (None, Some(time)) => Some(time),
        (time, _) => time.unwrap_or_default().resolve(part),
    };
    let today = context.now.date();
    let time = match time {
        // The midnight of today that is still to come is not today's.
        Some(NaiveTime::MIN) if day.is_some_and(|day| day.date == today) => NaiveTime::from_hms_opt(23, 59, 0),
        time => time,
    };
    let first = match time {
        Some(time) if time <= context.now.time() => today.succ_opt()?,
        _ => today,
    };
    let date = match (day, repeat) {
        (Some(day), _) => day.date,
        (None, Some(repeat)) => first_day(repeat, first)?,
        (None, None) => time.map(|_| first)?,
    };
    match time {
        None => Due::on(date).ok(),
        Some(time) => Due::at(date, time, context.zone.clone()).ok(),
    }
}

fn first_day(repeat: Repeat, first: NaiveDate) -> Option<NaiveDate> {
    let from = repeat.start.unwrap_or(first);
    match repeat.recurrence {
        Recurrence::Rule(rule) => rule.first_from(from),
        Recurrence::AfterCompletion(..) => Some(from),
    }
}

fn understood(line: &str, tokens: &[Token], phrases: &[Match]) -> Vec<Understood> {
    let mut all: Vec<Understood> = Vec::with_capacity(phrases.len());
    let mut before: Option<&Match> = None;
    for phrase in phrases {
        let token = |at: usize| tokens.get(at);
        let (Some(first), Some(last)) = (token(phrase.words.start), token(phrase.words.end.saturating_sub(1))) else {
            continue;
        };
        let kind = phrase.meaning.kind();
        // A date and a time that are one to the person are one chip.
        let joined = before.is_some_and(|before| {
            before.words.end == phrase.words.start
                && (before.meaning.kind(), kind) == (Kind::Due, Kind::Due)
                && token(phrase.words.start.saturating_sub(1)).is_some_and(|token| token.trail == Trail::None)
        });
        let mut start = first.range.start;
        if joined && let Some(date) = all.pop() {
            start = date.range.start;
        }
        let range = start..last.range.end;
        all.push(Understood {
            text: line.get(range.clone()).unwrap_or_default().to_owned(),
            range,
            kind,
        });
        before = Some(phrase);
    }
    all
}
