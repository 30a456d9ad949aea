//! The tasks of one person, and what a page shows of them. Nothing here draws, or knows the browser or the server.

pub mod content;
pub mod draft;
pub mod entry;
pub mod input_line;
pub mod list;
pub mod merge;
pub mod record;
pub mod replica;
pub mod views;
