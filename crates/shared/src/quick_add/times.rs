//! Phrases that name a time of day.

use super::cursor::Cursor;
use super::vocabulary::{Clock, Part, Word};
use chrono::NaiveTime;

/// A time of day as far as it was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Time {
    clock: Option<Reading>,
    part: Option<Part>,
}

/// What a clock shows, and whether that leaves the half of the day open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    hour: u8,
    minute: u8,
    half: Half,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// `9am`, `noon`
    Said,
    /// `9:30` is in the morning unless something else says it is not.
    Written,
    /// Nobody says `at 3` of the night.
    Open,
}

/// `9am`, `at 9`, `by 21:00`, `at 8 in the evening`, `in the morning`, `at noon`.
pub(super) fn time(cursor: &mut Cursor<'_>) -> Option<Time> {
    cursor.attempt(|ahead| {
        let before = ahead.attempt(part);
        let clock = ahead.attempt(reading);
        let part = before.or_else(|| clock.and_then(|_| ahead.attempt(part)));
        (clock.is_some() || part.is_some()).then_some(Time { clock, part })
    })
}

fn part(cursor: &mut Cursor<'_>) -> Option<Part> {
    let night = cursor.eat(Word::At);
    let led = night || cursor.eat(Word::In) && cursor.eat(Word::The);
    if !led {
        return None;
    }
    match cursor.take()? {
        Word::Part(part) if !night || part == Part::Night => Some(part),
        _ => None,
    }
}

fn reading(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let due = cursor.eat(Word::DueBy);
    let at = cursor.eat(Word::At);
    let _ = at || cursor.eat(Word::By) || due;
    let said = |hour, minute| Reading {
        hour,
        minute,
        half: Half::Said,
    };
    match cursor.take()? {
        Word::Noon => Some(said(12, 0)),
        Word::Midnight => Some(said(0, 0)),
        Word::Clock(clock) if !clock.sure && !at && !cursor.at_an_end() => None,
        Word::Clock(Clock {
            hour,
            minute,
            pm: Some(pm),
            ..
        }) => Some(said(of_twelve(hour, pm)?, minute)),
        Word::Clock(Clock { hour, minute, .. }) => match meridiem(cursor) {
            Some(pm) => Some(said(of_twelve(hour, pm)?, minute)),
            None => Some(Reading {
                hour,
                minute,
                half: Half::Written,
            }),
        },
        Word::Number(hour) => {
            let hour = u8::try_from(hour).ok()?;
            if let Some(pm) = meridiem(cursor) {
                return Some(said(of_twelve(hour, pm)?, 0));
            }
            // `look at 9 houses`
            (at && hour <= 23 && cursor.at_an_end()).then_some(Reading {
                hour,
                minute: 0,
                half: Half::Open,
            })
        }
        _ => None,
    }
}

fn meridiem(cursor: &mut Cursor<'_>) -> Option<bool> {
    cursor.attempt(|ahead| match ahead.take()? {
        Word::Meridiem { pm } => Some(pm),
        _ => None,
    })
}

fn of_twelve(hour: u8, pm: bool) -> Option<u8> {
    (1..=12).contains(&hour).then_some(hour % 12 + if pm { 12 } else { 0 })
}

impl Time {
    /// The time of day, where `part` is what the day's own phrase says (`monday evening`). `None` if nothing says any.
    pub(super) fn resolve(self, part: Option<Part>) -> Option<NaiveTime> {
        let part = self.part.or(part);
        let Some(Reading { hour, minute, half }) = self.clock else {
            return NaiveTime::from_hms_opt(usual_hour(part?), 0, 0);
        };
        // The night's midnight is the next day's; a minute before it still is tonight.
        if part == Some(Part::Night) && hour % 12 == 0 && minute == 0 {
            return NaiveTime::from_hms_opt(23, 59, 0);
        }
        let later = match (part, half) {
            (Some(Part::Afternoon | Part::Evening | Part::Night), Half::Written | Half::Open) => {
                (1..12).contains(&hour)
            }
            (None, Half::Open) => (1..=6).contains(&hour),
            _ => false,
        };
        NaiveTime::from_hms_opt(u32::from(hour) + if later { 12 } else { 0 }, minute.into(), 0)
    }
}

fn usual_hour(part: Part) -> u32 {
    match part {
        Part::Morning => 9,
        Part::Afternoon => 14,
        Part::Evening => 19,
        Part::Night => 20,
    }
}
