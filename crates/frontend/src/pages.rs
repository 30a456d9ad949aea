//! A file for each URL, which owns its data.

pub mod account;
pub mod done;
mod form;
pub mod not_found;
pub mod search;
pub mod sign_in;
pub mod sign_up;
pub mod tasks;
pub mod trash;
