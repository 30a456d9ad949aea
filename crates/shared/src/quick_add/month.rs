//! Phrases that name a day by its place in a month.

use super::cursor::Cursor;
use super::vocabulary::{Span, Word};
use crate::recurrence::{InMonth, MonthDays, Nth, NthWeekdays};

/// `second monday`, `last workday`, `last day`
pub(super) fn one_of_month(cursor: &mut Cursor<'_>) -> Option<InMonth> {
    cursor.attempt(|ahead| {
        let nth = nth(ahead)?;
        match ahead.take()? {
            Word::Weekday { day, .. } => Some(InMonth::Weekdays(NthWeekdays::one(nth, day))),
            Word::Workday => Some(InMonth::Workday(nth)),
            Word::Working => ahead.eat(Word::Span(Span::Day)).then_some(InMonth::Workday(nth)),
            Word::Span(Span::Day) => {
                let day = u32::try_from(nth.get()).map_or(Some(MonthDays::LAST), MonthDays::day);
                day.map(InMonth::Days)
            }
            _ => None,
        }
    })
}

pub(super) fn nth(cursor: &mut Cursor<'_>) -> Option<Nth> {
    match cursor.take()? {
        Word::Ordinal(number) | Word::Nth(number) => Nth::new(number),
        Word::Last => Some(Nth::Last),
        _ => None,
    }
}
