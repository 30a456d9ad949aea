//! A recurrence as a person says it, in words that quick add understands.

use super::{End, InMonth, Interval, Months, Nth, NthFromStart, Pattern, Recurrence, Rule, Unit, WORKDAYS, month_name};
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
            Pattern::Month(days) => self.every(Unit::Month) + " on the " + &in_month(days),
            Pattern::Yearly => self.every(Unit::Year),
            Pattern::Year(months, days) => self.every(Unit::Year) + &in_year(months, days),
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
        let names: Vec<_> = days
            .iter(Weekday::Mon)
            .map(|day| weekday_name(day).to_owned())
            .collect();
        match self.interval {
            Interval::ONE if days == WORKDAYS => "every weekday".to_owned(),
            Interval::ONE => format!("every {}", and(&names)),
            _ => {
                let weeks = match self.week_start {
                    Weekday::Mon => String::new(),
                    day => String::from(", in weeks from ") + weekday_name(day),
                };
                every + " on " + &and(&names) + &weeks
            }
        }
    }

    fn every(&self, unit: Unit) -> String {
        match self.interval {
            Interval::ONE => format!("every {}", unit_name(unit)),
            interval => format!("every {}", units(interval, unit)),
        }
    }
}

/// `1st, 15th and last day`, `second and fourth Monday`, `last workday`
fn in_month(days: InMonth) -> String {
    match days {
        InMonth::Days(days) => {
            let last = days.last().then(|| "last day".to_owned());
            let days: Vec<_> = days.days().map(ordinal).chain(last).collect();
            and(&days)
        }
        InMonth::Weekdays(days) => {
            let mut groups = Vec::new();
            for weekday in WeekdaySet::ALL.iter(Weekday::Mon) {
                let places: Vec<_> = days
                    .iter()
                    .filter(|(_, day)| *day == weekday)
                    .map(|(nth, _)| nth_name(nth).to_owned())
                    .collect();
                if !places.is_empty() {
                    groups.push(and(&places) + " " + weekday_name(weekday));
                }
            }
            and(&groups)
        }
        InMonth::Workday(nth) => nth_name(nth).to_owned() + " workday",
    }
}

/// ` on 24 December`, ` on the first Monday of January and July`
fn in_year(months: Months, days: InMonth) -> String {
    let names: Vec<_> = months.iter().map(|month| month_name(month).to_owned()).collect();
    if let (Some(month), InMonth::Days(days)) = (months.single(), days) {
        let mut numbered = days.days();
        if let (Some(day), None, false) = (numbered.next(), numbered.next(), days.last()) {
            return format!(" on {day} {}", month_name(month));
        }
    }
    String::from(" on the ") + &in_month(days) + " of " + &and(&names)
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
