//! The facts of a task, each with what changes it.

use super::change::{Change, Details};
use crate::browser;
use crate::dates::{self, Clock};
use crate::tasks::due_picker::DuePicker;
use crate::tasks::priority::PriorityPicker;
use crate::tasks::quick_add::ListName;
use crate::tasks::recurrence_picker::RecurrencePicker;
use crate::tasks::tag_field::TagField;
use crate::ui::boxed::{aria, boxed_view, memo, show_if};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use leptos::prelude::*;
use shared::due::Due;
use uuid::Uuid;

/// When, how often, how urgent, where, and what it is about.
#[component]
pub(super) fn Facts(
    details: Signal<Details>,
    lists: Signal<Vec<ListName>>,
    tags: Signal<Vec<String>>,
    clock: Signal<Clock>,
    on_change: Callback<Change>,
) -> impl IntoView {
    let due = memo(move || details.with(|details| details.due.clone()));
    let day = memo(move || due.with(|due| due.as_ref().map_or_else(|| clock.get().today(), Due::date)));
    let is_subtask = move || details.with(|details| details.parent.is_some());
    view! {
        <div class="details-facts">
            <DueFact due clock on_change/>
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

/// When it is due, with a picker that opens below.
#[component]
fn DueFact(due: Memo<Option<Due>>, clock: Signal<Clock>, on_change: Callback<Change>) -> impl IntoView {
    let is_picking = RwSignal::new(false);
    let words = memo(move || due.with(|due| due.as_ref().map(|due| dates::words(due, clock.get()))));
    let change_due = Callback::new(move |due: Option<Due>| on_change.run(Change::Due(due)));
    view! {
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
    }
}

/// Chooses a task's list.
#[component]
fn ListPicker(
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
            {boxed_view(move || {
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
