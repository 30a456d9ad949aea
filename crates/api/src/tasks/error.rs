//! Why a flow changes nothing.

use crate::db::task_row::Task;
use crate::db::{DbError, QueryError};
use shared::field_error::FieldError;
use shared::input::InputError;
use shared::rule::RuleViolation;

/// Why a row of the kind `R` is not added or changed.
#[derive(Debug)]
pub enum ChangeError<R = Task> {
    /// The owner has no such row, or not where it can be changed.
    Missing,
    /// It is not in a version that the caller expected, but as it is here.
    Outdated(Box<R>),
    /// It cannot be changed in this way.
    Invalid(InputError),
    /// The account has as many as it may have, of what the member of the request says.
    LimitReached(FieldError),
    /// The account was deleted since its token was accepted.
    AccountGone,
    /// The database cannot do it.
    Db(DbError),
}

impl<R> ChangeError<R> {
    /// One member of what was asked for that breaks a rule.
    pub(super) fn rule(field: &str, violation: RuleViolation) -> Self {
        Self::Invalid(InputError::Fields(vec![FieldError::new(field, violation)]))
    }

    /// A limit on what an account may have, by the member of the request that would go beyond it.
    pub(super) fn limit(field: &str, violation: RuleViolation) -> Self {
        Self::LimitReached(FieldError::new(field, violation))
    }

    /// The failure of adding rows to an account. What they refer to besides it is locked by the transaction, so that if something
    /// is gone it is the account.
    pub(super) fn of_insert(error: QueryError) -> Self {
        let error = DbError::from(error);
        if error.is_foreign_key_violation() {
            Self::AccountGone
        } else {
            Self::Db(error)
        }
    }

    /// Why a change met no row, now that the row was looked for: it is not there, or not in an expected version.
    pub(super) fn not_found_or_outdated(found: Option<R>) -> Self {
        found.map_or(Self::Missing, |row| Self::Outdated(Box::new(row)))
    }
}

impl<R> From<DbError> for ChangeError<R> {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl<R> From<QueryError> for ChangeError<R> {
    fn from(error: QueryError) -> Self {
        Self::Db(error.into())
    }
}
