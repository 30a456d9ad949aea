//! The vocabulary: what each token could mean somewhere in a phrase. A token is looked up once.

use super::name::name;
use crate::due::{digits, parse_date};
use crate::recurrence::WORKDAYS;
use chrono::{NaiveDate, Weekday, WeekdaySet};

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
    Fortnight,
    Month,
    Quarter,
    Year,
}

/// `9am`: hour and minute as written, and whether it is after noon if the word says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) pm: Option<bool>,
    /// Whether it is nothing else: `4p` is also an amount.
    pub(super) sure: bool,
}

/// What a word could mean. Most mean nothing by themselves: `on` is [`Word::On`] in every line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// No meaning: a word of the title.
    Plain,
    /// `chapter`, `genesis`: numbers after it are no dates and no times.
    Cited,
    /// `john`, who is also somebody: after it only odd minutes are verses.
    CitedName,
    /// It looks like a day or a time, but is none, or one of several: `24:00`, `2026-02-30`, `sonday`.
    Impossible,
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
    /// `mondays`, `weekends`: each of them.
    Plural(WeekdaySet),
    /// `mon-fri`, `tue/thu`
    Weekdays(WeekdaySet),
    Workday,
    /// `working`, `business`, before `day`
    Working,
    Weekend,
    Month(u8),
    Span(Span),
    Every,
    Each,
    /// `daily`, `biweekly`: every so many.
    EveryAdverb(u8, Span),
    Alternate,
    Except,
    On,
    At,
    By,
    DueBy,
    In,
    The,
    Of,
    A,
    From,
    To,
    Dash,
    Starting,
    Now,
    Yesterday,
    Today,
    Tonight,
    Tomorrow,
    /// `tom`, which is also somebody's name.
    Tom,
    Before,
    After,
    Completion,
    Until,
    For,
    Times,
    Next,
    This,
    Start,
    End,
    EndOfMonth,
    And,
    Or,
    Noon,
    Midnight,
    Meridiem {
        pm: bool,
    },
    Part(Part),
    Clock(Clock),
    Date(NaiveDate),
    /// `24/12`, `24/12/2026`
    Slashed(u8, u8, Option<u16>),
    /// 0 (none) to 3 (high)
    Priority(u8),
    /// `#name`
    List,
    /// `@name`
    Tag,
}

/// Looks a word up.
pub(super) fn classify(text: &str) -> Word {
    match text.as_bytes() {
        b"@" => Word::At,
        [b'#', ..] => name(text).map_or(Word::Plain, |_| Word::List),
        [b'@', ..] => match text.get(1..).map(numeric) {
            Some(Word::Clock(clock)) => Word::Clock(clock),
            _ => name(text).map_or(Word::Plain, |_| Word::Tag),
        },
        [b'0'..=b'9', ..] => numeric(text),
        // `'27`, with whichever apostrophe
        [b'\'', year @ ..] | [0xe2, 0x80, 0x99, year @ ..] if year.len() == 2 => {
            digits(year).map_or(Word::Plain, |year| number(2000 + year))
        }
        // A name, where nobody writes the short form of tomorrow with a capital.
        b"Tom" => Word::Plain,
        bytes if bytes.len() <= 40 => word(&text.to_ascii_lowercase()),
        _ => Word::Plain,
    }
}

fn number(number: u32) -> Word {
    u16::try_from(number).map_or(Word::Plain, Word::Number)
}

fn numeric(text: &str) -> Word {
    let bytes = text.as_bytes();
    if let Some(count) = digits(bytes) {
        // Longer numbers are none that count days, but somebody's telephone.
        return if bytes.len() <= 4 { number(count) } else { Word::Plain };
    }
    if text.len() > 10 || !text.is_ascii() {
        return Word::Plain;
    }
    let text = text.to_ascii_lowercase();
    ordinal(&text)
        .or_else(|| clock(&text))
        .or_else(|| numeric_date(&text))
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
    let endings = [("am", false), ("pm", true), ("a", false), ("p", true)];
    let (time, ending) = endings
        .into_iter()
        .find_map(|(ending, pm)| Some((text.strip_suffix(ending)?, Some((pm, ending.len() > 1)))))
        .unwrap_or((text, None));
    let (hour, minute, french) = match time.split_once([':', '.', 'h']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, digits(minute.as_bytes())?, time.contains('h')),
        // `4p`, but `4a` is a flat
        None if ending.is_some_and(|(pm, long)| pm || long) => (time, 0, false),
        _ => return None,
    };
    // `9.30` alone is a price or a version.
    if ending.is_none() && time.contains('.') || french && ending.is_some() {
        return None;
    }
    let hour = u8::try_from(digits(hour.as_bytes()).filter(|_| hour.len() <= 2)?).ok()?;
    // `2h30` is how long something takes.
    if french && hour < 7 {
        return None;
    }
    let hours = if ending.is_some() { 1..=12 } else { 0..=23 };
    if !hours.contains(&hour) || minute > 59 {
        return Some(Word::Impossible);
    }
    Some(Word::Clock(Clock {
        hour,
        minute: u8::try_from(minute).ok()?,
        pm: ending.map(|(pm, _)| pm),
        sure: time.len() > 2 || ending.is_none_or(|(_, long)| long),
    }))
}

/// `24/12`, `24/12/26`, `24.12.2026`, `24-12-2026`, `2026/12/24`
fn numeric_date(text: &str) -> Option<Word> {
    let separator = text.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    let real = |date: Option<NaiveDate>| Some(date.map_or(Word::Impossible, Word::Date));
    if first.len() == 4 {
        // As ISO 8601 has it, but for the separator.
        third?;
        return real(parse_date(&text.replace(['/', '.'], "-")));
    }
    // Round the clock, not the 24th of July.
    if parts.next().is_some() || text == "24/7" {
        return None;
    }
    let of_two = |text: &str| digits(text.as_bytes()).filter(|_| text.len() <= 2);
    let (day, month) = (of_two(first)?, of_two(second)?);
    let year = match third {
        Some(year) if year.len() == 4 => Some(digits(year.as_bytes())?),
        Some(year) if year.len() == 2 && separator == '/' => Some(2000 + digits(year.as_bytes())?),
        None if separator == '/' => None,
        // `1.2` is a version.
        _ => return None,
    };
    match (separator, year) {
        // Whoever writes points has the day first.
        ('.', Some(year)) => real(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)),
        _ => Some(Word::Slashed(
            u8::try_from(day).ok()?,
            u8::try_from(month).ok()?,
            year.and_then(|year| u16::try_from(year).ok()),
        )),
    }
}

fn word(text: &str) -> Word {
    let known = |(names, word): &(&str, Word)| names.split(' ').any(|name| name == text).then_some(*word);
    WORDS
        .iter()
        .find_map(known)
        .or_else(|| weekdays(text).map(Word::Weekdays))
        .or_else(|| misspelt(text))
        .unwrap_or(Word::Plain)
}

/// Days of the week in one token: `mon-fri`, `tue/thu`, `mon,wed,fri`.
fn weekdays(text: &str) -> Option<WeekdaySet> {
    let separator = text.chars().find(|c| matches!(c, '-' | '–' | '/' | '&' | '+' | ','))?;
    let mut days = WeekdaySet::EMPTY;
    let mut before = None;
    for name in text.split(separator) {
        let Word::Weekday { day, .. } = word(name) else {
            return None;
        };
        days = match before {
            Some(from) if matches!(separator, '-' | '–') => days.union(range(from, day)),
            _ => days.union(WeekdaySet::single(day)),
        };
        before = Some(day);
    }
    Some(days)
}

/// From one day of the week to another, whichever comes first in it.
pub(super) fn range(from: Weekday, to: Weekday) -> WeekdaySet {
    let days = WeekdaySet::ALL.iter(from);
    days.take(1 + to.days_since(from) as usize).collect()
}

/// A day with a letter too many, too few, wrong, or exchanged with its neighbour; of long names two of these. What could
/// as well be another day is none.
fn misspelt(text: &str) -> Option<Word> {
    let text = text.as_bytes();
    if !(5..=10).contains(&text.len()) || !text.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    for edits in 1..=2 {
        let mut found = None;
        for (names, word) in WORDS {
            let name = names.split(' ').next().unwrap_or_default().as_bytes();
            let is_day = matches!(
                word,
                Word::Today | Word::Tonight | Word::Tomorrow | Word::Weekday { sure: true, .. }
            );
            let close = edits == 1 || name.len() >= 8 && name.first() == text.first();
            if is_day && close && alike(name, text, edits) {
                // `xtomorrow` is somebody's word.
                if found.is_some() || text.len() > name.len() && name.first() != text.first() {
                    return Some(Word::Impossible);
                }
                found = Some(*word);
            }
        }
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Whether two words are at most so many edits apart (the optimal string alignment distance). It tries at most four
/// ways at each of the edits.
fn alike(a: &[u8], b: &[u8], edits: u8) -> bool {
    match (a, b) {
        ([x, a @ ..], [y, b @ ..]) if x == y => alike(a, b, edits),
        ([], []) => true,
        _ if edits == 0 => false,
        _ => {
            let (rest_a, rest_b) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
            let exchanged = a.len() > 1 && b.len() > 1 && a.first() == b.get(1) && a.get(1) == b.first();
            alike(rest_a, rest_b, edits - 1)
                || alike(rest_a, b, edits - 1) && !a.is_empty()
                || alike(a, rest_b, edits - 1) && !b.is_empty()
                || exchanged
                    && alike(
                        rest_a.get(1..).unwrap_or_default(),
                        rest_b.get(1..).unwrap_or_default(),
                        edits - 1,
                    )
        }
    }
}

const fn sure(day: Weekday) -> Word {
    Word::Weekday { day, sure: true }
}

/// Also a verb, a star, a friend in French.
const fn unsure(day: Weekday) -> Word {
    Word::Weekday { day, sure: false }
}

const fn every(day: Weekday) -> Word {
    Word::Plural(WeekdaySet::single(day))
}

/// All words, those of one meaning together. A table is a third of the download that a `match` would be.
static WORDS: &[(&str, Word)] = &[
    // Not misspelt.
    ("sundae sundry toady toddy todays frida munday", Word::Plain),
    (
        "ratio aspect chapter verse page part step psalm psalms genesis exodus romans proverbs corinthians ephesians \
         philippians galatians hebrews isaiah jeremiah revelation",
        Word::Cited,
    ),
    ("john luke mark matthew james peter acts", Word::CitedName),
    ("today tod", Word::Today),
    ("tonight tonite", Word::Tonight),
    ("tomorrow tmr tmrw", Word::Tomorrow),
    ("tom", Word::Tom),
    ("yesterday", Word::Yesterday),
    ("monday", sure(Weekday::Mon)),
    ("tuesday tue tues", sure(Weekday::Tue)),
    ("wednesday weds", sure(Weekday::Wed)),
    ("thursday thu thur thurs", sure(Weekday::Thu)),
    ("friday fri", sure(Weekday::Fri)),
    ("saturday", sure(Weekday::Sat)),
    ("sunday", sure(Weekday::Sun)),
    ("mon", unsure(Weekday::Mon)),
    ("wed", unsure(Weekday::Wed)),
    ("sat", unsure(Weekday::Sat)),
    ("sun", unsure(Weekday::Sun)),
    ("mondays", every(Weekday::Mon)),
    ("tuesdays", every(Weekday::Tue)),
    ("wednesdays", every(Weekday::Wed)),
    ("thursdays", every(Weekday::Thu)),
    ("fridays", every(Weekday::Fri)),
    ("saturdays", every(Weekday::Sat)),
    ("sundays", every(Weekday::Sun)),
    ("weekdays workdays", Word::Plural(WORKDAYS)),
    (
        "weekends",
        Word::Plural(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun])),
    ),
    ("weekday workday", Word::Workday),
    ("working business", Word::Working),
    ("weekend", Word::Weekend),
    ("january jan", Word::Month(1)),
    ("february feb", Word::Month(2)),
    ("march mar", Word::Month(3)),
    ("april apr", Word::Month(4)),
    ("may", Word::Month(5)),
    ("june jun", Word::Month(6)),
    ("july jul", Word::Month(7)),
    ("august aug", Word::Month(8)),
    ("september sep sept", Word::Month(9)),
    ("october oct", Word::Month(10)),
    ("november nov", Word::Month(11)),
    ("december dec", Word::Month(12)),
    ("minute minutes min mins", Word::Span(Span::Minute)),
    ("hour hours", Word::Span(Span::Hour)),
    ("day days", Word::Span(Span::Day)),
    ("week weeks", Word::Span(Span::Week)),
    ("fortnight fortnights", Word::Span(Span::Fortnight)),
    ("month months", Word::Span(Span::Month)),
    ("quarter quarters", Word::Span(Span::Quarter)),
    ("year years", Word::Span(Span::Year)),
    ("morning", Word::Part(Part::Morning)),
    ("afternoon", Word::Part(Part::Afternoon)),
    ("evening", Word::Part(Part::Evening)),
    ("night", Word::Part(Part::Night)),
    ("daily everyday", Word::EveryAdverb(1, Span::Day)),
    ("weekly", Word::EveryAdverb(1, Span::Week)),
    ("biweekly bi-weekly fortnightly", Word::EveryAdverb(2, Span::Week)),
    ("monthly", Word::EveryAdverb(1, Span::Month)),
    ("quarterly", Word::EveryAdverb(1, Span::Quarter)),
    ("yearly annually", Word::EveryAdverb(1, Span::Year)),
    ("one", Word::Count(1)),
    ("two", Word::Count(2)),
    ("three", Word::Count(3)),
    ("four", Word::Count(4)),
    ("five", Word::Count(5)),
    ("six", Word::Count(6)),
    ("seven", Word::Count(7)),
    ("eight", Word::Count(8)),
    ("nine", Word::Count(9)),
    ("ten", Word::Count(10)),
    ("first", Word::Nth(1)),
    ("second", Word::Nth(2)),
    ("third", Word::Nth(3)),
    ("fourth", Word::Nth(4)),
    ("fifth", Word::Nth(5)),
    ("last", Word::Last),
    ("p1", Word::Priority(3)),
    ("p2", Word::Priority(2)),
    ("p3", Word::Priority(1)),
    ("p4", Word::Priority(0)),
    ("am a.m", Word::Meridiem { pm: false }),
    ("pm p.m", Word::Meridiem { pm: true }),
    ("noon", Word::Noon),
    ("midnight", Word::Midnight),
    ("every", Word::Every),
    ("each", Word::Each),
    ("other", Word::Alternate),
    ("except excluding", Word::Except),
    ("on", Word::On),
    ("at", Word::At),
    ("by", Word::By),
    ("due", Word::DueBy),
    ("in", Word::In),
    ("the", Word::The),
    ("of", Word::Of),
    ("a an", Word::A),
    ("from", Word::From),
    ("to thru through", Word::To),
    ("- – —", Word::Dash),
    ("starting", Word::Starting),
    ("now", Word::Now),
    ("before", Word::Before),
    ("after", Word::After),
    ("completion completing done", Word::Completion),
    ("until till", Word::Until),
    ("for", Word::For),
    ("time times", Word::Times),
    ("next", Word::Next),
    ("this", Word::This),
    ("start beginning", Word::Start),
    ("end", Word::End),
    ("eom", Word::EndOfMonth),
    ("and &", Word::And),
    ("or", Word::Or),
];
