//! The line for a new task, and what was understood of it.

/// The empty line.
pub const ADD: &str = "Add a task";

/// The empty line of today.
pub const ADD_FOR_TODAY: &str = "Add a task for today";

/// The empty line of what is to come.
pub const ADD_WITH_DATE: &str = "Add a task, such as “call Charles Friday 9:00”";

/// What a press on something that was understood does.
pub const TURN_BACK: &str = "Press to turn it back into words";

/// A list is named that does not exist.
pub const LIST_IS_MADE: &str = "There is no such list yet: it is made with the task";

/// A task that was added in vain.
pub const NOT_ADDED_YET: &str = "This task hasn’t been added yet.";

/// What a press on something that was understood does, for those who do not see that it can be pressed.
pub fn turn_back(understood: &str, typed: &str) -> String {
    format!("{understood}: turn “{typed}” back into words")
}

/// A list that is made with the task.
pub fn new_list(name: &str) -> String {
    format!("New list “{name}”")
}

/// The task is there, and the line is free for another one.
pub fn added(title: &str) -> String {
    format!("Added “{title}”. What’s next?")
}
