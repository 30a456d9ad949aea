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
