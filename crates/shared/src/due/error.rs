//! What can be wrong with when something is due.

/// Why something is no [`Due`](super::Due).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub enum DueError {
    /// Not an object of this form.
    Form,
    /// `date` is not a day of the calendar in the form `2026-11-30`.
    Date,
    /// `time` is not a time of day in the form `09:00`.
    Time,
    /// `zone` does not look like a zone's name.
    Zone,
    /// `time` without `zone`, or `zone` without `time`.
    Half,
    /// `zone` has the form of a name, but there is none of this name.
    NoSuchZone,
    /// A recurrence has no day at all.
    NeverDue,
}

impl DueError {
    pub(crate) const ALL: [Self; 7] = [
        Self::Form,
        Self::Date,
        Self::Time,
        Self::Zone,
        Self::Half,
        Self::NoSuchZone,
        Self::NeverDue,
    ];

    /// The rule's code, which never changes once it is published.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "malformed_due",
            Self::Date => "malformed_date",
            Self::Time => "malformed_time",
            Self::Zone => "malformed_time_zone",
            Self::Half => "time_without_time_zone",
            Self::NoSuchZone => "no_such_time_zone",
            Self::NeverDue => "no_first_day",
        }
    }

    /// What is wrong, worded to follow the member's name.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Form => "must be an object with a date, and with a time and zone if it has a time",
            Self::Date => "must have a date such as 2026-11-30",
            Self::Time => "must have a time such as 09:00",
            Self::Zone => "must have the name of a time zone such as Europe/London",
            Self::Half => "must have both a time and a zone, or neither",
            Self::NoSuchZone => "must have a time zone of the IANA database",
            Self::NeverDue => "must be given, since the recurrence has no day to begin with",
        }
    }
}
