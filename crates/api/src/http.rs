//! HTTP in, HTTP out: the routes and their description, what is taken from a request, and how it is answered.

pub mod client;
mod cursor;
pub mod describe;
pub mod error;
pub mod extract;
pub mod handlers;
pub mod middleware;
pub mod openapi;
pub mod operation;
pub mod pieces;
pub mod query;
pub mod routes;
pub mod spa;
pub mod trace;
