//! The tasks that a new account begins with.

/// The first thing to do.
pub const TICK: &str = "Tick the circle of this task";

/// The second one.
pub const OPEN: &str = "Click a task to see all of it";

/// Its notes.
pub const OPEN_NOTES: &str = "Dates, priorities, tags, lists, steps and **notes** have their place there.";

/// The third one.
pub const KEYS: &str = "Press ? to see all the shortcuts, or Ctrl K to go anywhere";

/// What these tasks are there for.
pub const ABOUT: &str = "A few sample tasks to try things out with.";
