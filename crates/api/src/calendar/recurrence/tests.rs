//! What people see of a series, one example for each kind.

mod oracle;

use super::*;
use crate::calendar::instant;
use shared::due::Zone;
use shared::recurrence::{Count, InMonth, Months as MonthSet, Nth, NthWeekdays};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The days after the first one, each completed on the day it was due.
fn series(rule: &str, first: &str, days: usize) -> Vec<String> {
    let rule = Recurrence::parse(rule).unwrap();
    let first = day(first);
    let next = |due: &NaiveDate| next_day(rule, first, *due, *due);
    std::iter::successors(next(&first), next)
        .take(days)
        .map(|day| day.to_string())
        .collect()
}

#[test]
fn a_short_month_has_the_day_on_its_last_and_the_next_one_has_it_again() {
    assert_eq!(
        series("FREQ=MONTHLY", "2026-01-31", 5),
        ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]
    );
    assert_eq!(series("FREQ=MONTHLY", "2028-01-30", 2), ["2028-02-29", "2028-03-30"]);
    assert_eq!(
        series("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", 3),
        ["2026-02-28", "2026-03-31", "2026-04-30"]
    );
    assert_eq!(
        series("FREQ=MONTHLY;BYMONTHDAY=29,30,31,-1", "2027-01-31", 4),
        ["2027-02-28", "2027-03-29", "2027-03-30", "2027-03-31"],
        "four names of one day are one day"
    );
    assert_eq!(
        series("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", 2),
        ["2026-02-28", "2026-03-31"]
    );
}

#[test]
fn a_leap_day_is_the_28th_in_other_years() {
    let years = ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"];
    assert_eq!(series("FREQ=YEARLY", "2024-02-29", 5), years);
    assert_eq!(series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", 5), years);
    assert_eq!(
        series("FREQ=YEARLY;INTERVAL=4", "2096-02-29", 3),
        ["2100-02-28", "2104-02-29", "2108-02-29"]
    );
}

#[test]
fn each_pattern_has_its_days() {
    for (rule, first, days) in [
        ("FREQ=DAILY", "2026-12-30", ["2026-12-31", "2027-01-01", "2027-01-02"]),
        (
            "FREQ=DAILY;INTERVAL=10",
            "2026-11-21",
            ["2026-12-01", "2026-12-11", "2026-12-21"],
        ),
        ("FREQ=WEEKLY", "2026-11-18", ["2026-11-25", "2026-12-02", "2026-12-09"]),
        (
            "FREQ=WEEKLY;BYDAY=MO,FR",
            "2026-11-20",
            ["2026-11-23", "2026-11-27", "2026-11-30"],
        ),
        // The second Friday is in the first one's week; weeks begin on Monday.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU",
            "2026-11-16",
            ["2026-11-22", "2026-11-30", "2026-12-06"],
        ),
        // Its week is counted from, not the rule's first day after it.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "2026-11-18",
            ["2026-11-30", "2026-12-14", "2026-12-28"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3",
            "2026-11-30",
            ["2027-02-28", "2027-05-30", "2027-08-30"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "2026-11-15",
            ["2026-12-01", "2026-12-15", "2027-01-01"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=2TU",
            "2026-11-10",
            ["2026-12-08", "2027-01-12", "2027-02-09"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR",
            "2026-11-27",
            ["2026-12-25", "2027-01-29", "2027-02-26"],
        ),
        // Not every month has five Mondays, and nothing takes their place.
        (
            "FREQ=MONTHLY;BYDAY=5MO",
            "2026-11-30",
            ["2027-03-29", "2027-05-31", "2027-08-30"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=2MO,4MO",
            "2026-11-23",
            ["2026-12-14", "2026-12-28", "2027-01-11"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2026-11-30",
            ["2026-12-31", "2027-01-29", "2027-02-26"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "2026-12-01",
            ["2027-01-01", "2027-02-01", "2027-03-01"],
        ),
        (
            "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "2026-11-26",
            ["2027-11-25", "2028-11-23", "2029-11-22"],
        ),
        (
            "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
            "2026-12-31",
            ["2027-03-31", "2027-06-30", "2027-09-30"],
        ),
        // Each month that is too short has it on its last day.
        (
            "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=31",
            "2027-01-31",
            ["2027-02-28", "2028-01-31", "2028-02-29"],
        ),
        (
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "2026-06-01",
            ["2028-06-01", "2030-06-03", "2032-06-01"],
        ),
        // Weeks that begin on Sunday have the Sunday before.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
            "2026-11-16",
            ["2026-11-29", "2026-11-30", "2026-12-13"],
        ),
        ("FREQ=YEARLY", "2026-11-21", ["2027-11-21", "2028-11-21", "2029-11-21"]),
        (
            "FREQ=YEARLY;INTERVAL=999",
            "2026-11-21",
            ["3025-11-21", "4024-11-21", "5023-11-21"],
        ),
    ] {
        assert_eq!(series(rule, first, 3), days, "{rule} from {first}");
    }
}

#[test]
fn a_series_ends_with_its_last_day_or_its_last_time() {
    assert_eq!(
        series("FREQ=DAILY;COUNT=3", "2026-11-21", 9),
        ["2026-11-22", "2026-11-23"]
    );
    assert_eq!(series("FREQ=DAILY;COUNT=1", "2026-11-21", 9), [""; 0]);
    assert_eq!(
        series("FREQ=DAILY;UNTIL=20261123", "2026-11-21", 9),
        ["2026-11-22", "2026-11-23"]
    );
    assert_eq!(series("FREQ=DAILY;UNTIL=20261120", "2026-11-21", 9), [""; 0]);
    assert_eq!(
        series("FREQ=MONTHLY;BYMONTHDAY=29,30,31;COUNT=4", "2027-01-31", 9),
        ["2027-02-28", "2027-03-29", "2027-03-30"]
    );
    // The day that the task was first due on is the first time, although it is no Monday.
    assert_eq!(
        series("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "2026-11-18", 9),
        ["2026-11-23", "2026-11-30"]
    );
    assert_eq!(
        series("FREQ=MONTHLY;BYDAY=5MO;COUNT=3", "2026-11-30", 9),
        ["2027-03-29", "2027-05-31"]
    );
}

#[test]
fn days_that_were_missed_are_gone_and_count() {
    let next = |rule: &str, today| {
        let rule = Recurrence::parse(rule).unwrap();
        next_day(rule, day("2026-11-01"), day("2026-11-01"), day(today)).map(|day| day.to_string())
    };
    assert_eq!(next("FREQ=DAILY", "2026-11-21").unwrap(), "2026-11-21");
    assert_eq!(next("FREQ=DAILY;INTERVAL=3", "2026-11-21").unwrap(), "2026-11-22");
    assert_eq!(next("FREQ=MONTHLY", "2027-03-02").unwrap(), "2027-04-01");
    assert_eq!(next("FREQ=DAILY;COUNT=21", "2026-11-21").unwrap(), "2026-11-21");
    assert_eq!(next("FREQ=DAILY;COUNT=20", "2026-11-21"), None);
    // Done before it was due.
    assert_eq!(next("FREQ=DAILY", "2026-10-01").unwrap(), "2026-11-02");
}

#[test]
fn after_completion_counts_from_the_day_it_was_done() {
    let next = |duration: &str, today| {
        let recurrence = Recurrence::parse(&format!("AFTER-COMPLETION={duration}")).unwrap();
        next_day(recurrence, day("2020-01-01"), day("2026-11-01"), day(today)).map(|day| day.to_string())
    };
    assert_eq!(next("P3D", "2026-11-21").unwrap(), "2026-11-24");
    assert_eq!(next("P2W", "2026-10-01").unwrap(), "2026-10-15");
    assert_eq!(next("P1M", "2027-01-31").unwrap(), "2027-02-28");
    assert_eq!(next("P1Y", "2028-02-29").unwrap(), "2029-02-28");
    assert_eq!(next("P999Y", "9001-01-01"), None);
}

#[test]
fn every_series_ends_with_the_calendar() {
    for rule in [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=SA,SU",
        "FREQ=MONTHLY;BYMONTHDAY=30,31",
        "FREQ=MONTHLY;BYDAY=5MO;COUNT=9999",
        "FREQ=YEARLY;INTERVAL=999",
    ] {
        assert_eq!(series(rule, "9999-12-31", 9), [""; 0], "{rule}");
    }
}

#[test]
fn a_moment_keeps_its_time_on_the_clock() {
    let next = |zone: &str, date: &str, time: &str| {
        let due = Due::at(day(date), time.parse().unwrap(), Zone::parse(zone).unwrap()).unwrap();
        let next = next_due(
            Recurrence::parse("FREQ=DAILY").unwrap(),
            day(date),
            &due,
            instant(&due).unwrap(),
            Tz::UTC,
        )
        .unwrap();
        (next.to_string(), instant(&next).unwrap().to_rfc3339())
    };
    for (zone, date, time, due, instant) in [
        (
            "Europe/Berlin",
            "2027-03-27",
            "09:00:00",
            "2027-03-28 09:00 Europe/Berlin",
            "2027-03-28T07:00:00+00:00",
        ),
        // The clocks go from 2:00 to 3:00: the time is kept, and is the first instant that there is.
        (
            "Europe/Berlin",
            "2027-03-27",
            "02:30:00",
            "2027-03-28 02:30 Europe/Berlin",
            "2027-03-28T01:00:00+00:00",
        ),
        (
            "Europe/Berlin",
            "2027-03-28",
            "02:30:00",
            "2027-03-29 02:30 Europe/Berlin",
            "2027-03-29T00:30:00+00:00",
        ),
        // They go from 3:00 to 2:00: the earlier 2:30 is meant.
        (
            "Europe/Berlin",
            "2026-10-24",
            "02:30:00",
            "2026-10-25 02:30 Europe/Berlin",
            "2026-10-25T00:30:00+00:00",
        ),
        (
            "America/New_York",
            "2026-03-07",
            "02:00:00",
            "2026-03-08 02:00 America/New_York",
            "2026-03-08T07:00:00+00:00",
        ),
        (
            "America/New_York",
            "2026-10-31",
            "01:59:00",
            "2026-11-01 01:59 America/New_York",
            "2026-11-01T05:59:00+00:00",
        ),
        // Half an hour of summer.
        (
            "Australia/Lord_Howe",
            "2026-10-03",
            "02:15:00",
            "2026-10-04 02:15 Australia/Lord_Howe",
            "2026-10-03T15:30:00+00:00",
        ),
        // A gap at midnight.
        (
            "Africa/Cairo",
            "2026-04-23",
            "00:00:00",
            "2026-04-24 00:00 Africa/Cairo",
            "2026-04-23T22:00:00+00:00",
        ),
        // A day that was skipped altogether.
        (
            "Pacific/Apia",
            "2011-12-29",
            "12:00:00",
            "2011-12-30 12:00 Pacific/Apia",
            "2011-12-30T10:00:00+00:00",
        ),
    ] {
        assert_eq!(
            next(zone, date, time),
            (due.to_owned(), instant.to_owned()),
            "{zone} {date} {time}"
        );
    }
}

#[test]
fn today_is_the_dues_own_or_the_persons() {
    let daily = Recurrence::parse("FREQ=DAILY").unwrap();
    let done: DateTime<Utc> = "2026-11-21T23:30:00Z".parse().unwrap();
    let first = day("2026-11-01");
    let next = |due: &Due, local: Tz| next_due(daily, first, due, done, local).unwrap().date().to_string();
    let on = Due::on(first).unwrap();
    assert_eq!(next(&on, Tz::UTC), "2026-11-21");
    assert_eq!(next(&on, Tz::Europe__Berlin), "2026-11-22");
    let at = Due::at(first, NaiveTime::MIN, Zone::parse("Pacific/Honolulu").unwrap()).unwrap();
    assert_eq!(next(&at, Tz::Europe__Berlin), "2026-11-21");
}

#[test]
fn only_zones_of_the_database_are_zones() {
    for (name, known) in [
        ("Europe/London", true),
        ("UTC", true),
        ("Asia/Calcutta", true),
        ("Mars/Olympus", false),
        ("Europe", false),
    ] {
        assert_eq!(zone(&Zone::parse(name).unwrap()).is_some(), known, "{name}");
    }
}

/// What goes through a series day by day from its first one, or waits for a day that never comes, does not end here.
#[test]
fn no_series_is_gone_through_from_its_first_day() {
    let far = [
        day("1000-01-01"),
        day("1004-02-29"),
        day("2026-11-21"),
        day("9999-12-31"),
    ];
    for rule in [
        "FREQ=DAILY;COUNT=9999",
        "FREQ=MONTHLY;BYDAY=5MO;COUNT=9999",
        "FREQ=MONTHLY;INTERVAL=12;BYDAY=5MO",
        "FREQ=MONTHLY;INTERVAL=999;BYDAY=5SU",
        "FREQ=MONTHLY;BYMONTHDAY=1,29,30,31,-1;COUNT=9999",
        "FREQ=YEARLY;INTERVAL=999;COUNT=9999",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=5MO;COUNT=9999",
        "FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYDAY=5MO",
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=29,30,31;COUNT=9999",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=9999",
        "FREQ=WEEKLY;INTERVAL=999;BYDAY=MO,SU;WKST=SU;COUNT=9999",
    ] {
        let rule = Recurrence::parse(rule).unwrap();
        for (first, due, today) in (0..64).map(|n: usize| (far[n % 4], far[n / 4 % 4], far[n / 16])) {
            let _ = next_day(rule, first, due, today);
        }
    }
}
