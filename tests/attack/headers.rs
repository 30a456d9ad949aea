//! The header fields that tell a browser what it must not do, on every kind of answer.

mod cors;
mod every_answer;
mod policy;

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [every_answer::cases(), policy::cases(), cors::cases()]
        .into_iter()
        .flatten()
        .collect()
}
