//! Instants on the wire: RFC 3339, read by exactly that form. The relaxed reader that chrono's own `Deserialize` uses
//! takes more than the contract promises, and a twentieth of the app's download.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de};
use std::borrow::Cow;

/// For `#[serde(deserialize_with)]`.
pub(crate) fn rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = Cow::<'_, str>::deserialize(deserializer)?;
    let instant = DateTime::parse_from_rfc3339(&text).map_err(de::Error::custom)?;
    Ok(instant.with_timezone(&Utc))
}
