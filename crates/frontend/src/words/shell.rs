//! What is around every page, and what lies over it.

/// Opens the command palette.
pub const SEARCH_OR_JUMP: &str = "Search or jump to…";

/// Opens the command palette, with the keys that do.
pub const SEARCH_OR_JUMP_KEYS: &str = "Search or jump to… Ctrl K";

/// The empty line of the command palette.
pub const PALETTE: &str = "Go to a list, do something, find a task…";

/// The command palette has found nothing.
pub const NOTHING_CALLED_THAT: &str = "Nothing is called that.";

/// The button while the server is told of it.
pub const SIGNING_OUT: &str = "Signing out…";

/// Between keys that are pressed one after the other.
pub const THEN: &str = " then ";

/// What the tab is called while a page is shown.
pub fn tab(page: &str) -> String {
    format!("{page} · Taskward")
}

/// The menu of somebody's account.
pub fn account_menu(name: &str) -> String {
    format!("Account menu of {name}")
}

/// Opens the settings of a list.
pub fn edit_list(name: &str) -> String {
    format!("Edit the list {name}")
}

/// What the number behind a page's name says, for those who do not see where it stands.
pub fn open_count(overdue: bool) -> &'static str {
    if overdue { " to do, some overdue" } else { " to do" }
}

/// Shows what is typed into a field for a password.
pub fn show_password(label: &str) -> String {
    format!("Show {}", label.to_ascii_lowercase())
}
