//! Does what the bar for chosen tasks offers.

use super::desk::use_desk;
use super::tasks::composer::list_names;
use super::tasks::store::{Change, use_tasks};
use crate::components::bulk_bar::{BulkAct, BulkBar};
use crate::components::dynamic::memo;
use chrono::Days;
use leptos::prelude::*;
use shared::due::Due;
use shared::priority::Priority;

/// The bar for chosen tasks.
#[component]
pub fn Bulk() -> impl IntoView {
    let (tasks, desk) = (use_tasks(), use_desk());
    let count = Signal::derive(move || desk.selected.with(std::collections::BTreeSet::len));
    let lists = memo(move || list_names(tasks));
    let tags = memo(move || {
        tasks
            .counts
            .with(|counts| counts.tags.iter().map(|(_, name, _)| name.clone()).collect::<Vec<_>>())
    });
    let act = move |act: BulkAct| {
        let change = match act {
            BulkAct::All => return desk.select_all(),
            BulkAct::Stop => return desk.stop_selecting(),
            BulkAct::Complete => Change::Completed(true),
            BulkAct::Delete => Change::Deleted(true),
            BulkAct::Move(list) => Change::List(list),
            BulkAct::Tag(tag) => Change::AddTag(tag),
            BulkAct::Priority(level) => Change::Priority(Priority::try_from(level).unwrap_or_default()),
            BulkAct::Due(days) => {
                let today = tasks.clock.get_untracked().today();
                let day = days.and_then(|days| today.checked_add_days(Days::new(days.into())));
                Change::Due(day.and_then(|day| Due::on(day).ok()))
            }
        };
        let keys = desk.meant();
        if desk.selected.with_untracked(|selected| !selected.is_empty()) {
            tasks.change_together(&keys, &change);
            desk.stop_selecting();
        }
    };
    view! { <BulkBar count lists tags on_act=Callback::new(act)/> }
}
