//! What a person reads.

pub mod fields;
