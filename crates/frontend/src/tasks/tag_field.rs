//! The tags of a task: each can be taken off, and more can be typed.

use super::quick_add::likely;
use crate::browser;
use crate::ui::boxed::{aria, boxed_view, memo, show_if};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::listbox::{Choice, Listbox, option_id, step};
use crate::ui::on;
use crate::words::task;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Tags at most, and characters of each.
const MOST: usize = 20;
const LONGEST: usize = 50;

/// A field of tags. Enter or a comma adds what is typed, Backspace in the empty field takes the last one off.
#[component]
#[expect(clippy::too_many_lines, reason = "most of them are markup")]
pub fn TagField(
    /// The id of the input.
    id: &'static str,
    /// The id of the list of known tags that pops up.
    popup_id: &'static str,
    /// The task's tags, in their order.
    #[prop(into)]
    tags: Signal<Vec<String>>,
    /// The tags that there are.
    #[prop(into)]
    known: Signal<Vec<String>>,
    /// The person changes them: all that are left.
    on_change: Callback<Vec<String>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let focused = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let offers = memo(move || {
        let typed = typed.get();
        if !focused.get() || typed.trim().is_empty() {
            return Vec::new();
        }
        let taken = tags.get();
        let others: Vec<String> = known.get().into_iter().filter(|tag| !has(&taken, tag)).collect();
        let places = likely(&others, typed.trim(), browser::fold).into_iter();
        places
            .filter_map(|place| others.get(place).cloned())
            .collect::<Vec<_>>()
    });
    let is_open = memo(move || offers.with(|offers| !offers.is_empty()));
    let add = move |tag: &str| {
        typed.set(String::new());
        active.set(None);
        if let Some(all) = added(&tags.get_untracked(), tag) {
            on_change.run(all);
        }
    };
    let remove = Callback::new(move |tag: String| {
        on_change.run(tags.get_untracked().into_iter().filter(|other| *other != tag).collect());
        browser::focus(id);
    });
    let keys = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = offers.with_untracked(Vec::len);
        match event.key().as_str() {
            "Enter" | "," => {
                event.prevent_default();
                let offer = active
                    .get_untracked()
                    .and_then(|place| offers.get_untracked().get(place).cloned());
                add(&offer.unwrap_or_else(|| typed.get_untracked()));
            }
            "Backspace" if typed.with_untracked(String::is_empty) => {
                let mut left = tags.get_untracked();
                if left.pop().is_some() {
                    on_change.run(left);
                }
            }
            "Escape" if is_open.get_untracked() => {
                event.prevent_default();
                event.stop_propagation();
                typed.set(String::new());
            }
            _ if is_open.get_untracked() => {
                step(&event, active, count);
            }
            _ => {}
        }
    };
    view! {
        <div class="tag-field" data-testid="tag-field">
            {boxed_view(move || {
                let items = tags.get().into_iter().map(|tag| item(tag, remove)).collect_view();
                view! {
                    <ul class="tag-list" aria-label="Tags">
                        {items}
                    </ul>
                }
                .into_any()
            })}
            <input
                class="tag-input"
                id=id
                type="text"
                role="combobox"
                aria-label="Add a tag"
                aria-autocomplete="list"
                aria-expanded=aria(move || is_open.get())
                aria-controls=popup_id
                aria-activedescendant=Signal::derive(move || {
                    active.get().filter(|_| is_open.get()).map(|place| option_id(popup_id, place))
                })
                placeholder="Add a tag"
                autocomplete="off"
                autocapitalize="none"
                enterkeyhint="done"
                maxlength=LONGEST.to_string()
                data-testid="tag-input"
                prop:value=typed
                on:input=on::input(move |event| {
                    active.set(None);
                    typed.set(event_target_value(&event));
                })
                on:keydown=keys
                on:focus=move |_| focused.set(true)
                on:blur=on::blur(move |_| {
                    // What was typed is not lost by leaving.
                    if focused.try_set(false).is_none() && !typed.with_untracked(|text| text.trim().is_empty()) {
                        add(&typed.get_untracked());
                    }
                })
            />
            {show_if(
                move || is_open.get(),
                move || {
                    let choices = Signal::derive(move || {
                        let offers = offers.get().into_iter();
                        offers.map(|tag| Choice::new(Glyph::Tag, tag)).collect::<Vec<_>>()
                    });
                    let pick = Callback::new(move |place: usize| {
                        if let Some(tag) = offers.get_untracked().get(place) {
                            add(tag);
                        }
                        browser::focus(id);
                    });
                    view! { <Listbox id=popup_id label="Known tags" choices active on_pick=pick/> }.into_any()
                },
            )}
        </div>
    }
}

fn item(tag: String, on_remove: Callback<String>) -> AnyView {
    let label = task::remove_tag(&tag);
    view! {
        <li class="tag">
            <Icon glyph=Glyph::Tag/>
            <span class="chip-text">{tag.clone()}</span>
            <button
                type="button"
                class="tag-remove"
                aria-label=label.clone()
                title=label
                on:click=on::click(move |_| on_remove.run(tag.clone()))
            >
                <Icon glyph=Glyph::Close/>
            </button>
        </li>
    }
    .into_any()
}

fn has(tags: &[String], tag: &str) -> bool {
    let tag = browser::fold(tag);
    tags.iter().any(|other| browser::fold(other) == tag)
}

/// All tags, if this is one that may be added.
fn added(tags: &[String], tag: &str) -> Option<Vec<String>> {
    let tag = tag.trim().trim_start_matches('@').trim_matches('"').replace(',', " ");
    let tag = tag.trim();
    let fits = !tag.is_empty() && tag.chars().count() <= LONGEST && !tag.contains(char::is_control);
    if !fits || tags.len() >= MOST || has(tags, tag) {
        return None;
    }
    let mut all = tags.to_owned();
    all.push(tag.to_owned());
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_added_once_and_without_its_sign() {
        let tags = vec!["flat".to_owned()];
        assert_eq!(
            added(&tags, " @phone ").as_deref(),
            Some(&["flat".to_owned(), "phone".to_owned()][..])
        );
        for refused in ["Flat", "", "  ", "@", &"x".repeat(51)] {
            assert_eq!(added(&tags, refused), None, "{refused:?}");
        }
        let full: Vec<String> = (0..20).map(|number| format!("tag{number}")).collect();
        assert_eq!(added(&full, "more"), None);
    }
}
