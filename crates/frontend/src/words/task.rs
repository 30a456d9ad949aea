//! Tasks, and what can be done with each.

/// The empty field for notes.
pub const NOTES: &str = "Notes, with **bold**, - lists and links if you like";

/// Two edits of the same words have met.
pub const CHANGED_ELSEWHERE: &str =
    "This task was also changed somewhere else, on another device or in another tab. Choose what to keep.";

/// Opens all of a task.
pub fn edit(title: &str) -> String {
    format!("Edit {title}")
}

/// Puts a task into the trash.
pub fn delete(title: &str) -> String {
    format!("Delete {title}")
}

/// Ticks a task off.
pub fn done(title: &str) -> String {
    format!("Done: {title}")
}

/// Chooses a task, among several that something is to be done with.
pub fn select(title: &str) -> String {
    format!("Select {title}")
}

/// Takes a tag off.
pub fn remove_tag(tag: &str) -> String {
    format!("Remove the tag {tag}")
}

/// How many of a page's tasks are to be done.
pub fn to_do(count: usize) -> String {
    format!("{count} to do")
}

/// How many tasks are chosen.
pub fn selected(count: usize) -> String {
    format!("{count} selected")
}

/// How many of the subtasks below are done.
pub fn progress(done: usize, all: usize) -> String {
    format!("{done} of {all} done")
}

/// How many of a task's subtasks are done.
pub fn subtasks_done(done: u32, all: u32) -> String {
    format!("{done} of {all} subtasks done")
}

/// When it was ticked off.
pub fn done_when(when: &str) -> String {
    format!("Done {when}")
}

/// When it was added, and when it was changed last.
pub fn times(added: &str, changed: &str) -> String {
    format!("Added {added} · changed {changed}")
}
