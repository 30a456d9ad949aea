//! Primitives: what pages are made of. Data comes in as props and goes out through callbacks; nothing here knows what a
//! task is, the server or the session.

pub mod boot;
pub mod boxed;
pub mod brand;
pub mod button;
pub mod calendar;
pub mod dialog;
pub mod each;
pub mod empty_state;
pub mod field;
pub mod icon;
pub mod listbox;
pub mod markdown;
pub mod notice;
pub mod on;
pub mod page;
pub mod theme_picker;
pub mod toast;
pub mod virtual_list;
