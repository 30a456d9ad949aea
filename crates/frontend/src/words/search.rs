//! Looking for tasks.

/// What can be looked for.
pub const WHERE: &str = "Words in the title or the notes";

/// The server could not be asked.
pub const FAILED: &str = "The search didn’t work";
