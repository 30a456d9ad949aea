//! When something happened, in the words that people use for it.

use super::intl::options;
use super::wall::millis;
use crate::browser;
use chrono::{DateTime, Datelike, Utc};
use js_sys::{Array, Function, Intl};
use wasm_bindgen::JsValue;

/// How one speaks of a past instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Distance {
    /// Less than a minute ago, or in a future that only clocks which disagree can see.
    Moment,
    /// Less than an hour ago.
    Minutes(i32),
    /// Today, yesterday, and so on up to a week ago.
    Days(i32),
    /// Longer ago: by its date, which needs the year only if it is another one.
    Date { with_year: bool },
}

/// When something happened, seen from `now` (milliseconds since 1970): `5 minutes ago`, `yesterday`, `3 March`.
pub fn ago(instant: DateTime<Utc>, now: f64) -> String {
    let then = millis(instant);
    let local_then = then + browser::local_offset(then);
    let local_now = now + browser::local_offset(now);
    match distance(local_then, local_now) {
        Distance::Moment => "just now".to_owned(),
        Distance::Minutes(minutes) => relative(minutes, "minute"),
        Distance::Days(days) => relative(days, "day"),
        Distance::Date { with_year } => date(then, with_year),
    }
}

/// The date of an instant in full: `3 March 2026`.
pub fn long_date(instant: DateTime<Utc>) -> String {
    date(millis(instant), true)
}

/// Both instants are in milliseconds of the wall clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "instants of this era, cut to whole units on purpose"
)]
fn distance(then: f64, now: f64) -> Distance {
    const MINUTE: f64 = 60_000.0;
    const DAY: f64 = 24.0 * 60.0 * MINUTE;
    let minutes = ((now - then) / MINUTE).floor() as i32;
    let days = (now / DAY).floor() as i32 - (then / DAY).floor() as i32;
    let year = |millis: f64| DateTime::from_timestamp_millis(millis as i64).map(|d| d.year());
    match (minutes, days) {
        (..1, _) => Distance::Moment,
        (1..60, _) => Distance::Minutes(minutes),
        (_, 0..7) => Distance::Days(days),
        _ => Distance::Date {
            with_year: year(then) != year(now),
        },
    }
}

// Making one takes the browser longer than using it a hundred times.
thread_local! {
    static RELATIVE: Intl::RelativeTimeFormat =
        Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto")]));
    static DAY: Function = date_format(&[("day", "numeric"), ("month", "long")]);
    static DAY_AND_YEAR: Function = date_format(&[("day", "numeric"), ("month", "long"), ("year", "numeric")]);
}

fn relative(amount: i32, unit: &str) -> String {
    RELATIVE.with(|format| format.format(f64::from(-amount), unit).into())
}

fn date(instant: f64, with_year: bool) -> String {
    let format = if with_year { &DAY_AND_YEAR } else { &DAY };
    let text = format.with(|format| format.call1(&JsValue::UNDEFINED, &instant.into()));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn date_format(members: &[(&str, &str)]) -> Function {
    Intl::DateTimeFormat::new(&locales(), &options(members)).format()
}

fn locales() -> Array {
    Array::of1(&browser::english_locale().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> f64 {
        millis(text.parse().unwrap())
    }

    fn between(then: &str, now: &str) -> Distance {
        distance(at(then), at(now))
    }

    #[test]
    fn the_last_hour_counts_in_minutes_even_across_midnight() {
        assert_eq!(
            between("2026-03-03T09:59:30Z", "2026-03-03T10:00:00Z"),
            Distance::Moment
        );
        assert_eq!(
            between("2026-03-03T09:59:00Z", "2026-03-03T10:00:00Z"),
            Distance::Minutes(1)
        );
        assert_eq!(
            between("2026-03-02T23:50:00Z", "2026-03-03T00:05:00Z"),
            Distance::Minutes(15)
        );
    }

    #[test]
    fn a_clock_that_is_behind_reads_as_just_now() {
        assert_eq!(
            between("2026-03-03T10:05:00Z", "2026-03-03T10:00:00Z"),
            Distance::Moment
        );
    }

    #[test]
    fn days_change_at_midnight_not_after_24_hours() {
        assert_eq!(
            between("2026-03-03T01:00:00Z", "2026-03-03T23:00:00Z"),
            Distance::Days(0)
        );
        assert_eq!(
            between("2026-03-02T22:00:00Z", "2026-03-03T01:00:00Z"),
            Distance::Days(1)
        );
        assert_eq!(
            between("2026-02-25T22:00:00Z", "2026-03-03T01:00:00Z"),
            Distance::Days(6)
        );
    }

    #[test]
    fn a_week_ago_is_a_date_with_a_year_only_if_it_is_another_one() {
        assert_eq!(
            between("2026-02-24T22:00:00Z", "2026-03-03T01:00:00Z"),
            Distance::Date { with_year: false }
        );
        assert_eq!(
            between("2025-12-24T22:00:00Z", "2026-01-03T01:00:00Z"),
            Distance::Date { with_year: true }
        );
    }
}
