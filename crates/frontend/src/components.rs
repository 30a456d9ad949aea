//! What pages are made of. Data comes in as props and goes out through callbacks; nothing here knows the server or the
//! session.

pub mod account_menu;
pub mod blank;
pub mod boot;
pub mod brand;
pub mod bulk_bar;
pub mod button;
pub mod calendar;
pub mod conflict;
pub mod dialog;
pub mod due_picker;
pub mod dynamic;
pub mod each;
pub mod field;
pub mod icon;
pub mod later;
pub mod list_dialog;
pub mod listbox;
pub mod markdown;
pub mod notice;
pub mod on;
pub mod page;
pub mod palette;
pub mod priority;
pub mod quick_add;
pub mod recurrence_picker;
pub mod shortcuts;
pub mod sidebar;
pub mod subtasks;
pub mod tag_field;
pub mod task_details;
pub mod task_row;
pub mod theme_picker;
pub mod toast;
pub mod transfer;
pub mod virtual_list;
