//! A file for each URL, which owns its data, and the two areas that they lie in: for those who are signed in, and for
//! those who are not.

mod account;
pub mod area;
mod bulk;
mod desk;
mod details;
mod done;
mod drag;
mod form;
mod frame;
mod keys;
pub mod not_found;
mod overlays;
mod search;
pub mod second;
pub mod sign_in;
pub mod sign_up;
pub mod tasks;
mod trash;
mod unreachable;
