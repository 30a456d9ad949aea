//! Tokens of a Better Auth server: the real one, on node, issues them; what it never would, is forged here.

mod common;
mod cookies;
mod forgeries;
mod identity;
mod issuer;
mod keys;
mod published;
mod shapes;

use crate::case::Case;

pub(crate) use issuer::leave;

pub(crate) fn cases() -> Vec<Case> {
    [
        shapes::cases(),
        forgeries::cases(),
        cookies::cases(),
        identity::cases(),
        keys::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
