//! Why the database cannot be used, or a query has no result.

use crate::bulkhead::Refused;
use diesel::result::DatabaseErrorKind;
use diesel_async::pooled_connection::deadpool::{BuildError, PoolError};

/// Why the server cannot use its database.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL asks for something that the server does not do.
    #[error("{0}")]
    Url(String),
    /// The schema cannot be brought up to date: no connection, or a migration that fails.
    #[error("the database cannot be reached or its schema cannot be brought up to date")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The TLS configuration cannot be built.
    #[error("TLS to the database cannot be set up")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a query failed.
pub use diesel::result::Error as QueryError;

/// Why a query has no result.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection was free in time, or none can be made.
    #[error("no database connection")]
    NoConnection(#[from] PoolError),
    /// The pool cannot be built.
    #[error("the connection pool cannot be built")]
    Pool(#[from] BuildError),
    /// No connection can be made.
    #[error("the database cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// What takes long was not admitted.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Too many others are waiting to write.
    #[error("the queue of writes is full")]
    Busy,
    /// The database did not answer in time.
    #[error("the database did not answer in time")]
    Timeout,
    /// A flow waited for something else than the database, or panicked: a mistake of the server's own.
    #[error("a write was given up")]
    GivenUp,
    /// The query failed.
    #[error("a query failed")]
    Query(#[from] QueryError),
}

impl DbError {
    /// Whether the same request may succeed later: the database is away or busy, the request is not at fault.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Query(QueryError::DatabaseError(kind, info)) => match kind {
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::ReadOnlyTransaction
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure => true,
                _ => TEMPORARY.iter().any(|words| info.message().contains(words)),
            },
            Self::NoConnection(_)
            | Self::Connect(_)
            | Self::Refused(_)
            | Self::Busy
            | Self::Timeout
            | Self::Query(QueryError::BrokenTransactionManager) => true,
            Self::Query(_) | Self::Pool(_) | Self::GivenUp => false,
        }
    }

    /// Whether a unique index refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.is(DatabaseErrorKind::UniqueViolation)
    }

    /// Whether the row refers to one that does not exist (any more).
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.is(DatabaseErrorKind::ForeignKeyViolation)
    }

    fn is(&self, wanted: DatabaseErrorKind) -> bool {
        match self {
            // The kinds have no equality, but no members either.
            Self::Query(QueryError::DatabaseError(kind, _)) => {
                std::mem::discriminant(kind) == std::mem::discriminant(&wanted)
            }
            _ => false,
        }
    }
}

/// What databases say, where diesel has no kind for it: SQLite of a write lock that somebody held for longer than the busy
/// timeout, PostgreSQL (SQLSTATE 57P01 to 57P03, 57014, 40P01) of being stopped, of not being up, of a statement that took
/// too long, and of two transactions that waited for each other; pgbouncer (08P01) of a server that it has lost or cannot
/// reach, of one that died while its settings were made, of a wait that took too long, and of being stopped.
const TEMPORARY: [&str; 14] = [
    "database is locked",
    "terminating connection",
    "the database system is",
    "canceling statement due to",
    "connection closed",
    "server closed the connection",
    "deadlock detected",
    "pgbouncer cannot connect",
    "server login has been failing",
    "server conn crashed",
    "invalid server parameter",
    "query_wait_timeout",
    "query_timeout",
    "shutting down",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: DatabaseErrorKind, message: &str) -> DbError {
        DbError::Query(QueryError::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn what_will_pass_is_told_from_what_will_not() {
        for message in [
            "deadlock detected",
            "terminating connection due to administrator command",
            "pgbouncer cannot connect to server",
            "query_wait_timeout",
        ] {
            assert!(failure(DatabaseErrorKind::Unknown, message).is_temporary(), "{message}");
        }
        assert!(failure(DatabaseErrorKind::ReadOnlyTransaction, "").is_temporary());
        assert!(!failure(DatabaseErrorKind::Unknown, "syntax error at or near").is_temporary());
        assert!(!failure(DatabaseErrorKind::UniqueViolation, "").is_temporary());
    }
}
