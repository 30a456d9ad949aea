//! The HTTP contract, tested from outside. One file per subject; each test is named after the behaviour that it checks,
//! has a server and a database of its own, and runs beside the others.

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics, and says why; the files are our own"
)]

mod account;
mod bulk;
mod commands;
mod concurrency;
mod configuration;
mod conflicts;
mod crash;
mod errors;
mod lists;
mod login;
mod logout;
mod logs;
mod long_answers;
mod malformed;
mod nodes;
mod openapi;
mod operations;
mod pagination;
mod password;
mod plans;
mod postgres_tls;
mod preconditions;
mod query;
mod recurrence;
mod refresh;
mod register;
mod routes;
mod search;
mod shutdown;
mod spa;
mod speed;
mod subtasks;
mod task_members;
mod tasks_complete;
mod tasks_create;
mod tasks_delete;
mod tasks_list;
mod tasks_read;
mod tasks_update;
mod timeouts;
mod transfer;
mod trash;
