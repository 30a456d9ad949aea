//! JSON in which no object has a member twice: of two, each reader may believe another one (RFC 8259 §4).

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::fmt;

/// The object that `text` is, if it is one, and no object in it has a member twice.
pub(crate) fn object(text: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice::<Unique>(text).ok()?.0 {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// Those of the object's members that have these names, if `text` is what [`object`] takes. Of the others nothing is kept, which
/// takes half as long.
pub(crate) fn members<const N: usize>(text: &[u8], names: [&str; N]) -> Option<[Option<Value>; N]> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let found = json.deserialize_map(MembersVisitor(names)).ok()?;
    json.end().ok()?;
    Some(found)
}

struct MembersVisitor<'a, const N: usize>([&'a str; N]);

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, const N: usize> Visitor<'de> for MembersVisitor<'_, N> {
    type Value = [Option<Value>; N];

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object without duplicate members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = [const { None }; N];
        let mut seen = Vec::with_capacity(16);
        while let Some(Name(name)) = members.next_key()? {
            if seen.contains(&name) {
                return Err(A::Error::custom("a member stands twice"));
            }
            match self.0.iter().zip(&mut found).find(|(wanted, _)| **wanted == name) {
                Some((_, place)) => *place = Some(members.next_value::<Unique>()?.0),
                None => members.next_value::<Checked>().map(drop)?,
            }
            seen.push(name);
        }
        Ok(found)
    }
}

/// A value that is good, and of which nothing is kept.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CheckedVisitor)
    }
}

struct CheckedVisitor;

impl<'de> Visitor<'de> for CheckedVisitor {
    type Value = Checked;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        UniqueVisitor.expecting(formatter)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_unit<E>(self) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Checked, A::Error> {
        while let Some(Checked) = items.next_element()? {}
        Ok(Checked)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Checked, A::Error> {
        MembersVisitor([]).visit_map(members).map(|[]| Checked)
    }
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON without duplicate members")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, _>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a member stands twice"));
            }
        }
        Ok(object.into())
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
            assert!(members(good.as_bytes(), ["a"]).is_some(), "{good}");
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
            assert!(members(bad.as_bytes(), ["a"]).is_none(), "{bad}");
        }
        let no_text = b"{\"z\":\"\xff\"}";
        assert!(object(no_text).is_none());
        assert!(members(no_text, ["a"]).is_none());
    }

    #[test]
    fn members_are_found_by_their_names() {
        let found = members(br#"{"a":null,"b":[{"c":1}],"\u0064":1.5}"#, ["a", "c", "d"]);
        assert_eq!(found, Some([Some(Value::Null), None, Some(1.5.into())]));
    }

    proptest! {
        #[test]
        fn members_are_those_of_the_object(text in r#"\{("[ab]":([0-9e.-]{1,3}|"[a-c\\"\\\\]?"|\[?\]?|\{\}|null|true),?){0,3}\}"#) {
            let whole = object(text.as_bytes());
            let some = members(text.as_bytes(), ["a"]);
            prop_assert_eq!(whole.map(|mut object| [object.remove("a")]), some);
        }
    }
}
