//! Form fields: a label, the field, a hint, and what is wrong with it, tied together for those who do not see them.

use super::boxed::{aria, boxed_view};
use super::icon::{Glyph, Icon};
use super::on;
use crate::words::shell;
use leptos::ev::FocusEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// A field for one line of text.
#[component]
pub fn TextField(
    /// The field's id and name; its error is `{id}-error`.
    id: &'static str,
    /// What goes into it.
    label: &'static str,
    /// The type of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    autocomplete: &'static str,
    /// What helps to fill it in.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The text, when the person leaves the field.
    on_leave: Callback<String>,
    /// The input itself, to read it.
    node: NodeRef<Input>,
) -> impl IntoView {
    view! { <Field id label kind autocomplete hint error on_leave node/> }
}

/// A field for a password, which can be looked at.
#[component]
pub fn PasswordField(
    /// The field's id and name; its error is `{id}-error`.
    id: &'static str,
    /// What goes into it.
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// What helps to fill it in.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The text, when the person leaves the field.
    on_leave: Callback<String>,
    /// The input itself, to read it.
    node: NodeRef<Input>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let kind = Signal::derive(move || if shown.get() { "text" } else { "password" });
    let switch = view! {
        <button
            type="button"
            class="icon-button input-button"
            aria-label=shell::show_password(label)
            aria-pressed=aria(move || shown.get())
            aria-controls=id
            on:click=on::click(move |_| shown.update(|shown| *shown = !*shown))
        >
            {boxed_view(move || {
                let glyph = if shown.get() { Glyph::Hide } else { Glyph::Show };
                view! { <Icon glyph/> }.into_any()
            })}
        </button>
    };
    view! { <Field id label kind autocomplete hint error on_leave node switch=switch.into_any()/> }
}

/// What all fields have in common.
#[component]
fn Field(
    id: &'static str,
    label: &'static str,
    #[prop(into)] kind: Signal<&'static str>,
    autocomplete: &'static str,
    hint: Option<&'static str>,
    error: Signal<Option<String>>,
    on_leave: Callback<String>,
    node: NodeRef<Input>,
    /// What stands at the end of the input.
    #[prop(optional)]
    switch: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <div class="input-group">
                <input
                    class="input"
                    id=id
                    name=id
                    type=kind
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=aria(move || error.with(Option::is_some))
                    aria-describedby=described_by(id, hint)
                    on:blur=on::blur(move |event| leave(on_leave, &event))
                    node_ref=node
                />
                {switch}
            </div>
            <FieldNotes id hint error/>
        </div>
    }
}

/// What stands below a field.
#[component]
fn FieldNotes(id: &'static str, hint: Option<&'static str>, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <div class="field-notes">
            {hint
                .map(|hint| {
                    view! {
                        <p class="field-hint" id=format!("{id}-hint")>
                            {hint}
                        </p>
                    }
                })}
            <p class="field-error" id=format!("{id}-error") data-testid=format!("{id}-error") aria-live="polite">
                {error}
            </p>
        </div>
    }
}

fn leave(on_leave: Callback<String>, event: &FocusEvent) {
    // A field that is taken off the page loses the focus too, when nobody is there any more to hear of it.
    let _ = on_leave.try_run(event_target_value(event));
}

fn described_by(id: &str, hint: Option<&str>) -> String {
    if hint.is_some() {
        format!("{id}-error {id}-hint")
    } else {
        format!("{id}-error")
    }
}
