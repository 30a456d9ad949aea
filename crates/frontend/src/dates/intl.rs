//! What the browser knows of the person's language and habits, by its `Intl`. The words of dates are English, like the
//! rest of the page; clock, calendar and the order of numbers are the person's own.

use super::wall::wall;
use crate::browser;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::window;
use shared::quick_add::NumericDates;
use std::cell::OnceCell;
use wasm_bindgen::{JsCast, JsValue};

/// A way to write a date or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `Fri`
    Weekday,
    /// `Friday`
    LongWeekday,
    /// `24 Dec`
    Day,
    /// `24 Dec 2027`
    DayAndYear,
    /// `Friday 24 December 2027`
    Full,
    /// `December 2027`
    Month,
    /// `09:00`, `9:00 AM`
    Time,
}

impl Style {
    const COUNT: usize = 7;

    fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Weekday => &[("weekday", "short")],
            Self::LongWeekday => &[("weekday", "long")],
            Self::Day => &[("day", "numeric"), ("month", "short")],
            Self::DayAndYear => &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
            Self::Full => &[
                ("weekday", "long"),
                ("day", "numeric"),
                ("month", "long"),
                ("year", "numeric"),
            ],
            Self::Month => &[("month", "long"), ("year", "numeric")],
            Self::Time => &[("hour", "numeric"), ("minute", "2-digit")],
        }
    }
}

// Making one takes the browser longer than using it a hundred times.
thread_local! {
    static FORMATS: [OnceCell<Option<Function>>; Style::COUNT] = const { [const { OnceCell::new() }; Style::COUNT] };
    static RELATIVE: Option<(Object, Function)> = relative_format();
    static FIRST_WEEKDAY: Weekday = find_first_weekday();
    static NUMERIC_DATES: NumericDates = find_numeric_dates();
}

/// A date and time on whatever clock it was read from.
pub fn write(moment: NaiveDateTime, style: Style) -> String {
    FORMATS.with(|formats| {
        let format = formats
            .get(style as usize)
            .and_then(|cell| cell.get_or_init(|| date_format(style)).as_ref());
        let text = format.and_then(|format| format.call1(&JsValue::UNDEFINED, &wall(moment).into()).ok());
        text.and_then(|text| text.as_string()).unwrap_or_default()
    })
}

/// A date.
pub fn write_date(date: NaiveDate, style: Style) -> String {
    write(date.and_time(NaiveTime::MIN), style)
}

/// `yesterday`, `today`, `tomorrow`, else `in 3 days`.
pub fn write_days_away(days: i32) -> String {
    RELATIVE.with(|format| {
        let text = format
            .as_ref()
            .and_then(|(this, format)| format.call2(this, &days.into(), &"day".into()).ok());
        text.and_then(|text| text.as_string()).unwrap_or_default()
    })
}

/// The day that the person's week begins with.
pub fn first_weekday() -> Weekday {
    FIRST_WEEKDAY.with(|day| *day)
}

fn find_first_weekday() -> Weekday {
    let tag = own_language();
    let number = construct("Locale", &tag, &Object::new()).and_then(|locale| {
        let info = method(&locale, "getWeekInfo")
            .and_then(|info| info.call0(&locale).ok())
            .or_else(|| Reflect::get(&locale, &"weekInfo".into()).ok())?;
        Reflect::get(&info, &"firstDay".into()).ok()?.as_f64()
    });
    match number {
        Some(7.0) => Weekday::Sun,
        Some(6.0) => Weekday::Sat,
        Some(_) => Weekday::Mon,
        None => first_weekday_of(&tag),
    }
}

/// For browsers that do not say: the most populous of the regions whose week begins on Sunday (CLDR, `weekData`).
fn first_weekday_of(tag: &str) -> Weekday {
    const SUNDAY: [&str; 16] = [
        "BR", "CA", "CO", "HK", "ID", "IL", "IN", "JP", "KR", "MX", "PE", "PH", "TH", "TW", "US", "ZA",
    ];
    let region = tag.rsplit('-').next().unwrap_or_default();
    if SUNDAY.contains(&region) || tag == "en" {
        Weekday::Sun
    } else {
        Weekday::Mon
    }
}

/// How the person writes a date of numbers.
pub fn numeric_dates() -> NumericDates {
    NUMERIC_DATES.with(|order| *order)
}

fn find_numeric_dates() -> NumericDates {
    let members = options(&[("day", "numeric"), ("month", "numeric"), ("timeZone", "UTC")]);
    let first = construct("DateTimeFormat", &own_language(), &members).and_then(|format| {
        // 22 November: only one of its numbers can be the day.
        let day = 325.0 * 86_400_000.0;
        let text = method(&format, "format")?
            .call1(&format, &day.into())
            .ok()?
            .as_string()?;
        Some(text.find("22")? < text.find("11")?)
    });
    if first == Some(false) {
        NumericDates::MonthFirst
    } else {
        NumericDates::DayFirst
    }
}

/// The name of the zone that the person's clock is set to.
pub fn own_zone() -> Option<String> {
    resolved("timeZone", &[])
}

/// Writes the numbers of an instant as the clocks in a zone show it. `None` if the browser has no such zone.
pub fn zone_format(zone: &str) -> Option<Function> {
    let members = options(&[
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
        ("second", "numeric"),
    ]);
    method(&construct("DateTimeFormat", "en-US", &members)?, "format")
}

fn date_format(style: Style) -> Option<Function> {
    let members = options(style.options());
    // What is written is the date as it stands, of whichever zone.
    for (name, value) in [("timeZone", Some("UTC".to_owned())), ("hourCycle", hour_cycle())] {
        if let Some(value) = value.filter(|_| style == Style::Time || name == "timeZone") {
            // A plain object takes any member.
            let _ = Reflect::set(&members, &name.into(), &value.into());
        }
    }
    let locale = browser::english_locale();
    let format = construct("DateTimeFormat", &locale, &members);
    method(
        &format.or_else(|| construct("DateTimeFormat", "en-GB", &members))?,
        "format",
    )
}

fn relative_format() -> Option<(Object, Function)> {
    let members = options(&[("numeric", "auto")]);
    let format = construct("RelativeTimeFormat", "en", &members)?;
    let write = method(&format, "format")?;
    Some((format, write))
}

/// Whether the person's clock has 12 or 24 hours, as `Intl` calls it.
fn hour_cycle() -> Option<String> {
    resolved("hourCycle", &[("hour", "numeric")])
}

/// What a format in the person's own language has decided on.
fn resolved(member: &str, members: &[(&str, &str)]) -> Option<String> {
    let format = construct("DateTimeFormat", &own_language(), &options(members))?;
    let resolved = method(&format, "resolvedOptions")?.call0(&format).ok()?;
    Reflect::get(&resolved, &member.into()).ok()?.as_string()
}

fn own_language() -> String {
    window().navigator().language().unwrap_or_default()
}

/// `None` where `Intl` throws: at a locale that is none, and at zones that it does not know.
fn construct(kind: &str, locale: &str, options: &Object) -> Option<Object> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &kind.into()).ok()?.dyn_into().ok()?;
    let arguments = Array::of2(&locale.into(), options);
    Reflect::construct(&class, &arguments).ok()?.dyn_into().ok()
}

fn method(this: &Object, name: &str) -> Option<Function> {
    Reflect::get(this, &name.into()).ok()?.dyn_into().ok()
}

pub(super) fn options(members: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in members {
        // A plain object takes any member.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_where_its_region_begins_it() {
        for (tag, first) in [
            ("en-US", Weekday::Sun),
            ("pt-BR", Weekday::Sun),
            ("en-GB", Weekday::Mon),
            ("de", Weekday::Mon),
        ] {
            assert_eq!(first_weekday_of(tag), first, "{tag}");
        }
    }
}
