//! Chooses between light, dark, and what the system says.

use super::icon::{Glyph, Icon};
use super::on;
use crate::theme::{Theme, ThemeChoice};
use leptos::prelude::*;

/// Chooses between light, dark, and what the system says.
#[component]
pub fn ThemePicker(
    /// Names the group of radio buttons: there may be two of them on a page.
    name: &'static str,
) -> impl IntoView {
    let choice: ThemeChoice = expect_context();
    let options = Theme::ALL.map(|theme| {
        let (label, glyph) = match theme {
            Theme::System => ("System", Glyph::System),
            Theme::Light => ("Light", Glyph::Light),
            Theme::Dark => ("Dark", Glyph::Dark),
        };
        view! {
            <label class="theme-option" title=label data-testid=format!("theme-{}", theme.name())>
                <input
                    class="visually-hidden"
                    type="radio"
                    name=name
                    value=theme.name()
                    prop:checked=Signal::derive(move || choice.get() == theme)
                    on:change=on::change(move |_| choice.set(theme))
                />
                <Icon glyph/>
                <span class="visually-hidden">{label}</span>
            </label>
        }
    });
    view! {
        <fieldset class="theme-picker" data-testid="theme-picker">
            <legend class="visually-hidden">"Theme"</legend>
            {options.into_iter().collect_view()}
        </fieldset>
    }
}
