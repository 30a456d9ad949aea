//! Instants on the wire: RFC 3339, read and written in exactly that form, for `#[serde(with)]`.
//!
//! The relaxed reader that chrono's own `Deserialize` uses takes more than the contract promises, and a twentieth of the
//! app's download. Its `Serialize` goes through `Display`, which is a quarter of the time that a list of tasks takes to write.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serializer, de, ser};
use std::borrow::Cow;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// An instant to the microsecond: `2026-11-21T09:30:00.000000Z`. `None` if its year does not have four digits.
#[must_use]
pub fn text_of(instant: DateTime<Utc>) -> Option<[u8; 27]> {
    // chrono has a leap second as the second before it, and as more than a million microseconds.
    let micros = i64::from(instant.timestamp_subsec_micros().min(999_999));
    Instants::default().text_of(instant.timestamp() * 1_000_000 + micros)
}

/// Writes one instant after another. Most of those of one list are on few days, and to find out which day it is takes longer
/// than all the rest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Instants {
    /// The last day, in days since 1970, and its date.
    day: Option<(i64, [u8; 10])>,
}

impl Instants {
    /// The instant so many microseconds after 1970, as [`text_of`] writes it.
    #[must_use]
    pub fn text_of(&mut self, micros: i64) -> Option<[u8; 27]> {
        let day = micros.div_euclid(DAY);
        let date = match self.day {
            Some((last, date)) if last == day => date,
            _ => date_of(day)?,
        };
        self.day = Some((day, date));
        let micros = u64::try_from(micros.rem_euclid(DAY)).ok()?;
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let (place_of_date, time) = text.split_first_chunk_mut()?;
        *place_of_date = date;
        for (number, place) in [
            (seconds / 3600, 1),
            (seconds / 60 % 60, 4),
            (seconds % 60, 7),
            (micros / 10_000, 10),
            (micros / 100 % 100, 12),
            (micros % 100, 14),
        ] {
            write(time, place, number);
        }
        Some(text)
    }
}

/// The day so many days after 1970.
fn date_of(day: i64) -> Option<[u8; 10]> {
    let since_1970 = i32::try_from(day).ok()?;
    let date = NaiveDate::from_epoch_days(since_1970)?;
    let year = u64::try_from(date.year()).ok().filter(|year| *year <= 9999)?;
    let mut text = *b"0000-00-00";
    for (number, place) in [
        (year / 100, 0),
        (year % 100, 2),
        (date.month().into(), 5),
        (date.day().into(), 8),
    ] {
        write(&mut text, place, number);
    }
    Some(text)
}

/// Writes both digits of a number below 100.
fn write(text: &mut [u8], place: usize, number: u64) {
    let digit = |digit: u64| u8::try_from(digit).map_or(b'?', |digit| b'0' + digit);
    if let Some([tens, ones]) = text.get_mut(place..place + 2) {
        (*tens, *ones) = (digit(number / 10), digit(number % 10));
    }
}

pub(crate) fn serialize<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = text_of(*instant).ok_or_else(|| ser::Error::custom("the year does not have four digits"))?;
    serializer.serialize_str(std::str::from_utf8(&text).map_err(ser::Error::custom)?)
}

/// Reads one.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = Cow::<'_, str>::deserialize(deserializer)?;
    let instant = DateTime::parse_from_rfc3339(&text).map_err(de::Error::custom)?;
    Ok(instant.with_timezone(&Utc))
}

/// The same for one that there may not be.
pub(crate) mod option {
    use super::{DateTime, Deserialize, Deserializer, Serializer, Utc};
    use serde::Serialize as _;

    #[derive(serde::Serialize, Deserialize)]
    #[serde(transparent)]
    struct Instant(#[serde(with = "super")] DateTime<Utc>);

    #[expect(clippy::ref_option, reason = "it is how `#[serde(with)]` calls it")]
    pub(crate) fn serialize<S: Serializer>(instant: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        instant.map(Instant).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        Ok(Option::<Instant>::deserialize(deserializer)?.map(|Instant(instant)| instant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{from_value, json, to_value};

    #[derive(Debug, PartialEq, serde::Serialize, Deserialize)]
    struct Wire(#[serde(with = "super")] DateTime<Utc>);

    #[test]
    fn instants_are_written_to_the_microsecond() {
        let written = |nanos| to_value(Wire(DateTime::from_timestamp(1_800_000_059, nanos).unwrap())).unwrap();
        assert_eq!(written(0), json!("2027-01-15T08:00:59.000000Z"));
        assert_eq!(written(1_999), json!("2027-01-15T08:00:59.000001Z"));
        assert_eq!(
            written(1_500_000_000),
            json!("2027-01-15T08:00:59.999999Z"),
            "a leap second"
        );
    }

    #[test]
    fn a_year_of_five_digits_is_no_rfc3339() {
        assert!(to_value(Wire(DateTime::<Utc>::MAX_UTC)).is_err());
    }

    #[test]
    fn instants_are_written_one_after_another_as_alone() {
        let mut instants = Instants::default();
        for micros in [
            0,
            1,
            DAY - 1,
            DAY,
            -1,
            -DAY,
            1_800_000_059_000_001,
            253_402_300_799_999_999,
            0,
        ] {
            let alone = text_of(DateTime::from_timestamp_micros(micros).unwrap());
            assert!(alone.is_some());
            assert_eq!(instants.text_of(micros), alone, "{micros}");
        }
        assert_eq!(instants.text_of(253_402_300_800_000_000), None);
        assert_eq!(instants.text_of(i64::MIN), None);
        assert_eq!(instants.text_of(i64::MAX), None);
    }

    proptest! {
        #[test]
        fn instants_round_trip(micros in -62_135_596_800_000_000..253_402_300_800_000_000_i64) {
            let instant = Wire(DateTime::from_timestamp_micros(micros).unwrap());
            prop_assert_eq!(from_value::<Wire>(to_value(&instant).unwrap()).unwrap(), instant);
        }
    }
}
