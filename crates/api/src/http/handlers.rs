//! HTTP in, HTTP out: each handler is one operation of the contract, and is registered on the page of routes.

pub mod auth;
pub mod bulk;
pub mod docs;
pub mod health;
pub mod lists;
pub mod metrics;
pub mod tasks;
pub mod transfer;
pub mod trash;
