//! What is common for the day that a task is due on. Pure.

use chrono::{Datelike as _, Month, NaiveDate, WeekdaySet};
use shared::recurrence::{MonthDays, Nth, Pattern, Recurrence, Rule, WORKDAYS};

/// What is common for a task of this day, and what is chosen.
pub(super) fn options(chosen: Option<Recurrence>, day: NaiveDate) -> Vec<Option<Recurrence>> {
    let patterns = [
        Some(Pattern::Daily),
        Some(Pattern::Weekly(WORKDAYS)),
        Some(Pattern::Weekly(WeekdaySet::single(day.weekday()))),
        MonthDays::day(day.day()).map(Pattern::month_days),
        nth(day).map(|nth| Pattern::month_weekday(nth, day.weekday())),
        is_last(day).then(|| Pattern::month_days(MonthDays::LAST)),
        Pattern::year_day(day.month(), day.day()),
    ];
    let rules = patterns
        .into_iter()
        .flatten()
        .map(|pattern| Recurrence::Rule(Rule::new(pattern)));
    let mut options: Vec<_> = std::iter::once(None).chain(rules.map(Some)).collect();
    if !options.contains(&chosen) {
        options.push(chosen);
    }
    options
}

/// Which of the month's days of its name this is; the fifth one is the last.
pub(super) fn nth(day: NaiveDate) -> Option<Nth> {
    match day.day0() / 7 + 1 {
        5 => Some(Nth::Last),
        number => Nth::new(u8::try_from(number).ok()?),
    }
}

fn is_last(day: NaiveDate) -> bool {
    let month = u8::try_from(day.month())
        .ok()
        .and_then(|month| Month::try_from(month).ok());
    month.and_then(|month| month.num_days(day.year())) == u8::try_from(day.day()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_own_common_choices() {
        let sentences = |day: &str| {
            let options = options(None, day.parse().unwrap());
            options
                .into_iter()
                .flatten()
                .map(|rule| rule.sentence())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            sentences("2026-11-27"),
            [
                "every day",
                "every weekday",
                "every Friday",
                "every month on the 27th",
                "every month on the fourth Friday",
                "every year on 27 November",
            ]
        );
        let last = sentences("2026-11-30");
        assert!(last.contains(&"every month on the last Monday".to_owned()), "{last:?}");
        assert!(last.contains(&"every month on the last day".to_owned()), "{last:?}");
    }

    #[test]
    fn what_is_chosen_is_always_offered() {
        let rule = Recurrence::parse("AFTER-COMPLETION=P3D").ok();
        assert_eq!(options(rule, "2026-11-27".parse().unwrap()).last(), Some(&rule));
    }
}
