//! SQL types whose storage differs per backend, and the Rust types stored in them.
//!
//! PostgreSQL gets its native `uuid` and `timestamptz`; SQLite, which has neither, gets the 16 bytes and the
//! microseconds since 1970, which compare in the same order.

use chrono::{DateTime, Datelike as _, Utc};
use diesel::data_types::PgTimestamp;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, SqlType, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::time::Duration;
use uuid::Uuid;

/// A UUID column.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(sqlite_type(name = "Binary"), postgres_type(oid = 2950, array_oid = 2951))]
pub struct DbUuid;

/// A column that holds an instant.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(sqlite_type(name = "Long"), postgres_type(oid = 1184, array_oid = 1185))]
pub struct DbTimestamp;

/// An instant with the precision that both backends keep: in microseconds since 1970, as they have it, and within chrono's
/// calendar. Most of the instants that are read are only compared or written out, for which they need not be dates.
#[derive(AsExpression, FromSqlRow, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[diesel(sql_type = DbTimestamp)]
pub struct UtcTime(i64);

impl UtcTime {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self(0);

    const MIN: i64 = DateTime::<Utc>::MIN_UTC.timestamp_micros();
    const MAX: i64 = DateTime::<Utc>::MAX_UTC.timestamp_micros();

    /// This instant.
    #[must_use]
    pub fn now() -> Self {
        Self::from(Utc::now())
    }

    /// So much later than this, or the end of the calendar.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)).min(Self::MAX))
    }

    /// So much earlier than this, or the beginning of the calendar.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)).max(Self::MIN))
    }

    /// How long it is from `earlier` to this; zero if that is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let micros = self.0.saturating_sub(earlier.0);
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The instant so many microseconds after 1970, if the calendar reaches that far.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        (Self::MIN..=Self::MAX).contains(&micros).then_some(Self(micros))
    }

    /// Whether both databases can hold it: PostgreSQL's calendar is the shorter one, and these years are in both.
    #[must_use]
    pub fn is_storable(self) -> bool {
        (1900..=9999).contains(&DateTime::from(self).year())
    }
}

/// A span in microseconds; the longest there is if it is longer.
fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl From<DateTime<Utc>> for UtcTime {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.timestamp_micros())
    }
}

impl From<UtcTime> for DateTime<Utc> {
    fn from(instant: UtcTime) -> Self {
        // It is within the calendar, so there is always one.
        Self::from_timestamp_micros(instant.0).unwrap_or_default()
    }
}

/// The beginning of PostgreSQL's calendar, 2000, in microseconds since 1970.
const PG_EPOCH: i64 = 946_684_800_000_000;

impl ToSql<DbTimestamp, Pg> for UtcTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let instant = PgTimestamp(self.0 - PG_EPOCH);
        ToSql::<Timestamptz, Pg>::to_sql(&instant, &mut out.reborrow())
    }
}

impl FromSql<DbTimestamp, Pg> for UtcTime {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        // PostgreSQL's infinities are the least and the greatest number.
        let instant = micros.checked_add(PG_EPOCH).and_then(Self::from_micros);
        instant.ok_or_else(|| BEYOND.into())
    }
}

impl ToSql<DbTimestamp, Sqlite> for UtcTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0);
        Ok(IsNull::No)
    }
}

impl FromSql<DbTimestamp, Sqlite> for UtcTime {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Self::from_micros(micros).ok_or_else(|| BEYOND.into())
    }
}

const BEYOND: &str = "an instant beyond the calendar";

/// Declares the identifier of one kind of row: a UUID that no other kind's identifier mixes with.
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(AsExpression, FromSqlRow, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[diesel(sql_type = DbUuid)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later than every one before it (UUID version 7, RFC 9562 §5.7).
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ToSql<DbUuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                ToSql::<diesel::sql_types::Uuid, Pg>::to_sql(&self.0, out)
            }
        }

        impl FromSql<DbUuid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                FromSql::<diesel::sql_types::Uuid, Pg>::from_sql(value).map(Self)
            }
        }

        impl ToSql<DbUuid, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(IsNull::No)
            }
        }

        impl FromSql<DbUuid, Sqlite> for $name {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.read_blob())?))
            }
        }
    };
}

id_type! {
    /// An account's id.
    UserId
}

id_type! {
    /// A session's id.
    SessionId
}

id_type! {
    /// A task's id.
    TaskId
}

id_type! {
    /// A list's id.
    ListId
}

id_type! {
    /// A digest that stands for something that need not be known by its name.
    Digest
}

impl Digest {
    /// The digest of these parts, in this order (UUID version 8, RFC 9562 §5.8).
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes
            .iter_mut()
            .zip(hash.finalize())
            .for_each(|(byte, hashed)| *byte = hashed);
        Self(Uuid::new_v8(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_tell_parts_apart() {
        assert_eq!(Digest::of(&["a", "b"]), Digest::of(&["a", "b"]));
        assert_ne!(Digest::of(&["a", "b"]), Digest::of(&["ab"]));
        assert_ne!(Digest::of(&["a", "b"]), Digest::of(&["b", "a"]));
    }
}
