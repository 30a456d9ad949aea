//! JSON in which no object has a member twice: of two, each reader may believe another one (RFC 8259 §4).

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::fmt;

/// The object that `text` is, if it is one, and no object in it has a member twice.
pub(crate) fn object(text: &[u8]) -> Option<Map<String, Value>> {
    let [] = numbers(text, [])?;
    serde_json::from_slice(text).ok()
}

/// The numbers that the object's members of these names are, if `text` is what [`object`] takes; NaN for one that is something
/// else. Nothing else is kept, which takes half as long.
pub(crate) fn numbers<const N: usize>(text: &[u8], names: [&str; N]) -> Option<[Option<f64>; N]> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let found = json.deserialize_map(MembersVisitor(names)).ok()?;
    json.end().ok()?;
    Some(found)
}

struct MembersVisitor<'a, const N: usize>([&'a str; N]);

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, const N: usize> Visitor<'de> for MembersVisitor<'_, N> {
    type Value = [Option<f64>; N];

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object without duplicate members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; N];
        let mut seen = Vec::with_capacity(16);
        while let Some((Name(name), Checked(number))) = members.next_entry()? {
            if seen.contains(&name) {
                return Err(A::Error::custom("a member stands twice"));
            }
            if let Some((_, place)) = self.0.iter().zip(&mut found).find(|(wanted, _)| **wanted == name) {
                *place = Some(number);
            }
            seen.push(name);
        }
        Ok(found)
    }
}

/// A value that is good, of which only a number is kept. Anything else is NaN.
struct Checked(f64);

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CheckedVisitor).map(Self)
    }
}

struct CheckedVisitor;

impl<'de> Visitor<'de> for CheckedVisitor {
    type Value = f64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON without duplicate members")
    }

    fn visit_bool<E>(self, _: bool) -> Result<f64, E> {
        Ok(f64::NAN)
    }

    fn visit_i64<E>(self, number: i64) -> Result<f64, E> {
        Ok(Number::from(number).as_f64().unwrap_or(f64::NAN))
    }

    fn visit_u64<E>(self, number: u64) -> Result<f64, E> {
        Ok(Number::from(number).as_f64().unwrap_or(f64::NAN))
    }

    fn visit_f64<E>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_str<E>(self, _: &str) -> Result<f64, E> {
        Ok(f64::NAN)
    }

    fn visit_unit<E>(self) -> Result<f64, E> {
        Ok(f64::NAN)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<f64, A::Error> {
        while let Some(Checked(_)) = items.next_element()? {}
        Ok(f64::NAN)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<f64, A::Error> {
        MembersVisitor([]).visit_map(members).map(|[]| f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_member_that_stands_twice_is_refused_at_any_depth() {
        for good in [
            r#"{"a":1,"b":[{"a":2}]}"#,
            "{}",
            r#"{"z":[{},[],null,true,-1,1.5,"\u00e9"]}"#,
        ] {
            assert!(object(good.as_bytes()).is_some(), "{good}");
            assert!(numbers(good.as_bytes(), ["a"]).is_some(), "{good}");
        }
        let deep = "[".repeat(100_000);
        let deep_inside = format!(r#"{{"z":{deep}"#);
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"z":1,"z":1}"#,
            r#"{"z":[{"a":1,"a":2}]}"#,
            r#"{"z":{"y":{"a":1,"a":2}}}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"z":"\ud800"}"#,
            r#"{"z":1e999}"#,
            r#"{"z":01}"#,
            "[]",
            "1",
            "",
            "{} {}",
            &deep,
            &deep_inside,
        ] {
            assert!(object(bad.as_bytes()).is_none(), "{bad}");
            assert!(numbers(bad.as_bytes(), ["a"]).is_none(), "{bad}");
        }
        let no_text = b"{\"z\":\"\xff\"}";
        assert!(object(no_text).is_none());
        assert!(numbers(no_text, ["a"]).is_none());
    }

    #[test]
    fn numbers_are_found_by_their_names() {
        let [a, c, d] = numbers(br#"{"a":null,"b":[{"c":1}],"\u0064":1.5}"#, ["a", "c", "d"]).unwrap();
        assert!(a.is_some_and(f64::is_nan));
        assert_eq!((c, d), (None, Some(1.5)));
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_object(text in r#"\{("[ab]":([0-9e.-]{1,3}|"[a-c\\"\\\\]?"|\[?\]?|\{\}|null|true),?){0,3}\}"#) {
            let whole = object(text.as_bytes());
            let some = numbers(text.as_bytes(), ["a"]);
            let some = some.map(|[a]| a.map(|number| (!number.is_nan()).then_some(number)));
            prop_assert_eq!(whole.map(|object| object.get("a").map(Value::as_f64)), some);
        }
    }
}
