//! Everything about a task: beside the list, or on a phone instead of it. What is changed is saved when its field is left.

mod change;
mod description;
mod facts;

pub use self::change::{Change, Details};

use self::description::DescriptionField;
use self::facts::Facts;
use super::quick_add::ListName;
use super::subtasks::{SubtaskChange, SubtaskLine, Subtasks};
use crate::dates::Clock;
use crate::model::draft::Words;
use crate::ui::boxed::{aria, effect, show_if};
use crate::ui::button::IconButton;
use crate::ui::icon::Glyph;
use crate::ui::on;
use crate::words::{fields, task};
use crate::{browser, history};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use shared::text::Title;

const TITLE_ID: &str = "details-title";

/// The panel of one task; for another task it is made anew. It takes the keyboard, and on a small screen all of it.
#[component]
#[expect(clippy::too_many_lines, reason = "most of them are markup")]
pub fn TaskDetails(
    /// The task, as it changes.
    #[prop(into)]
    details: Signal<Details>,
    /// What stands in its fields at first: words that were typed and not saved, else its own.
    words: Words,
    /// The subtasks of the task.
    #[prop(into)]
    subtasks: Signal<Vec<SubtaskLine>>,
    /// The lists that there are, the Inbox among them.
    #[prop(into)]
    lists: Signal<Vec<ListName>>,
    /// The tags that there are.
    #[prop(into)]
    tags: Signal<Vec<String>>,
    /// The time, as it passes.
    #[prop(into)]
    clock: Signal<Clock>,
    /// The person types: words to keep until they are saved.
    on_type: Callback<Words>,
    /// The person changes something.
    on_change: Callback<Change>,
    /// The person does something with a subtask.
    on_subtask: Callback<SubtaskChange>,
    /// The person wants the task gone.
    on_delete: Callback<()>,
    /// The person wants the panel gone.
    on_close: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title = RwSignal::new(words.title);
    let description = RwSignal::new(words.description);
    let error = RwSignal::new(None::<String>);
    follow(
        title,
        Signal::derive(move || details.with(|details| details.title.clone())),
    );
    follow(
        description,
        Signal::derive(move || details.with(|details| details.description.clone())),
    );
    let typed = Callback::new(move |()| {
        on_type.run(Words {
            title: title.get_untracked(),
            description: description.get_untracked(),
        });
    });
    let save_title = move || match title.try_with_untracked(|title| Title::parse(title)) {
        None => {}
        Some(Ok(parsed)) => {
            error.set(None);
            if details.with_untracked(|details| details.title != parsed.as_str()) {
                on_change.run(Change::Title(parsed.clone()));
            }
            title.set(parsed.into_string());
        }
        Some(Err(broken)) => error.set(Some(fields::advice("title", broken))),
    };
    let close = move || {
        // Whatever is being typed is saved as it is when one leaves its field.
        browser::leave_field();
        on_close.run(());
    };
    effect(move || {
        if let Some(dialog) = node.get() {
            open(&dialog);
        }
    });
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() && !event.is_composing() {
            event.prevent_default();
            close();
        }
    };
    view! {
        <dialog
            class="details"
            aria-labelledby="details-heading"
            data-testid="task-details"
            node_ref=node
            on:keydown=keys
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                close();
            }
        >
            <h2 class="visually-hidden" id="details-heading">
                "Task details"
            </h2>
            <div class="details-head">
                <label class="task-check">
                    <input
                        type="checkbox"
                        aria-label="Done"
                        data-testid="details-done"
                        prop:checked=Signal::derive(move || details.with(|details| details.completed))
                        on:change=on::change(move |event| on_change.run(Change::Completed(event_target_checked(&event))))
                    />
                </label>
                <span class="details-parent">
                    {Signal::derive(move || details.with(|details| details.parent.clone()).unwrap_or_default())}
                </span>
                <IconButton
                    label="Delete this task"
                    glyph=Glyph::Delete
                    testid="details-delete"
                    on_press=on_delete
                />
                <IconButton
                    label="Close details"
                    glyph=Glyph::Close
                    testid="details-close"
                    on_press=Callback::new(move |()| close())
                />
            </div>
            <div class="details-body">
                <textarea
                    class="details-title"
                    id=TITLE_ID
                    rows="1"
                    autocomplete="off"
                    enterkeyhint="done"
                    aria-label="Title"
                    aria-invalid=aria(move || error.with(Option::is_some))
                    aria-describedby="details-error"
                    data-testid="details-title"
                    prop:value=title
                    on:input=on::input(move |event| {
                        title.set(on_one_line(&event_target_value(&event)));
                        typed.run(());
                    })
                    on:keydown=on::keydown(move |event| {
                        if event.key() == "Enter" && !event.is_composing() {
                            event.prevent_default();
                            save_title();
                        }
                    })
                    on:blur=on::blur(move |_| save_title())
                ></textarea>
                <p class="field-error" id="details-error" role="alert" data-testid="details-error">
                    {error}
                </p>
                <DescriptionField
                    text=description
                    saved=Signal::derive(move || details.with(|details| details.description.clone()))
                    on_type=typed
                    on_save=Callback::new(move |text| on_change.run(Change::Description(text)))
                />
                <Facts details lists tags clock on_change/>
                {show_if(
                    move || details.with(|details| details.parent.is_none()),
                    move || view! { <Subtasks id="subtask" subtasks on_change=on_subtask/> }.into_any(),
                )}
                <p class="details-times" data-testid="details-times">
                    {Signal::derive(move || {
                        details.with(|details| task::times(&details.created, &details.updated))
                    })}
                </p>
            </div>
        </dialog>
    }
}

/// Beside the list where there is room, else in front of everything.
fn open(dialog: &web_sys::HtmlDialogElement) {
    if dialog.open() {
        return;
    }
    if browser::is_narrow() {
        history::show_modal(dialog);
    } else {
        dialog.show();
        browser::focus(TITLE_ID);
    }
}

/// Takes over what has become of a text elsewhere, unless somebody has typed here.
fn follow(typed: RwSignal<String>, saved: Signal<String>) {
    Effect::new(move |before: Option<String>| {
        let now = saved.get();
        if before.is_some_and(|before| typed.with_untracked(|typed| *typed == before)) {
            typed.set(now.clone());
        }
        now
    });
}

/// The title's field grows with its text, but what is pasted into it stays on one line.
fn on_one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\r', '\n'], " ")
}
