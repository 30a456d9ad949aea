//! Tasks under each other, each of them a row or an editor.

use super::board::{Editor, Entry, Key};
use super::store::{TaskStore, edit_id, toggle_id, use_tasks};
use crate::components::dynamic::dynamic;
use crate::components::each::Each;
use crate::components::task_editor::TaskEditor;
use crate::components::task_row::{TaskLine, TaskRow};
use crate::dates;
use leptos::prelude::*;

/// Some of the tasks.
#[component]
pub fn TaskList(
    /// Which ones, in order.
    keys: Memo<Vec<Key>>,
) -> impl IntoView {
    view! { <Each keys draw=|task| view! { <TaskItem task/> }.into_any()/> }
}

/// A task, or its editor.
#[component]
fn TaskItem(task: Key) -> impl IntoView {
    let tasks = use_tasks();
    // Every change of the list reaches every row; only those whose own task has changed go on from here.
    let entry = Memo::new(move |_| tasks.entry(task));
    let editor = Memo::new(move |_| entry.with(|entry| entry.as_ref().and_then(|entry| entry.editor.clone())));
    let line = line(entry, tasks);
    view! {
        <li class="task-item" data-testid="task-row">
            {dynamic(move || match editor.get() {
                Some(Editor { words, error }) => view! {
                    <TaskEditor
                        task
                        words
                        error
                        on_type=Callback::new(move |words| tasks.keep_edit(task, words))
                        on_save=Callback::new(move |words| tasks.save_edit(task, &words))
                        on_cancel=Callback::new(move |()| tasks.cancel_edit(task))
                    />
                }
                .into_any(),
                None => view! {
                    <TaskRow
                        toggle_id=toggle_id(task)
                        edit_id=edit_id(task)
                        task=line
                        on_toggle=Callback::new(move |done| tasks.complete(task, done))
                        on_edit=Callback::new(move |()| tasks.edit(task))
                        on_delete=Callback::new(move |()| tasks.delete(task))
                    />
                }
                .into_any(),
            })}
        </li>
    }
}

/// What a task's row shows.
fn line(entry: Memo<Option<Entry>>, tasks: TaskStore) -> Memo<TaskLine> {
    Memo::new(move |_| {
        let Some(entry) = entry.get() else {
            return TaskLine::default();
        };
        let created = entry.saved.map(|task| task.created_at);
        TaskLine {
            title: entry.content.title,
            description: entry.content.description,
            completed: entry.content.completed,
            added: created.map_or_else(String::new, |at| format!("Added {}", dates::ago(at, tasks.now.get()))),
            added_at: created.map_or_else(String::new, dates::machine),
        }
    })
}
