//! `/tasks`

mod board;
mod list;
pub mod store;
mod tray;

use self::list::TaskList;
use self::store::{COMPOSER_ID, Load, TaskStore, use_tasks};
use self::tray::Tray;
use crate::components::blank::{Blank, Skeleton};
use crate::components::button::ActionButton;
use crate::components::composer::Composer;
use crate::components::dynamic::{aria, dynamic, when};
use crate::components::icon::{Glyph, Icon};
use crate::components::page::PageHeading;
use leptos::prelude::*;

/// The list.
#[component]
pub fn TasksPage() -> impl IntoView {
    let tasks = use_tasks();
    let count = Signal::derive(move || match tasks.open.with(Vec::len) {
        0 => String::new(),
        count => format!("{count} to do"),
    });
    view! {
        <div class="page-top">
            <PageHeading title="Tasks"/>
            <p class="page-count" data-testid="open-count" role="status">
                {count}
            </p>
        </div>
        <Composer
            id=COMPOSER_ID
            words=Signal::derive(move || tasks.drafts.new_task())
            error=tasks.composer_error
            on_type=Callback::new(move |words| tasks.set_composer(words))
            on_add=Callback::new(move |words| tasks.add(&words))
        />
        <Tray tasks/>
        {dynamic(move || match tasks.load.get() {
            Load::Waiting => view! { <Skeleton label="Loading your tasks…"/> }.into_any(),
            Load::Failed(why) => view! { <LoadError why tasks/> }.into_any(),
            Load::Done => view! { <Lists tasks/> }.into_any(),
        })}
    }
}

#[component]
fn Lists(tasks: TaskStore) -> impl IntoView {
    let (open, done) = (tasks.open, tasks.done);
    view! {
        {when(
            move || open.with(Vec::is_empty),
            move || {
                let nothing_yet = Signal::derive(move || done.with(Vec::is_empty));
                view! { <NothingToDo nothing_yet/> }.into_any()
            },
        )}
        <ul class="task-list" aria-label="Open tasks" data-testid="open-tasks">
            <TaskList keys=open/>
        </ul>
        {when(move || !done.with(Vec::is_empty), move || view! { <DoneSection tasks/> }.into_any())}
    }
}

/// What has been done, out of the way.
#[component]
fn DoneSection(tasks: TaskStore) -> impl IntoView {
    let show = tasks.show_done;
    let count = Signal::derive(move || tasks.done.with(Vec::len).to_string());
    view! {
        <section class="done-section">
            <h2 class="done-heading">
                <button
                    type="button"
                    class="done-toggle"
                    aria-expanded=aria(move || show.get())
                    aria-controls="done-tasks"
                    data-testid="completed-toggle"
                    on:click=move |_| show.update(|show| *show = !*show)
                >
                    <Icon glyph=Glyph::Chevron/>
                    "Completed"
                    <span class="done-count" data-testid="completed-count">
                        {count}
                    </span>
                </button>
            </h2>
            <ul
                class="task-list"
                id="done-tasks"
                aria-label="Completed tasks"
                data-testid="completed-tasks"
                hidden=Signal::derive(move || !show.get())
            >
                {when(
                    move || show.get(),
                    move || view! { <TaskList keys=tasks.done/> }.into_any(),
                )}
            </ul>
        </section>
    }
}

#[component]
fn LoadError(why: String, tasks: TaskStore) -> impl IntoView {
    view! {
        <Blank glyph=Glyph::Alert title="Your tasks couldn’t be loaded" text=why urgent=true testid="load-error">
            <ActionButton
                label="Try again"
                glyph=Glyph::Retry
                testid="retry"
                on_press=Callback::new(move |()| tasks.retry())
            />
        </Blank>
    }
}

/// An empty list teaches how to fill it, or praises whoever has emptied it.
#[component]
fn NothingToDo(
    /// Nothing has been done either.
    nothing_yet: Signal<bool>,
) -> impl IntoView {
    dynamic(move || {
        let (title, text) = if nothing_yet.get() {
            (
                "A clear list",
                "Type what’s on your mind above and press Enter. Tick the circle when it’s done, or click a task to \
                 change it.",
            )
        } else {
            ("All done", "Nothing left to do. Enjoy it, or add what comes next.")
        };
        view! { <Blank glyph=Glyph::Check title text testid="empty"/> }.into_any()
    })
}
