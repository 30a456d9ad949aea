//! Which instant a time on the clocks of a zone is. The app carries no time zones: the browser has them all.

use super::intl;
use super::wall::{moment, wall};
use crate::browser;
use chrono::{DateTime, NaiveDateTime};
use js_sys::Function;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

const MINUTE: f64 = 60_000.0;
const DAY: f64 = 24.0 * 60.0 * MINUTE;

// Each zone's format is made once, since that takes the browser longer than using it a hundred times.
thread_local! {
    static OWN: String = intl::own_zone().unwrap_or_else(|| "UTC".to_owned());
    static FORMATS: RefCell<Vec<(String, Option<Function>)>> = const { RefCell::new(Vec::new()) };
}

/// The name of the zone that the person's clock is set to.
pub fn own() -> String {
    OWN.with(Clone::clone)
}

/// The instant, in milliseconds since 1970, at which the clocks of a zone show this. `None` if the browser does not know
/// the zone.
pub fn instant(local: NaiveDateTime, zone: &str) -> Option<f64> {
    let wall = wall(local);
    if zone == own() {
        return Some(instant_by(wall, browser::local_offset));
    }
    let format = format(zone)?;
    Some(instant_by(wall, |at| offset(&format, at).unwrap_or(0.0)))
}

/// What the person's own clock shows at an instant.
pub fn local(instant: f64) -> NaiveDateTime {
    moment(instant + browser::local_offset(instant))
}

fn format(zone: &str) -> Option<Function> {
    FORMATS.with(|formats| {
        let mut formats = formats.borrow_mut();
        if let Some((_, format)) = formats.iter().find(|(name, _)| name == zone) {
            return format.clone();
        }
        let format = intl::zone_format(zone);
        formats.push((zone.to_owned(), format.clone()));
        format
    })
}

/// How far the clocks of a zone are ahead of UTC at an instant, in milliseconds.
fn offset(format: &Function, instant: f64) -> Option<f64> {
    let text = format.call1(&JsValue::UNDEFINED, &instant.into()).ok()?.as_string()?;
    Some(wall(numbers(&text)?) - (instant / 1000.0).floor() * 1000.0)
}

/// Reads `11/21/2026, 09:00:00`.
fn numbers(text: &str) -> Option<NaiveDateTime> {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<u32>().ok());
    let mut next = || numbers.next().flatten();
    let (month, day, year) = (next()?, next()?, next()?);
    let date = chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    // Older browsers call midnight 24:00.
    date.and_hms_opt(next()? % 24, next()?, next()?)
}

/// The instant at which a clock shows `wall`. A time that the clock shows twice is the earlier one, and one that it
/// leaps over is the instant after the leap.
fn instant_by(wall: f64, offset: impl Fn(f64) -> f64) -> f64 {
    let (before, after) = (offset(wall - DAY), offset(wall + DAY));
    let candidate = |ahead: f64| {
        let instant = wall - ahead;
        (offset(instant).total_cmp(&ahead).is_eq()).then_some(instant)
    };
    match (candidate(before), candidate(after)) {
        (Some(one), Some(other)) => one.min(other),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => {
            let (mut early, mut late) = (wall - before.max(after), wall - before.min(after));
            let at_first = offset(early);
            while late - early > MINUTE {
                let middle = (f64::midpoint(early, late) / MINUTE).floor() * MINUTE;
                if offset(middle).total_cmp(&at_first).is_eq() {
                    early = middle;
                } else {
                    late = middle;
                }
            }
            late
        }
    }
}

/// The instant of a time on a clock that is always right: UTC.
pub fn utc(instant: f64) -> DateTime<chrono::Utc> {
    moment(instant).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> f64 {
        crate::dates::wall::millis(text.parse().unwrap())
    }

    /// Europe/London in 2026, whose clocks go forward on 29 March at 1:00 and back on 25 October at 2:00.
    fn london(instant: f64) -> f64 {
        let summer = at("2026-03-29T01:00:00Z")..at("2026-10-25T01:00:00Z");
        if summer.contains(&instant) { 60.0 * MINUTE } else { 0.0 }
    }

    #[test]
    fn a_time_is_the_instant_at_which_the_clocks_show_it() {
        for (wall, instant) in [
            ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z"),
            ("2026-07-05T09:00:00Z", "2026-07-05T08:00:00Z"),
            ("2026-03-29T00:59:00Z", "2026-03-29T00:59:00Z"),
            ("2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"),
        ] {
            assert_eq!(zone_text(instant_by(at(wall), london)), instant, "{wall}");
        }
    }

    #[test]
    fn a_time_that_is_skipped_is_the_end_of_the_gap() {
        assert_eq!(
            zone_text(instant_by(at("2026-03-29T01:30:00Z"), london)),
            "2026-03-29T01:00:00Z"
        );
    }

    #[test]
    fn a_time_that_comes_twice_is_the_earlier() {
        assert_eq!(
            zone_text(instant_by(at("2026-10-25T01:30:00Z"), london)),
            "2026-10-25T00:30:00Z"
        );
    }

    #[test]
    fn the_browsers_numbers_are_read() {
        let read = |text| numbers(text).map(|moment| moment.to_string());
        assert_eq!(read("11/21/2026, 09:05:00").as_deref(), Some("2026-11-21 09:05:00"));
        assert_eq!(read("1/2/2027, 24:00:00").as_deref(), Some("2027-01-02 00:00:00"));
        assert_eq!(read("never"), None);
    }

    fn zone_text(instant: f64) -> String {
        utc(instant).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }
}
