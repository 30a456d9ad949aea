//! What the server and the app must agree on.
//!
//! Everything here is pure: it does no I/O, compiles to WebAssembly, and knows neither the web framework nor the
//! database. A rule that the form shows beside its field is the same code as the rule at the server's door.

pub mod auth;
pub mod claims;
pub mod due;
pub mod error;
pub mod field_error;
pub mod input;
pub mod instant;
pub mod lists;
pub mod paths;
pub mod position;
pub mod priority;
pub mod query;
pub mod quick_add;
pub mod recurrence;
pub mod rule;
pub mod tags;
pub mod tasks;
pub mod text;
pub mod transfer;
