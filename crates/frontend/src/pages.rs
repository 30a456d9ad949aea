//! A file for each URL, which owns its data, and the two areas that they lie in: for those who are signed in, and for
//! those who are not.

pub mod account;
pub mod area;
mod bulk;
mod desk;
mod details;
pub mod done;
mod drag;
mod form;
mod frame;
mod keys;
pub mod not_found;
mod overlays;
pub mod search;
pub mod sign_in;
pub mod sign_up;
pub mod tasks;
pub mod trash;
mod unreachable;
