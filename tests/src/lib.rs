//! What both test suites stand on: a server of one's own on a database of one's own, and clients that look closely.
//!
//! Nothing here reads the developer's environment, apart from `TASKWARD_TEST_DATABASE` (`sqlite` or `postgres`),
//! `TASKWARD_TEST_POOLER`, `TASKWARD_POSTGRES_BIN` and `TASKWARD_BIN`. Nothing sleeps: what must be waited for is waited for by its condition,
//! and every wait has an end.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics, and says why"
)]

pub mod answer;
pub mod app;
pub mod binary;
mod config;
pub mod database;
pub mod person;
pub mod pgbouncer;
pub mod postgres;
pub mod problem;
pub mod raw;
pub mod service;
pub mod site;
pub mod token;
mod watcher;

pub use answer::{Answer, Ask, SetCookie};
pub use app::TestApp;
pub use binary::Binary;
pub use database::{Backend, Database};
pub use person::Person;
pub use problem::{assert_invalid, assert_problem, assert_unauthorized, assert_unauthorized_without_token};

use std::time::Duration;

/// The longest that anything may take before a test gives up. Far more than a busy machine needs.
pub const PATIENCE: Duration = Duration::from_mins(1);
