//! What may be missing, and for which purpose.

use anyhow::Result;

/// What is to be done, and therefore what has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Working on the app and the server.
    Develop,
    /// Building them as they ship.
    Build,
    /// Running every check and test.
    Test,
    /// Measuring.
    Bench,
    /// Breaking a whole installation.
    Chaos,
}

/// One missing thing.
pub(super) struct Step {
    pub(super) what: String,
    /// How long it takes, for somebody who waits.
    pub(super) takes: &'static str,
    /// What a person would type instead.
    pub(super) by_hand: String,
    pub(super) install: Box<dyn Fn() -> Result<()>>,
    /// Without it things still work, if less well.
    pub(super) optional: bool,
}
