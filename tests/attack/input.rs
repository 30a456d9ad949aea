//! Input that no honest client sends. Whatever it is, the server answers it with a refusal, once, and goes on.

mod bodies;
mod framing;
mod generated;
mod imports;
mod limits;
mod text;

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        bodies::cases(),
        framing::cases(),
        generated::cases(),
        imports::cases(),
        limits::cases(),
        text::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
