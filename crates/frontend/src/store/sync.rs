//! Sends the optimistic updates that the replica holds, one mutation at a time for each task, and takes the answers in: an
//! acknowledgement, a three-way merge when it was made on a stale version, or a rollback that the person is told about when
//! the server refuses or cannot be reached.

use super::request::{outcome, request};
use super::state::{COMPOSER_ID, TaskStore};
use crate::api::{Call, Client, Failure};
use crate::browser::{self, spawn};
use crate::model::draft::Draft;
use crate::model::input_line::InputLine;
use crate::model::record::Members as _;
use crate::model::replica::{Content, Key, Mutation, Rollback};
use crate::words::quick_add;
use crate::words::report::{self, Tasks};
use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::tasks::Task;
use std::future::poll_fn;
use std::task::Poll;

impl TaskStore {
    /// Waits until the server has heard of everything; for those who are about to sign out.
    pub async fn flush(self) {
        poll_fn(|context| {
            let waits = self.pending.try_update_value(|(count, waiting)| {
                if *count > 0 {
                    waiting.push(context.waker().clone());
                }
                *count > 0
            });
            if waits == Some(true) {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    fn started(self) {
        self.pending.try_update_value(|(count, _)| *count += 1);
    }

    fn ended(self) {
        let waiting = self.pending.try_update_value(|(count, waiting)| {
            *count = count.saturating_sub(1);
            std::mem::take(waiting)
        });
        waiting.unwrap_or_default().into_iter().for_each(std::task::Waker::wake);
    }

    /// Sends what a task needs sent, when its turn comes.
    pub(super) fn send(self, key: Key) {
        let Some(client) = self.client.try_get_value() else {
            return;
        };
        let Some(mutation) = self
            .replica
            .try_update_untracked(|replica| replica.begin(key))
            .flatten()
        else {
            return;
        };
        let call = request(&client, &mutation);
        self.dispatch(
            client,
            call,
            Box::new(move |answer| {
                self.resolve(key, &mutation, outcome(&mutation, answer));
            }),
        );
    }

    /// Sends a request that changes something. One function for all of them: each future is compiled, and downloaded, as a
    /// type of its own.
    pub(super) fn dispatch(self, client: Client, call: Call, then: Box<dyn FnOnce(Result<String, Failure>)>) {
        self.started();
        // Not tied to the page: what was asked for is done even if the person goes on to another one.
        spawn(async move {
            then(client.deliver(&call).await);
            self.ended();
        });
    }

    fn resolve(self, key: Key, mutation: &Mutation, outcome: Result<Option<Task>, Failure>) {
        match outcome {
            Ok(task) => self.acknowledge(key, mutation, task),
            Err(failure) => {
                self.reachable.try_set(!failure.is_unreachable());
                if let Some(current) = failure.current::<Task>() {
                    self.replica
                        .try_update(|replica| replica.merge_remote(key, mutation, current));
                    // Until the person has decided, not even a reload loses them.
                    if let Some(words) = self.get_untracked(key).and_then(|entry| entry.conflict) {
                        self.keep_edit(key, words);
                    }
                } else {
                    match self.replica.try_update(|replica| replica.refused(key, mutation)) {
                        Some(rollback) => self.explain(key, rollback, &failure),
                        // The list is gone, and with it everything but the words.
                        None => self.keep_words(key, mutation),
                    }
                }
            }
        }
        self.send(key);
    }

    fn acknowledge(self, key: Key, mutation: &Mutation, task: Option<Task>) {
        self.reachable.try_set(true);
        let sent = match mutation {
            Mutation::Create(content) => {
                self.take_line(key);
                Some(&**content)
            }
            Mutation::Update { id, to, .. } => {
                if self.get_untracked(key).is_none_or(|entry| entry.conflict.is_none()) {
                    self.drafts.drop_edit(*id);
                }
                Some(&**to)
            }
            Mutation::Delete(_) | Mutation::Restore(_) | Mutation::Purge(_) => None,
        };
        let parent = task.as_ref().and_then(|task| task.parent_id);
        self.replica.try_update(|replica| match task {
            Some(task) => replica.saved(key, sent, task),
            None if matches!(mutation, Mutation::Purge(_)) => replica.gone(key),
            None => replica.trashed(key),
        });
        let (mut fresh, mut all) = (false, false);
        match mutation {
            // One that comes back has made the next one, or has taken it away again.
            Mutation::Update { from, to, .. } if from.recurrence.is_some() && from.completed != to.completed => {
                fresh = to.completed;
                all = !to.completed;
            }
            // Its parts have come back with it.
            Mutation::Restore(_) => all = true,
            _ => {}
        }
        if all {
            self.refresh();
        } else if fresh {
            spawn(self.read_newest());
        }
        if let Some(parent) = parent {
            spawn(async move {
                // Its subtasks have changed it. If that can't be seen now, it is at the next reading.
                let _ = self.read_task(parent).await;
            });
        }
    }

    fn explain(self, key: Key, rollback: Option<Rollback>, failure: &Failure) {
        match rollback {
            None => {}
            Some(Rollback::Addition(content)) => self.give_back(key, &content, failure),
            Some(Rollback::Change { title, words, id }) => {
                self.toaster.withdraw(&Tasks::one(&title).done());
                self.report_failure(&report::task_not_changed(&title), failure);
                if let Some(words) = words {
                    self.drafts.set_edit(id, words);
                    self.given_back.try_update(|count| *count += 1);
                }
                if failure.code() == Some(ErrorCode::NotFound) {
                    self.replica.update(|replica| replica.gone(key));
                }
            }
            Some(Rollback::Deletion { title }) => {
                self.toaster.withdraw(&Tasks::one(&title).deleted());
                self.report_failure(&report::task_not_deleted(&title), failure);
            }
            Some(Rollback::Restoration { title }) => {
                self.report_failure(&report::task_not_restored(&title), failure);
            }
            Some(Rollback::Purge) => self.report_failure(report::TRASH_NOT_EMPTIED, failure),
        }
    }

    /// A task that was not added stands where it was typed, or below that if the next one is being typed there already.
    fn give_back(self, key: Key, content: &Content, failure: &Failure) {
        let is_free = self.drafts.is_new_task_empty();
        let what = report::task_not_added(content.title.as_str());
        let draft = self.typed(key, content);
        self.drafts.put_back(draft);
        if is_free {
            self.composer_error.set(Some(why(failure, quick_add::NOT_ADDED_YET)));
        }
        // There it can be seen, unless the person has gone on to another page.
        let is_seen = browser::is_there(COMPOSER_ID) && (is_free || failure.is_unreachable());
        if !is_seen {
            self.report_failure(&what, failure);
        }
    }

    fn take_line(self, key: Key) -> Option<Draft> {
        let line = self.lines.try_update_value(|lines| {
            let place = lines.iter().position(|(other, _)| *other == key)?;
            Some(lines.swap_remove(place).1)
        });
        line.flatten()
    }

    /// A new task as it was typed.
    fn typed(self, key: Key, content: &Content) -> Draft {
        self.take_line(key).unwrap_or_else(|| Draft {
            line: InputLine::new(content.title.as_str()),
            description: content.description.clone(),
        })
    }

    fn keep_words(self, key: Key, mutation: &Mutation) {
        match mutation {
            Mutation::Create(content) => self.drafts.put_back(self.typed(key, content)),
            // The editor's words are kept until they are saved.
            Mutation::Update { id, from, to, .. } if from.words() != to.words() => {
                self.drafts.set_edit(*id, to.words());
            }
            _ => {}
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
