//! When a task is due, as the columns have it.

use super::schema::tasks;
use super::types::UtcTime;
use crate::calendar;
use chrono::{Datelike as _, NaiveDate, NaiveTime, Timelike as _};
use diesel::prelude::*;
use shared::due::{Due, DueError, Zone};

/// The `hhmm` of what is due on a day, after every time of it.
const SOME_TIME: i64 = 2400;

/// The columns that say when a task is due.
#[derive(AsChangeset, Insertable, Clone, Debug, Default, PartialEq, Eq)]
#[diesel(table_name = tasks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DueColumns {
    /// `yyyymmddhhmm` on the zone's clocks; `yyyymmdd2400` of a day.
    #[diesel(column_name = due_order)]
    order: Option<i64>,
    /// The zone of a moment.
    #[diesel(column_name = due_zone)]
    zone: Option<String>,
    /// The instant of a moment.
    #[diesel(column_name = due_at)]
    at: Option<UtcTime>,
}

impl DueColumns {
    /// The columns of what is due then.
    ///
    /// # Errors
    /// If there is no such time zone.
    pub fn new(due: Option<&Due>) -> Result<Self, DueError> {
        let Some(due) = due else {
            return Ok(Self::default());
        };
        let time = due
            .time()
            .map_or(SOME_TIME, |time| i64::from(time.hour() * 100 + time.minute()));
        let at = match due.zone() {
            Some(_) => Some(calendar::instant(due).ok_or(DueError::NoSuchZone)?.into()),
            None => None,
        };
        Ok(Self {
            order: Some(begin_of(due.date()) + time),
            zone: due.zone().map(|zone| zone.as_str().to_owned()),
            at,
        })
    }
}

/// A day as the first part of `due_order`.
fn number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The first `due_order` of a day.
#[must_use]
pub fn begin_of(day: NaiveDate) -> i64 {
    number(day) * 10_000
}

/// The last `due_order` of a day.
#[must_use]
pub fn end_of(day: NaiveDate) -> i64 {
    begin_of(day) + SOME_TIME
}

/// What the columns say.
#[must_use]
pub fn from_columns(order: i64, zone: Option<&str>) -> Option<Due> {
    let (number, time) = (order / 10_000, order % 10_000);
    let part = |number: i64| u32::try_from(number).ok();
    let day = NaiveDate::from_ymd_opt(
        i32::try_from(number / 10_000).ok()?,
        part(number / 100 % 100)?,
        part(number % 100)?,
    )?;
    match zone {
        None => Due::on(day).ok(),
        Some(zone) => {
            let time = NaiveTime::from_hms_opt(part(time / 100)?, part(time % 100)?, 0)?;
            Due::at(day, time, Zone::parse(zone).ok()?).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_back_from_the_columns() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let zone = || Zone::parse("Europe/London").unwrap();
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let dues = [
            Due::at(day, time(0, 0), zone()).unwrap(),
            Due::at(day, time(23, 59), zone()).unwrap(),
            Due::on(day).unwrap(),
            Due::on(day.succ_opt().unwrap()).unwrap(),
        ];
        let mut last = None;
        for due in dues {
            let written = DueColumns::new(Some(&due)).unwrap();
            assert!(last < written.order, "{due} comes after what is earlier");
            last = written.order;
            let read = from_columns(written.order.unwrap(), written.zone.as_deref());
            assert_eq!(read, Some(due));
        }
        assert_eq!(DueColumns::new(None).unwrap(), DueColumns::default());
    }
}
