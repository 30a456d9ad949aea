//! Instants on the wire: RFC 3339, read and written in exactly that form, for `#[serde(with)]`.
//!
//! The relaxed reader that chrono's own `Deserialize` uses takes more than the contract promises, and a twentieth of the
//! app's download. Its `Serialize` goes through `Display`, which is a quarter of the time that a list of tasks takes to write.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use serde::{Deserialize, Deserializer, Serializer, de, ser};
use std::borrow::Cow;

/// An instant to the microsecond: `2026-11-21T09:30:00.000000Z`. `None` if its year does not have four digits.
#[must_use]
pub fn text_of(instant: DateTime<Utc>) -> Option<[u8; 27]> {
    // Once, and not for each part.
    let instant = instant.naive_utc();
    let year = u32::try_from(instant.year()).ok().filter(|year| *year <= 9999)?;
    // chrono has a leap second as the second before it, and as more than a million microseconds.
    let micros = (instant.nanosecond() / 1000).min(999_999);
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    for (number, place) in [
        (year, 0..4),
        (instant.month(), 5..7),
        (instant.day(), 8..10),
        (instant.hour(), 11..13),
        (instant.minute(), 14..16),
        (instant.second(), 17..19),
        (micros, 20..26),
    ] {
        write(text.get_mut(place).unwrap_or_default(), number);
    }
    Some(text)
}

pub(crate) fn serialize<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = text_of(*instant).ok_or_else(|| ser::Error::custom("the year does not have four digits"))?;
    serializer.serialize_str(std::str::from_utf8(&text).map_err(ser::Error::custom)?)
}

fn write(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = u8::try_from(number % 10).map_or(b'?', |number| b'0' + number);
        number /= 10;
    }
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

    proptest! {
        #[test]
        fn instants_round_trip(micros in -62_135_596_800_000_000..253_402_300_800_000_000_i64) {
            let instant = Wire(DateTime::from_timestamp_micros(micros).unwrap());
            prop_assert_eq!(from_value::<Wire>(to_value(&instant).unwrap()).unwrap(), instant);
        }
    }
}
