//! What keys do to tasks and lists. Loaded lazily: nobody needs it to see their tasks.

use super::drag::{nudge, nudge_list};
use super::keys::{Press, TaskKeys};
use crate::store::{BulkEdit, TaskStore};
use crate::tasks::list::{complete, delete};
use crate::tasks::ui_state::{Field, UiState};
use leptos::prelude::*;
use shared::due::Due;
use shared::priority::Priority;

/// Does from now on what keys mean.
pub fn listen() {
    expect_context::<TaskKeys>().loaded(act);
}

fn act(press: &Press, tasks: TaskStore, ui: UiState) -> bool {
    if press.alt {
        moved(&press.key, tasks, ui)
    } else {
        of_task(press, tasks, ui)
    }
}

/// With Alt, arrows take the task along, or the list that the keyboard is on.
fn moved(key: &str, tasks: TaskStore, ui: UiState) -> bool {
    let down = match key {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return false,
    };
    if nudge_list(tasks, down) {
        return true;
    }
    if let Some(current) = ui.current.get_untracked() {
        nudge(tasks, ui, current, down);
    }
    true
}

/// Keys about the current task, or all that are chosen.
fn of_task(press: &Press, tasks: TaskStore, ui: UiState) -> bool {
    let Some(current) = ui.current.get_untracked() else {
        return false;
    };
    let meant = ui.targets();
    let all = |change: BulkEdit| {
        tasks.bulk_edit(&meant, &change);
        ui.stop_selecting();
    };
    let priority = |level| BulkEdit::Priority(level);
    match press.key.as_str() {
        "x" | "X" => ui.select(current, press.shift),
        "e" | "o" => ui.show(current, Field::Title),
        "d" => ui.show(current, Field::Due),
        "p" => ui.show(current, Field::Priority),
        "c" if meant.len() > 1 => all(BulkEdit::Completed(true)),
        "c" => {
            let done = tasks.wanted(current).is_some_and(|content| content.completed);
            complete(tasks, ui, current, !done);
        }
        "t" => all(BulkEdit::Due(Due::on(tasks.clock.get_untracked().today()).ok())),
        "1" => all(priority(Priority::High)),
        "2" => all(priority(Priority::Medium)),
        "3" => all(priority(Priority::Low)),
        "4" | "0" => all(priority(Priority::None)),
        "Delete" | "Backspace" if meant.len() > 1 => all(BulkEdit::Deleted(true)),
        "Delete" | "Backspace" if ui.is_on_row() => delete(tasks, ui, current),
        _ => return false,
    }
    true
}
