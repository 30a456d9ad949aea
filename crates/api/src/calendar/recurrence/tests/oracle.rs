//! Any rule, against the library as the oracle.

use super::*;
use proptest::prelude::*;
use rrule::RRuleSet;
use std::collections::BTreeSet;

fn any_rule() -> impl Strategy<Value = Rule> {
    let weekday = || (0..7_u8).prop_map(|day| Weekday::try_from(day).unwrap());
    let weekdays = proptest::collection::vec(weekday(), 0..7).prop_map(|days| days.into_iter().collect());
    let month_day =
        prop_oneof![3 => (1..=31_u32).prop_map(|day| MonthDays::day(day).unwrap()), 1 => Just(MonthDays::LAST)];
    let month_days =
        proptest::collection::vec(month_day, 1..5).prop_map(|days| days.into_iter().reduce(MonthDays::union).unwrap());
    let nth = || prop_oneof![Just(Nth::Last), (1..=5_u8).prop_map(|nth| Nth::new(nth).unwrap())];
    let nth_weekdays = proptest::collection::vec((nth(), weekday()), 1..5).prop_map(|days| {
        let days = days.into_iter().map(|(nth, day)| NthWeekdays::one(nth, day));
        days.reduce(|a, b| a.union(b).unwrap()).unwrap()
    });
    let in_month = || {
        prop_oneof![
            month_days.clone().prop_map(InMonth::Days),
            nth_weekdays.clone().prop_map(InMonth::Weekdays),
            nth().prop_map(InMonth::Workday),
        ]
    };
    let months = proptest::collection::vec(1..=12_u32, 1..5).prop_map(|months| {
        let months = months.into_iter().filter_map(MonthSet::month);
        months.reduce(MonthSet::union).unwrap()
    });
    let year_day =
        (1..=12_u32, 1..=31_u32).prop_filter_map("no such day", |(month, day)| Pattern::year_day(month, day));
    let year = (months, in_month()).prop_filter_map("no such days", |(months, days)| Pattern::year(months, days));
    let pattern = prop_oneof![
        Just(Pattern::Daily),
        weekdays.prop_map(Pattern::Weekly),
        Just(Pattern::Monthly),
        in_month().prop_map(Pattern::Month),
        Just(Pattern::Yearly),
        year_day,
        year,
    ];
    let interval = prop_oneof![3 => Just(1), 3 => 2..=13_u16, 1 => 14..=Interval::MAX];
    (pattern, interval, weekday()).prop_map(|(pattern, interval, week_start)| {
        let interval = Interval::new(interval).unwrap();
        let rule = Rule {
            interval,
            ..Rule::new(pattern)
        };
        rule.with_week_start(week_start)
    })
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        9 => (0..60_000_u64).prop_map(|days| day("1990-01-01") + Days::new(days)),
        1 => Just(day("2024-02-29")),
        1 => (0..120_u32).prop_map(|months| day("2020-01-31") + Months::new(months)),
    ]
}

/// What the library makes of the rule as a person would write it, the series' first day included, clamped nowhere.
fn library(rule: &Rule, first: NaiveDate, days: usize) -> Vec<NaiveDate> {
    let start = first.format("%Y%m%d");
    let set: RRuleSet = format!("DTSTART:{start}T000000Z\nRRULE:{}", Recurrence::Rule(*rule))
        .parse()
        .unwrap();
    (&set)
        .into_iter()
        .take(days)
        .map(|moment| moment.date_naive())
        .collect()
}

/// Whether no month is too short for any day of the rule.
fn never_clamped(rule: &Rule, first: NaiveDate) -> bool {
    match rule.pattern {
        Pattern::Monthly => first.day() <= 28,
        Pattern::Month(InMonth::Days(days)) => days.days().all(|day| day <= 28),
        Pattern::Yearly => (first.month(), first.day()) != (2, 29),
        Pattern::Year(months, InMonth::Days(days)) => {
            let shortest = |month| {
                if month == 2 {
                    28
                } else {
                    30 + u32::from(!matches!(month, 4 | 6 | 9 | 11))
                }
            };
            let shortest = months.iter().map(shortest).min().unwrap();
            days.days().all(|day| day <= shortest)
        }
        _ => true,
    }
}

fn days_of_series(rule: &Rule, first: NaiveDate, days: usize) -> Vec<NaiveDate> {
    let next = |due: &NaiveDate| next_day(Recurrence::Rule(*rule), first, *due, *due);
    std::iter::successors(Some(first), next).take(days).collect()
}

proptest! {
    /// From a day that the rule has, the series is the library's.
    #[test]
    fn a_rule_has_the_days_that_the_library_expands_it_to(rule in any_rule(), from in any_day()) {
        let Some(first) = rule.first_from(from) else { return Ok(()) };
        prop_assume!(never_clamped(&rule, first));
        let expanded: Vec<_> = library(&rule, first, 12).into_iter().filter(|day| day.year() <= 9999).collect();
        prop_assert_eq!(days_of_series(&rule, first, expanded.len()), expanded);
    }

    /// Each period that has the day agrees with the library; in the others there is the last day of the month.
    #[test]
    fn a_clamped_rule_has_all_the_days_of_the_library_and_else_only_last_ones(rule in any_rule(), from in any_day()) {
        let Some(first) = rule.first_from(from) else { return Ok(()) };
        prop_assume!(first.year() < 2200);
        let ours: BTreeSet<_> = days_of_series(&rule, first, 40).into_iter().collect();
        let end = *ours.last().unwrap();
        let theirs: BTreeSet<_> = library(&rule, first, 40).into_iter().filter(|day| *day <= end).collect();
        prop_assert!(theirs.is_subset(&ours), "{:?}", theirs.difference(&ours));
        for day in ours.difference(&theirs) {
            prop_assert!(*day == first || day.succ_opt().unwrap().day() == 1, "{}", day);
        }
    }

    /// A rule that the library ends after so many times ends here with the same day.
    #[test]
    fn count_ends_with_the_day_that_the_library_ends_with(rule in any_rule(), from in any_day(), count in 1..40_u16) {
        let Some(first) = rule.first_from(from) else { return Ok(()) };
        prop_assume!(never_clamped(&rule, first));
        let rule = Rule { end: End::Count(Count::new(count).unwrap()), ..rule };
        let expanded: Vec<_> = library(&rule, first, 50).into_iter().filter(|day| day.year() <= 9999).collect();
        prop_assert_eq!(days_of_series(&rule, first, 50), expanded);
    }

    /// Counting is the same as going through all the days.
    #[test]
    fn the_number_of_a_day_is_how_many_came_before_it(rule in any_rule(), first in any_day()) {
        for (at, day) in days_of_series(&rule, first, 30).into_iter().enumerate() {
            prop_assert_eq!(count::number(&rule, first, day, 9999), u32::try_from(at).unwrap() + 1, "{}", day);
        }
    }

    /// Whoever is late gets the day that going through all of them comes to.
    #[test]
    fn the_next_day_is_the_first_that_is_neither_done_nor_past(rule in any_rule(), first in any_day(), done in 0..5_usize, late in 0..2000_u64) {
        let days = days_of_series(&rule, first, 600);
        let Some(due) = days.get(done) else { return Ok(()) };
        let today = *due + Days::new(late);
        if let Some(expected) = days.iter().find(|day| *day > due && **day >= today) {
            prop_assert_eq!(next_day(Recurrence::Rule(rule), first, *due, today), Some(*expected));
        }
    }

    #[test]
    fn no_days_make_it_panic(rule in any_rule(), days in proptest::array::uniform3(0..3_287_182_u64), count in 1..=Count::MAX, year in any::<bool>()) {
        let [first, due, today] = days.map(|days| day("1000-01-01") + Days::new(days));
        let rule = Rule { end: End::Count(Count::new(count).unwrap()), ..rule };
        let next = next_day(Recurrence::Rule(rule), first, due, today);
        prop_assert!(next.is_none_or(|day| day > due && day >= today && day.year() <= 9999));
        let unit = if year { Unit::Year } else { Unit::Month };
        let next = next_day(Recurrence::AfterCompletion(rule.interval, unit), first, due, today);
        prop_assert!(next.is_none_or(|day| day > today));
    }
}
