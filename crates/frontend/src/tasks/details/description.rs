//! More about a task: Markdown, shown as such until it is written.

use crate::browser;
use crate::ui::boxed::{aria, boxed_view, memo};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::markdown::Markdown;
use crate::ui::on;
use crate::words::{fields, task};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use shared::text::Description;
use wasm_bindgen::JsCast;
use web_sys::Element;

const ID: &str = "details-description";

/// The text as it reads, and a press on it the field to write it in.
#[component]
pub(super) fn DescriptionField(
    /// What stands in the field.
    text: RwSignal<String>,
    /// What is saved.
    saved: Signal<String>,
    /// The person types.
    on_type: Callback<()>,
    /// The person is done typing.
    on_save: Callback<String>,
) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    // What was typed and not saved is shown where it can be saved.
    let is_editing = RwSignal::new(text.get_untracked() != saved.get_untracked());
    let is_shown = memo(move || !is_editing.get() && text.with(|text| !text.trim().is_empty()));
    let save = move || {
        let Some(parsed) = text.try_with_untracked(|text| Description::parse(text)) else {
            return;
        };
        match parsed {
            Ok(parsed) => {
                error.set(None);
                is_editing.set(false);
                let parsed = parsed.into_string();
                if saved.with_untracked(|saved| *saved != parsed) {
                    on_save.run(parsed);
                }
            }
            Err(broken) => error.set(Some(fields::advice("description", broken))),
        }
    };
    let edit = move || {
        is_editing.set(true);
        browser::focus_soon(ID);
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            save();
            browser::focus_soon("details-description-toggle");
        }
    };
    view! {
        <div class="details-description">
            <div class="details-description-head">
                <span class="field-label">"Notes"</span>
                <button
                    type="button"
                    class="icon-button"
                    id="details-description-toggle"
                    aria-label=Signal::derive(move || if is_shown.get() { "Edit the notes" } else { "Preview the notes" })
                    title=Signal::derive(move || if is_shown.get() { "Edit" } else { "Preview" })
                    data-testid="details-description-toggle"
                    // Nothing has no looks.
                    hidden=Signal::derive(move || text.with(|text| text.trim().is_empty()))
                    // The field would be left before the button is pressed, and the button do the opposite.
                    on:mousedown=|event: MouseEvent| event.prevent_default()
                    on:click=on::click(move |_| if is_shown.get_untracked() { edit() } else { save() })
                >
                    {boxed_view(move || {
                        let glyph = if is_shown.get() { Glyph::Edit } else { Glyph::Show };
                        view! { <Icon glyph/> }.into_any()
                    })}
                </button>
            </div>
            {boxed_view(move || {
                if is_shown.get() {
                    // For the mouse only: the keyboard has the button above.
                    view! {
                        <div
                            class="details-reading"
                            on:click=on::click(move |event: MouseEvent| {
                                if !browser::selects_text() && !is_link(&event) {
                                    edit();
                                }
                            })
                        >
                            <Markdown text/>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <textarea
                            class="input notes"
                            id=ID
                            rows="3"
                            aria-label="Notes"
                            placeholder=task::NOTES
                            aria-invalid=aria(move || error.with(Option::is_some))
                            aria-describedby="details-description-error"
                            data-testid="details-description"
                            prop:value=text
                            on:input=on::input(move |event| {
                                text.set(event_target_value(&event));
                                is_editing.set(true);
                                on_type.run(());
                            })
                            on:keydown=keys
                            on:blur=on::blur(move |_| save())
                        ></textarea>
                    }
                    .into_any()
                }
            })}
            <p class="field-error" id="details-description-error" role="alert" data-testid="details-description-error">
                {error}
            </p>
        </div>
    }
}

fn is_link(event: &MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest("a").ok().flatten().is_some())
}
