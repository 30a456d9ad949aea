//! Sends what the board wants sent, and tells the person when the server refuses or cannot be reached.

use super::request::carry_out;
use super::{COMPOSER_ID, TaskStore};
use crate::api::Failure;
use crate::browser::{self, spawn};
use crate::components::toast::Toast;
use crate::drafts::Words;
use crate::pages::tasks::board::{Board, Editor, Key, Rollback, Write};
use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::tasks::Task;

impl TaskStore {
    /// Carries out every deletion that could still be undone; for those who are about to sign out.
    pub async fn finish(self) {
        for deletion in self.start_deletions() {
            deletion.await;
        }
    }

    pub(super) fn bury_all(self) {
        self.start_deletions().into_iter().for_each(spawn);
    }

    fn start_deletions(self) -> Vec<impl Future<Output = ()> + 'static> {
        self.toaster.drop_undos();
        let keys = self.board.try_with_untracked(Board::undoable);
        let start = |key| {
            self.board.try_update(|board| board.bury(key));
            self.start(key)
        };
        keys.unwrap_or_default().into_iter().filter_map(start).collect()
    }

    pub(super) fn bury(self, key: Key) {
        self.board.try_update(|board| board.bury(key));
        self.send(key);
    }

    /// Sends what a task needs sent, when its turn comes.
    pub(super) fn send(self, key: Key) {
        // Not tied to the page: what was asked for is done even if the person goes on to another one.
        if let Some(sent) = self.start(key) {
            spawn(sent);
        }
    }

    fn start(self, key: Key) -> Option<impl Future<Output = ()> + 'static> {
        let client = self.client.try_get_value()?;
        let write = self.board.try_update(|board| board.begin(key)).flatten()?;
        Some(async move {
            let outcome = carry_out(&client, &write).await;
            self.settle(key, &write, outcome);
        })
    }

    fn settle(self, key: Key, write: &Write, outcome: Result<Option<Task>, Failure>) {
        match outcome {
            Ok(task) => {
                if let Write::Update { id, .. } = write {
                    self.drafts.drop_edit(*id);
                }
                self.reachable.try_set(true);
                self.board.try_update(|board| match task {
                    Some(task) => board.saved(key, task),
                    None => board.gone(key),
                });
            }
            Err(failure) => {
                self.reachable.try_set(!failure.is_unreachable());
                match self.board.try_update(|board| board.refused(key, write)) {
                    Some(rollback) => self.explain(key, rollback, &failure),
                    // The list is gone, and with it everything but the words.
                    None => self.keep_words(write),
                }
            }
        }
        self.send(key);
    }

    fn explain(self, key: Key, rollback: Option<Rollback>, failure: &Failure) {
        match rollback {
            None => {}
            Some(Rollback::Addition(words)) => self.give_back(words, failure),
            Some(Rollback::Change { title, words, .. }) => {
                self.tell(&format!("Couldn’t change “{}”.", shorten(&title)), failure);
                if let Some(words) = words {
                    self.keep_edit(key, words.clone());
                    let error = Some(why(failure, "These changes haven’t been saved yet."));
                    self.board
                        .update(|board| board.open_editor(key, Editor { words, error }));
                }
                if failure.code() == Some(ErrorCode::NotFound) {
                    self.refresh();
                }
            }
            Some(Rollback::Deletion { title }) => {
                self.tell(&format!("Couldn’t delete “{}”.", shorten(&title)), failure);
            }
        }
    }

    /// A task that was not added stands where it was typed, or below that if the next one is being typed there already.
    fn give_back(self, words: Words, failure: &Failure) {
        let is_free = self.drafts.is_new_task_empty();
        let what = format!("Couldn’t add “{}”.", shorten(&words.title));
        self.drafts.put_back(words);
        if is_free {
            self.composer_error
                .set(Some(why(failure, "This task hasn’t been added yet.")));
        }
        // There it can be seen, unless the person has gone on to another page.
        let is_seen = browser::is_there(COMPOSER_ID) && (is_free || failure.is_unreachable());
        if !is_seen {
            self.tell(&what, failure);
        }
    }

    /// Says what could not be done, and why: by the banner if nobody answers, however much that keeps from being done.
    pub fn tell(self, what: &str, failure: &Failure) {
        if failure.is_unreachable() {
            self.reachable.try_set(false);
            self.toaster.show(Toast::error(what));
        } else if *failure != Failure::SessionEnded {
            // Of that the sign-in page says it all.
            self.toaster
                .show(Toast::error(format!("{what} {}", failure.sentence())));
        }
    }

    fn keep_words(self, write: &Write) {
        match write {
            Write::Create(words) => self.drafts.put_back(words.clone()),
            // The editor's words are kept until they are saved.
            Write::Update { .. } | Write::Delete(_) => {}
        }
    }
}

/// Why something is still to be done. What the banner says is not said again.
fn why(failure: &Failure, unreachable: &str) -> String {
    if failure.is_unreachable() {
        unreachable.to_owned()
    } else {
        failure.sentence()
    }
}

/// A title as it fits into a message.
pub(super) fn shorten(title: &str) -> String {
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
