//! The list that pops up at a field: a listbox of the ARIA combobox pattern, whose field keeps the keyboard.

use super::boxed::{boxed_view, effect};
use super::icon::{Glyph, Icon};
use super::on;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// One of the things to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub label: String,
    /// More about it, behind the label; may be empty.
    pub hint: String,
    /// A picture of it.
    pub glyph: Glyph,
    /// The picture's colour, by its name; empty for the text's own.
    pub color: String,
}

impl Choice {
    /// Something to choose, of which there is no more to say.
    pub fn new(glyph: Glyph, label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            hint: String::new(),
            glyph,
            color: String::new(),
        }
    }

    /// Says more about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Gives its picture a colour.
    #[must_use]
    pub fn color(mut self, color: impl Into<String>) -> Self {
        self.color = color.into();
        self
    }
}

/// The id of an option: the value of the field's `aria-activedescendant`.
pub fn option_id(id: &str, place: usize) -> String {
    format!("{id}-{place}")
}

/// The options. Which one is active belongs to the field, which has the keyboard.
#[component]
pub fn Listbox(
    /// The id that the field's `aria-controls` names; options are `{id}-{place}`.
    id: &'static str,
    /// What there is to choose from, for those who do not see it.
    label: &'static str,
    /// The options.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The one that Enter would take.
    #[prop(into)]
    active: Signal<Option<usize>>,
    /// The person takes one.
    on_pick: Callback<usize>,
) -> impl IntoView {
    effect(move || {
        let option = active
            .get()
            .and_then(|place| document().get_element_by_id(&option_id(id, place)));
        if let Some(option) = option {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
    view! {
        <div class="listbox" role="listbox" id=id aria-label=label data-testid=id>
            {boxed_view(move || {
                let options = choices.get().into_iter().enumerate();
                options.map(|(place, choice)| option(id, place, choice, active, on_pick)).collect_view().into_any()
            })}
        </div>
    }
}

fn option(
    id: &'static str,
    place: usize,
    choice: Choice,
    active: Signal<Option<usize>>,
    on_pick: Callback<usize>,
) -> AnyView {
    let selected = Signal::derive(move || if active.get() == Some(place) { "true" } else { "false" });
    view! {
        <div
            class="listbox-option"
            role="option"
            id=option_id(id, place)
            aria-selected=selected
            data-color=choice.color
            // The field must not lose the keyboard, which would close the list before the click is done.
            on:mousedown=|event| event.prevent_default()
            on:click=on::click(move |_| on_pick.run(place))
        >
            <Icon glyph=choice.glyph/>
            <span class="listbox-label">{choice.label}</span>
            <span class="listbox-hint">{choice.hint}</span>
        </div>
    }
    .into_any()
}

/// Moves among `count` options as the arrow keys, Home and End do. `false` if the key is none of them.
pub fn step(event: &KeyboardEvent, active: RwSignal<Option<usize>>, count: usize) -> bool {
    let Some(next) = stepped(&event.key(), active.get_untracked(), count) else {
        return false;
    };
    event.prevent_default();
    active.set(Some(next));
    true
}

fn stepped(key: &str, active: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(active.map_or(0, |place| if place >= last { 0 } else { place + 1 })),
        "ArrowUp" => Some(active.and_then(|place| place.checked_sub(1)).unwrap_or(last)),
        "PageDown" => Some(active.map_or(0, |place| (place + 8).min(last))),
        "PageUp" => Some(active.map_or(0, |place| place.saturating_sub(8))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_go_round() {
        for (key, from, to) in [
            ("ArrowDown", None, Some(0)),
            ("ArrowDown", Some(1), Some(2)),
            ("ArrowDown", Some(2), Some(0)),
            ("ArrowUp", None, Some(2)),
            ("ArrowUp", Some(0), Some(2)),
            ("PageDown", Some(0), Some(2)),
            ("PageUp", Some(2), Some(0)),
            ("a", Some(1), None),
        ] {
            assert_eq!(stepped(key, from, 3), to, "{key} from {from:?}");
        }
        assert_eq!(stepped("ArrowDown", None, 0), None);
    }
}
