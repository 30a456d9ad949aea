//! Passwords: guessing them, guessing who has one, and what becomes of them.

mod choosing;
mod enumeration;
mod injection;
mod queue;
mod storage;
mod whole;

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        enumeration::cases(),
        whole::cases(),
        choosing::cases(),
        injection::cases(),
        queue::cases(),
        storage::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
