//! A recurrence as a person says it, in words that quick add understands.

use super::{End, Interval, Nth, NthFromStart, Pattern, Recurrence, Rule, Unit, month_name};
use chrono::{Datelike as _, Weekday, WeekdaySet};

impl Recurrence {
    /// English, to stand within a sentence: `every 2 weeks on Monday and Friday`, `3 days after completion`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Rule(rule) => rule.sentence(),
            Self::AfterCompletion(interval, unit) => format!("{} after completion", units(*interval, *unit)),
        }
    }
}

impl Rule {
    fn sentence(&self) -> String {
        let days = match self.pattern {
            Pattern::Daily => self.every(Unit::Day),
            Pattern::Weekly(days) => self.weekly(days),
            Pattern::Monthly => self.every(Unit::Month),
            Pattern::MonthDays(days) => {
                let last = days.last().then(|| "last day".to_owned());
                let days: Vec<_> = days.days().map(ordinal).chain(last).collect();
                format!("{} on the {}", self.every(Unit::Month), and(&days))
            }
            Pattern::MonthWeekday(nth, day) => {
                format!(
                    "{} on the {} {}",
                    self.every(Unit::Month),
                    nth_name(nth),
                    weekday_name(day)
                )
            }
            Pattern::Yearly => self.every(Unit::Year),
            Pattern::YearDay(day) => {
                format!(
                    "{} on {} {}",
                    self.every(Unit::Year),
                    day.day(),
                    month_name(day.month())
                )
            }
        };
        match self.end {
            End::Never => days,
            End::Until(date) => format!(
                "{days} until {} {} {}",
                date.day(),
                month_name(date.month()),
                date.year()
            ),
            End::Count(count) if count.get() == 1 => format!("{days} for 1 time"),
            End::Count(count) => format!("{days} for {} times", count.get()),
        }
    }

    fn weekly(&self, days: WeekdaySet) -> String {
        let every = self.every(Unit::Week);
        if days.is_empty() {
            return every;
        }
        let weekdays = WeekdaySet::ALL.difference(WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]));
        let names: Vec<_> = days
            .iter(Weekday::Mon)
            .map(|day| weekday_name(day).to_owned())
            .collect();
        match self.interval {
            Interval::ONE if days == weekdays => "every weekday".to_owned(),
            Interval::ONE => format!("every {}", and(&names)),
            _ => format!("{every} on {}", and(&names)),
        }
    }

    fn every(&self, unit: Unit) -> String {
        match self.interval {
            Interval::ONE => format!("every {}", unit_name(unit)),
            interval => format!("every {}", units(interval, unit)),
        }
    }
}

fn units(interval: Interval, unit: Unit) -> String {
    let plural = if interval == Interval::ONE { "" } else { "s" };
    format!("{} {}{plural}", interval.get(), unit_name(unit))
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    }
}

fn nth_name(nth: Nth) -> &'static str {
    match nth {
        Nth::FromStart(NthFromStart(1)) => "first",
        Nth::FromStart(NthFromStart(2)) => "second",
        Nth::FromStart(NthFromStart(3)) => "third",
        Nth::FromStart(NthFromStart(4)) => "fourth",
        Nth::FromStart(_) => "fifth",
        Nth::Last => "last",
    }
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// `a`, `a and b`, `a, b and c`.
fn and(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}
