//! `/today`, `/upcoming`, `/inbox`, `/tasks`, `/lists/{id}`, `/tags/{tag}`: tasks that are to be done.

use crate::dates;
use crate::lazy;
use crate::model::views::{Row, View};
use crate::store::{Reading, TaskStore, archived, use_tasks};
use crate::tasks::composer::PageComposer;
use crate::tasks::list::TaskList;
use crate::tasks::ui_state::{Overlay, UiState, use_ui_state};
use crate::ui::boxed::{aria, boxed_view, effect, memo, show_if};
use crate::ui::button::{ActionButton, ButtonVariant, IconButton};
use crate::ui::empty_state::{EmptyState, Skeleton};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::ui::page::PageHeading;
use crate::words::empty::{self, Empty};
use crate::words::{connection, task};
use leptos::prelude::*;

/// A page of tasks that are to be done.
#[component]
pub fn TasksPage(
    /// Which ones.
    view: View,
) -> impl IntoView {
    let tasks = use_tasks();
    let ui = use_ui_state();
    ui.turn_to(Some(view.clone()));
    let shown = StoredValue::new(view.clone());
    let lines = memo(move || {
        let archived = archived(&tasks.lists.get());
        let locale = crate::store::locale(tasks.clock.get());
        tasks.with(|replica| shown.with_value(|view| view.rows(replica, locale, &|id| archived.contains(&id))))
    });
    effect(move || {
        ui.order.set(lines.with(|lines| tasks_among(lines)));
    });
    let title = title(view.clone(), tasks);
    let count = Signal::derive(move || match lines.with(|lines| tasks_among(lines).len()) {
        0 => String::new(),
        count => task::to_do(count),
    });
    let is_empty = memo(move || lines.with(Vec::is_empty));
    let is_complete = memo(move || tasks.reading.with(Reading::is_complete));
    let outcome = memo(move || tasks.reading.with(Reading::outcome));
    let (list_view, blank_view) = (view.clone(), view.clone());
    let today = Signal::derive(move || match shown.get_value() {
        View::Today => dates::write_date(tasks.clock.get().today(), dates::Style::Full),
        _ => String::new(),
    });
    view! {
        <div class="page-top">
            <div class="page-title">
                <PageHeading title/>
                <p class="page-day">{today}</p>
            </div>
            <p class="page-count" data-testid="open-count" role="status">
                {count}
            </p>
            <PageActions view=list_view ui is_empty/>
        </div>
        <PageComposer view/>
        // Read out when something comes: nobody asked for it.
        <div aria-live="polite">
            {show_if(move || !tasks.drafts.tray().is_empty(), || lazy::fragment(lazy::tray))}
        </div>
        {show_if(move || !tasks.samples.with(Vec::is_empty), || lazy::fragment(lazy::samples))}
        {boxed_view(move || match outcome.get() {
            None => view! { <Skeleton label=connection::LOADING_TASKS/> }.into_any(),
            Some(Err(why)) => view! { <LoadError why tasks view=shown.get_value()/> }.into_any(),
            Some(Ok(())) => {
                let blank = blank_view.clone();
                let nothing = memo(move || is_empty.get());
                view! {
                    {show_if(
                        move || nothing.get(),
                        move || {
                            if is_complete.get() {
                                view! { <Nothing view=blank.clone() tasks/> }.into_any()
                            } else {
                                view! { <Skeleton label=connection::LOADING_TASKS/> }.into_any()
                            }
                        },
                    )}
                    <TaskList lines label="Open tasks" testid="open-tasks"/>
                    <DoneSection tasks view=shown.get_value()/>
                }
                .into_any()
            }
        })}
    }
}

/// The tasks among a page's lines.
fn tasks_among(lines: &[Row]) -> Vec<crate::model::replica::Key> {
    let task = |line: &Row| match line {
        Row::Task(key) => Some(*key),
        _ => None,
    };
    lines.iter().filter_map(task).collect()
}

/// What a page is called.
fn title(view: View, tasks: TaskStore) -> Signal<String> {
    Signal::derive(move || match &view {
        View::Today => "Today".to_owned(),
        View::Upcoming => "Upcoming".to_owned(),
        View::Inbox => "Inbox".to_owned(),
        View::All => "All tasks".to_owned(),
        View::List(id) => match tasks.list(*id) {
            Some(list) => list.name,
            None => "List".to_owned(),
        },
        View::Tag(tag) => tasks.counts.with(|counts| {
            let same = counts.tags.iter().find(|(folded, ..)| folded == tag);
            format!("@{}", same.map_or(tag.as_str(), |(_, name, _)| name))
        }),
    })
}

/// What can be done with the page as a whole.
#[component]
fn PageActions(view: View, ui: UiState, is_empty: Memo<bool>) -> impl IntoView {
    let edit = match view {
        View::List(id) => view! {
            <IconButton
                label="Edit this list".to_owned()
                glyph=Glyph::Edit
                testid="edit-list"
                on_press=Callback::new(move |()| ui.overlay.set(Some(Overlay::List(Some(id)))))
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <div class="page-actions">
            {edit}
            {show_if(
                move || !is_empty.get(),
                move || {
                    view! {
                        <button
                            type="button"
                            class="button-quiet"
                            aria-pressed=aria(move || ui.selecting.get())
                            data-testid="select"
                            on:click=on::click(move |_| {
                                if ui.selecting.get_untracked() {
                                    ui.stop_selecting();
                                } else {
                                    ui.selecting.set(true);
                                }
                            })
                        >
                            "Select"
                        </button>
                    }
                    .into_any()
                },
            )}
        </div>
    }
}

/// What has been done, out of the way.
#[component]
fn DoneSection(tasks: TaskStore, view: View) -> impl IntoView {
    let show = tasks.show_done;
    let done = memo(move || tasks.with(|replica| view.done(replica)));
    let lines = memo(move || done.with(|done| done.iter().copied().map(Row::Task).collect::<Vec<_>>()));
    let count = Signal::derive(move || {
        let more = tasks.reading.with(Reading::has_more_done);
        format!("{}{}", done.with(Vec::len), if more { "+" } else { "" })
    });
    let section = move || {
        view! {
            <section class="done-section">
                <h2 class="done-heading">
                    <button
                        type="button"
                        class="done-toggle"
                        aria-expanded=aria(move || show.get())
                        aria-controls="done-tasks"
                        data-testid="completed-toggle"
                        on:click=on::click(move |_| show.update(|show| *show = !*show))
                    >
                        <Icon glyph=Glyph::Chevron/>
                        "Completed"
                        <span class="done-count" data-testid="completed-count">
                            {count}
                        </span>
                    </button>
                </h2>
                <div id="done-tasks">
                    {show_if(
                        move || show.get(),
                        move || view! { <TaskList lines label="Completed tasks" testid="completed-tasks"/> }.into_any(),
                    )}
                </div>
            </section>
        }
        .into_any()
    };
    show_if(move || done.with(|done| !done.is_empty()), section)
}

#[component]
fn LoadError(why: String, tasks: TaskStore, view: View) -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Alert title=connection::TASKS_NOT_LOADED text=why urgent=true testid="load-error">
            <ActionButton
                label="Try again"
                glyph=Glyph::Retry
                testid="retry"
                on_press=Callback::new(move |()| tasks.retry(view.clone()))
            />
        </EmptyState>
    }
}

/// An empty page teaches how to fill it, or praises whoever has emptied it.
#[component]
fn Nothing(view: View, tasks: TaskStore) -> impl IntoView {
    let ui = use_ui_state();
    let done = view.clone();
    let has_done = memo(move || tasks.with(|replica| !done.done(replica).is_empty()));
    boxed_view(move || {
        let (glyph, Empty { title, text }) = match &view {
            View::All | View::Inbox if has_done.get() => (Glyph::Check, empty::ALL_DONE),
            View::All => (Glyph::Check, empty::TASKS),
            View::Inbox => (Glyph::Inbox, empty::INBOX),
            View::Today => (Glyph::Check, empty::TODAY),
            View::Upcoming => (Glyph::Calendar, empty::UPCOMING),
            View::List(_) => (Glyph::List, empty::LIST),
            View::Tag(_) => (Glyph::Tag, empty::TAG),
        };
        let keys = Callback::new(move |()| ui.overlay.set(Some(Overlay::Shortcuts)));
        view! {
            <EmptyState glyph title text testid="empty">
                <ActionButton label="See the shortcuts" variant=ButtonVariant::Secondary glyph=Glyph::Keyboard on_press=keys/>
            </EmptyState>
        }
        .into_any()
    })
}
