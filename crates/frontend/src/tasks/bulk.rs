//! Does what the bar for chosen tasks offers.

use super::bulk_bar::{BulkAct, BulkBar};
use super::composer::list_names;
use crate::browser;
use crate::model::replica::Key;
use crate::store::{BulkEdit, use_tasks};
use crate::tasks::ui_state::{UiState, use_ui_state};
use crate::ui::boxed::memo;
use chrono::Days;
use leptos::prelude::*;
use shared::due::Due;
use shared::priority::Priority;
use std::collections::BTreeSet;

/// The bar for chosen tasks.
#[component]
pub fn Bulk() -> impl IntoView {
    let (tasks, ui) = (use_tasks(), use_ui_state());
    let count = Signal::derive(move || ui.selected.with(BTreeSet::len));
    let lists = memo(move || list_names(tasks));
    let tags = memo(move || {
        tasks
            .counts
            .with(|counts| counts.tags.iter().map(|(_, name, _)| name.clone()).collect::<Vec<_>>())
    });
    let act = move |act: BulkAct| {
        let change = match act {
            BulkAct::All => return ui.select_all(),
            BulkAct::Stop => return give_back(ui),
            BulkAct::Complete => BulkEdit::Completed(true),
            BulkAct::Delete => BulkEdit::Deleted(true),
            BulkAct::Move(list) => BulkEdit::List(list),
            BulkAct::Tag(tag) => BulkEdit::AddTag(tag),
            BulkAct::Priority(level) => BulkEdit::Priority(Priority::try_from(level).unwrap_or_default()),
            BulkAct::Due(days) => {
                let today = tasks.clock.get_untracked().today();
                let day = days.and_then(|days| today.checked_add_days(Days::new(days.into())));
                BulkEdit::Due(day.and_then(|day| Due::on(day).ok()))
            }
        };
        let keys = ui.targets();
        if ui.selected.with_untracked(|selected| !selected.is_empty()) {
            give_back(ui);
            tasks.bulk_edit(&keys, &change);
        }
    };
    view! { <BulkBar count lists tags on_act=Callback::new(act)/> }
}

/// The bar goes away: the keyboard goes to the task that was chosen last, or the nearest one that is still there.
fn give_back(ui: UiState) {
    ui.stop_selecting();
    let Some(current) = ui.current.get_untracked() else {
        return;
    };
    let before = ui.order.get_untracked();
    let place = before.iter().position(|key| *key == current).unwrap_or_default();
    browser::next_frame(move || {
        let left: BTreeSet<Key> = ui.order.with_untracked(|order| order.iter().copied().collect());
        let (above, below) = before.split_at(place);
        let mut nearest = below.iter().chain(above.iter().rev());
        match nearest.find(|key| left.contains(key)) {
            Some(key) => ui.go_to(*key),
            None => crate::store::focus_composer(),
        }
    });
}
