//! What happens to tasks and lists: the flows. Each takes the database, and owns its single statement and its transaction; a
//! connection is handed only to what is part of another flow's.

pub mod bulk;
pub mod complete;
pub mod create;
pub mod error;
pub mod import;
pub mod lists;
mod next;
mod place;
pub mod read;
mod schedule;
mod time;
pub mod trash;
pub mod update;
