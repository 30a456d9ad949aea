//! A place in an order that people make by hand: between any two places there is another one.

use crate::input::FromJson;
use crate::rule::RuleViolation;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// A fractional index: the digits of a hexadecimal fraction between 0 and 1, without those that say nothing (it does not
/// end in `0`). Texts of this form, compared byte by byte, are in the order of their numbers, so that moving one thing
/// changes nothing else. What has the same position is ordered by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Position(String);

/// What lies between two neighbours at either end, as a number of the first 16 digits: about a second of the clock that
/// [`Position::from_instant`] reads.
const STEP: u64 = 1 << 20;

/// Digits of the first block.
const BLOCK: usize = 16;

impl Position {
    /// Characters at most.
    pub const MAX: usize = 200;

    /// # Errors
    /// If the text is no such fraction, or too long.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        text.to_owned().try_into()
    }

    /// Whether the text is such a fraction.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        (1..=Self::MAX).contains(&text.len())
            && !text.ends_with('0')
            && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }

    /// Where something new belongs if nobody says another place: before everything that is older.
    #[must_use]
    pub fn from_instant(instant: DateTime<Utc>) -> Self {
        let micros = i64::MAX.saturating_sub(instant.timestamp_micros());
        Self(format!("{micros:0BLOCK$x}8"))
    }

    /// A place after one and before another. `None` if they are not in this order, or if there is no room between them
    /// for a text of [`Position::MAX`] characters: then the neighbours have to move.
    #[must_use]
    pub fn between(after: Option<&Self>, before: Option<&Self>) -> Option<Self> {
        let digits = match (after, before) {
            (None, None) => "8".to_owned(),
            (Some(Self(low)), None) => match block(low).checked_add(STEP) {
                Some(number) => format!("{number:0BLOCK$x}8"),
                None => above(low.as_bytes()),
            },
            (None, Some(Self(high))) => match block(high).checked_sub(STEP) {
                Some(number) => format!("{number:0BLOCK$x}8"),
                None => below(high.as_bytes()),
            },
            (Some(low), Some(high)) if low >= high => return None,
            (Some(Self(low)), Some(Self(high))) => middle(low.as_bytes(), high.as_bytes()),
        };
        let digits = digits.trim_end_matches('0');
        (1..=Self::MAX).contains(&digits.len()).then(|| Self(digits.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number that the first block of digits writes.
fn block(text: &str) -> u64 {
    (0..BLOCK).fold(0, |number, place| {
        number << 4 | u64::from(digit(text.as_bytes(), place))
    })
}

/// The digit at a place; behind the last one all are zero.
fn digit(text: &[u8], place: usize) -> u8 {
    let digit = text.get(place).and_then(|letter| char::from(*letter).to_digit(16));
    digit.and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default()
}

/// Two digits as a number.
fn pair(text: &[u8]) -> u8 {
    digit(text, 0) << 4 | digit(text, 1)
}

fn rest(text: &[u8]) -> &[u8] {
    text.get(2..).unwrap_or_default()
}

/// A fraction above this one. It takes 127 of them for two digits more.
fn above(text: &[u8]) -> String {
    match (text, pair(text)) {
        ([], _) => "8".to_owned(),
        (text, u8::MAX) => format!("ff{}", above(rest(text))),
        (_, number) => format!("{:02x}", number + 1),
    }
}

/// A fraction below this one, which is above zero. It takes 127 of them for two digits more.
fn below(text: &[u8]) -> String {
    match (pair(text), rest(text)) {
        (0, rest) => format!("00{}", below(rest)),
        (1, []) => "008".to_owned(),
        (1, _) => "01".to_owned(),
        (number, _) => format!("{:02x}", number - 1),
    }
}

/// A fraction between two that are in order. Whoever puts one thing after another into the same gap has made one of its
/// sides by the last time: that is the longer text, beside which the next one is put, so that it hardly grows.
fn middle(low: &[u8], high: &[u8]) -> String {
    let same = high.iter().zip(low).take_while(|(high, low)| high == low).count();
    let (common, tail) = high.split_at(same);
    let common = String::from_utf8_lossy(common);
    let low = match low.get(same..) {
        None | Some([]) => return format!("{common}{}", below(tail)),
        Some(low) => low,
    };
    let (first, last) = (digit(low, 0), digit(tail, 0));
    let (behind_low, behind_high) = (low.get(1..).unwrap_or_default(), tail.get(1..).unwrap_or_default());
    if last > first + 1 {
        format!("{common}{:x}", first.midpoint(last))
    } else if behind_high.len() > behind_low.len() {
        format!("{common}{last:x}{}", below(behind_high))
    } else {
        format!("{common}{first:x}{}", above(behind_low))
    }
}

/// By hand, since `into` would copy each text of a long list.
impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl TryFrom<String> for Position {
    type Error = RuleViolation;

    fn try_from(text: String) -> Result<Self, RuleViolation> {
        if Self::is_one(&text) {
            Ok(Self(text))
        } else {
            Err(RuleViolation::Position)
        }
    }
}

impl FromJson for Position {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        String::from_json(value)?.try_into()
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    impl utoipa::PartialSchema for super::Position {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some("The digits of a hexadecimal fraction; ordered byte by byte"))
                .pattern(Some("^[0-9a-f]*[1-9a-f]$"))
                .max_length(Some(Self::MAX))
                .into()
        }
    }

    impl utoipa::ToSchema for super::Position {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position(text: &str) -> Position {
        Position::parse(text).unwrap()
    }

    #[test]
    fn only_fractions_in_their_shortest_form_are_positions() {
        for good in ["8", "01", "7ff9b3c5d1e2a4008"] {
            assert_eq!(position(good).as_str(), good);
        }
        for bad in ["", "0", "80", "8A", "g", "-1", "0.8", " 8", "é", &"1".repeat(201)] {
            assert_eq!(Position::parse(bad), Err(RuleViolation::Position), "{bad}");
        }
    }

    #[test]
    fn what_is_newer_comes_first() {
        let at = |micros| Position::from_instant(DateTime::from_timestamp_micros(micros).unwrap());
        assert!(at(1_800_000_000_000_001) < at(1_800_000_000_000_000));
        assert_eq!(Position::parse(at(0).as_str()), Ok(at(0)));
    }

    #[test]
    fn there_is_nothing_between_what_is_in_no_order() {
        let (one, other) = (position("4"), position("8"));
        assert_eq!(Position::between(Some(&one), Some(&one)), None);
        assert_eq!(Position::between(Some(&other), Some(&one)), None);
    }

    #[test]
    fn thousands_fit_into_the_same_gap_from_either_side_and_at_both_ends() {
        let (first, last) = (
            Position::from_instant(DateTime::from_timestamp(1_800_000_001, 0).unwrap()),
            Position::from_instant(DateTime::from_timestamp(1_800_000_000, 0).unwrap()),
        );
        for (low, high) in [(Some(&first), Some(&last)), (Some(&first), None), (None, Some(&last))] {
            let mut top = low.cloned();
            let mut bottom = high.cloned();
            for _ in 0..5000 {
                if high.is_some() {
                    bottom = Some(Position::between(low, bottom.as_ref()).unwrap());
                }
                if low.is_some() {
                    top = Some(Position::between(top.as_ref(), high).unwrap());
                }
            }
        }
    }

    proptest! {
        #[test]
        fn between_any_two_there_is_another(low in "[0-9a-f]{0,40}[1-9a-f]", high in "[0-9a-f]{0,40}[1-9a-f]") {
            let (low, high) = (position(&low), position(&high));
            let (low, high) = if low < high { (low, high) } else { (high, low) };
            if low != high {
                let found = Position::between(Some(&low), Some(&high)).unwrap();
                prop_assert!(low < found && found < high, "{found:?}");
                prop_assert_eq!(Position::parse(found.as_str()), Ok(found.clone()));
            }
            let before = Position::between(None, Some(&low)).unwrap();
            prop_assert!(before < low, "{before:?}");
            prop_assert!(Position::parse(before.as_str()).is_ok());
            let after = Position::between(Some(&high), None).unwrap();
            prop_assert!(after > high, "{after:?}");
            prop_assert!(Position::parse(after.as_str()).is_ok());
        }
    }
}
