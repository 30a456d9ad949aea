//! `/done`: what has been done, the last one first.

use crate::browser;
use crate::model::views::{self, Row};
use crate::store::{Reading, use_tasks};
use crate::tasks::list::TaskList;
use crate::tasks::ui_state::use_ui_state;
use crate::ui::boxed::{effect, memo, show_if};
use crate::ui::button::{ActionButton, ButtonVariant};
use crate::ui::empty_state::{EmptyState, Skeleton};
use crate::ui::icon::Glyph;
use crate::ui::page::PageHeading;
use crate::words::{connection, empty};
use leptos::prelude::*;

/// What has been done.
#[component]
pub fn DonePage() -> impl IntoView {
    let tasks = use_tasks();
    let ui = use_ui_state();
    ui.turn_to(None);
    let keys = memo(move || tasks.with(views::all_done));
    let lines = memo(move || keys.with(|keys| keys.iter().copied().map(Row::Task).collect::<Vec<_>>()));
    effect(move || ui.order.set(keys.get()));
    let is_read = memo(move || tasks.reading.with(Reading::has_done));
    let is_empty = memo(move || keys.with(Vec::is_empty));
    let has_more = memo(move || tasks.reading.with(Reading::has_more_done));
    let busy = RwSignal::new(false);
    let more = Callback::new(move |()| {
        busy.set(true);
        browser::spawn_while_shown(async move {
            tasks.read_more_done().await;
            busy.try_set(false);
        });
    });
    view! {
        <div class="page-top">
            <PageHeading title="Done".to_owned()/>
        </div>
        {show_if(
            move || is_empty.get(),
            move || {
                if is_read.get() {
                    view! {
                        <EmptyState
                            glyph=Glyph::Check
                            title=empty::DONE.title
                            text=empty::DONE.text
                            testid="empty"
                        />
                    }
                    .into_any()
                } else {
                    view! { <Skeleton label=connection::LOADING_DONE/> }.into_any()
                }
            },
        )}
        <TaskList lines label="Done tasks" testid="done-tasks"/>
        {show_if(
            move || has_more.get(),
            move || {
                view! {
                    <div class="more">
                        <ActionButton label="Show more" variant=ButtonVariant::Secondary busy on_press=more testid="more"/>
                    </div>
                }
                .into_any()
            },
        )}
    }
}
