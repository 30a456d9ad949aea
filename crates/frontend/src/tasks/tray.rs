//! New tasks that could not be added, when their field was already in use for the next one.

use super::composer::add_again;
use super::quick_add::Grammar;
use crate::model::draft::Draft;
use crate::store::TaskStore;
use crate::ui::boxed::boxed_view;
use crate::ui::button::{ActionButton, ButtonVariant};
use crate::ui::icon::Glyph;
use leptos::prelude::*;

/// New tasks that could not be added.
#[component]
pub fn Tray(
    /// Where they come from, and may go again.
    tasks: TaskStore,
) -> impl IntoView {
    boxed_view(move || {
        let unsent = tasks.drafts.tray();
        if unsent.is_empty() {
            return ().into_any();
        }
        let items = unsent
            .into_iter()
            .map(|words| view! { <TrayItem words tasks/> }.into_any());
        view! {
            <section class="tray" aria-labelledby="tray-heading">
                <h2 class="tray-heading" id="tray-heading">
                    "Not added yet"
                </h2>
                <ul>{items.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

#[component]
fn TrayItem(words: Draft, tasks: TaskStore) -> impl IntoView {
    let grammar = expect_context::<Grammar>();
    let (again, discarded) = (words.clone(), words.clone());
    view! {
        <li class="tray-item" data-testid="unsent-task">
            <span class="tray-words">{words.line.text().to_owned()}</span>
            <div class="tray-actions">
            <ActionButton
                label="Try again"
                glyph=Glyph::Retry
                variant=ButtonVariant::Secondary
                testid="unsent-retry"
                on_press=Callback::new(move |()| add_again(tasks, &again, grammar))
            />
            <ActionButton
                label="Discard"
                variant=ButtonVariant::Secondary
                testid="unsent-discard"
                on_press=Callback::new(move |()| tasks.drafts.take_from_tray(&discarded))
            />
            </div>
        </li>
    }
}
