//! How the database is used, and how busy the connections to it are.

use crate::bulkhead::Bulkhead;
use std::time::Duration;

/// How the database is used.
#[derive(Clone)]
pub struct Settings {
    /// Connections to PostgreSQL for writing at most, all workers together.
    pub pool_size: usize,
    /// Threads that serve requests.
    pub workers: usize,
    /// How long a request waits for its turn before it is answered 503.
    pub wait: Duration,
    /// How long PostgreSQL may take for a statement, and a transaction may wait for its next one.
    pub statement_timeout: Duration,
    /// How long a read may take that goes through all that an account has.
    pub long_read_timeout: Duration,
    /// Admits such reads.
    pub bulkhead: Bulkhead,
}

/// What the connections for writing are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// So many at most.
    pub max: usize,
    /// Open, and nobody's.
    pub idle: usize,
    /// Somebody's.
    pub used: usize,
    /// Requests that wait for one.
    pub awaited: usize,
}
