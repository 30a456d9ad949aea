//! What the person is told of what they did, and of what could not be done.

use super::state::TaskStore;
use crate::api::Failure;
use crate::ui::toast::Toast;
use leptos::prelude::*;

impl TaskStore {
    /// Says what has been done, and offers to undo it.
    pub fn offer(self, said: String, undo: impl Fn() + Send + Sync + 'static) {
        self.toaster.show(Toast::info(said).undo(undo));
    }

    /// Says what could not be done, and why: by the banner if nobody answers, however much that keeps from being done.
    pub fn report_failure(self, what: &str, failure: &Failure) {
        if failure.is_unreachable() {
            self.reachable.try_set(false);
            self.toaster.show(Toast::error(what));
        } else if *failure != Failure::SessionEnded {
            // Of that the sign-in page says it all.
            self.toaster
                .show(Toast::error(format!("{what} {}", failure.sentence())));
        }
    }
}

/// What is said of a task that was ticked off.
pub(super) fn said_done(title: &str) -> String {
    format!("Done: “{}”", shorten(title))
}

/// What is said of a task that was deleted.
pub(super) fn said_deleted(title: &str) -> String {
    format!("Deleted “{}”", shorten(title))
}

/// A title as it fits into a message.
pub fn shorten(title: &str) -> String {
    const FITS: usize = 40;
    if title.chars().count() <= FITS {
        return title.to_owned();
    }
    let start: String = title.chars().take(FITS - 1).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_are_shortened_between_characters() {
        assert_eq!(shorten("milk"), "milk");
        assert_eq!(shorten(&"é".repeat(60)), format!("{}…", "é".repeat(39)));
    }
}
