//! The text form of a recurrence, both ways.

use super::{Count, End, Interval, MonthDays, Nth, Pattern, Recurrence, RecurrenceError as Error, Rule, Unit, YearDay};
use crate::due::digits;
use chrono::{Datelike as _, NaiveDate, Weekday, WeekdaySet};
use std::fmt;

const AFTER_COMPLETION: &str = "AFTER-COMPLETION=";

/// In the order of the week, as RFC 5545 names them.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

const UNITS: [(char, Unit); 4] = [
    ('D', Unit::Day),
    ('W', Unit::Week),
    ('M', Unit::Month),
    ('Y', Unit::Year),
];

/// The parts of a rule as they stand in the text.
#[derive(Default)]
struct Parts<'a> {
    freq: Option<&'a str>,
    interval: Option<&'a str>,
    until: Option<&'a str>,
    count: Option<&'a str>,
    by_day: Option<&'a str>,
    by_month_day: Option<&'a str>,
    by_month: Option<&'a str>,
    wkst: Option<&'a str>,
}

impl Recurrence {
    /// Characters at most. The longest canonical text has about 130.
    pub const MAX: usize = 200;

    /// Reads the text form. Upper and lower case are the same (RFC 5545 §2), the order of the parts is free, and what
    /// says nothing (`INTERVAL=1`, `WKST=MO`) may be there.
    ///
    /// # Errors
    /// If the text is no rule, or one outside the subset that [`Recurrence`] describes.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > Self::MAX || !text.is_ascii() {
            return Err(Error::Form);
        }
        let text = text.to_ascii_uppercase();
        if let Some(duration) = text.strip_prefix(AFTER_COMPLETION) {
            return after_completion(duration).ok_or(Error::Duration);
        }
        let parts = split(&text)?;
        Ok(Self::Rule(Rule {
            pattern: pattern(&parts)?,
            interval: match parts.interval {
                None => Interval::ONE,
                Some(text) => number(text).and_then(Interval::new).ok_or(Error::Interval)?,
            },
            end: match (parts.until, parts.count) {
                (None, None) => End::Never,
                (Some(text), None) => End::Until(basic_date(text).ok_or(Error::Until)?),
                (None, Some(text)) => End::Count(number(text).and_then(Count::new).ok_or(Error::Count)?),
                (Some(_), Some(_)) => return Err(Error::TwoEnds),
            },
        }))
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => rule.write(f),
            Self::AfterCompletion(interval, unit) => {
                let letter = UNITS
                    .iter()
                    .find(|(_, other)| other == unit)
                    .map_or('D', |(letter, _)| *letter);
                write!(f, "{AFTER_COMPLETION}P{}{letter}", interval.get())
            }
        }
    }
}

fn split(text: &str) -> Result<Parts<'_>, Error> {
    let mut parts = Parts::default();
    for part in text.split(';') {
        let (name, value) = part.split_once('=').ok_or(Error::Form)?;
        let place = match name {
            "FREQ" => &mut parts.freq,
            "INTERVAL" => &mut parts.interval,
            "UNTIL" => &mut parts.until,
            "COUNT" => &mut parts.count,
            "BYDAY" => &mut parts.by_day,
            "BYMONTHDAY" => &mut parts.by_month_day,
            "BYMONTH" => &mut parts.by_month,
            "WKST" => &mut parts.wkst,
            _ => return Err(Error::Part),
        };
        if place.replace(value).is_some() {
            return Err(Error::Twice);
        }
    }
    match parts.wkst {
        None | Some("MO") => Ok(parts),
        Some(_) => Err(Error::Part),
    }
}

fn pattern(parts: &Parts<'_>) -> Result<Pattern, Error> {
    let by = (parts.by_month, parts.by_month_day, parts.by_day);
    match (parts.freq.ok_or(Error::Form)?, by) {
        ("DAILY", (None, None, None)) => Ok(Pattern::Daily),
        ("WEEKLY", (None, None, None)) => Ok(Pattern::Weekly(WeekdaySet::EMPTY)),
        ("WEEKLY", (None, None, Some(days))) => weekdays(days).map(Pattern::Weekly).ok_or(Error::ByDay),
        ("MONTHLY", (None, None, None)) => Ok(Pattern::Monthly),
        ("MONTHLY", (None, Some(days), None)) => month_days(days).map(Pattern::MonthDays).ok_or(Error::ByMonthDay),
        ("MONTHLY", (None, None, Some(day))) => {
            let (nth, weekday) = nth_weekday(day).ok_or(Error::ByDay)?;
            Ok(Pattern::MonthWeekday(nth, weekday))
        }
        ("YEARLY", (None, None, None)) => Ok(Pattern::Yearly),
        ("YEARLY", (Some(month), Some(day), None)) => {
            let day = number(month)
                .zip(number(day))
                .and_then(|(month, day)| YearDay::new(month.into(), day.into()));
            day.map(Pattern::YearDay).ok_or(Error::ByMonth)
        }
        ("YEARLY", (Some(_), None, None) | (None, Some(_), None)) => Err(Error::ByMonth),
        ("DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY", _) => Err(Error::Part),
        _ => Err(Error::Freq),
    }
}

fn number(text: &str) -> Option<u16> {
    digits(text.as_bytes()).and_then(|number| u16::try_from(number).ok())
}

/// The basic format of ISO 8601, as in RFC 5545 §3.3.4.
fn basic_date(text: &str) -> Option<NaiveDate> {
    let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    let day = (day.len() == 2).then(|| digits(day.as_bytes()))??;
    let date = NaiveDate::from_ymd_opt(number(year)?.into(), digits(month.as_bytes())?, day)?;
    (date.year() >= 1000).then_some(date)
}

fn weekday(name: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(other, _)| *other == name).map(|(_, day)| *day)
}

fn weekdays(names: &str) -> Option<WeekdaySet> {
    names.split(',').try_fold(WeekdaySet::EMPTY, |mut days, name| {
        days.insert(weekday(name)?);
        Some(days)
    })
}

fn month_days(names: &str) -> Option<MonthDays> {
    let day = |name: &str| match name {
        "-1" => Some(MonthDays::LAST),
        name => MonthDays::day(number(name)?.into()),
    };
    names.split(',').map(day).reduce(|a, b| Some(a?.union(b?))).flatten()
}

fn nth_weekday(name: &str) -> Option<(Nth, Weekday)> {
    let (nth, day) = name.split_at_checked(name.len().checked_sub(2)?)?;
    let nth = match nth {
        "-1" => Nth::Last,
        nth => Nth::new(u8::try_from(number(nth.strip_prefix('+').unwrap_or(nth))?).ok()?)?,
    };
    Some((nth, weekday(day)?))
}

fn after_completion(duration: &str) -> Option<Recurrence> {
    let duration = duration.strip_prefix('P')?;
    let (letter, unit) = UNITS.into_iter().find(|(letter, _)| duration.ends_with(*letter))?;
    let interval = Interval::new(number(duration.strip_suffix(letter)?)?)?;
    Some(Recurrence::AfterCompletion(interval, unit))
}

impl Rule {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.pattern {
            Pattern::Daily => "FREQ=DAILY",
            Pattern::Weekly(_) => "FREQ=WEEKLY",
            Pattern::Monthly | Pattern::MonthDays(_) | Pattern::MonthWeekday(..) => "FREQ=MONTHLY",
            Pattern::Yearly | Pattern::YearDay(_) => "FREQ=YEARLY",
        })?;
        if self.interval != Interval::ONE {
            write!(f, ";INTERVAL={}", self.interval.get())?;
        }
        match self.pattern {
            Pattern::Weekly(days) if !days.is_empty() => {
                let mut before = ";BYDAY=";
                for (name, _) in WEEKDAYS.iter().filter(|(_, day)| days.contains(*day)) {
                    write!(f, "{before}{name}")?;
                    before = ",";
                }
            }
            Pattern::MonthDays(days) => {
                let mut before = ";BYMONTHDAY=";
                for day in days.days() {
                    write!(f, "{before}{day}")?;
                    before = ",";
                }
                if days.last() {
                    write!(f, "{before}-1")?;
                }
            }
            Pattern::MonthWeekday(nth, weekday) => {
                let name = WEEKDAYS
                    .iter()
                    .find(|(_, day)| *day == weekday)
                    .map_or("", |(name, _)| name);
                write!(f, ";BYDAY={}{name}", nth.get())?;
            }
            Pattern::YearDay(day) => write!(f, ";BYMONTH={};BYMONTHDAY={}", day.month(), day.day())?,
            Pattern::Daily | Pattern::Weekly(_) | Pattern::Monthly | Pattern::Yearly => {}
        }
        match self.end {
            End::Never => Ok(()),
            End::Until(date) => write!(f, ";UNTIL={:04}{:02}{:02}", date.year(), date.month(), date.day()),
            End::Count(count) => write!(f, ";COUNT={}", count.get()),
        }
    }
}
