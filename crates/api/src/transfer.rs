//! Taking everything along: export to files that others read, and import from what others write.
//!
//! Pure: a file comes in as bytes and goes out as bytes. What is read is a [`Import`], which keeps every rule that a request
//! would have to keep; whatever of the file does not is noted, and never a reason to refuse the rest.

pub mod csv;
pub mod detect;
pub mod export;
mod file_name;
pub mod google;
pub mod ical;
mod ids;
mod import;
pub mod json;
mod lines;
mod notes;
pub mod own_csv;
mod relations;
mod rule;
mod table;
mod text;
pub mod ticktick;
pub mod todo_txt;
pub mod todoist;
pub mod vtodo;

#[cfg(test)]
mod tests;

pub use file_name::FileName;
pub use import::{Context, Import, ImportList, ImportTask, Unreadable};
pub use notes::{Notes, Place};
