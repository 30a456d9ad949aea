//! When something is due: on a day, or at a moment of a day. These are different things: a day is the same wherever its
//! owner travels, a moment is tied to the zone that it was said in.

mod error;

pub use error::DueError;

use crate::input::FromJson;
use crate::rule::RuleViolation;
use chrono::{Datelike as _, NaiveDate, NaiveTime, Timelike as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// A date, or a date and time with its zone. On the wire `{"date":"2026-11-30"}` or
/// `{"date":"2026-11-30","time":"09:00","zone":"Europe/London"}`, in exactly these forms.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Wire", try_from = "Wire")]
pub struct Due {
    date: NaiveDate,
    at: Option<(NaiveTime, Zone)>,
}

impl Due {
    /// Due on a day.
    ///
    /// # Errors
    /// If the year does not have four digits.
    pub fn on(date: NaiveDate) -> Result<Self, DueError> {
        if !(1000..=9999).contains(&date.year()) {
            return Err(DueError::Date);
        }
        Ok(Self { date, at: None })
    }

    /// Due at a moment of a day. Seconds are dropped: nobody is late by them.
    ///
    /// # Errors
    /// If the year does not have four digits.
    pub fn at(date: NaiveDate, time: NaiveTime, zone: Zone) -> Result<Self, DueError> {
        let time = NaiveTime::from_hms_opt(time.hour(), time.minute(), 0).ok_or(DueError::Time)?;
        Ok(Self {
            at: Some((time, zone)),
            ..Self::on(date)?
        })
    }

    /// The day; of a moment, the day in its own zone.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// The time of day on the zone's clocks, in whole minutes. `None` for a day.
    #[must_use]
    pub fn time(&self) -> Option<NaiveTime> {
        self.at.as_ref().map(|(time, _)| *time)
    }

    /// The zone of a moment. `None` for a day.
    #[must_use]
    pub fn zone(&self) -> Option<&Zone> {
        self.at.as_ref().map(|(_, zone)| zone)
    }
}

/// The name of a time zone in the IANA database, such as `Europe/London`. Only its form is checked here: whether there
/// is such a zone is known to whoever has the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Zone(String);

impl Zone {
    /// Characters at most. The longest name so far has 32.
    pub const MAX: usize = 64;

    /// Names are parts of letters, digits, `.`, `_`, `-` and `+` with `/` in between; no part begins with `-`, and none
    /// is `.` or `..` (the database's "Theory", Names of timezones).
    ///
    /// # Errors
    /// If the text has another form.
    pub fn parse(text: &str) -> Result<Self, DueError> {
        let part_is_good = |part: &str| {
            part.bytes().next().is_some_and(|first| first != b'-')
                && !matches!(part, "." | "..")
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b))
        };
        let good = text.len() <= Self::MAX
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.split('/').all(part_is_good);
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(DueError::Zone)
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The members as they are written.
#[derive(Serialize, Deserialize)]
struct Wire {
    date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
}

impl From<Due> for Wire {
    fn from(due: Due) -> Self {
        let (time, zone) = due.at.unzip();
        Self {
            date: due.date.to_string(),
            time: time.map(|time| format!("{:02}:{:02}", time.hour(), time.minute())),
            zone: zone.map(|Zone(name)| name),
        }
    }
}

impl TryFrom<Wire> for Due {
    type Error = DueError;

    fn try_from(wire: Wire) -> Result<Self, DueError> {
        let date = parse_date(&wire.date).ok_or(DueError::Date)?;
        match (wire.time, wire.zone) {
            (None, None) => Self::on(date),
            (Some(time), Some(zone)) => {
                let time = parse_time(&time).ok_or(DueError::Time)?;
                Self::at(date, time, Zone::parse(&zone)?)
            }
            _ => Err(DueError::Half),
        }
    }
}

impl FromJson for Due {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        match value {
            Value::Object(members) => from_members(members).map_err(RuleViolation::Due),
            Value::Null => Err(RuleViolation::Null),
            _ => Err(RuleViolation::Due(DueError::Form)),
        }
    }
}

/// As everywhere in a request, members that are not known are ignored.
fn from_members(mut members: Map<String, Value>) -> Result<Due, DueError> {
    let mut text = |name, wrong| match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong),
    };
    let wire = Wire {
        date: text("date", DueError::Date)?.ok_or(DueError::Form)?,
        time: text("time", DueError::Time)?,
        zone: text("zone", DueError::Zone)?,
    };
    wire.try_into()
}

/// RFC 3339 `full-date`, and nothing that only resembles it.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
        return None;
    };
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(digits(&[y1, y2, y3, y4])?).ok()?,
        digits(&[m1, m2])?,
        digits(&[d1, d2])?,
    )?;
    (date.year() >= 1000).then_some(date)
}

fn parse_time(text: &str) -> Option<NaiveTime> {
    let [h1, h2, b':', m1, m2] = *text.as_bytes() else {
        return None;
    };
    NaiveTime::from_hms_opt(digits(&[h1, h2])?, digits(&[m1, m2])?, 0)
}

/// The number that a few ASCII digits write.
pub(crate) fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}

/// The text of a day or a moment as it goes into a log: `2026-11-30` or `2026-11-30 09:00 Europe/London`.
impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        match &self.at {
            Some((time, Zone(zone))) => write!(f, " {:02}:{:02} {zone}", time.hour(), time.minute()),
            None => Ok(()),
        }
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
    use utoipa::openapi::{RefOr, schema::KnownFormat, schema::SchemaFormat};

    impl utoipa::PartialSchema for super::Due {
        fn schema() -> RefOr<Schema> {
            let text = || ObjectBuilder::new().schema_type(Type::String);
            ObjectBuilder::new()
                .description(Some("A date, or a date and time with its zone (both or neither)."))
                .property(
                    "date",
                    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
                )
                .property("time", text().pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$")))
                .property("zone", text().max_length(Some(super::Zone::MAX)))
                .required("date")
                .into()
        }
    }

    impl utoipa::ToSchema for super::Due {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{from_value, json, to_value};

    fn zone() -> Zone {
        Zone::parse("Europe/London").unwrap()
    }

    #[test]
    fn a_day_and_a_moment_are_read_and_written_in_their_own_forms() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let nine = NaiveTime::from_hms_opt(9, 0, 59).unwrap();
        for (due, wire) in [
            (Due::on(date), json!({"date": "2026-11-30"})),
            (
                Due::at(date, nine, zone()),
                json!({"date": "2026-11-30", "time": "09:00", "zone": "Europe/London"}),
            ),
        ] {
            let due = due.unwrap();
            assert_eq!(to_value(&due).unwrap(), wire);
            assert_eq!(from_value::<Due>(wire.clone()).unwrap(), due);
            assert_eq!(Due::from_json(wire), Ok(due));
        }
    }

    #[test]
    fn every_other_form_is_refused_with_what_is_wrong() {
        let zoned = |date, time, zone| json!({"date": date, "time": time, "zone": zone});
        for (value, error) in [
            (json!("2026-11-30"), DueError::Form),
            (json!({}), DueError::Form),
            (json!({"date": 20_261_130}), DueError::Date),
            (json!({"date": "2026-11-31"}), DueError::Date),
            (json!({"date": "2026-2-1"}), DueError::Date),
            (json!({"date": "+2026-02-1"}), DueError::Date),
            (json!({"date": "0000-01-01"}), DueError::Date),
            (json!({"date": "2026-11-30T09:00"}), DueError::Date),
            (json!({"date": "2026-11-30", "time": "09:00"}), DueError::Half),
            (json!({"date": "2026-11-30", "zone": "Europe/London"}), DueError::Half),
            (zoned("2026-11-30", "24:00", "Europe/London"), DueError::Time),
            (zoned("2026-11-30", "9:00", "Europe/London"), DueError::Time),
            (zoned("2026-11-30", "09:00:00", "Europe/London"), DueError::Time),
            (zoned("2026-11-30", "09:00", "+01:00"), DueError::Zone),
            (zoned("2026-11-30", "09:00", "Europe//London"), DueError::Zone),
            (zoned("2026-11-30", "09:00", "../etc/passwd"), DueError::Zone),
            (zoned("2026-11-30", "09:00", "Europe/../x"), DueError::Zone),
            (zoned("2026-11-30", "09:00", ""), DueError::Zone),
        ] {
            assert_eq!(Due::from_json(value.clone()), Err(RuleViolation::Due(error)), "{value}");
            assert!(from_value::<Due>(value.clone()).is_err(), "{value}");
        }
        assert_eq!(Due::from_json(Value::Null), Err(RuleViolation::Null));
        assert_eq!(Zone::parse(&"a".repeat(65)), Err(DueError::Zone));
    }

    #[test]
    fn the_names_that_the_database_has_are_taken() {
        for name in [
            "UTC",
            "Etc/GMT+12",
            "America/Argentina/ComodRivadavia",
            "Asia/Ust-Nera",
            "EST5EDT",
        ] {
            assert_eq!(Zone::parse(name).unwrap().as_str(), name);
        }
    }

    #[cfg(feature = "openapi")]
    #[test]
    fn the_description_has_the_members_that_are_read() {
        let schema = to_value(<Due as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["type"], json!("object"));
        assert_eq!(schema["required"], json!(["date"]));
        assert_eq!(
            schema["properties"]["date"],
            json!({"type": "string", "format": "date"})
        );
        let members: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(members, ["date", "time", "zone"]);
    }

    proptest! {
        #[test]
        fn whatever_is_due_comes_back_from_the_wire(days in 0..3_000_000_i64, minute in proptest::option::of(0..1440_u32)) {
            let date = NaiveDate::from_ymd_opt(1000, 1, 1).unwrap() + chrono::TimeDelta::days(days);
            let due = match minute {
                None => Due::on(date),
                Some(minute) => Due::at(date, NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap(), zone()),
            }.unwrap();
            prop_assert_eq!(Due::from_json(to_value(&due).unwrap()), Ok(due));
        }
    }
}
