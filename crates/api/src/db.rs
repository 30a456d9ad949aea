//! The database: one file per table with its rows and every query on it, over one kind of connection.
//!
//! Nothing here knows HTTP or JSON. Functions take the connection first and the owner second, return `QueryResult`
//! and never open a transaction themselves: flows do, so that functions compose.

pub mod bulk;
pub mod conn;
pub mod due;
pub mod failures;
pub mod identities;
pub mod lists;
pub mod maintenance;
mod migrations;
pub mod networks;
mod postgres;
mod schema;
pub mod search;
pub mod selection;
pub mod sessions;
mod sqlite;
pub mod tasks;
pub mod trash;
pub mod types;
pub mod users;

pub(crate) use conn::query;
pub use conn::{Conn, ConnectError, Db, DbError, QueryError};
