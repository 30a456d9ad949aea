//! Reads the tasks: those of the page first, then all others page by page (keyset pagination), and again whenever they may
//! be stale.

use super::state::{MoreDone, Reading, TaskStore};
use crate::api::{Failure, Page};
use crate::browser;
use crate::dates::Clock;
use crate::model::replica::{Key, Replica};
use crate::model::views::View;
use crate::ui::boxed::effect;
use crate::words::{connection, report};
use chrono::Days;
use leptos::prelude::*;
use shared::query::{InList, OfParent, Sort, TaskQuery};
use shared::tags::Tag;
use shared::tasks::Task;
use std::collections::HashSet;
use std::time::Duration;
use uuid::Uuid;

/// How often an unreachable server is tried again, and how often dates are read anew.
const TICK: Duration = Duration::from_secs(15);

impl TaskStore {
    pub(super) fn read_view_first(self, view: View) {
        self.read_with(Some(view));
    }

    /// Reads all tasks again.
    pub fn refresh(self) {
        self.read_with(None);
    }

    /// Tries again after a failure, showing that it does.
    pub fn retry(self, view: View) {
        self.reading.set(Reading::Waiting);
        self.read_with(Some(view));
    }

    fn read_with(self, view: Option<View>) {
        let owner = self.owner.try_get_value().and_then(|owner| owner.upgrade());
        if let Some(owner) = owner {
            // Nobody needs the answer once the list is off the page.
            owner.with(|| {
                browser::spawn_while_shown(async move { self.read_lists().await });
                browser::spawn_while_shown(self.read(view));
            });
        }
    }

    async fn read(self, view: Option<View>) {
        let turn = self.generation.get_value() + 1;
        self.generation.set_value(turn);
        let outcome = self.read_all(view, turn).await;
        match outcome {
            Ok(()) => {
                self.reachable.set(true);
            }
            Err(Failure::SessionEnded) => {}
            Err(failure) => {
                self.reachable.set(!failure.is_unreachable());
                if matches!(self.reading.get_untracked(), Reading::Waiting | Reading::Failed(_)) {
                    self.reading.set(Reading::Failed(if failure.is_unreachable() {
                        // The banner says why.
                        connection::TASKS_LATER.to_owned()
                    } else {
                        failure.sentence()
                    }));
                }
            }
        }
    }

    async fn read_all(self, view: Option<View>, turn: u32) -> Result<(), Failure> {
        let client = self.client.get_value();
        if let Some(query) = view.and_then(|view| first_of(&view, self.clock.get_untracked())) {
            let asked = self.replica.with_untracked(Replica::now);
            let page = client.query_tasks(query).await?;
            self.take_in(page.items, asked);
            self.arrived();
        }
        let asked = self.replica.with_untracked(Replica::now);
        let mut page = client.query_tasks(sorted(false, Sort::Position)).await?;
        let mut open = HashSet::new();
        loop {
            if self.generation.get_value() != turn {
                return Ok(());
            }
            open.extend(page.items.iter().map(|task| task.id));
            self.take_in(page.items, asked);
            self.arrived();
            let Some(next) = page.next else {
                break;
            };
            page = client.more_tasks(&next).await?;
        }
        self.replica.update(|replica| replica.keep_only(&open, asked));
        if !self.reading.with_untracked(Reading::is_complete) {
            self.reading.set(Reading::Complete(MoreDone::Unknown));
        }
        self.read_done(None).await
    }

    /// Reads the tasks that were done last, or those that follow.
    async fn read_done(self, next: Option<String>) -> Result<(), Failure> {
        let client = self.client.get_value();
        let asked = self.replica.with_untracked(Replica::now);
        let Page { items, next } = match next {
            Some(next) => client.more_tasks(&next).await?,
            None => client.query_tasks(sorted(true, Sort::Completed)).await?,
        };
        self.take_in(items, asked);
        self.reading
            .set(Reading::Complete(next.map_or(MoreDone::No, MoreDone::At)));
        Ok(())
    }

    /// Reads more of the tasks that are done.
    pub async fn read_more_done(self) {
        if let Reading::Complete(MoreDone::At(next)) = self.reading.get_untracked()
            && let Err(failure) = self.read_done(Some(next)).await
        {
            self.report_failure(report::MORE_NOT_LOADED, &failure);
        }
    }

    /// What was added most recently: a task that comes back, and other people’s devices, add some without this page.
    pub(super) async fn read_newest(self) {
        let client = self.client.get_value();
        let asked = self.replica.with_untracked(Replica::now);
        if let Ok(page) = client.query_tasks(sorted(false, Sort::Created)).await {
            self.take_in(page.items, asked);
        }
    }

    /// Reads a task as it is now.
    pub async fn read_task(self, id: Uuid) -> Result<(), Failure> {
        let client = self.client.get_value();
        let asked = self.replica.with_untracked(Replica::now);
        let task = client.task(id).await?;
        self.take_in(vec![task], asked);
        Ok(())
    }

    /// Reads the parts of a task that are done: the others are here already.
    pub fn read_parts(self, key: Key) {
        let Some(entry) = self.get_untracked(key) else {
            return;
        };
        let (done, _) = entry.progress();
        let Some(id) = entry.id().filter(|_| done > 0) else {
            return;
        };
        browser::spawn_while_shown(async move {
            let client = self.client.get_value();
            let asked = self.replica.with_untracked(Replica::now);
            let query = TaskQuery {
                parent: Some(OfParent::Task(id)),
                ..TaskQuery::default()
            };
            if let Ok(page) = client.query_tasks(query).await {
                self.take_in(page.items, asked);
            }
        });
    }

    /// The tasks that have these words, in the order of the server.
    pub async fn search(self, words: &str) -> Result<Vec<Key>, Failure> {
        let client = self.client.get_value();
        let asked = self.replica.with_untracked(Replica::now);
        let query = TaskQuery {
            q: Some(words.to_owned()),
            ..TaskQuery::default()
        };
        let page = client.query_tasks(query).await?;
        self.reachable.try_set(true);
        let ids: Vec<_> = page.items.iter().map(|task| task.id).collect();
        self.take_in(page.items, asked);
        Ok(self.keys_of(&ids))
    }

    /// What these are called on this page.
    pub(super) fn keys_of(self, ids: &[Uuid]) -> Vec<Key> {
        self.with_untracked(|replica| {
            let found = ids.iter().filter_map(|id| replica.find(*id));
            found.map(|entry| entry.key).collect()
        })
    }

    pub(super) fn take_in(self, tasks: Vec<Task>, asked: u64) {
        // The page may be gone by now.
        self.replica.try_update(|replica| replica.merge(tasks, asked));
    }

    fn arrived(self) {
        if matches!(self.reading.get_untracked(), Reading::Waiting | Reading::Failed(_)) {
            self.reading.set(Reading::Partial);
        }
        self.reachable.set(true);
    }

    pub(super) fn keep_fresh(self) {
        let look = move || {
            let now = Clock::now();
            // Most of what shows the time has minutes.
            self.clock.set(now);
        };
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            if browser::is_visible() {
                look();
                self.refresh();
            }
        });
        let online = window_event_listener(leptos::ev::online, move |_| self.refresh());
        let tick = set_interval_with_handle(
            move || {
                look();
                if !self.reachable.get_untracked() && browser::is_visible() {
                    self.refresh();
                }
            },
            TICK,
        );
        // At midnight all days change at once, and nobody should see the old ones a moment longer.
        let midnight = StoredValue::new(None::<TimeoutHandle>);
        effect(move || {
            let until = self.clock.get().until_midnight();
            let timer = set_timeout_with_handle(
                look,
                Duration::from_secs_f64((until / 1000.0 + 0.05).clamp(0.05, 90_000.0)),
            );
            if let Some(old) = midnight
                .try_update_value(|kept| std::mem::replace(kept, timer.ok()))
                .flatten()
            {
                old.clear();
            }
        });
        on_cleanup(move || {
            seen.remove();
            online.remove();
            if let Ok(tick) = tick {
                tick.clear();
            }
            if let Some(timer) = midnight.try_update_value(Option::take).flatten() {
                timer.clear();
            }
        });
    }
}

/// The tasks that are done or not, in an order.
fn sorted(completed: bool, sort: Sort) -> TaskQuery {
    TaskQuery {
        completed: Some(completed),
        sort,
        ..TaskQuery::default()
    }
}

/// The tasks that a page shows, the first of them; nothing if those are the first of all tasks.
fn first_of(view: &View, clock: Clock) -> Option<TaskQuery> {
    let today = clock.today();
    let by_day = sorted(false, Sort::Due);
    let by_hand = sorted(false, Sort::Position);
    // A day more or less for moments in zones far away: the page itself looks closely.
    Some(match view {
        View::All => return None,
        View::Today => TaskQuery {
            due_to: today.checked_add_days(Days::new(1)),
            ..by_day
        },
        View::Upcoming => TaskQuery {
            due_from: Some(today),
            ..by_day
        },
        View::Inbox => TaskQuery {
            list: Some(InList::Inbox),
            ..by_hand
        },
        View::List(id) => TaskQuery {
            list: Some(InList::List(*id)),
            ..by_hand
        },
        View::Tag(tag) => TaskQuery {
            tags: Tag::parse(tag).into_iter().collect(),
            ..by_hand
        },
    })
}
