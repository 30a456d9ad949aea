//! Quick add: one line, read as it is typed.
//!
//! Each thing that was understood is a chip below the line, and a press on it turns it back into words. `#` and `@` offer
//! the lists and tags that there are.

mod chips;
mod completion;

pub use completion::likely;

use self::chips::Chips;
use self::completion::{Typing, complete, typing};
use crate::model::draft::Draft;
use crate::model::input_line::InputLine;
use crate::ui::dynamic::{aria, memo, when};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::listbox::{Choice, Listbox, option_id, step};
use crate::ui::on;
use crate::{browser, dates};
use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use shared::due::Due;
use shared::quick_add::{self, QuickAdd as Read};
use shared::recurrence::Recurrence;
use shared::text::{Description, Title};
use uuid::Uuid;

/// A list that tasks can be put into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListName {
    /// Which list; `None` is the Inbox.
    pub id: Option<Uuid>,
    /// What it is called.
    pub name: String,
    /// Its colour's name; empty for none.
    pub color: String,
}

/// Where a new task belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// Nothing was said: where the person is.
    Here,
    /// To a list that there is; `None` is the Inbox.
    To(Option<Uuid>),
    /// To a list of this name, which is to be made.
    ToNew(String),
}

/// A task as the line says it. The title has still to be checked: it may be empty or too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What to do.
    pub title: String,
    /// More about it, as typed.
    pub description: String,
    /// When it is due.
    pub due: Option<Due>,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// 0 (none) to 3 (high), if the line says one.
    pub priority: Option<u8>,
    /// Where it belongs.
    pub list: Belongs,
    /// Its tags; no two are the same but for upper and lower case.
    pub tags: Vec<String>,
}

impl NewTask {
    /// What a draft says.
    pub fn of(draft: &Draft, lists: &[ListName]) -> Self {
        let read = read(&draft.line);
        Self {
            list: read.list.as_deref().map_or(Belongs::Here, |name| belongs(name, lists)),
            title: read.title,
            description: draft.description.clone(),
            due: read.due,
            recurrence: read.recurrence,
            priority: read.priority,
            tags: read.tags,
        }
    }
}

fn read(line: &InputLine) -> Read {
    quick_add::parse(
        line.text(),
        &dates::quick_add_context(dates::Clock::now()),
        line.as_words(),
    )
}

fn belongs(name: &str, lists: &[ListName]) -> Belongs {
    let wanted = browser::fold(name);
    let list = lists.iter().find(|list| browser::fold(&list.name) == wanted);
    list.map_or_else(|| Belongs::ToNew(name.to_owned()), |list| Belongs::To(list.id))
}

/// A name that is being typed, and what it could become.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Offer {
    typing: Typing,
    /// What would be written, and how it is shown.
    names: Vec<(String, Choice)>,
}

/// The line for a new task, a field for notes if they are wanted, and a button. Enter adds; what happens to the draft then
/// is said by whoever keeps it: emptied when the task could be added, else left with an error.
#[component]
#[expect(clippy::too_many_lines, reason = "most of them are markup")]
pub fn QuickAdd(
    /// The id of the line; what is wrong is `{id}-error`.
    id: &'static str,
    /// The id of the list of names that pops up.
    popup_id: &'static str,
    /// What stands in it.
    #[prop(into)]
    draft: Signal<Draft>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// What the empty line says.
    #[prop(into)]
    placeholder: Signal<String>,
    /// The lists that there are, the Inbox among them.
    #[prop(into)]
    lists: Signal<Vec<ListName>>,
    /// The tags that there are.
    #[prop(into)]
    tags: Signal<Vec<String>>,
    /// The person types.
    on_type: Callback<Draft>,
    /// The person is done typing.
    on_add: Callback<NewTask>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let offer = RwSignal::new(None::<Offer>);
    let active = RwSignal::new(None::<usize>);
    let asked_for_notes = RwSignal::new(false);
    let has_notes = memo(move || asked_for_notes.get() || draft.with(|draft| !draft.description.is_empty()));
    let is_open = memo(move || offer.with(Option::is_some));
    let text = memo(move || draft.with(|draft| draft.line.text().to_owned()));

    let type_line = move |text: String| {
        let mut draft = draft.get_untracked();
        draft.line.edit(text);
        on_type.run(draft);
    };
    let look_for_names = move |input: &web_sys::HtmlInputElement| {
        let found = lists.with_untracked(|lists| tags.with_untracked(|tags| find_offer(input, lists, tags)));
        // Whoever has written a name in full is done with it: Enter is for the line then.
        let first = found.as_ref().is_some_and(|offer| {
            let typed = browser::fold(&offer.typing.name);
            offer
                .names
                .first()
                .is_some_and(|(name, _)| browser::fold(name) != typed)
        });
        active.set(first.then_some(0));
        offer.set(found);
    };
    let pick = move |place: usize| {
        let Some(chosen) = offer.get_untracked() else {
            return;
        };
        let (Some((name, _)), Some(input)) = (chosen.names.get(place), node.get_untracked()) else {
            return;
        };
        let (line, caret) = complete(&input.value(), &chosen.typing, name);
        let caret = line.get(..caret).map_or(0, utf16_length);
        offer.set(None);
        type_line(line.clone());
        input.set_value(&line);
        // Neither can fail on a field of text.
        let _ = input.set_selection_range(caret, caret);
        let _ = input.focus();
    };
    let add = move || {
        offer.set(None);
        on_add.run(draft.with_untracked(|draft| lists.with_untracked(|lists| NewTask::of(draft, lists))));
        if draft.with_untracked(Draft::is_empty) {
            asked_for_notes.set(false);
        }
        browser::focus(id);
    };
    let keys = move |event: KeyboardEvent| {
        if event.is_composing() || !is_open.get_untracked() {
            return;
        }
        let count = offer.with_untracked(|offer| offer.as_ref().map_or(0, |offer| offer.names.len()));
        match (event.key().as_str(), active.get_untracked()) {
            ("Enter" | "Tab", Some(place)) => {
                event.prevent_default();
                pick(place);
            }
            ("Escape", _) => {
                // The dialog that the line may stand in stays.
                event.prevent_default();
                event.stop_propagation();
                offer.set(None);
            }
            ("ArrowLeft" | "ArrowRight" | "Home" | "End", _) => offer.set(None),
            _ => {
                step(&event, active, count);
            }
        }
    };
    let submit_notes = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            add();
        }
    };
    let keep_as_words = Callback::new(move |range| {
        let mut changed = draft.get_untracked();
        changed.line.keep_as_words(range);
        on_type.run(changed);
        browser::focus(id);
    });
    view! {
        <form
            class="composer quick-add"
            novalidate
            data-testid="new-task-form"
            on:submit=on::submit(move |event: SubmitEvent| {
                event.prevent_default();
                add();
            })
        >
            <div class="composer-line">
                <label class="visually-hidden" for=id>
                    "New task"
                </label>
                <input
                    class="composer-title"
                    id=id
                    name="title"
                    type="text"
                    role="combobox"
                    aria-autocomplete="list"
                    aria-expanded=aria(move || is_open.get())
                    aria-controls=popup_id
                    aria-activedescendant=Signal::derive(move || {
                        active.get().filter(|_| is_open.get()).map(|place| option_id(popup_id, place))
                    })
                    placeholder=placeholder
                    autocomplete="off"
                    enterkeyhint="done"
                    maxlength=(Title::MAX * 3).to_string()
                    aria-invalid=aria(move || error.with(Option::is_some))
                    aria-describedby=format!("{id}-error {id}-understood")
                    data-testid="new-task-input"
                    node_ref=node
                    prop:value=text
                    on:input=on::input(move |event: Event| {
                        type_line(event_target_value(&event));
                        look_for_names(&event_target(&event));
                    })
                    on:keydown=keys
                    on:click=on::click(move |_| offer.set(None))
                    on:blur=on::blur(move |_| {
                        offer.try_set(None);
                    })
                />
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Notes"
                    title="Notes"
                    aria-expanded=aria(move || has_notes.get())
                    aria-controls=format!("{id}-notes")
                    data-testid="new-task-notes-toggle"
                    on:click=on::click(move |_| {
                        let kept = draft.with_untracked(|draft| !draft.description.is_empty());
                        asked_for_notes.set(kept || !has_notes.get_untracked());
                        if has_notes.get_untracked() {
                            browser::focus_soon(format!("{id}-notes"));
                        }
                    })
                >
                    <Icon glyph=Glyph::Notes/>
                </button>
                <button type="submit" class="button composer-add" data-testid="new-task-add">
                    <Icon glyph=Glyph::Add/>
                    <span class="composer-add-label">"Add"</span>
                </button>
            </div>
            <div class="quick-add-popup">
                {when(
                    move || is_open.get(),
                    move || {
                        let choices = Signal::derive(move || {
                            let names = offer.get().map(|offer| offer.names).unwrap_or_default();
                            names.into_iter().map(|(_, choice)| choice).collect::<Vec<_>>()
                        });
                        view! {
                            <Listbox
                                id=popup_id
                                label="Names"
                                choices
                                active
                                on_pick=Callback::new(pick)
                            />
                        }
                        .into_any()
                    },
                )}
            </div>
            <Chips id draft lists on_press=keep_as_words/>
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
                    prop:value=Signal::derive(move || draft.get().description)
                    on:input=on::input(move |event| {
                        on_type
                            .run(Draft {
                                description: event_target_value(&event),
                                ..draft.get_untracked()
                            });
                    })
                    on:keydown=submit_notes
                ></textarea>
            </div>
            <p class="field-error" id=format!("{id}-error") data-testid="title-error" aria-live="polite">
                {error}
            </p>
        </form>
    }
}

fn find_offer(input: &web_sys::HtmlInputElement, lists: &[ListName], tags: &[String]) -> Option<Offer> {
    let line = input.value();
    let caret = input.selection_end().ok().flatten()?;
    let typing = typing(&line, byte_at(&line, caret)?)?;
    let names: Vec<(String, Choice)> = if typing.sign == '#' {
        let all: Vec<String> = lists.iter().map(|list| list.name.clone()).collect();
        let found = likely(&all, &typing.name, browser::fold).into_iter();
        let mut names: Vec<_> = found
            .filter_map(|place| lists.get(place))
            .map(|list| {
                let glyph = if list.id.is_some() { Glyph::List } else { Glyph::Inbox };
                (
                    list.name.clone(),
                    Choice::new(glyph, list.name.clone()).color(list.color.clone()),
                )
            })
            .collect();
        let is_name = typing
            .name
            .contains(|c: char| !c.is_ascii_digit() && !c.is_whitespace());
        if is_name && matches!(belongs(&typing.name, lists), Belongs::ToNew(_)) {
            let choice = Choice::new(Glyph::Add, format!("New list “{}”", typing.name));
            names.push((typing.name.clone(), choice));
        }
        names
    } else {
        let found = likely(tags, &typing.name, browser::fold).into_iter();
        let found = found.filter_map(|place| tags.get(place));
        found
            .map(|tag| (tag.clone(), Choice::new(Glyph::Tag, tag.clone())))
            .collect()
    };
    // A name that stands there already needs no offer.
    let is_done = names.len() == 1 && is_known(&typing, lists, tags);
    (!names.is_empty() && !is_done).then_some(Offer { typing, names })
}

fn is_known(typing: &Typing, lists: &[ListName], tags: &[String]) -> bool {
    match typing.sign {
        '#' => lists.iter().any(|list| list.name == typing.name),
        _ => tags.contains(&typing.name),
    }
}

/// The browser counts UTF-16 units.
fn byte_at(text: &str, units: u32) -> Option<usize> {
    let mut left = usize::try_from(units).ok()?;
    let mut at = 0;
    for c in text.chars() {
        if left == 0 {
            break;
        }
        left = left.checked_sub(c.len_utf16())?;
        at += c.len_utf8();
    }
    Some(at)
}

fn utf16_length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_the_browser_counts_is_found() {
        assert_eq!(byte_at("aäb", 2), Some(3));
        assert_eq!(byte_at("🎉b", 2), Some(4));
        assert_eq!(byte_at("🎉b", 1), None);
        assert_eq!(byte_at("ab", 9), Some(2));
        assert_eq!(utf16_length("aä🎉"), 4);
    }
}
