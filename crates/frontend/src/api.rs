//! The one fetch wrapper: everything that the app says to the server, and hears from it, passes through here.
//!
//! A [`Client`] speaks for somebody who is signed in.

mod account;
pub mod auth;
mod call;
mod client;
mod failure;
mod fetch;
mod lists;
mod tasks;
mod transfer;
mod upload;

pub use self::call::{Call, Page};
pub use self::client::{Client, Ended};
pub use self::failure::Failure;
pub use self::fetch::decode;
pub use self::upload::OnSent;
