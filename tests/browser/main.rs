//! The app in a real Chromium, used as a person uses it. One file per subject; each test is named after the behaviour
//! that it checks, has a server, a database and a browser of its own, and runs beside the others.
//!
//! A test says what the person sees and does: things are found by their role and their name, and everything is waited
//! for by its condition. Whatever the browser's console complains about fails the test, unless the test expects it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics, and says why"
)]

mod driver;
mod page;
mod spy;
mod stage;
mod steps;
mod target;

mod accessibility;
mod account;
mod address;
mod appearance;
mod back;
mod dates;
mod deletion;
mod details;
mod forms;
mod frame;
mod isolation;
mod journey;
mod keyboard;
mod layout;
mod moving;
mod navigation;
mod planning;
mod quick_add;
mod refusal;
mod renewal;
mod screenshots;
mod session_end;
mod transfer;
mod weight;
