//! A task in its list.

use super::button::IconButton;
use super::dynamic::dynamic;
use super::icon::Glyph;
use leptos::prelude::*;

/// What a row shows of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskLine {
    /// What to do.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Whether it is done.
    pub completed: bool,
    /// When it was added, in words; empty while it is being added.
    pub added: String,
    /// When it was added, for programs.
    pub added_at: String,
}

/// A task: a box to tick, its words, and what can be done with it.
#[component]
pub fn TaskRow(
    /// The id of the box to tick.
    toggle_id: String,
    /// The id of the button that opens the editor.
    edit_id: String,
    /// The task.
    #[prop(into)]
    task: Signal<TaskLine>,
    /// The person ticks the box, or takes the tick away.
    on_toggle: Callback<bool>,
    /// The person wants to change the words.
    on_edit: Callback<()>,
    /// The person wants the task gone.
    on_delete: Callback<()>,
) -> impl IntoView {
    let title = Signal::derive(move || task.with(|task| task.title.clone()));
    let description = Memo::new(move |_| task.with(|task| task.description.clone()));
    let completed = Signal::derive(move || task.with(|task| task.completed));
    view! {
        <div class=Signal::derive(move || if completed.get() { "task-row task-done" } else { "task-row" })>
            <label class="task-check">
                <input
                    type="checkbox"
                    id=toggle_id
                    aria-label=Signal::derive(move || format!("Done: {}", title.get()))
                    data-testid="task-toggle"
                    prop:checked=completed
                    on:change=move |event| on_toggle.run(event_target_checked(&event))
                />
            </label>
            // For the mouse only: the keyboard has the button at the end of the row.
            <div
                class="task-words"
                on:click=move |_| {
                    if !selects_text() {
                        on_edit.run(());
                    }
                }
            >
                <span class="task-title" data-testid="task-title">
                    {title}
                </span>
                {dynamic(move || {
                    let text = description.get();
                    if text.is_empty() {
                        return ().into_any();
                    }
                    view! {
                        <span class="task-description" data-testid="task-description">
                            {text}
                        </span>
                    }
                    .into_any()
                })}
                <time class="task-added" datetime=Signal::derive(move || task.with(|task| task.added_at.clone()))>
                    {Signal::derive(move || task.with(|task| task.added.clone()))}
                </time>
            </div>
            <div class="task-actions">
                <IconButton
                    label=Signal::derive(move || format!("Edit {}", title.get()))
                    glyph=Glyph::Edit
                    id=edit_id
                    testid="task-edit"
                    on_press=on_edit
                />
                <IconButton
                    label=Signal::derive(move || format!("Delete {}", title.get()))
                    glyph=Glyph::Delete
                    testid="task-delete"
                    on_press=on_delete
                />
            </div>
        </div>
    }
}

/// A click that ends the marking of text is not a click.
fn selects_text() -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_some_and(|selection| !selection.is_collapsed())
}
