//! When something is due, in the words that people use for it.

use super::intl::{self, Style};
use super::zone;
use crate::browser;
use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use shared::due::{Due, Zone};
use shared::quick_add::Context;

/// A look at the clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Milliseconds since 1970.
    pub instant: f64,
    /// What the person's own clock shows.
    pub local: NaiveDateTime,
}

impl Clock {
    /// Now.
    pub fn now() -> Self {
        let instant = browser::now();
        Self {
            instant,
            local: zone::local(instant),
        }
    }

    /// The person's today.
    pub fn today(self) -> NaiveDate {
        self.local.date()
    }

    /// Milliseconds until the person's tomorrow: when what was today is no more.
    pub fn until_midnight(self) -> f64 {
        let midnight = self.today().succ_opt().map(|day| day.and_time(NaiveTime::MIN));
        let next = midnight.and_then(|midnight| zone::instant(midnight, &zone::own()));
        next.map_or(3_600_000.0, |next| (next - self.instant).max(0.0))
    }
}

/// The zone that the person's clock is set to.
pub fn own_zone() -> Zone {
    // The browser's own name for it could only fail to be one if the database had changed its alphabet.
    Zone::parse(&zone::own())
        .or_else(|_| Zone::parse("UTC"))
        .unwrap_or_else(|_| unreachable!("UTC is a zone"))
}

/// What quick add needs to know of here and now.
pub fn quick_add_context(clock: Clock) -> Context {
    Context {
        now: clock.local,
        zone: own_zone(),
        numeric_dates: intl::numeric_dates(),
    }
}

/// How urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// The day or the moment has passed.
    Overdue,
    /// Today, and not past.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// Within a week.
    Soon,
    /// After that.
    Later,
}

impl Urgency {
    /// For the stylesheet: `due-{name}`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Tomorrow => "tomorrow",
            Self::Soon => "soon",
            Self::Later => "later",
        }
    }
}

/// How one says when something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueWords {
    /// `tomorrow 9:00`, `Fri`, `24 Dec 2027`
    pub text: String,
    /// In full, and with its zone if that is another one: for the tooltip.
    pub title: String,
    /// For programs: the value of `<time datetime>`.
    pub machine: String,
    /// How urgent it is.
    pub urgency: Urgency,
}

/// How one says when something is due.
pub fn words(due: &Due, clock: Clock) -> DueWords {
    let shown = own_moment(due);
    let date = shown.date();
    let said = said(date, clock.today());
    let mut text = match said {
        Said::Days(days) => intl::write_days_away(days),
        Said::Weekday => intl::write_date(date, Style::Weekday),
        Said::Day => intl::write_date(date, Style::Day),
        Said::DayAndYear => intl::write_date(date, Style::DayAndYear),
    };
    let mut title = intl::write_date(date, Style::Full);
    let mut machine = date.to_string();
    if let (Some(time), Some(zone)) = (due.time(), due.zone()) {
        let written = intl::write(shown, Style::Time);
        text = format!("{text} {written}");
        title = format!("{title}, {written}");
        if zone.as_str() != zone::own() {
            let there = intl::write(due.date().and_time(time), Style::Time);
            title = format!("{title} ({there} in {})", zone.as_str());
        }
        machine = zone::instant(due.date().and_time(time), zone.as_str()).map_or(machine, |instant| {
            zone::utc(instant).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
        });
    }
    DueWords {
        text,
        title,
        machine,
        urgency: urgency(due, clock),
    }
}

/// How urgent it is.
pub fn urgency(due: &Due, clock: Clock) -> Urgency {
    if is_overdue(due, clock) {
        return Urgency::Overdue;
    }
    match own_moment(due).date().signed_duration_since(clock.today()).num_days() {
        ..1 => Urgency::Today,
        1 => Urgency::Tomorrow,
        2..7 => Urgency::Soon,
        _ => Urgency::Later,
    }
}

/// Whether the day is over, or the moment has passed.
pub fn is_overdue(due: &Due, clock: Clock) -> bool {
    let (date, today) = (due.date(), clock.today());
    let Some(time) = due.time() else {
        return date < today;
    };
    // No two clocks are further apart than 26 hours: most dates need no look at a zone.
    if (date - today).abs() > TimeDelta::days(2) {
        return date < today;
    }
    let moment = date.and_time(time);
    let instant = due.zone().and_then(|zone| zone::instant(moment, zone.as_str()));
    instant.map_or(moment < clock.local, |instant| instant < clock.instant)
}

/// A day is the same everywhere; a moment is shown as the person's own clock will show it.
pub fn own_moment(due: &Due) -> NaiveDateTime {
    let there = due.date().and_time(due.time().unwrap_or(NaiveTime::MIN));
    let instant = due.zone().and_then(|zone| zone::instant(there, zone.as_str()));
    instant.map_or(there, zone::local)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Days(i32),
    Weekday,
    Day,
    DayAndYear,
}

/// A weekday means the next one: of a day that has passed it would say the wrong thing.
fn said(date: NaiveDate, today: NaiveDate) -> Said {
    match (date - today).num_days() {
        -1 => Said::Days(-1),
        0 => Said::Days(0),
        1 => Said::Days(1),
        2..7 => Said::Weekday,
        _ if date.year() == today.year() => Said::Day,
        // The turn of the year is no reason to say which one, while it is near.
        7..92 => Said::Day,
        _ => Said::DayAndYear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn clock(text: &str) -> Clock {
        let local: NaiveDateTime = text.parse().unwrap();
        Clock {
            instant: crate::dates::wall::wall(local),
            local,
        }
    }

    #[test]
    fn near_days_have_words_and_far_ones_dates() {
        for (date, expected) in [
            ("2026-11-20", Said::Days(-1)),
            ("2026-11-21", Said::Days(0)),
            ("2026-11-22", Said::Days(1)),
            ("2026-11-23", Said::Weekday),
            ("2026-11-27", Said::Weekday),
            ("2026-11-28", Said::Day),
            ("2026-11-19", Said::Day),
            ("2026-12-24", Said::Day),
            ("2027-01-03", Said::Day),
            ("2027-12-24", Said::DayAndYear),
            ("2025-12-24", Said::DayAndYear),
        ] {
            assert_eq!(said(day(date), day("2026-11-21")), expected, "{date}");
        }
    }

    #[test]
    fn a_day_is_overdue_when_it_is_over() {
        let due = Due::on(day("2026-11-21")).unwrap();
        assert!(!is_overdue(&due, clock("2026-11-21T23:59:59")));
        assert!(is_overdue(&due, clock("2026-11-22T00:00:00")));
    }
}
