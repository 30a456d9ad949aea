//! Buttons that say what they do, and that they are doing it.

use super::boxed::{BoxedView, aria, show_if};
use super::icon::{Glyph, Icon};
use super::on;
use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// What the person most likely came for.
    #[default]
    Primary,
    /// What they may want as well.
    Secondary,
    /// What leads to something that cannot be taken back.
    Warning,
    /// What cannot be taken back.
    Danger,
}

impl ButtonVariant {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button button-secondary",
            Self::Warning => "button button-secondary button-warning",
            Self::Danger => "button button-danger",
        }
    }
}

/// Sends the form that it stands in. While that takes its time it says so, and does nothing when pressed again.
#[component]
pub fn SubmitButton(
    /// What it does.
    label: &'static str,
    /// What it says while it is doing it.
    busy_label: &'static str,
    /// Whether it is doing it.
    #[prop(into)]
    busy: Signal<bool>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    variant: ButtonVariant,
    /// Its name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    // Not `disabled`, which would drop the keyboard's focus: the form's handler ignores what comes while it is busy.
    view! {
        <button
            type="submit"
            class=variant.class()
            aria-disabled=aria(move || busy.get())
            data-testid=testid
        >
            {spinner(busy)}
            {Signal::derive(move || if busy.get() { busy_label } else { label })}
        </button>
    }
}

/// Does something at once.
#[component]
pub fn ActionButton(
    /// What it does.
    label: &'static str,
    /// What happens.
    on_press: Callback<()>,
    /// Whether it is still at it.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    variant: ButtonVariant,
    /// An icon before the label.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// Its name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=variant.class()
            aria-disabled=aria(move || busy.get())
            data-testid=testid
            on:click=on::click(move |_| {
                if !busy.get_untracked() {
                    on_press.run(());
                }
            })
        >
            {spinner(busy)}
            {glyph.map(|glyph| view! { <Icon glyph/> })}
            {label}
        </button>
    }
}

/// A button that is only an icon.
#[component]
pub fn IconButton(
    /// What it does, for those who do not see the icon.
    #[prop(into)]
    label: Signal<String>,
    /// The icon.
    glyph: Glyph,
    /// What happens.
    on_press: Callback<()>,
    /// For putting the keyboard on it.
    #[prop(optional, into)]
    id: Option<String>,
    /// Its name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-button"
            id=id
            aria-label=label
            title=label
            data-testid=testid
            on:click=on::click(move |_| on_press.run(()))
        >
            <Icon glyph/>
        </button>
    }
}

fn spinner(busy: Signal<bool>) -> BoxedView {
    show_if(
        move || busy.get(),
        || view! { <span class="spinner" aria-hidden="true"></span> }.into_any(),
    )
}
