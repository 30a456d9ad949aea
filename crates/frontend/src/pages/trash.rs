//! `/trash`: what was deleted in the last weeks, and how to get it back.

use crate::browser;
use crate::dates;
use crate::shell::desk::use_desk;
use crate::store::{shorten, use_tasks};
use crate::ui::blank::{Blank, Skeleton};
use crate::ui::button::{ActionButton, IconButton, Weight};
use crate::ui::dialog::Dialog;
use crate::ui::dynamic::{dynamic, memo, when};
use crate::ui::icon::Glyph;
use crate::ui::page::PageHeading;
use leptos::prelude::*;
use shared::tasks::Task;
use uuid::Uuid;

/// What is in the trash, as far as one knows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Trash {
    Waiting,
    Failed(String),
    Tasks(Vec<Task>, Option<String>),
}

/// What was deleted.
#[component]
#[expect(clippy::too_many_lines, reason = "most of them are markup")]
pub fn TrashPage() -> impl IntoView {
    let tasks = use_tasks();
    use_desk().turn_to(None);
    let trash = RwSignal::new(Trash::Waiting);
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let read = move |next: Option<String>| {
        browser::spawn_while_shown(async move {
            // What was just deleted is in it only when the server has heard of that.
            tasks.flush().await;
            match tasks.read_trash(next.as_deref()).await {
                Ok(page) => trash.update(|trash| match trash {
                    Trash::Tasks(old, more) if next.is_some() => {
                        old.extend(page.items);
                        *more = page.next;
                    }
                    _ => *trash = Trash::Tasks(page.items, page.next),
                }),
                Err(failure) => trash.set(Trash::Failed(failure.sentence())),
            }
        });
    };
    read(None);
    let take_off = move |id: Uuid| {
        trash.update(|trash| {
            if let Trash::Tasks(tasks, _) = trash {
                tasks.retain(|task| task.id != id);
            }
        });
    };
    let restore = Callback::new(move |task: Task| {
        take_off(task.id);
        browser::focus_soon("page-heading");
        browser::spawn(async move {
            if tasks.restore(task.id, &task.title).await {
                return;
            }
            read(None);
        });
    });
    let destroy = Callback::new(move |task: Task| {
        take_off(task.id);
        browser::focus_soon("page-heading");
        browser::spawn(async move {
            if !tasks.empty_trash(Some(task.id)).await {
                read(None);
            }
        });
    });
    let empty = Callback::new(move |()| {
        busy.set(true);
        browser::spawn(async move {
            tasks.empty_trash(None).await;
            busy.try_set(false);
            asking.try_set(false);
            if !trash.is_disposed() {
                // The button that asked goes away with the tasks.
                browser::focus_soon("page-heading");
                read(None);
            }
        });
    });
    let any = memo(move || trash.with(|trash| matches!(trash, Trash::Tasks(tasks, _) if !tasks.is_empty())));
    view! {
        <div class="page-top">
            <PageHeading title="Trash".to_owned()/>
            <div class="page-actions">
                {when(
                    move || any.get(),
                    move || {
                        view! {
                            <ActionButton
                                label="Empty the trash…"
                                weight=Weight::Warning
                                on_press=Callback::new(move |()| asking.set(true))
                                testid="empty-trash"
                            />
                        }
                        .into_any()
                    },
                )}
            </div>
        </div>
        {dynamic(move || match trash.get() {
            Trash::Waiting => view! { <Skeleton label="Loading the trash…"/> }.into_any(),
            Trash::Failed(why) => view! {
                <Blank glyph=Glyph::Alert title="The trash couldn’t be loaded" text=why urgent=true testid="load-error">
                    <ActionButton
                        label="Try again"
                        glyph=Glyph::Retry
                        testid="retry"
                        on_press=Callback::new(move |()| read(None))
                    />
                </Blank>
            }
            .into_any(),
            Trash::Tasks(tasks, _) if tasks.is_empty() => view! {
                <Blank
                    glyph=Glyph::Delete
                    title="The trash is empty"
                    text="What you delete waits here for a while before it is gone for good, so that you can change your mind."
                    testid="empty"
                />
            }
            .into_any(),
            Trash::Tasks(found, next) => {
                let now = tasks.clock.get_untracked().instant;
                let rows = found.into_iter().map(|task| row(task, now, restore, destroy)).collect_view();
                let more = next.map(|next| {
                    view! {
                        <div class="more">
                            <ActionButton
                                label="Show more"
                                weight=Weight::Secondary
                                on_press=Callback::new(move |()| read(Some(next.clone())))
                                testid="more"
                            />
                        </div>
                    }
                });
                view! {
                    <ul class="task-list" aria-label="Deleted tasks" data-testid="trashed-tasks">
                        {rows}
                    </ul>
                    {more}
                }
                .into_any()
            }
        })}
        <Dialog
            id="empty-trash-dialog"
            title="Empty the trash?".to_owned()
            open=asking
            on_close=Callback::new(move |()| asking.set(false))
        >
            <p class="dialog-text">"All deleted tasks are gone for good. Nobody can bring them back."</p>
            <div class="dialog-actions">
                <ActionButton
                    label="Keep them"
                    weight=Weight::Secondary
                    on_press=Callback::new(move |()| asking.set(false))
                />
                <ActionButton label="Empty the trash" weight=Weight::Danger busy on_press=empty testid="confirm-empty-trash"/>
            </div>
        </Dialog>
    }
}

fn row(task: Task, now: f64, on_restore: Callback<Task>, on_destroy: Callback<Task>) -> AnyView {
    let deleted = task
        .deleted_at
        .map_or_else(String::new, |at| format!("Deleted {}", dates::ago(at, now)));
    let (name, title) = (shorten(&task.title), task.title.clone());
    let (back, gone) = (task.clone(), task);
    view! {
        <li class="task-item" data-testid="task-row">
            <div class="task-row trash-row">
                <div class="task-words">
                    <span class="task-title" data-testid="task-title">
                        {title}
                    </span>
                    <span class="task-details">
                        <span class="task-meta">{deleted}</span>
                    </span>
                </div>
                <div class="trash-actions">
                    <IconButton
                        label=format!("Restore {name}")
                        glyph=Glyph::Retry
                        testid="restore"
                        on_press=Callback::new(move |()| on_restore.run(back.clone()))
                    />
                    <IconButton
                        label=format!("Delete {name} for good")
                        glyph=Glyph::Delete
                        testid="destroy"
                        on_press=Callback::new(move |()| on_destroy.run(gone.clone()))
                    />
                </div>
            </div>
        </li>
    }
    .into_any()
}
