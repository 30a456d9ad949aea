//! What is left behind: in the log, in files, in error messages, and by whoever configures the server in a hurry.

mod answers;
mod audit;
mod defaults;
mod files;
mod log;
mod start;

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        audit::cases(),
        answers::cases(),
        defaults::cases(),
        files::cases(),
        log::cases(),
        start::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
