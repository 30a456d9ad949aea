//! The fields of a rule, each on its own.

use super::common::nth;
use chrono::{Datelike as _, Months, NaiveDate, Weekday, WeekdaySet};
use shared::recurrence::{Count, End, Interval, MonthDays, Pattern, Recurrence, Rule, Unit};

/// How a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Never,
    Until,
    Count,
}

/// What stands in the fields. What the chosen unit does not need is kept for when it is chosen again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Custom {
    pub(super) interval: Interval,
    pub(super) unit: Unit,
    pub(super) after_completion: bool,
    pub(super) weekdays: WeekdaySet,
    pub(super) monthly: Pattern,
    yearly: Pattern,
    week_start: Weekday,
    pub(super) ends: Ends,
    pub(super) until: NaiveDate,
    pub(super) count: Count,
}

impl Custom {
    /// The fields of a recurrence, or of none, of a task that is due on this day.
    pub(super) fn of(recurrence: Option<Recurrence>, day: NaiveDate) -> Self {
        let mut custom = Self {
            interval: Interval::ONE,
            unit: Unit::Day,
            after_completion: false,
            weekdays: WeekdaySet::single(day.weekday()),
            monthly: MonthDays::day(day.day()).map_or(Pattern::Monthly, Pattern::month_days),
            yearly: Pattern::year_day(day.month(), day.day()).unwrap_or(Pattern::Yearly),
            week_start: Weekday::Mon,
            ends: Ends::Never,
            until: day.checked_add_months(Months::new(3)).unwrap_or(day),
            count: Count::new(10).unwrap_or_else(|| unreachable!("10 is between 1 and 9999")),
        };
        match recurrence {
            None => {}
            Some(Recurrence::AfterCompletion(interval, unit)) => {
                (custom.interval, custom.unit, custom.after_completion) = (interval, unit, true);
            }
            Some(Recurrence::Rule(rule)) => custom.take(rule),
        }
        custom
    }

    fn take(&mut self, rule: Rule) {
        self.interval = rule.interval;
        self.week_start = rule.week_start;
        match rule.pattern {
            Pattern::Daily => self.unit = Unit::Day,
            Pattern::Weekly(days) => {
                self.unit = Unit::Week;
                if !days.is_empty() {
                    self.weekdays = days;
                }
            }
            Pattern::Monthly => self.unit = Unit::Month,
            Pattern::Month(_) => {
                self.unit = Unit::Month;
                self.monthly = rule.pattern;
            }
            Pattern::Yearly => self.unit = Unit::Year,
            // Kept as it is: no field says months.
            Pattern::Year(..) => {
                self.unit = Unit::Year;
                self.yearly = rule.pattern;
            }
        }
        match rule.end {
            End::Never => self.ends = Ends::Never,
            End::Until(day) => (self.ends, self.until) = (Ends::Until, day),
            End::Count(count) => (self.ends, self.count) = (Ends::Count, count),
        }
    }

    /// Chooses a day of the week, or not any more. The last one stays: a rule without a day would be none.
    pub(super) fn toggle(&mut self, day: Weekday) {
        let was_chosen = self.weekdays.remove(day);
        if !was_chosen || self.weekdays.is_empty() {
            self.weekdays.insert(day);
        }
    }

    /// The days of the month to choose from, for a task that is due on this day.
    pub(super) fn month_patterns(&self, day: NaiveDate) -> Vec<Pattern> {
        let offered = [
            MonthDays::day(day.day()).map(Pattern::month_days),
            nth(day).map(|nth| Pattern::month_weekday(nth, day.weekday())),
            Some(Pattern::month_days(MonthDays::LAST)),
        ];
        let mut patterns: Vec<_> = offered.into_iter().flatten().collect();
        if !patterns.contains(&self.monthly) {
            patterns.push(self.monthly);
        }
        patterns
    }

    /// What the fields say.
    pub(super) fn build(&self, day: NaiveDate) -> Recurrence {
        if self.after_completion {
            return Recurrence::AfterCompletion(self.interval, self.unit);
        }
        let pattern = match self.unit {
            Unit::Day => Pattern::Daily,
            Unit::Week => Pattern::Weekly(self.weekdays),
            Unit::Month => self.monthly,
            Unit::Year => self.yearly,
        };
        let end = match self.ends {
            Ends::Never => End::Never,
            // A rule that has ended before its first day would be none.
            Ends::Until => End::Until(self.until.max(day)),
            Ends::Count => End::Count(self.count),
        };
        let rule = Rule {
            interval: self.interval,
            end,
            ..Rule::new(pattern)
        };
        Recurrence::Rule(rule.with_week_start(self.week_start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_say_what_they_were_filled_with() {
        let day = "2026-11-27".parse().unwrap();
        for text in [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3;COUNT=5",
            "FREQ=WEEKLY;BYDAY=MO,FR",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;UNTIL=20270301",
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=MONTHLY;BYDAY=2MO,4MO",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7;BYDAY=1MO",
            "AFTER-COMPLETION=P2W",
        ] {
            let recurrence = Recurrence::parse(text).unwrap();
            assert_eq!(Custom::of(Some(recurrence), day).build(day).to_string(), text);
        }
    }

    #[test]
    fn a_rule_without_a_day_gets_the_one_that_it_is_due_on() {
        let day = "2026-11-27".parse().unwrap();
        let built = |text| Custom::of(Recurrence::parse(text).ok(), day).build(day).to_string();
        assert_eq!(built("FREQ=WEEKLY"), "FREQ=WEEKLY;BYDAY=FR");
        assert_eq!(built("FREQ=MONTHLY"), "FREQ=MONTHLY;BYMONTHDAY=27");
        assert_eq!(built("FREQ=YEARLY"), "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27");
    }

    #[test]
    fn the_last_weekday_cannot_be_taken_away() {
        let mut custom = Custom::of(None, "2026-11-27".parse().unwrap());
        custom.toggle(Weekday::Fri);
        assert_eq!(custom.weekdays, WeekdaySet::single(Weekday::Fri));
        custom.toggle(Weekday::Mon);
        custom.toggle(Weekday::Fri);
        assert_eq!(custom.weekdays, WeekdaySet::single(Weekday::Mon));
    }
}
