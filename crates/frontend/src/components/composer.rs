//! Where a new task is typed.

use super::dynamic::aria;
use super::icon::{Glyph, Icon};
use crate::drafts::Words;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use shared::text::{Description, Title};

/// A field for the title, one for notes if they are wanted, and a button.
#[component]
pub fn Composer(
    /// The id of the title's field; what is wrong is `{id}-error`.
    id: &'static str,
    /// What stands in it.
    #[prop(into)]
    words: Signal<Words>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The person types.
    on_type: Callback<Words>,
    /// The person is done typing.
    on_add: Callback<Words>,
) -> impl IntoView {
    let asked_for_notes = RwSignal::new(false);
    let has_notes = Memo::new(move |_| asked_for_notes.get() || words.with(|words| !words.description.is_empty()));
    let add = move || {
        on_add.run(words.get_untracked());
        if words.with_untracked(Words::is_empty) {
            asked_for_notes.set(false);
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        add();
        crate::browser::focus(id);
    };
    let submit_notes = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            add();
            crate::browser::focus(id);
        }
    };
    view! {
        <form class="composer" novalidate on:submit=submit data-testid="new-task-form">
            <div class="composer-line">
                <label class="visually-hidden" for=id>
                    "New task"
                </label>
                <input
                    class="composer-title"
                    id=id
                    name="title"
                    type="text"
                    placeholder="Add a task"
                    autocomplete="off"
                    enterkeyhint="done"
                    maxlength=(Title::MAX * 2).to_string()
                    aria-invalid=aria(move || error.with(Option::is_some))
                    aria-describedby=format!("{id}-error")
                    data-testid="new-task-input"
                    prop:value=Signal::derive(move || words.get().title)
                    on:input=move |event| {
                        on_type
                            .run(Words {
                                title: event_target_value(&event),
                                ..words.get_untracked()
                            });
                    }
                />
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Notes"
                    title="Notes"
                    aria-expanded=aria(move || has_notes.get())
                    aria-controls=format!("{id}-notes")
                    data-testid="new-task-notes-toggle"
                    on:click=move |_| {
                        if has_notes.get_untracked() {
                            let kept = words.with_untracked(|words| !words.description.is_empty());
                            asked_for_notes.set(kept);
                        } else {
                            asked_for_notes.set(true);
                        }
                        if has_notes.get_untracked() {
                            crate::browser::focus_soon(format!("{id}-notes"));
                        }
                    }
                >
                    <Icon glyph=Glyph::Notes/>
                </button>
                <button type="submit" class="button composer-add" data-testid="new-task-add">
                    <Icon glyph=Glyph::Add/>
                    <span class="composer-add-label">"Add"</span>
                </button>
            </div>
            <div class="composer-notes" hidden=Signal::derive(move || !has_notes.get())>
                <textarea
                    class="notes"
                    id=format!("{id}-notes")
                    name="description"
                    rows="2"
                    aria-label="Notes"
                    placeholder="Notes"
                    maxlength=Description::MAX.to_string()
                    data-testid="new-task-description"
                    prop:value=Signal::derive(move || words.get().description)
                    on:input=move |event| {
                        on_type
                            .run(Words {
                                description: event_target_value(&event),
                                ..words.get_untracked()
                            });
                    }
                    on:keydown=submit_notes
                ></textarea>
            </div>
            <p class="field-error" id=format!("{id}-error") data-testid="title-error" aria-live="polite">
                {error}
            </p>
        </form>
    }
}
