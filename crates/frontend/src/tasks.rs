//! What shows tasks: rows, details, fields and pickers for what a task has, and the lists of them.

pub mod bulk;
pub mod bulk_bar;
pub mod composer;
pub mod conflict;
pub mod details;
pub mod due_picker;
pub mod list;
pub mod list_dialog;
pub mod open_task;
pub mod priority;
pub mod quick_add;
pub mod recurrence_picker;
pub mod row;
pub mod samples;
pub mod subtasks;
pub mod tag_field;
pub mod tray;
pub mod ui_state;
