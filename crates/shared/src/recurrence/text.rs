//! The text form of a recurrence, both ways.

use super::{
    Count, End, InMonth, Interval, MonthDays, Months, Nth, NthWeekdays, Pattern, Recurrence, RecurrenceError as Error,
    Rule, Unit, WORKDAYS,
};
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
    by_set_pos: Option<&'a str>,
    wkst: Option<&'a str>,
}

impl Recurrence {
    /// Characters at most. The longest canonical text has about 180.
    pub const MAX: usize = 200;

    /// Reads the text form. Upper and lower case are the same (RFC 5545 §2), the order of the parts is free, and what
    /// says nothing (`INTERVAL=1`, `WKST` where no week is stepped over) may be there.
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
        let interval = match parts.interval {
            None => Interval::ONE,
            Some(text) => number(text).and_then(Interval::new).ok_or(Error::Interval)?,
        };
        let mut rule = Rule {
            interval,
            ..Rule::new(pattern(&parts, interval)?)
        };
        if let Some(day) = parts.wkst {
            rule = rule.with_week_start(weekday(day).ok_or(Error::Part)?);
        }
        rule.end = match (parts.until, parts.count) {
            (None, None) => End::Never,
            (Some(text), None) => End::Until(basic_date(text).ok_or(Error::Until)?),
            (None, Some(text)) => End::Count(number(text).and_then(Count::new).ok_or(Error::Count)?),
            (Some(_), Some(_)) => return Err(Error::TwoEnds),
        };
        Ok(Self::Rule(rule))
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
            "BYSETPOS" => &mut parts.by_set_pos,
            "WKST" => &mut parts.wkst,
            _ => return Err(Error::Part),
        };
        if place.replace(value).is_some() {
            return Err(Error::Twice);
        }
    }
    Ok(parts)
}

fn pattern(parts: &Parts<'_>, interval: Interval) -> Result<Pattern, Error> {
    let freq = parts.freq.ok_or(Error::Form)?;
    let months = parts
        .by_month
        .map(|months| months_of(months).ok_or(Error::ByMonth))
        .transpose()?;
    if freq == "WEEKLY" && months.is_none() && parts.by_month_day.is_none() && parts.by_set_pos.is_none() {
        let days = parts.by_day.map_or(Some(WeekdaySet::EMPTY), weekdays);
        return days.map(Pattern::Weekly).ok_or(Error::ByDay);
    }
    let days = match (parts.by_month_day, parts.by_day, parts.by_set_pos) {
        (None, None, None) => None,
        (Some(days), None, None) => Some(InMonth::Days(month_days(days).ok_or(Error::ByMonthDay)?)),
        (None, Some(days), _) if matches!(freq, "MONTHLY" | "YEARLY") => {
            Some(by_day(days, parts.by_set_pos).ok_or(Error::ByDay)?)
        }
        _ => return Err(if known(freq) { Error::Part } else { Error::Freq }),
    };
    match (freq, months, days) {
        ("DAILY", None, None) => Ok(Pattern::Daily),
        ("MONTHLY", None, None) => Ok(Pattern::Monthly),
        ("MONTHLY", None, Some(days)) => Ok(Pattern::Month(days)),
        ("YEARLY", None, None) => Ok(Pattern::Yearly),
        // Months of every year are the same whether the rule steps by months or by years.
        ("MONTHLY", Some(months), Some(days)) if interval == Interval::ONE => {
            Pattern::year(months, days).ok_or(Error::ByMonth)
        }
        ("YEARLY", Some(months), Some(days)) => Pattern::year(months, days).ok_or(Error::ByMonth),
        ("YEARLY", Some(_), None) | ("YEARLY", None, Some(InMonth::Days(_))) => Err(Error::ByMonth),
        (freq, ..) if known(freq) => Err(Error::Part),
        _ => Err(Error::Freq),
    }
}

fn known(freq: &str) -> bool {
    matches!(freq, "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY")
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

fn months_of(names: &str) -> Option<Months> {
    let month = |name: &str| Months::month(number(name)?.into());
    names.split(',').map(month).reduce(|a, b| Some(a?.union(b?))).flatten()
}

/// `2MO,4MO`, or `MO,TU,WE,TH,FR` of which `BYSETPOS` takes one.
fn by_day(names: &str, position: Option<&str>) -> Option<InMonth> {
    let Some(position) = position else {
        let one = |name: &str| {
            let (nth, day) = name.split_at_checked(name.len().checked_sub(2)?)?;
            Some(NthWeekdays::one(nth_of(nth)?, weekday(day)?))
        };
        let days = names.split(',').map(one).reduce(|a, b| a?.union(b?)).flatten();
        return days.map(InMonth::Weekdays);
    };
    let nth = nth_of(position)?;
    let days = weekdays(names)?;
    if days == WORKDAYS {
        return Some(InMonth::Workday(nth));
    }
    let single = days.single_day()?;
    Some(InMonth::Weekdays(NthWeekdays::one(nth, single)))
}

fn nth_of(text: &str) -> Option<Nth> {
    match text {
        "-1" => Some(Nth::Last),
        nth => Nth::new(u8::try_from(number(nth.strip_prefix('+').unwrap_or(nth))?).ok()?),
    }
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
            Pattern::Monthly | Pattern::Month(_) => "FREQ=MONTHLY",
            Pattern::Yearly | Pattern::Year(..) => "FREQ=YEARLY",
        })?;
        if self.interval != Interval::ONE {
            write!(f, ";INTERVAL={}", self.interval.get())?;
        }
        match self.pattern {
            Pattern::Weekly(days) if !days.is_empty() => {
                write_weekdays(days, f)?;
                if self.week_start != Weekday::Mon {
                    write!(f, ";WKST={}", weekday_code(self.week_start))?;
                }
            }
            Pattern::Month(days) => days.write(f)?,
            Pattern::Year(months, days) => {
                let mut before = ";BYMONTH=";
                for month in months.iter() {
                    write!(f, "{before}{month}")?;
                    before = ",";
                }
                days.write(f)?;
            }
            Pattern::Daily | Pattern::Weekly(_) | Pattern::Monthly | Pattern::Yearly => {}
        }
        match self.end {
            End::Never => Ok(()),
            End::Until(date) => write!(f, ";UNTIL={:04}{:02}{:02}", date.year(), date.month(), date.day()),
            End::Count(count) => write!(f, ";COUNT={}", count.get()),
        }
    }
}

impl InMonth {
    fn write(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => {
                let mut before = ";BYMONTHDAY=";
                for day in days.days() {
                    write!(f, "{before}{day}")?;
                    before = ",";
                }
                if days.last() {
                    write!(f, "{before}-1")?;
                }
                Ok(())
            }
            Self::Weekdays(days) => {
                let mut before = ";BYDAY=";
                for (nth, day) in days.iter() {
                    write!(f, "{before}{}{}", nth.get(), weekday_code(day))?;
                    before = ",";
                }
                Ok(())
            }
            Self::Workday(nth) => {
                write_weekdays(WORKDAYS, f)?;
                write!(f, ";BYSETPOS={}", nth.get())
            }
        }
    }
}

fn write_weekdays(days: WeekdaySet, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut before = ";BYDAY=";
    for (name, _) in WEEKDAYS.iter().filter(|(_, day)| days.contains(*day)) {
        write!(f, "{before}{name}")?;
        before = ",";
    }
    Ok(())
}

fn weekday_code(weekday: Weekday) -> &'static str {
    WEEKDAYS
        .iter()
        .find(|(_, day)| *day == weekday)
        .map_or("", |(name, _)| name)
}
