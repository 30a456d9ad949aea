//! A file for each URL, which owns its data, and the two areas that they lie in: for those who are signed in, and for
//! those who are not.

pub mod account;
pub mod area;
mod form;
mod frame;
pub mod not_found;
pub mod sign_in;
pub mod sign_up;
pub mod tasks;
mod unreachable;
