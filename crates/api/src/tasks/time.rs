//! When and where a request is made.

use crate::calendar;
use crate::db::types::UtcTime;
use chrono::NaiveDate;
use chrono_tz::Tz;

/// When a request is made, and which day that is for whoever makes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestTime {
    /// Now.
    pub(super) now: UtcTime,
    /// The zone that says which day is today, where a task does not.
    pub(super) zone: Tz,
}

impl RequestTime {
    /// Now, in that zone.
    pub(super) fn now(zone: Tz) -> Self {
        Self {
            now: UtcTime::now(),
            zone,
        }
    }

    /// The day that it is.
    pub(super) fn today(self) -> NaiveDate {
        calendar::day_in(self.zone, self.now.into())
    }
}
