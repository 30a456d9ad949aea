//! Days, zones and what comes back: the calendar as tasks have it. Knows nothing of the rest of the server.

pub mod recurrence;

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use chrono_tz::{GapInfo, Tz};
use shared::due::{Due, Zone};

/// The zone of that name (tzdb), or `None` if there is none.
#[must_use]
pub fn zone(zone: &Zone) -> Option<Tz> {
    zone.as_str().parse().ok()
}

/// The day that it is in a zone.
#[must_use]
pub fn day_in(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// The instant of a moment; `None` for a day, and for a zone that is not known.
///
/// Of a time that the clocks have twice that day it is the earlier; of one that they skip, the first instant after the
/// gap.
#[must_use]
pub fn instant(due: &Due) -> Option<DateTime<Utc>> {
    let zone = zone(due.zone()?)?;
    let local = due.date().and_time(due.time()?);
    let instant = match zone.from_local_datetime(&local).earliest() {
        Some(instant) => instant,
        None => GapInfo::new(&local, &zone)?.end?,
    };
    Some(instant.to_utc())
}
