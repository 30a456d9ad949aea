//! A task in its list.

use crate::ui::boxed::{BoxedView, boxed_view, memo};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::words;
use leptos::prelude::*;
use web_sys::MouseEvent;

/// What a row shows of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskLine {
    /// What to do.
    pub title: String,
    /// The beginning of what more there is to say about it.
    pub notes: String,
    /// Whether it is done.
    pub completed: bool,
    /// 0 (none) to 3 (high).
    pub priority: u8,
    /// When it is due, if it is.
    pub due: Option<DueLabel>,
    /// Whether it comes back.
    pub recurs: bool,
    /// Its list's name and colour, if that is not clear from the page.
    pub list: Option<(String, &'static str)>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How many of its subtasks are done, and how many there are.
    pub progress: Option<(u32, u32)>,
    /// When it was done, in words.
    pub done: String,
    /// The server does not have it yet.
    pub unsaved: bool,
}

/// When a task is due, as a row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueLabel {
    /// `tomorrow 9:00`
    pub text: String,
    /// In full.
    pub title: String,
    /// For programs.
    pub machine: String,
    /// How urgent it is, as the stylesheet calls it.
    pub urgency: &'static str,
}

/// The ids of a row's parts.
#[derive(Clone, Debug)]
pub struct RowIds {
    /// The box to tick.
    pub toggle: String,
    /// The title, which opens the details.
    pub open: String,
}

/// A task: a circle to tick, its title, and what else there is to know at a glance.
#[component]
pub fn TaskRow(
    /// The ids of its parts.
    ids: RowIds,
    /// The task.
    #[prop(into)]
    task: Signal<TaskLine>,
    /// Whether the person chooses among tasks: then the box chooses this one.
    #[prop(into)]
    selecting: Signal<bool>,
    /// Whether it is one of the chosen ones.
    #[prop(into)]
    selected: Signal<bool>,
    /// The person ticks the circle, or takes the tick away.
    on_toggle: Callback<bool>,
    /// The person chooses it, or not any more; with shift, all from the last one on.
    on_select: Callback<bool>,
    /// The person wants to see all of it.
    on_open: Callback<()>,
    /// The person wants the task gone.
    on_delete: Callback<()>,
) -> impl IntoView {
    let title = memo(move || task.with(|task| task.title.clone()));
    let completed = memo(move || task.with(|task| task.completed));
    let class = Signal::derive(move || match (completed.get(), selected.get()) {
        (false, false) => "task-row",
        (true, false) => "task-row task-done",
        (false, true) => "task-row task-selected",
        (true, true) => "task-row task-done task-selected",
    });
    let press = move |event: MouseEvent| {
        if event.shift_key() || event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            on_select.run(event.shift_key());
        } else if selecting.get_untracked() {
            on_select.run(false);
        } else if !crate::browser::selects_text() {
            on_open.run(());
        }
    };
    let RowIds { toggle, open } = ids;
    view! {
        <div class=class data-priority=Signal::derive(move || task.with(|task| task.priority.to_string()))>
            {boxed_view(move || {
                if selecting.get() {
                    choose(title, selected, on_select)
                } else {
                    tick(toggle.clone(), title, completed, on_toggle)
                }
            })}
            <div class="task-words" on:click=press>
                <button
                    type="button"
                    class="task-title"
                    id=open
                    aria-label=Signal::derive(move || title.with(|title| words::task::edit(title)))
                    data-testid="task-title"
                >
                    {title}
                </button>
                {details(task)}
            </div>
            <div class="task-actions">
                <IconButton
                    label=Signal::derive(move || title.with(|title| words::task::delete(title)))
                    glyph=Glyph::Delete
                    testid="task-delete"
                    on_press=on_delete
                />
            </div>
        </div>
    }
}

fn tick(id: String, title: Memo<String>, completed: Memo<bool>, on_toggle: Callback<bool>) -> AnyView {
    view! {
        <label class="task-check">
            <input
                type="checkbox"
                id=id
                aria-label=Signal::derive(move || title.with(|title| words::task::done(title)))
                data-testid="task-toggle"
                prop:checked=completed
                on:change=on::change(move |event| on_toggle.run(event_target_checked(&event)))
            />
        </label>
    }
    .into_any()
}

fn choose(title: Memo<String>, selected: Signal<bool>, on_select: Callback<bool>) -> AnyView {
    view! {
        <label class="task-check task-choose">
            <input
                type="checkbox"
                aria-label=Signal::derive(move || title.with(|title| words::task::select(title)))
                data-testid="task-select"
                prop:checked=selected
                on:click=on::click(move |event| on_select.run(event.shift_key()))
            />
        </label>
    }
    .into_any()
}

/// What stands below the title, if anything does.
fn details(task: Signal<TaskLine>) -> BoxedView {
    let shown = memo(move || {
        let mut task = task.get();
        task.title.clear();
        task.completed = false;
        task.priority = 0;
        task.unsaved = false;
        task
    });
    boxed_view(move || {
        let task = shown.get();
        if task == TaskLine::default() {
            return ().into_any();
        }
        let note = (!task.notes.is_empty()).then(|| {
            view! {
                <span class="task-description" data-testid="task-description">
                    {task.notes}
                </span>
            }
        });
        let due = task.due.map(|due| {
            view! {
                <time
                    class=format!("task-meta due-{}", due.urgency)
                    datetime=due.machine
                    title=due.title
                    data-testid="task-due"
                >
                    <Icon glyph=Glyph::Calendar/>
                    {due.text}
                </time>
            }
        });
        let recurs = task.recurs.then(|| {
            view! {
                <span class="task-meta" role="img" aria-label="Comes back" title="Comes back" data-testid="task-recurs">
                    <Icon glyph=Glyph::Repeat/>
                </span>
            }
        });
        let progress = task.progress.map(|(done, total)| {
            view! {
                <span class="task-meta" data-testid="task-progress">
                    <Icon glyph=Glyph::Subtasks/>
                    <span aria-hidden="true">{format!("{done}/{total}")}</span>
                    <span class="visually-hidden">{words::task::subtasks_done(done, total)}</span>
                </span>
            }
        });
        let tags = task
            .tags
            .into_iter()
            .map(|tag| view! { <span class="task-meta task-tag">{format!("@{tag}")}</span> }.into_any());
        let list = task.list.map(|(name, color)| {
            view! {
                <span class="task-meta task-list-name" data-color=color>
                    <span class="dot" aria-hidden="true"></span>
                    {name}
                </span>
            }
        });
        let done = (!task.done.is_empty()).then(|| view! { <span class="task-meta">{task.done}</span> });
        view! {
            {note}
            <span class="task-details">{due} {recurs} {progress} {tags.collect_view()} {list} {done}</span>
        }
        .into_any()
    })
}
