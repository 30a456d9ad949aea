//! All of a task, beside its list.

use super::composer::list_names;
use super::details::{Change, Details, TaskDetails};
use super::list::delete;
use super::subtasks::{SubtaskChange, SubtaskLine};
use crate::browser;
use crate::dates;
use crate::model::draft::Draft;
use crate::model::draft::Words;
use crate::model::input_line::InputLine;
use crate::model::replica::{Content, Entry, Key};
use crate::store::{BulkEdit, Reading, TaskStore, use_tasks};
use crate::tasks::ui_state::{Field, UiState, use_ui_state};
use crate::ui::boxed::{boxed_view, effect, memo};
use crate::ui::toast::{Toast, Toaster, use_toaster};
use crate::words::report;
use leptos::prelude::*;
use shared::priority::Priority;
use shared::tags::Tag;
use shared::text::Title;
use uuid::Uuid;

/// All of the task that is open.
#[component]
pub fn OpenTask() -> impl IntoView {
    let (tasks, ui) = (use_tasks(), use_ui_state());
    find_named(tasks, ui, use_toaster());
    open_kept(tasks, ui);
    // What was typed and could not be saved is given back to a panel that is made anew.
    let open = memo(move || {
        let key = ui.open.get()?;
        Some((key, tasks.given_back.get()))
    });
    boxed_view(move || match open.get() {
        None => ().into_any(),
        Some((key, _)) => panel(key, tasks, ui),
    })
}

/// Opens the task that the address names, as soon as it has been read. It need not be one that is still to be done.
fn find_named(tasks: TaskStore, ui: UiState, toaster: Toaster) {
    let asked = StoredValue::new(None::<Uuid>);
    let say_missing = move || {
        ui.close_missing();
        toaster.show(Toast::info(report::NO_SUCH_TASK));
    };
    effect(move || {
        let Some(name) = ui.named.get() else {
            asked.set_value(None);
            return;
        };
        let Ok(id) = name.parse::<Uuid>() else {
            say_missing();
            return;
        };
        let found = tasks.with(|replica| {
            let entry = replica.find(id).filter(|entry| entry.is_shown());
            entry.map(|entry| entry.key)
        });
        if let Some(key) = found {
            ui.show(key, Field::Title);
        } else if tasks.reading.with(Reading::is_complete) && asked.get_value() != Some(id) {
            asked.set_value(Some(id));
            // Not tied to this effect, which runs again when other tasks come.
            browser::spawn(async move {
                let answer = tasks.read_task(id).await;
                // The person may have gone on.
                let is_wanted = ui.named.try_get_untracked().flatten().as_ref() == Some(&name);
                match answer {
                    Err(failure) if is_wanted && failure.is_missing() => say_missing(),
                    Err(failure) if is_wanted => tasks.report_failure(report::TASK_NOT_LOADED, &failure),
                    _ => {}
                }
            });
        }
    });
}

/// Opens the task whose words were being written when the page went away.
fn open_kept(tasks: TaskStore, ui: UiState) {
    let is_done = StoredValue::new(false);
    effect(move || {
        if !tasks.reading.with(Reading::is_complete) || is_done.get_value() {
            return;
        }
        is_done.set_value(true);
        let kept = tasks.drafts.edits();
        let key = kept
            .iter()
            .rev()
            .find_map(|edit| tasks.with_untracked(|replica| replica.find(edit.id).map(|entry| entry.key)));
        if let Some(key) = key.filter(|_| ui.is_closed()) {
            ui.show(key, Field::Title);
        }
    });
}

fn panel(key: Key, tasks: TaskStore, ui: UiState) -> AnyView {
    let entry = memo(move || tasks.entry(key));
    effect(move || {
        // It is gone, and so is what is open of it.
        if entry.with(|entry| entry.as_ref().is_none_or(|entry| !entry.is_shown())) {
            ui.close_missing();
        }
    });
    // A task that is being added can be named only once it is saved.
    let id = memo(move || entry.with(|entry| entry.as_ref().and_then(Entry::id)));
    effect(move || {
        if id.get().is_some() {
            ui.name_in_address();
        }
    });
    let details = memo(move || entry.get().map_or_else(Details::default, |entry| details(entry, tasks)));
    let subtasks = memo(move || {
        let keys = tasks.subtasks(key);
        let line = |key: &Key| {
            let content = tasks.entry(*key)?.wanted;
            Some(SubtaskLine {
                key: *key,
                title: content.title.into_string(),
                completed: content.completed,
            })
        };
        keys.iter().filter_map(line).collect::<Vec<_>>()
    });
    let kept = entry.with_untracked(|entry| entry.as_ref().and_then(|entry| tasks.drafts.edit(entry.id()?)));
    let words = kept.unwrap_or_else(|| {
        details.with_untracked(|details| Words {
            title: details.title.clone(),
            description: details.description.clone(),
        })
    });
    let lists = memo(move || list_names(tasks));
    let tags = memo(move || {
        tasks
            .counts
            .with(|counts| counts.tags.iter().map(|(_, name, _)| name.clone()).collect::<Vec<_>>())
    });
    tasks.read_parts(key);
    match ui.field.get_untracked() {
        Field::Title => {}
        Field::Due => browser::next_frame(|| {
            browser::click("details-due");
        }),
        Field::Priority => browser::focus_soon("details-priority"),
    }
    view! {
        <TaskDetails
            details
            words
            subtasks
            lists
            tags
            clock=tasks.clock
            on_type=Callback::new(move |words| tasks.keep_edit(key, words))
            on_change=Callback::new(move |change| apply(tasks, ui, key, change))
            on_subtask=Callback::new(move |change| apply_to_subtask(tasks, key, change))
            on_delete=Callback::new(move |()| delete(tasks, ui, key))
            on_close=Callback::new(move |()| {
                tasks.drop_edit_if_saved(key);
                ui.close();
            })
        />
    }
    .into_any()
}

fn details(entry: Entry, tasks: TaskStore) -> Details {
    let now = tasks.clock.get().instant;
    let parent = entry
        .wanted
        .parent_id
        .and_then(|id| tasks.with(|replica| replica.find(id).map(|parent| parent.wanted.title.as_str().to_owned())));
    let (created, updated) = entry.base.as_ref().map_or_else(Default::default, |task| {
        (dates::ago(task.created_at, now), dates::ago(task.updated_at, now))
    });
    let Content {
        title,
        description,
        completed,
        due,
        priority,
        tags,
        list_id,
        recurrence,
        ..
    } = entry.wanted;
    Details {
        title: title.into_string(),
        description,
        completed,
        due,
        priority: priority.get(),
        list: list_id,
        tags,
        recurrence,
        parent,
        created,
        updated,
    }
}

fn apply(tasks: TaskStore, ui: UiState, key: Key, change: Change) {
    // A field that is left because the question has come up must not answer it.
    let is_asked = tasks.get_untracked(key).is_some_and(|entry| entry.conflict.is_some());
    if is_asked && matches!(change, Change::Title(_) | Change::Description(_)) {
        return;
    }
    match change {
        Change::Title(title) => tasks.change(key, |content| content.title = title),
        Change::Description(description) => tasks.change(key, |content| content.description = description),
        Change::Completed(completed) => {
            if completed {
                ui.leave(key, crate::store::COMPOSER_ID);
            }
            tasks.complete(key, completed);
        }
        Change::Due(due) => tasks.change(key, |content| {
            // Without a day there is nothing to come back from.
            if due.is_none() {
                content.recurrence = None;
            }
            content.due = due;
        }),
        Change::Priority(level) => {
            let priority = Priority::try_from(level).unwrap_or_default();
            tasks.change(key, |content| content.priority = priority);
        }
        Change::List(list) => {
            tasks.bulk_edit(&[key], &BulkEdit::List(list));
        }
        Change::Tags(tags) => {
            let good = tags.iter().filter_map(|tag| Tag::parse(tag).ok());
            let tags: Vec<String> = good.map(|tag| tag.as_str().to_owned()).collect();
            tasks.change(key, |content| content.tags = tags);
        }
        Change::Recurrence(recurrence) => tasks.change(key, |content| content.recurrence = recurrence),
    }
}

fn apply_to_subtask(tasks: TaskStore, parent: Key, change: SubtaskChange) {
    match change {
        SubtaskChange::Add(title) => {
            let Some((id, list_id)) = tasks
                .get_untracked(parent)
                .and_then(|entry| Some((entry.id()?, entry.wanted.list_id)))
            else {
                return;
            };
            let Ok(title) = Title::parse(&title) else {
                return;
            };
            let draft = Draft {
                line: InputLine::new(title.as_str()),
                description: String::new(),
            };
            let content = Content {
                list_id,
                parent_id: Some(id),
                ..Content::new(title)
            };
            tasks.add(content, draft);
        }
        SubtaskChange::Complete(key, completed) => tasks.change(key, |content| content.completed = completed),
        SubtaskChange::Rename(key, title) => {
            if let Ok(title) = Title::parse(&title) {
                tasks.change(key, |content| content.title = title);
            }
        }
        SubtaskChange::Delete(key) => tasks.delete(key),
    }
}
