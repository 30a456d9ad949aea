//! What the person is told of what they did, and of what could not be done.

use super::number;

/// Nobody's session has ended.
pub const NOBODY_SIGNED_OUT: &str = "Nobody was signed out.";

/// This session has not ended.
pub const STILL_SIGNED_IN: &str = "You are still signed in.";

/// An address names a task that is not there.
pub const NO_SUCH_TASK: &str = "There is no such task. It may have been deleted.";

/// A task could not be read.
pub const TASK_NOT_LOADED: &str = "This task couldn’t be loaded.";

/// The tasks that follow could not be read.
pub const MORE_NOT_LOADED: &str = "There is more that couldn’t be loaded.";

/// The trash is as it was.
pub const TRASH_NOT_EMPTIED: &str = "Couldn’t empty the trash.";

/// A list is still deleted.
pub const LIST_NOT_RESTORED: &str = "Couldn’t bring the list back.";

/// A name as it fits into a message.
pub fn shorten(name: &str) -> String {
    const FITS: usize = 40;
    if name.chars().count() <= FITS {
        return name.to_owned();
    }
    let start: String = name.chars().take(FITS - 1).collect();
    format!("{}…", start.trim_end())
}

fn quoted(name: &str) -> String {
    format!("“{}”", shorten(name))
}

/// Tasks that something is said of: how many, or which if it is one.
#[derive(Clone, Copy, Debug)]
pub struct Tasks<'a> {
    /// How many.
    pub count: usize,
    /// What one of them is called.
    pub title: &'a str,
}

impl<'a> Tasks<'a> {
    /// A single one.
    pub fn one(title: &'a str) -> Self {
        Self { count: 1, title }
    }

    fn named(self) -> String {
        if self.count == 1 {
            quoted(self.title)
        } else {
            number::tasks(self.count)
        }
    }

    /// They are done.
    pub fn done(self) -> String {
        format!("Done: {}", self.named())
    }

    /// They are not done any more.
    pub fn to_do_again(self) -> String {
        format!("{} to do again", self.named())
    }

    /// They matter more, or less.
    pub fn priority_changed(self) -> String {
        format!("Changed the priority of {}", self.named())
    }

    /// They are due on no day.
    pub fn date_removed(self) -> String {
        format!("Took the date off {}", self.named())
    }

    /// They are due on another day.
    pub fn date_changed(self) -> String {
        format!("Changed the date of {}", self.named())
    }

    /// They are in another list.
    pub fn moved(self, list: &str) -> String {
        format!("Moved {} to {list}", self.named())
    }

    /// They have one tag more.
    pub fn tagged(self, tag: &str) -> String {
        format!("Tagged {} with {tag}", self.named())
    }

    /// They have one tag less.
    pub fn untagged(self, tag: &str) -> String {
        format!("Took {tag} off {}", self.named())
    }

    /// They are in the trash.
    pub fn deleted(self) -> String {
        format!("Deleted {}", self.named())
    }

    /// They are in the trash no more.
    pub fn brought_back(self) -> String {
        format!("Brought back {}", self.named())
    }
}

/// A task, or a list that was archived, is where it was.
pub fn is_back(name: &str) -> String {
    format!("{} is back", quoted(name))
}

/// A task is not there.
pub fn task_not_added(title: &str) -> String {
    format!("Couldn’t add {}.", quoted(title))
}

/// A task is as it was.
pub fn task_not_changed(title: &str) -> String {
    format!("Couldn’t change {}.", quoted(title))
}

/// So many tasks are as they were.
pub fn tasks_not_changed(count: usize) -> String {
    if count == 1 {
        "Couldn’t change that task.".to_owned()
    } else {
        format!("Couldn’t change {}.", number::tasks(count))
    }
}

/// A task is still there.
pub fn task_not_deleted(title: &str) -> String {
    format!("Couldn’t delete {}.", quoted(title))
}

/// A task is still in the trash.
pub fn task_not_restored(title: &str) -> String {
    format!("Couldn’t bring back {}.", quoted(title))
}

/// A list is out of sight.
pub fn list_archived(name: &str) -> String {
    format!("Archived {}", quoted(name))
}

/// A list is in the trash.
pub fn list_deleted(name: &str) -> String {
    format!("Deleted the list {} and its tasks", quoted(name))
}

/// A list is not there.
pub fn list_not_added(name: &str) -> String {
    format!("Couldn’t add the list {}.", quoted(name))
}

/// A list is as it was.
pub fn list_not_changed(name: &str) -> String {
    format!("Couldn’t change the list {}.", quoted(name))
}

/// A list is still there.
pub fn list_not_deleted(name: &str) -> String {
    format!("Couldn’t delete the list {}.", quoted(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_shortened_between_characters() {
        assert_eq!(shorten("milk"), "milk");
        assert_eq!(shorten(&"é".repeat(60)), format!("{}…", "é".repeat(39)));
    }

    #[test]
    fn one_task_has_a_name_and_several_have_a_number() {
        let several = |count| Tasks { count, title: "milk" };
        assert_eq!(Tasks::one("milk").done(), "Done: “milk”");
        assert_eq!(several(1).moved("Home"), "Moved “milk” to Home");
        assert_eq!(several(3).brought_back(), "Brought back 3 tasks");
        assert_eq!(tasks_not_changed(1), "Couldn’t change that task.");
        assert_eq!(tasks_not_changed(2), "Couldn’t change 2 tasks.");
    }
}
