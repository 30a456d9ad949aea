//! `/trash`: what was deleted in the last weeks, and how to get it back.

use crate::browser;
use crate::dates;
use crate::model::replica::{Entry, Key};
use crate::store::use_tasks;
use crate::tasks::ui_state::use_ui_state;
use crate::ui::boxed::{boxed_view, memo, show_if};
use crate::ui::button::{ActionButton, ButtonVariant, IconButton};
use crate::ui::dialog::Dialog;
use crate::ui::empty_state::{EmptyState, Skeleton};
use crate::ui::icon::Glyph;
use crate::ui::page::PageHeading;
use crate::words::{self, connection, empty};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// What is in the trash, as far as one knows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Trash {
    Waiting,
    Failed(String),
    /// Those that were read, in order, and where there are more.
    Tasks(Vec<Key>, Option<String>),
}

/// What was deleted.
#[component]
#[expect(clippy::too_many_lines, reason = "most of them are markup")]
pub fn TrashPage() -> impl IntoView {
    let tasks = use_tasks();
    use_ui_state().turn_to(None);
    let trash = RwSignal::new(Trash::Waiting);
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let read = move |next: Option<String>| {
        browser::spawn_while_shown(async move {
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
    let found = memo(move || {
        trash.with(|trash| match trash {
            Trash::Tasks(keys, _) => tasks.with(|replica| {
                let entries = keys.iter().filter_map(|key| replica.get(*key));
                entries.filter(|entry| entry.is_in_trash()).map(Trashed::of).collect()
            }),
            _ => Vec::new(),
        })
    });
    let restore = Callback::new(move |key| {
        tasks.restore(key);
        browser::focus_soon("page-heading");
    });
    let destroy = Callback::new(move |key| {
        tasks.purge(key);
        browser::focus_soon("page-heading");
    });
    let empty = Callback::new(move |()| {
        busy.set(true);
        browser::spawn(async move {
            tasks.empty_trash().await;
            busy.try_set(false);
            asking.try_set(false);
            if !trash.is_disposed() {
                // The button that asked goes away with the tasks.
                browser::focus_soon("page-heading");
                read(None);
            }
        });
    });
    let any = memo(move || found.with(|found| !found.is_empty()));
    view! {
        <div class="page-top">
            <PageHeading title="Trash".to_owned()/>
            <div class="page-actions">
                {show_if(
                    move || any.get(),
                    move || {
                        view! {
                            <ActionButton
                                label=words::trash::EMPTY
                                variant=ButtonVariant::Warning
                                on_press=Callback::new(move |()| asking.set(true))
                                testid="empty-trash"
                            />
                        }
                        .into_any()
                    },
                )}
            </div>
        </div>
        {boxed_view(move || match trash.get() {
            Trash::Waiting => view! { <Skeleton label=connection::LOADING_TRASH/> }.into_any(),
            Trash::Failed(why) => view! {
                <EmptyState glyph=Glyph::Alert title=connection::TRASH_NOT_LOADED text=why urgent=true testid="load-error">
                    <ActionButton
                        label="Try again"
                        glyph=Glyph::Retry
                        testid="retry"
                        on_press=Callback::new(move |()| read(None))
                    />
                </EmptyState>
            }
            .into_any(),
            Trash::Tasks(..) if !any.get() => view! {
                <EmptyState
                    glyph=Glyph::Delete
                    title=empty::TRASH.title
                    text=empty::TRASH.text
                    testid="empty"
                />
            }
            .into_any(),
            Trash::Tasks(_, next) => {
                let now = tasks.clock.get_untracked().instant;
                let rows = found.get().into_iter().map(|task| row(task, now, restore, destroy)).collect_view();
                let more = next.map(|next| {
                    view! {
                        <div class="more">
                            <ActionButton
                                label="Show more"
                                variant=ButtonVariant::Secondary
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
            title=words::trash::EMPTY_IT
            open=asking
            on_close=Callback::new(move |()| asking.set(false))
        >
            <p class="dialog-text">{words::trash::FOR_GOOD}</p>
            <div class="dialog-actions">
                <ActionButton
                    label="Keep them"
                    variant=ButtonVariant::Secondary
                    on_press=Callback::new(move |()| asking.set(false))
                />
                <ActionButton label="Empty the trash" variant=ButtonVariant::Danger busy on_press=empty testid="confirm-empty-trash"/>
            </div>
        </Dialog>
    }
}

/// A task as the trash shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Trashed {
    key: Key,
    title: String,
    deleted_at: Option<DateTime<Utc>>,
}

impl Trashed {
    fn of(entry: &Entry) -> Self {
        Self {
            key: entry.key,
            title: entry.wanted.title.as_str().to_owned(),
            deleted_at: entry.base.as_ref().and_then(|task| task.deleted_at),
        }
    }
}

fn row(task: Trashed, now: f64, on_restore: Callback<Key>, on_destroy: Callback<Key>) -> AnyView {
    let deleted = task
        .deleted_at
        .map_or_else(String::new, |at| words::trash::deleted_when(&dates::ago(at, now)));
    let Trashed { key, title, .. } = task;
    let (restore, delete_for_good) = (words::trash::restore(&title), words::trash::delete_for_good(&title));
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
                        label=restore
                        glyph=Glyph::Retry
                        testid="restore"
                        on_press=Callback::new(move |()| on_restore.run(key))
                    />
                    <IconButton
                        label=delete_for_good
                        glyph=Glyph::Delete
                        testid="destroy"
                        on_press=Callback::new(move |()| on_destroy.run(key))
                    />
                </div>
            </div>
        </li>
    }
    .into_any()
}
