//! How the store comes to be, for as long as somebody is signed in.

use super::drafts::Drafts;
use super::lists::in_order;
use super::locale::locale;
use super::samples;
use super::state::{Parts, Reading, TaskStore, archived};
use crate::api::Client;
use crate::browser;
use crate::dates::Clock;
use crate::model::replica::Replica;
use crate::model::views::{Counts, View};
use crate::ui::boxed::memo;
use crate::ui::toast::Toaster;
use leptos::prelude::*;
use shared::lists::List;
use shared::tasks::Task;

/// Reads the tasks, those of `view` first, and offers them as a context to the pages below.
pub fn provide_tasks(client: Client, drafts: Drafts, toaster: Toaster, view: View) -> TaskStore {
    let replica = RwSignal::new(Replica::<Task>::default());
    let list_replica = RwSignal::new(Replica::<List>::default());
    let lists = memo(move || list_replica.with(in_order));
    let clock = RwSignal::new(Clock::now());
    let counts = memo(move || {
        let archived = archived(&lists.get());
        replica.with(|replica| Counts::of(replica, locale(clock.get()), &|id| archived.contains(&id)))
    });
    let conflict = memo(move || {
        replica.with(|replica| {
            replica
                .shown()
                .find(|entry| entry.conflict.is_some())
                .map(|entry| entry.key)
        })
    });
    let store = TaskStore::new(Parts {
        replica,
        list_replica,
        lists,
        counts,
        reading: RwSignal::new(Reading::Waiting),
        show_done: RwSignal::new(false),
        reachable: RwSignal::new(true),
        online: browser::online(),
        clock,
        composer_error: RwSignal::new(None),
        conflict,
        given_back: RwSignal::new(0),
        samples: RwSignal::new(samples::remembered()),
        drafts,
        toaster,
        client: StoredValue::new(client),
        pending: StoredValue::new((0, Vec::new())),
        lines: StoredValue::new(Vec::new()),
        generation: StoredValue::new(0),
        owner: StoredValue::new(Owner::current().unwrap_or_default().downgrade()),
    });
    store.keep_fresh();
    store.read_view_first(view);
    provide_context(store);
    store
}
