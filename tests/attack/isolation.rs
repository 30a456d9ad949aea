//! What is one person's is nobody else's: every operation of the API's description, asked for by everybody who might.
//!
//! The operations come from the description that the server makes of itself. One that is new has cases at once, which
//! fail until `recipes` says how the operation is asked for, and what must not come of it.

mod matrix;
pub(crate) mod recipes;
mod references;
mod sequences;
mod spellings;

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        matrix::cases(),
        references::cases(),
        sequences::cases(),
        spellings::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
