//! What an empty page says: how to fill it, or praise for whoever has emptied it.

/// What stands where a list would be.
#[derive(Clone, Copy, Debug)]
pub struct Empty {
    /// What is the case.
    pub title: &'static str,
    /// Why, or what to do.
    pub text: &'static str,
}

/// All has been done.
pub const ALL_DONE: Empty = Empty {
    title: "All done",
    text: "Nothing left to do. Enjoy it, or add what comes next.",
};

/// There has never been a task.
pub const TASKS: Empty = Empty {
    title: "A clear list",
    text: "Type what’s on your mind above and press Enter. Tick the circle when it’s done, or click a task to change it.",
};

/// The Inbox.
pub const INBOX: Empty = Empty {
    title: "Your inbox is empty",
    text: "What you add without a list lands here, until you find a place for it. Write #home in a task to put it into a \
           list as you type.",
};

/// Today.
pub const TODAY: Empty = Empty {
    title: "Nothing due today",
    text: "Write a day as you would say it, such as “call Charles tomorrow 9:00”, and the task shows up here when its day \
           has come.",
};

/// What is to come.
pub const UPCOMING: Empty = Empty {
    title: "Nothing planned",
    text: "Tasks with a date to come line up here, day by day. Try “water the plants every Friday”.",
};

/// A list.
pub const LIST: Empty = Empty {
    title: "This list is empty",
    text: "What you add here belongs to the list. Drag a task onto the list’s name to move it here.",
};

/// A tag.
pub const TAG: Empty = Empty {
    title: "No task has this tag",
    text: "Write @ and a word in a task to tag it. Tags gather tasks across all lists.",
};

/// What has been done.
pub const DONE: Empty = Empty {
    title: "Nothing done yet",
    text: "Tasks that you tick off are kept here. A second click on their circle brings them back.",
};

/// The trash.
pub const TRASH: Empty = Empty {
    title: "The trash is empty",
    text: "What you delete waits here for a while before it is gone for good, so that you can change your mind.",
};

/// A search for nothing yet.
pub const SEARCH: Empty = Empty {
    title: "Find any task",
    text: "Every word you type has to be somewhere in the title or the notes, in any order. What is done is found, too.",
};

/// A search that has found nothing.
pub const FOUND: Empty = Empty {
    title: "Nothing found",
    text: "Try fewer words, or a part of one.",
};

/// An address that there is no page for.
pub const PAGE: Empty = Empty {
    title: "Page not found",
    text: "There is nothing at this address. It may have been mistyped.",
};
