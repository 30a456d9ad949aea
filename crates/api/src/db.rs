//! The database: one file per table with its rows and every query on it, over one kind of connection.
//!
//! Nothing here knows HTTP or JSON. Functions take the connection first and the owner second, return `QueryResult`
//! and never open a transaction themselves: flows do, so that functions compose.

pub mod bulk;
mod conn;
pub mod cursor;
mod database;
pub mod due;
mod error;
pub mod failures;
pub mod identities;
pub mod lists;
pub mod maintenance;
mod migrations;
pub mod networks;
mod postgres;
mod schema;
mod scope;
pub mod search;
pub mod selection;
pub mod sessions;
mod settings;
mod sqlite;
pub mod tags;
pub mod task_row;
pub mod tasks;
pub mod trash;
pub mod types;
pub mod users;

pub use conn::{Conn, Expected};
pub use database::Db;
pub use error::{ConnectError, DbError, QueryError};
pub use scope::{ReadError, ReadScope};
pub use settings::Settings;
