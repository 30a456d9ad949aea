//! How much a task matters, in a word and a colour.

use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use leptos::prelude::*;

/// What a priority is called: 0 (none) to 3 (high).
pub fn name(priority: u8) -> &'static str {
    match priority {
        3 => "High priority",
        2 => "Medium priority",
        1 => "Low priority",
        _ => "No priority",
    }
}

/// The colour of its flag, by name; empty for none.
pub fn color(priority: u8) -> &'static str {
    match priority {
        3 => "red",
        2 => "amber",
        1 => "blue",
        _ => "",
    }
}

/// Chooses how much a task matters.
#[component]
pub fn PriorityPicker(
    /// Names the group of radio buttons.
    id: &'static str,
    /// 0 (none) to 3 (high).
    #[prop(into)]
    priority: Signal<u8>,
    /// The person chooses.
    on_change: Callback<u8>,
) -> impl IntoView {
    let options = [(3, "High"), (2, "Medium"), (1, "Low"), (0, "None")].map(|(level, label)| {
        view! {
            <label class="priority-option" data-color=color(level) data-testid=format!("priority-{level}")>
                <input
                    class="visually-hidden"
                    type="radio"
                    name=id
                    value=level.to_string()
                    aria-label=name(level)
                    prop:checked=Signal::derive(move || priority.get() == level)
                    on:change=on::change(move |_| on_change.run(level))
                />
                <Icon glyph=Glyph::Flag/>
                <span aria-hidden="true">{label}</span>
            </label>
        }
    });
    view! {
        <fieldset class="priority-picker" data-testid=id>
            <legend class="visually-hidden">"Priority"</legend>
            {options.into_iter().collect_view()}
        </fieldset>
    }
}
