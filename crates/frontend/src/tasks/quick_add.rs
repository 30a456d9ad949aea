//! Quick add: one line, read as it is typed.
//!
//! Each thing that was understood is a chip below the line, and a press on it turns it back into words. `#` and `@` offer
//! the lists and tags that there are.

mod chips;
mod completion;
mod grammar;
mod new_task;
mod offer;

pub use self::completion::likely;
pub use self::grammar::Grammar;
pub use self::new_task::{Belongs, ListName, NewTask};

use self::chips::Chips;
use self::completion::complete;
use self::offer::{Offer, find_offer, utf16_length};
use crate::browser;
use crate::model::draft::Draft;
use crate::ui::boxed::{aria, effect, memo, show_if};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::listbox::{Listbox, option_id, step};
use crate::ui::on;
use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use shared::text::{Description, Title};

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
    let grammar = expect_context::<Grammar>();
    // Enter was pressed before there was the grammar to read the line with.
    let is_waiting = RwSignal::new(false);
    let add = move || {
        offer.set(None);
        let task = untrack(|| draft.with(|draft| lists.with(|lists| NewTask::of(draft, lists, grammar))));
        let Some(task) = task else {
            is_waiting.set(true);
            return;
        };
        is_waiting.set(false);
        on_add.run(task);
        if draft.with_untracked(Draft::is_empty) {
            asked_for_notes.set(false);
        }
        browser::focus(id);
    };
    effect(move || {
        if is_waiting.get() && grammar.is_loaded() {
            add();
        }
    });
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
                {show_if(
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
