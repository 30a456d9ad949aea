//! What a person reads.

pub mod fields;
pub mod transfer;
