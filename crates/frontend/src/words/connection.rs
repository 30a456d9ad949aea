//! What is on its way, and what cannot come.

/// Before anything is there. The same as `index.html` says while the app itself is on its way.
pub const LOADING_APP: &str = "Loading Taskward…";

/// The tasks are on their way.
pub const LOADING_TASKS: &str = "Loading your tasks…";

/// What has been done is on its way.
pub const LOADING_DONE: &str = "Loading what is done…";

/// What was deleted is on its way.
pub const LOADING_TRASH: &str = "Loading the trash…";

/// The app is no more, before the link that brings it back.
pub const CRASHED: &str = "Taskward has stopped working. ";

/// A part of the app could not be fetched.
pub const PAGE_NOT_LOADED: &str = "This page couldn’t be loaded";

/// What to do about a part of the app that could not be fetched.
pub const LOAD_AGAIN: &str = "Check your connection, then load Taskward again.";

/// The tasks could not be read.
pub const TASKS_NOT_LOADED: &str = "Your tasks couldn’t be loaded";

/// Why the tasks could not be read, below a banner that says the rest.
pub const TASKS_LATER: &str = "They will be here as soon as the server can be reached.";

/// The trash could not be read.
pub const TRASH_NOT_LOADED: &str = "The trash couldn’t be loaded";

/// Nobody answers who is signed in.
pub const UNREACHABLE: &str = "Can’t reach Taskward";

/// What to do when nobody answers.
pub const CHECK_CONNECTION: &str = "Check your connection, or try again in a moment.";

/// The machine has no network.
pub const OFFLINE: &str = "You’re offline. Changes can’t be saved until you’re back.";

/// The server does not answer.
pub const TRYING_AGAIN: &str = "Can’t reach the server. Trying again…";
