//! Who is asking: passwords, tokens, sessions, and the extractors that a protected handler takes as an argument.

pub mod caller;
pub mod common;
pub mod cross_site;
pub mod foreign;
pub mod password;
pub mod secret;
pub mod session;
pub mod throttle;
pub mod token;
