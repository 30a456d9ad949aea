//! What a person reads. A sentence stands here, and so does whatever a number, a name or a date is put into; a label such as
//! `Save` stands with the element that it names.

pub mod account;
pub mod auth;
pub mod connection;
pub mod due;
pub mod empty;
pub mod failure;
pub mod fields;
pub mod number;
pub mod quick_add;
pub mod report;
pub mod samples;
pub mod search;
pub mod shell;
pub mod task;
pub mod transfer;
pub mod trash;
