//! What a clock on the wall shows, as a number that can be reckoned with. Pure.

use chrono::{DateTime, NaiveDateTime, Utc};

/// An instant, in milliseconds since 1970.
#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds since 1970 are exact for 285,000 years"
)]
pub(super) fn millis(instant: DateTime<Utc>) -> f64 {
    instant.timestamp_millis() as f64
}

/// What a clock shows, as the milliseconds that it would be in UTC.
pub(super) fn wall(local: NaiveDateTime) -> f64 {
    millis(local.and_utc())
}

/// What a clock shows that is so many milliseconds after 1970 in UTC.
#[expect(
    clippy::cast_possible_truncation,
    reason = "instants of this era, cut to whole milliseconds on purpose"
)]
pub(super) fn moment(wall: f64) -> NaiveDateTime {
    DateTime::from_timestamp_millis(wall as i64)
        .unwrap_or_default()
        .naive_utc()
}
