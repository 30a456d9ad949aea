//! What can be wrong with the text of a recurrence.

/// Why a text is no [`Recurrence`](super::Recurrence).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub enum RecurrenceError {
    /// Not of the form `NAME=VALUE;NAME=VALUE` with `FREQ`, nor `AFTER-COMPLETION=…`.
    Form,
    /// A part that is not in the subset, or not with this `FREQ`.
    Part,
    /// A part that is there twice.
    Twice,
    /// `FREQ` is not one of the four.
    Freq,
    /// `INTERVAL` is out of bounds.
    Interval,
    /// `COUNT` is out of bounds.
    Count,
    /// `UNTIL` is not a date.
    Until,
    /// `UNTIL` and `COUNT` together.
    TwoEnds,
    /// `BYDAY`, or its `BYSETPOS`, is not in the subset.
    ByDay,
    /// `BYMONTHDAY` is not in the subset.
    ByMonthDay,
    /// `BYMONTH` has no months, or there are no days that they have.
    ByMonth,
    /// What is after `AFTER-COMPLETION=` is not a duration of the subset.
    Duration,
}

impl RecurrenceError {
    pub(crate) const ALL: [Self; 12] = [
        Self::Form,
        Self::Part,
        Self::Twice,
        Self::Freq,
        Self::Interval,
        Self::Count,
        Self::Until,
        Self::TwoEnds,
        Self::ByDay,
        Self::ByMonthDay,
        Self::ByMonth,
        Self::Duration,
    ];

    /// The rule's code, which never changes once it is published.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "malformed_recurrence",
            Self::Part => "unsupported_recurrence_part",
            Self::Twice => "repeated_recurrence_part",
            Self::Freq => "malformed_freq",
            Self::Interval => "malformed_interval",
            Self::Count => "malformed_count",
            Self::Until => "malformed_until",
            Self::TwoEnds => "until_and_count",
            Self::ByDay => "malformed_byday",
            Self::ByMonthDay => "malformed_bymonthday",
            Self::ByMonth => "malformed_bymonth",
            Self::Duration => "malformed_duration",
        }
    }

    /// What is wrong, worded to follow the member's name.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Form => "must be a rule such as FREQ=WEEKLY;BYDAY=MO, or AFTER-COMPLETION=P3D",
            Self::Part => "must not have a part that its FREQ does not take here",
            Self::Twice => "must not have a part twice",
            Self::Freq => "must have DAILY, WEEKLY, MONTHLY or YEARLY for FREQ",
            Self::Interval => "must have an INTERVAL from 1 to 999",
            Self::Count => "must have a COUNT from 1 to 9999",
            Self::Until => "must have a date such as 20261231 for UNTIL",
            Self::TwoEnds => "must not have both UNTIL and COUNT",
            Self::ByDay => {
                "must have weekdays such as MO,FR for BYDAY, in a month such as 2TU,-1FR, or MO,TU,WE,TH,FR with a BYSETPOS"
            }
            Self::ByMonthDay => "must have days from 1 to 31 for BYMONTHDAY, or -1 for the last",
            Self::ByMonth => "must have months from 1 to 12 for BYMONTH, and days that they have",
            Self::Duration => "must have 1 to 999 days, weeks, months or years such as P3D for AFTER-COMPLETION",
        }
    }
}
