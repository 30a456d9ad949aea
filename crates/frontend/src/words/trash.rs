//! What was deleted, and whether it comes back.

use super::report::shorten;

/// Leads to the question whether to empty the trash.
pub const EMPTY: &str = "Empty the trash…";

/// Whether to empty the trash.
pub const EMPTY_IT: &str = "Empty the trash?";

/// What emptying the trash means.
pub const FOR_GOOD: &str = "All deleted tasks are gone for good. Nobody can bring them back.";

/// When a task was deleted.
pub fn deleted_when(when: &str) -> String {
    format!("Deleted {when}")
}

/// Takes a task out of the trash.
pub fn restore(title: &str) -> String {
    format!("Restore {}", shorten(title))
}

/// Deletes a task for good.
pub fn delete_for_good(title: &str) -> String {
    format!("Delete {} for good", shorten(title))
}
