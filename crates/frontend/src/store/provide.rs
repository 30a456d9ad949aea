//! How the store comes to be, for as long as somebody is signed in.

use super::drafts::Drafts;
use super::locale::locale;
use super::samples;
use super::state::{Load, MoreDone, Parts, TaskStore, archived};
use crate::api::Client;
use crate::browser;
use crate::dates::Clock;
use crate::model::replica::Replica;
use crate::model::views::{Counts, View};
use crate::ui::dynamic::memo;
use crate::ui::toast::Toaster;
use leptos::prelude::*;
use shared::lists::List;

/// Reads the tasks, those of `view` first, and offers them as a context to the pages below.
pub fn provide_tasks(client: Client, drafts: Drafts, toaster: Toaster, view: View) -> TaskStore {
    let replica = RwSignal::new(Replica::default());
    let lists = RwSignal::new(Vec::<List>::new());
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
        lists,
        counts,
        load: RwSignal::new(Load::Waiting),
        complete: RwSignal::new(false),
        more_done: RwSignal::new(MoreDone::Unknown),
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
        reading: StoredValue::new(0),
        owner: StoredValue::new(Owner::current().unwrap_or_default().downgrade()),
    });
    store.keep_fresh();
    store.read_view_first(view);
    provide_context(store);
    store
}
