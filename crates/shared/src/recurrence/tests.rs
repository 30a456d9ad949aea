use super::*;
use chrono::Days;
use proptest::prelude::*;
use rrule::{Frequency, NWeekday, RRule, RRuleSet, Tz, Unvalidated};
use serde_json::{from_value, json};

pub(crate) fn any_recurrence() -> impl Strategy<Value = Recurrence> {
    let interval = || prop_oneof![Just(1), 1..=Interval::MAX].prop_map(|number| Interval::new(number).unwrap());
    let unit = prop_oneof![Just(Unit::Day), Just(Unit::Week), Just(Unit::Month), Just(Unit::Year)];
    let weekday = || (0..7_u8).prop_map(|day| Weekday::try_from(day).unwrap());
    let weekdays = proptest::collection::vec(weekday(), 0..7).prop_map(|days| days.into_iter().collect());
    let month_days = (1..u32::MAX).prop_map(MonthDays);
    let nth = || prop_oneof![Just(Nth::Last), (1..=5_u8).prop_map(|nth| Nth::new(nth).unwrap())];
    let nth_weekdays = proptest::collection::vec((nth(), weekday()), 1..=20).prop_map(|days| {
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
    let months = (2..8192_u16).prop_map(|bits| {
        let months = (1..=12)
            .filter(|month| bits & (1 << month) != 0)
            .filter_map(Months::month);
        months.reduce(Months::union).unwrap_or(Months::month(1).unwrap())
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
    let end = prop_oneof![
        Just(End::Never),
        (0..200_000_u64).prop_map(|days| End::Until(NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + Days::new(days))),
        (1..=Count::MAX).prop_map(|count| End::Count(Count::new(count).unwrap())),
    ];
    prop_oneof![
        1 => (interval(), unit).prop_map(|(interval, unit)| Recurrence::AfterCompletion(interval, unit)),
        9 => (pattern, interval(), weekday(), end).prop_map(|(pattern, interval, week_start, end)| {
            Recurrence::Rule(Rule { interval, end, ..Rule::new(pattern) }.with_week_start(week_start))
        }),
    ]
}

#[test]
fn the_text_of_every_kind_is_read_and_said() {
    for (text, sentence) in [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=DAILY;COUNT=10", "every day for 10 times"),
        ("FREQ=WEEKLY", "every week"),
        ("FREQ=WEEKLY;BYDAY=MO", "every Monday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Monday, Wednesday and Friday"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
            "every 2 weeks on Monday and Friday",
        ),
        ("FREQ=MONTHLY", "every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "every month on the 1st"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=11,22,23,-1",
            "every month on the 11th, 22nd, 23rd and last day",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO",
            "every 3 months on the first Monday",
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        (
            "FREQ=MONTHLY;BYDAY=2MO,4MO",
            "every month on the second and fourth Monday",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO,3MO,-1FR",
            "every month on the first and third Monday and last Friday",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "every month on the last workday",
        ),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "every year on 24 December"),
        (
            "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1",
            "every year on the 1st of January, April, July and October",
        ),
        (
            "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "every year on the fourth Thursday of November",
        ),
        (
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "every 2 years on the first workday of June",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
            "every 2 weeks on Monday and Sunday, in weeks from Sunday",
        ),
        (
            "FREQ=YEARLY;INTERVAL=4;UNTIL=20401231",
            "every 4 years until 31 December 2040",
        ),
        ("AFTER-COMPLETION=P3D", "3 days after completion"),
        ("AFTER-COMPLETION=P1W", "1 week after completion"),
    ] {
        let recurrence = Recurrence::parse(text).unwrap();
        assert_eq!(recurrence.to_string(), text);
        assert_eq!(recurrence.sentence(), sentence);
    }
}

#[test]
fn other_spellings_become_the_canonical_one() {
    for (text, canonical) in [
        ("interval=1;freq=daily", "FREQ=DAILY"),
        ("FREQ=WEEKLY;WKST=MO;BYDAY=FR,MO,FR", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,31,01", "FREQ=MONTHLY;BYMONTHDAY=1,31,-1"),
        ("FREQ=MONTHLY;BYDAY=+2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=-1FR,1MO,+1MO", "FREQ=MONTHLY;BYDAY=1MO,-1FR"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=2TU"),
        (
            "FREQ=MONTHLY;BYMONTH=7,1;BYMONTHDAY=1",
            "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1",
        ),
        ("FREQ=WEEKLY;BYDAY=MO;WKST=SU", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;INTERVAL=2"),
        (
            "BYMONTHDAY=29;BYMONTH=02;FREQ=YEARLY",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        ),
        ("after-completion=p3d", "AFTER-COMPLETION=P3D"),
    ] {
        assert_eq!(Recurrence::parse(text).unwrap().to_string(), canonical);
    }
}

#[test]
fn every_other_text_is_refused_with_what_is_wrong() {
    use RecurrenceError as E;
    let long = format!("FREQ=MONTHLY;BYMONTHDAY={}1", "1,".repeat(100));
    for (text, error) in [
        ("", E::Form),
        ("every day", E::Form),
        ("RRULE:FREQ=DAILY", E::Part),
        ("FREQ=DAILY;", E::Form),
        ("INTERVAL=2", E::Form),
        (&long, E::Form),
        ("FREQ=DAILY;BYDAY=Mö", E::Form),
        ("FREQ=HOURLY", E::Freq),
        ("FREQ=", E::Freq),
        ("FREQ=DAILY;FREQ=DAILY", E::Twice),
        ("FREQ=DAILY;BYHOUR=9", E::Part),
        ("FREQ=DAILY;BYDAY=MO", E::Part),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=1MO", E::Part),
        ("FREQ=WEEKLY;WKST=XX", E::Part),
        ("FREQ=DAILY;INTERVAL=0", E::Interval),
        ("FREQ=DAILY;INTERVAL=1000", E::Interval),
        ("FREQ=DAILY;INTERVAL=-1", E::Interval),
        ("FREQ=DAILY;INTERVAL= 2", E::Interval),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", E::Interval),
        ("FREQ=DAILY;COUNT=0", E::Count),
        ("FREQ=DAILY;COUNT=10000", E::Count),
        ("FREQ=DAILY;UNTIL=20260229", E::Until),
        ("FREQ=DAILY;UNTIL=20261231T000000Z", E::Until),
        ("FREQ=DAILY;UNTIL=2026123", E::Until),
        ("FREQ=DAILY;UNTIL=2026-12-31", E::Until),
        ("FREQ=DAILY;UNTIL=20261231;COUNT=2", E::TwoEnds),
        ("FREQ=WEEKLY;BYDAY=", E::ByDay),
        ("FREQ=WEEKLY;BYDAY=MO,", E::ByDay),
        ("FREQ=WEEKLY;BYDAY=1MO", E::ByDay),
        ("FREQ=MONTHLY;BYDAY=MO", E::ByDay),
        ("FREQ=MONTHLY;BYDAY=6MO", E::ByDay),
        ("FREQ=MONTHLY;BYDAY=-2MO", E::ByDay),
        ("FREQ=MONTHLY;BYDAY=1MO,MO", E::ByDay),
        ("FREQ=MONTHLY;BYDAY=MO,WE;BYSETPOS=1", E::ByDay),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", E::ByDay),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,2", E::ByDay),
        ("FREQ=MONTHLY;BYSETPOS=1", E::Part),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=1", E::Part),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTH=1,2;BYMONTHDAY=1", E::Part),
        ("FREQ=DAILY;BYMONTH=1", E::Part),
        ("FREQ=WEEKLY;BYMONTH=1;BYDAY=MO", E::Part),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1", E::Part),
        ("FREQ=YEARLY;BYDAY=1MO", E::Part),
        ("FREQ=YEARLY;BYMONTH=1,7;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", E::ByMonth),
        ("FREQ=MONTHLY;BYMONTHDAY=0", E::ByMonthDay),
        ("FREQ=MONTHLY;BYMONTHDAY=32", E::ByMonthDay),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", E::ByMonthDay),
        ("FREQ=YEARLY;BYMONTH=12", E::ByMonth),
        ("FREQ=YEARLY;BYMONTHDAY=24", E::ByMonth),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", E::ByMonth),
        ("FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1", E::ByMonth),
        ("AFTER-COMPLETION=3", E::Duration),
        ("AFTER-COMPLETION=P", E::Duration),
        ("AFTER-COMPLETION=P0D", E::Duration),
        ("AFTER-COMPLETION=PT3H", E::Duration),
        ("AFTER-COMPLETION=P3D;COUNT=3", E::Duration),
    ] {
        assert_eq!(Recurrence::parse(text), Err(error), "{text}");
        assert_eq!(
            Recurrence::from_json(json!(text)),
            Err(RuleViolation::Recurrence(error)),
            "{text}"
        );
        assert!(from_value::<Recurrence>(json!(text)).is_err(), "{text}");
    }
    assert_eq!(Recurrence::from_json(json!(3)), Err(RuleViolation::NotText));
}

proptest! {
    #[test]
    fn every_recurrence_comes_back_from_its_text(recurrence in any_recurrence()) {
        let text = recurrence.to_string();
        prop_assert!(text.len() <= Recurrence::MAX, "{}", text);
        prop_assert_eq!(Recurrence::parse(&text), Ok(recurrence));
        prop_assert_eq!(from_value::<Recurrence>(json!(text)).unwrap(), recurrence);
    }

    #[test]
    fn whatever_is_read_is_written_in_a_form_that_reads_the_same(text in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)|AFTER-COMPLETION=P?)[-;=,A-Z0-9]{0,30}") {
        if let Ok(recurrence) = Recurrence::parse(&text) {
            prop_assert_eq!(Recurrence::parse(&recurrence.to_string()), Ok(recurrence));
        }
    }

    #[test]
    fn the_library_reads_the_same_rule(recurrence in any_recurrence()) {
        let Recurrence::Rule(rule) = recurrence else {
            return Ok(());
        };
        let read: RRule<Unvalidated> = recurrence.to_string().parse().unwrap();
        let frequency = match rule.pattern {
            Pattern::Daily => Frequency::Daily,
            Pattern::Weekly(_) => Frequency::Weekly,
            Pattern::Monthly | Pattern::Month(_) => Frequency::Monthly,
            Pattern::Yearly | Pattern::Year(..) => Frequency::Yearly,
        };
        prop_assert_eq!(read.get_freq(), frequency);
        prop_assert_eq!(read.get_interval(), rule.interval.get());
        prop_assert_eq!(read.get_week_start(), rule.week_start);
        let days = match rule.pattern {
            Pattern::Month(days) | Pattern::Year(_, days) => Some(days),
            _ => None,
        };
        let mut by_day: Vec<_> = match (rule.pattern, days) {
            (Pattern::Weekly(days), _) => days.iter(Weekday::Mon).map(NWeekday::Every).collect(),
            (_, Some(InMonth::Weekdays(days))) => days.iter().map(|(nth, day)| NWeekday::Nth(nth.get().into(), day)).collect(),
            (_, Some(InMonth::Workday(_))) => WORKDAYS.iter(Weekday::Mon).map(NWeekday::Every).collect(),
            _ => Vec::new(),
        };
        let key = |day: &NWeekday| format!("{day:?}");
        by_day.sort_by_key(key);
        let mut theirs = read.get_by_weekday().to_vec();
        theirs.sort_by_key(key);
        prop_assert_eq!(theirs, by_day);
        let by_set_pos: Vec<i32> = match days {
            Some(InMonth::Workday(nth)) => vec![nth.get().into()],
            _ => Vec::new(),
        };
        prop_assert_eq!(read.get_by_set_pos(), by_set_pos.as_slice());
        let mut by_month_day: Vec<i8> = match days {
            Some(InMonth::Days(days)) => {
                days.days().map(|day| i8::try_from(day).unwrap()).chain(days.last().then_some(-1)).collect()
            }
            _ => Vec::new(),
        };
        by_month_day.sort_unstable();
        prop_assert_eq!(read.get_by_month_day(), by_month_day.as_slice());
        let by_month: Vec<u8> = match rule.pattern {
            Pattern::Year(months, _) => months.iter().map(|month| u8::try_from(month).unwrap()).collect(),
            _ => Vec::new(),
        };
        prop_assert_eq!(read.get_by_month(), by_month.as_slice());
        prop_assert_eq!(
            read.get_count(),
            if let End::Count(count) = rule.end { Some(count.get().into()) } else { None }
        );
        prop_assert_eq!(
            read.get_until().map(chrono::DateTime::date_naive),
            if let End::Until(date) = rule.end { Some(date) } else { None }
        );
    }

    /// But for days that a month is too short for, which the library leaves out.
    #[test]
    fn the_first_day_of_a_rule_is_the_library_s(recurrence in any_recurrence(), start in 0..60_000_u64) {
        let Recurrence::Rule(rule) = recurrence else {
            return Ok(());
        };
        let start = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + Days::new(start);
        let rule = Rule::new(rule.pattern);
        let set: RRuleSet = format!("DTSTART:{}T000000Z\nRRULE:{}", start.format("%Y%m%d"), Recurrence::Rule(rule))
            .parse()
            .unwrap();
        let expanded = set.into_iter().next().map(|moment: chrono::DateTime<Tz>| moment.date_naive());
        let first = rule.first_from(start);
        if first != expanded {
            let first = first.unwrap();
            prop_assert!(Some(first) < expanded && (first + Days::new(1)).day() == 1, "{}", first);
            prop_assert!(matches!(rule.pattern, Pattern::Month(InMonth::Days(_)) | Pattern::Year(_, InMonth::Days(_))));
        }
    }
}

#[test]
fn a_month_that_is_too_short_begins_on_its_last_day() {
    let first = |rule: &str, from: &str| {
        let Recurrence::Rule(rule) = Recurrence::parse(rule).unwrap() else {
            panic!("no rule");
        };
        rule.first_from(from.parse().unwrap()).unwrap().to_string()
    };
    assert_eq!(first("FREQ=MONTHLY;BYMONTHDAY=31", "2026-02-01"), "2026-02-28");
    assert_eq!(first("FREQ=MONTHLY;BYMONTHDAY=30", "2028-02-01"), "2028-02-29");
    assert_eq!(first("FREQ=MONTHLY;BYMONTHDAY=30", "2026-12-31"), "2027-01-30");
    assert_eq!(first("FREQ=MONTHLY;BYMONTHDAY=15", "2026-02-16"), "2026-03-15");
    assert_eq!(first("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-02-01"), "2026-02-28");
    assert_eq!(first("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-01"), "2028-02-29");
}
