//! Everything about a task: beside the list, or on a phone instead of it. What is changed is saved when its field is left.

mod description;

use self::description::DescriptionField;
use super::due_picker::DuePicker;
use super::priority::PriorityPicker;
use super::quick_add::ListName;
use super::recurrence_picker::RecurrencePicker;
use super::subtasks::{SubtaskChange, SubtaskLine, Subtasks};
use super::tag_field::TagField;
use crate::dates::{self, Clock};
use crate::model::draft::Words;
use crate::ui::boxed::{aria, effect, memo, show_if};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::words::fields;
use crate::{browser, history};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use shared::due::Due;
use shared::recurrence::Recurrence;
use shared::text::Title;
use uuid::Uuid;

const TITLE_ID: &str = "details-title";

/// A task, as its panel shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// What to do.
    pub title: String,
    /// More about it, in Markdown.
    pub description: String,
    /// Whether it is done.
    pub completed: bool,
    /// When it is due.
    pub due: Option<Due>,
    /// 0 (none) to 3 (high).
    pub priority: u8,
    /// Its list; `None` is the Inbox.
    pub list: Option<Uuid>,
    /// Its tags, in their order.
    pub tags: Vec<String>,
    /// How it comes back.
    pub recurrence: Option<Recurrence>,
    /// The title of its parent, if it is a subtask. A subtask has none itself, and is in its parent's list.
    pub parent: Option<String>,
    /// When it was added, in words.
    pub created: String,
    /// When it was last changed, in words.
    pub updated: String,
}

/// What the person changes of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What to do.
    Title(Title),
    /// More about it; empty for nothing.
    Description(String),
    /// Whether it is done.
    Completed(bool),
    /// When it is due.
    Due(Option<Due>),
    /// 0 (none) to 3 (high).
    Priority(u8),
    /// Its list; `None` is the Inbox.
    List(Option<Uuid>),
    /// All of its tags.
    Tags(Vec<String>),
    /// How it comes back.
    Recurrence(Option<Recurrence>),
}

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
                        details.with(|details| format!("Added {} · changed {}", details.created, details.updated))
                    })}
                </p>
            </div>
        </dialog>
    }
}

/// When, how often, how urgent, where, and what it is about.
#[component]
fn Facts(
    details: Signal<Details>,
    lists: Signal<Vec<ListName>>,
    tags: Signal<Vec<String>>,
    clock: Signal<Clock>,
    on_change: Callback<Change>,
) -> impl IntoView {
    let due = memo(move || details.with(|details| details.due.clone()));
    let is_picking = RwSignal::new(false);
    let words = memo(move || due.with(|due| due.as_ref().map(|due| dates::words(due, clock.get()))));
    let day = memo(move || due.with(|due| due.as_ref().map_or_else(|| clock.get().today(), Due::date)));
    let change_due = Callback::new(move |due: Option<Due>| on_change.run(Change::Due(due)));
    let is_subtask = move || details.with(|details| details.parent.is_some());
    view! {
        <div class="details-facts">
            <div class="details-fact">
                <span class="details-label" id="details-due-label">
                    <Icon glyph=Glyph::Calendar/>
                    "Due"
                </span>
                <div class="details-due">
                    <button
                        type="button"
                        class=Signal::derive(move || {
                            let tone = words.get().map_or("none", |words| words.urgency.name());
                            format!("details-value due-{tone}")
                        })
                        id="details-due"
                        aria-expanded=aria(move || is_picking.get())
                        aria-controls="details-due-picker"
                        aria-labelledby="details-due-label details-due"
                        title=Signal::derive(move || words.get().map(|words| words.title))
                        data-testid="details-due"
                        on:click=on::click(move |_| {
                            is_picking.update(|open| *open = !*open);
                            if is_picking.get_untracked() {
                                browser::focus_soon("details-when-words");
                            }
                        })
                    >
                        {Signal::derive(move || words.get().map_or_else(|| "No date".to_owned(), |words| words.text))}
                    </button>
                    {show_if(
                        move || due.with(Option::is_some),
                        move || {
                            view! {
                                <IconButton
                                    label="Remove the date"
                                    glyph=Glyph::Close
                                    testid="details-no-due"
                                    on_press=Callback::new(move |()| {
                                        change_due.run(None);
                                        browser::focus("details-due");
                                    })
                                />
                            }
                            .into_any()
                        },
                    )}
                </div>
            </div>
            <div class="details-picker" id="details-due-picker" hidden=Signal::derive(move || !is_picking.get())>
                {show_if(
                    move || is_picking.get(),
                    move || {
                        view! {
                            <DuePicker
                                id="details-when"
                                calendar_id="details-day"
                                due
                                clock
                                on_change=change_due
                                on_repeat=Callback::new(move |rule| on_change.run(Change::Recurrence(Some(rule))))
                            />
                        }
                        .into_any()
                    },
                )}
            </div>
            <div class="details-fact">
                <span class="details-label">
                    <Icon glyph=Glyph::Repeat/>
                    "Repeat"
                </span>
                <RecurrencePicker
                    id="details-repeat"
                    recurrence=Signal::derive(move || details.with(|details| details.recurrence))
                    day
                    on_change=Callback::new(move |rule| on_change.run(Change::Recurrence(rule)))
                />
            </div>
            <div class="details-fact">
                <span class="details-label">
                    <Icon glyph=Glyph::Flag/>
                    "Priority"
                </span>
                <PriorityPicker
                    id="details-priority"
                    priority=Signal::derive(move || details.with(|details| details.priority))
                    on_change=Callback::new(move |priority| on_change.run(Change::Priority(priority)))
                />
            </div>
            {show_if(
                move || !is_subtask(),
                move || {
                    let list = Signal::derive(move || details.with(|details| details.list));
                    let choose = Callback::new(move |list| on_change.run(Change::List(list)));
                    view! {
                        <div class="details-fact">
                            <label class="details-label" for="details-list">
                                <Icon glyph=Glyph::List/>
                                "List"
                            </label>
                            <ListPicker id="details-list" list lists on_change=choose/>
                        </div>
                    }
                    .into_any()
                },
            )}
            <div class="details-fact">
                <span class="details-label">
                    <Icon glyph=Glyph::Tag/>
                    "Tags"
                </span>
                <TagField
                    id="details-tags"
                    popup_id="details-tag-popup"
                    tags=Signal::derive(move || details.with(|details| details.tags.clone()))
                    known=tags
                    on_change=Callback::new(move |tags| on_change.run(Change::Tags(tags)))
                />
            </div>
        </div>
    }
}

/// Chooses a task's list.
#[component]
pub fn ListPicker(
    /// The id of the menu, which its label names.
    id: &'static str,
    /// The list; `None` is the Inbox.
    #[prop(into)]
    list: Signal<Option<Uuid>>,
    /// The lists that there are, the Inbox among them.
    #[prop(into)]
    lists: Signal<Vec<ListName>>,
    /// The person chooses.
    on_change: Callback<Option<Uuid>>,
) -> impl IntoView {
    let value = |id: Option<Uuid>| id.map_or_else(String::new, |id| id.to_string());
    view! {
        <select
            class="input"
            id=id
            data-testid="list-picker"
            prop:value=Signal::derive(move || value(list.get()))
            on:change=on::change(move |event| on_change.run(event_target_value(&event).parse().ok()))
        >
            {crate::ui::boxed::boxed_view(move || {
                let options = lists.get().into_iter().map(|each| {
                    view! {
                        <option value=value(each.id) selected=each.id == list.get_untracked()>
                            {each.name}
                        </option>
                    }
                });
                options.collect_view().into_any()
            })}
        </select>
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
