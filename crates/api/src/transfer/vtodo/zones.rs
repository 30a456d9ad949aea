//! Time zones that a file describes itself (RFC 5545 §3.6.5, `VTIMEZONE`): what their clocks say is what the file says,
//! whatever their name looks like. A task's zone has a name of the IANA database, so one with the same rules is looked for.

use super::components::Component;
use super::properties::entries_of;
use crate::transfer::import::Context;
use crate::transfer::text;
use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz as AnyTz;
use calcard::icalendar::{
    ICalendarComponent, ICalendarComponentType, ICalendarDay, ICalendarFrequency, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue,
};
use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};
use std::collections::HashMap;

/// Zones that a file may describe; more are not read.
const MAX_ZONES: usize = 100;

/// Where several zones have the same rules, people know these best.
const WELL_KNOWN: [Tz; 34] = [
    Tz::UTC,
    Tz::America__New_York,
    Tz::America__Chicago,
    Tz::America__Denver,
    Tz::America__Phoenix,
    Tz::America__Los_Angeles,
    Tz::America__Anchorage,
    Tz::Pacific__Honolulu,
    Tz::America__Halifax,
    Tz::America__St_Johns,
    Tz::America__Mexico_City,
    Tz::America__Bogota,
    Tz::America__Sao_Paulo,
    Tz::America__Santiago,
    Tz::Europe__London,
    Tz::Europe__Berlin,
    Tz::Europe__Athens,
    Tz::Europe__Moscow,
    Tz::Africa__Lagos,
    Tz::Africa__Johannesburg,
    Tz::Africa__Nairobi,
    Tz::Asia__Jerusalem,
    Tz::Asia__Dubai,
    Tz::Asia__Karachi,
    Tz::Asia__Kolkata,
    Tz::Asia__Dhaka,
    Tz::Asia__Bangkok,
    Tz::Asia__Shanghai,
    Tz::Asia__Tokyo,
    Tz::Australia__Perth,
    Tz::Australia__Adelaide,
    Tz::Australia__Brisbane,
    Tz::Australia__Sydney,
    Tz::Pacific__Auckland,
];

/// The zones of a file, those of each calendar by their names.
#[derive(Default)]
pub(super) struct Zones {
    all: HashMap<(usize, String), Described>,
}

/// A moment in a zone that has a name.
pub(super) struct Placed {
    pub(super) local: NaiveDateTime,
    pub(super) zone: Tz,
    /// What is to be said about it.
    pub(super) note: Option<String>,
}

impl Zones {
    /// Reads a `VTIMEZONE` of the calendar with this number.
    pub(super) fn read(&mut self, calendar: usize, component: &Component, context: &Context) {
        if self.all.len() >= MAX_ZONES {
            return;
        }
        let parts = entries_of(&component.text);
        let text = |part: &ICalendarComponent, property: &ICalendarProperty| {
            let value = part.property(property)?.values.first()?;
            value.as_text().map(|text| text.trim().to_owned())
        };
        let whole = parts
            .iter()
            .find(|part| part.component_type == ICalendarComponentType::VTimezone);
        let Some(whole) = whole else { return };
        let Some(name) = text(whole, &ICalendarProperty::Tzid) else {
            return;
        };
        let observances: Option<Vec<Observance>> = parts
            .iter()
            .filter(|part| {
                matches!(
                    part.component_type,
                    ICalendarComponentType::Standard | ICalendarComponentType::Daylight
                )
            })
            .map(Observance::read)
            .collect();
        let Some(rules) = observances.filter(|all| !all.is_empty()).map(Rules) else {
            return;
        };
        let hint = text(whole, &ICalendarProperty::Other("X-LIC-LOCATION".to_owned()));
        let hint = hint.and_then(|hint| hint.parse().ok());
        let same_rules = rules.find_zone(context, hint);
        self.all
            .entry((calendar, name))
            .or_insert(Described { rules, same_rules });
    }

    /// A moment that a file says in a zone of this name.
    pub(super) fn place(&self, calendar: usize, name: &str, local: NaiveDateTime, context: &Context) -> Placed {
        let named = match name.parse::<AnyTz>() {
            Ok(AnyTz::Tz(zone)) => Some(zone),
            _ => None,
        };
        let said = text::shortened(name, 60);
        let placed = |zone, note| Placed { local, zone, note };
        let Some(described) = self.all.get(&(calendar, name.to_owned())) else {
            return match named {
                Some(zone) => placed(zone, None),
                None => placed(
                    context.zone,
                    Some(format!("The time zone “{said}” is not known; yours is taken")),
                ),
            };
        };
        let offset = described.rules.offset_at(local);
        if let Some(zone) = named.filter(|zone| agrees(*zone, local, offset)) {
            return placed(zone, None);
        }
        if let Some(zone) = described.same_rules.filter(|zone| agrees(*zone, local, offset)) {
            let note = format!(
                "The time zone “{said}” is taken as {}, which has the rules that the file gives",
                zone.name()
            );
            return placed(zone, Some(note));
        }
        let note = format!(
            "The time zone “{said}” is only described in the file: its offset {} is taken",
            Offset(offset)
        );
        if let Some(zone) = of_offset(offset) {
            return placed(zone, Some(note));
        }
        let there = context
            .zone
            .from_utc_datetime(&(local - TimeDelta::seconds(offset.into())));
        Placed {
            local: there.naive_local(),
            zone: context.zone,
            note: Some(note),
        }
    }
}

struct Described {
    rules: Rules,
    /// A zone of the IANA database with the same rules, these years.
    same_rules: Option<Tz>,
}

/// When which offset begins.
struct Rules(Vec<Observance>);

/// One offset, and when it begins.
struct Observance {
    onset: NaiveDateTime,
    /// Seconds before and since then.
    from: i32,
    to: i32,
    each_year: Option<EachYear>,
    also: Vec<NaiveDateTime>,
}

struct EachYear {
    months: Vec<u32>,
    days: Vec<ICalendarDay>,
    month_days: Vec<i8>,
    until: Option<NaiveDateTime>,
}

impl Rules {
    /// The offset when clocks show this: of what began last.
    fn offset_at(&self, local: NaiveDateTime) -> i32 {
        let begun = self.0.iter().filter_map(|each| Some((each.last_onset(local)?, each)));
        if let Some((_, last)) = begun.max_by_key(|(onset, _)| *onset) {
            return last.to;
        }
        let first = self.0.iter().min_by_key(|each| each.onset);
        first.map_or(0, |first| first.from)
    }

    /// A zone whose clocks show the same from last year to the year after next.
    fn find_zone(&self, context: &Context, hint: Option<Tz>) -> Option<Tz> {
        let year = context.today().year();
        let samples: Vec<_> = (year - 1..=year + 2)
            .flat_map(|year| self.samples(year))
            .map(|local| (local, self.offset_at(local)))
            .collect();
        let mut zones = hint
            .into_iter()
            .chain([context.zone])
            .chain(WELL_KNOWN)
            .chain(TZ_VARIANTS);
        zones.find(|zone| samples.iter().all(|(local, offset)| agrees(*zone, *local, *offset)))
    }

    /// Three days of each month, and the hours around each change.
    fn samples(&self, year: i32) -> Vec<NaiveDateTime> {
        let days = (1..=12).flat_map(|month| [1, 11, 21].map(|day| NaiveDate::from_ymd_opt(year, month, day)));
        let noons = days.flatten().filter_map(|day| day.and_hms_opt(12, 0, 0));
        let end = NaiveDate::from_ymd_opt(year, 12, 31).and_then(|day| day.and_hms_opt(23, 59, 59));
        let changes = self.0.iter().filter_map(|each| each.last_onset(end?));
        let changes = changes.filter(|onset| onset.year() == year);
        let around = changes.flat_map(|onset| [onset - TimeDelta::hours(3), onset + TimeDelta::hours(3)]);
        noons.chain(around).collect()
    }
}

impl Observance {
    fn read(part: &ICalendarComponent) -> Option<Self> {
        let value = |property: &ICalendarProperty| part.property(property)?.values.first();
        let onset = local(value(&ICalendarProperty::Dtstart)?.as_partial_date_time()?)?;
        let from = seconds(value(&ICalendarProperty::Tzoffsetfrom)?.as_partial_date_time()?)?;
        let to = seconds(value(&ICalendarProperty::Tzoffsetto)?.as_partial_date_time()?)?;
        let each_year = match value(&ICalendarProperty::Rrule) {
            None => None,
            Some(ICalendarValue::RecurrenceRule(rule)) => Some(EachYear::read(rule, onset, from)?),
            Some(_) => return None,
        };
        let also = part
            .properties(&ICalendarProperty::Rdate)
            .flat_map(|entry| &entry.values)
            .filter_map(|value| local(value.as_partial_date_time()?))
            .take(1000)
            .collect();
        Some(Self {
            onset,
            from,
            to,
            each_year,
            also,
        })
    }

    /// When it last began, up to this.
    fn last_onset(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let once = [self.onset].into_iter().chain(self.also.iter().copied());
        let each_year = self.each_year.iter().flat_map(|each| {
            let years = [local.year(), local.year() - 1];
            years.into_iter().flat_map(|year| each.onsets(year, self.onset))
        });
        once.chain(each_year).filter(|onset| *onset <= local).max()
    }
}

impl EachYear {
    /// `None` for what no zone needs.
    fn read(rule: &ICalendarRecurrenceRule, onset: NaiveDateTime, from: i32) -> Option<Self> {
        let other = rule.freq != ICalendarFrequency::Yearly
            || rule.interval.is_some_and(|interval| interval > 1)
            || rule.count.is_some()
            || !rule.bysetpos.is_empty()
            || !rule.byyearday.is_empty()
            || !rule.byweekno.is_empty();
        if other {
            return None;
        }
        let until = rule.until.as_ref().and_then(|until| {
            let at = local(until)?;
            // Said in UTC (§3.6.5), and compared with clocks that have not been changed yet.
            Some(if until.has_zone() {
                at + TimeDelta::seconds(from.into())
            } else {
                at
            })
        });
        let mut months: Vec<u32> = rule.bymonth.iter().map(|month| month.month().into()).collect();
        if months.is_empty() {
            months.push(onset.month());
        }
        let mut month_days = rule.bymonthday.clone();
        if month_days.is_empty() && rule.byday.is_empty() {
            month_days.push(i8::try_from(onset.day()).ok()?);
        }
        Some(Self {
            months,
            days: rule.byday.clone(),
            month_days,
            until,
        })
    }

    fn onsets(&self, year: i32, first: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> {
        let months = self.months.iter().take(12);
        let days =
            months.flat_map(move |month| (1..=31).filter_map(move |day| NaiveDate::from_ymd_opt(year, *month, day)));
        days.filter(|day| self.has(*day))
            .map(move |day| day.and_time(first.time()))
            .filter(move |onset| *onset >= first && self.until.is_none_or(|until| *onset <= until))
    }

    fn has(&self, day: NaiveDate) -> bool {
        let length = day.num_days_in_month();
        let number = u8::try_from(day.day()).unwrap_or(u8::MAX);
        let from_end = i16::from(length) - i16::from(number);
        let of_month = self
            .month_days
            .iter()
            .any(|each| i16::from(*each) == i16::from(number) || i16::from(*each) == -1 - from_end);
        let of_week = self.days.iter().any(|each| {
            let weekday: Weekday = crate::transfer::rule::from_weekday(each.weekday);
            let right = match each.ordwk {
                None | Some(0) => true,
                Some(nth) if nth > 0 => nth == i16::from((number - 1) / 7 + 1),
                Some(nth) => nth == -1 - from_end / 7,
            };
            weekday == day.weekday() && right
        });
        (self.month_days.is_empty() || of_month) && (self.days.is_empty() || of_week)
    }
}

/// Whether the zone's clocks have this offset then. Where they are being changed, either is right.
fn agrees(zone: Tz, local: NaiveDateTime, offset: i32) -> bool {
    let is = |there: <Tz as chrono::TimeZone>::Offset| there.fix().local_minus_utc() == offset;
    match zone.offset_from_local_datetime(&local) {
        chrono::MappedLocalTime::Single(there) => is(there),
        chrono::MappedLocalTime::Ambiguous(one, other) => is(one) || is(other),
        chrono::MappedLocalTime::None => {
            let beside = [local - TimeDelta::hours(3), local + TimeDelta::hours(3)];
            beside
                .into_iter()
                .filter_map(|beside| zone.offset_from_local_datetime(&beside).single())
                .any(is)
        }
    }
}

/// The zone that always has this offset, where the database has one: those of whole hours, whose names say the opposite.
fn of_offset(seconds: i32) -> Option<Tz> {
    let hours = -(seconds / 3600);
    if seconds % 3600 != 0 {
        return None;
    }
    if hours == 0 {
        return Some(Tz::UTC);
    }
    format!("Etc/GMT{hours:+}").parse().ok()
}

struct Offset(i32);

impl std::fmt::Display for Offset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { '−' } else { '+' };
        let minutes = self.0.abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

fn local(value: &PartialDateTime) -> Option<NaiveDateTime> {
    let day = NaiveDate::from_ymd_opt(value.year?.into(), value.month?.into(), value.day?.into())?;
    day.and_hms_opt(
        value.hour.unwrap_or(0).into(),
        value.minute.unwrap_or(0).into(),
        value.second.unwrap_or(0).min(59).into(),
    )
}

fn seconds(value: &PartialDateTime) -> Option<i32> {
    let minutes = i32::from(value.tz_hour?) * 60 + i32::from(value.tz_minute.unwrap_or(0));
    Some(if value.tz_minus { -60 * minutes } else { 60 * minutes })
}
