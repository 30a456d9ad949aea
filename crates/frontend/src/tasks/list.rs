//! Tasks under each other, with the headings between them.

use super::row::{DueLabel, RowIds, TaskLine, TaskRow};
use crate::dates;
use crate::model::replica::{Entry, Key};
use crate::model::views::{Row, View};
use crate::store::{TaskStore, open_id, toggle_id, use_tasks};
use crate::tasks::ui_state::{Field, UiState, use_ui_state};
use crate::ui::boxed::memo;
use crate::ui::on;
use crate::ui::virtual_list::{Places, VirtualList};
use crate::words;
use chrono::{Datelike as _, NaiveDate};
use leptos::prelude::*;

/// Headings are rows, too; their numbers begin here.
const HEADINGS: u32 = 1 << 31;

/// A line as the number that a list of rows knows it by.
fn encode(line: Row) -> u32 {
    match line {
        Row::Task(key) => key,
        Row::Overdue => HEADINGS,
        Row::Day(day) => HEADINGS + day.num_days_from_ce().unsigned_abs(),
    }
}

fn decode(number: u32) -> Row {
    match number.checked_sub(HEADINGS) {
        None => Row::Task(number),
        Some(0) => Row::Overdue,
        Some(days) => i32::try_from(days)
            .ok()
            .and_then(NaiveDate::from_num_days_from_ce_opt)
            .map_or(Row::Overdue, Row::Day),
    }
}

/// The tasks of a page.
#[component]
pub fn TaskList(
    /// Tasks and headings, in order.
    lines: Memo<Vec<Row>>,
    /// What the list is called.
    #[prop(into)]
    label: Signal<String>,
    /// Its name for tests.
    testid: &'static str,
) -> impl IntoView {
    let keys = memo(move || lines.with(|lines| lines.iter().copied().map(encode).collect::<Vec<u32>>()));
    view! { <VirtualList keys label testid guess draw/> }
}

/// How high a row is likely to be, in pixels.
fn guess(number: u32) -> f64 {
    if number < HEADINGS { 57.0 } else { 52.0 }
}

fn draw(number: u32) -> AnyView {
    match decode(number) {
        Row::Task(task) => view! { <TaskItem task/> }.into_any(),
        heading => view! { <HeadingItem number heading/> }.into_any(),
    }
}

/// A heading between tasks.
#[component]
fn HeadingItem(number: u32, heading: Row) -> impl IntoView {
    let tasks = use_tasks();
    let text = memo(move || match heading {
        Row::Day(day) => {
            let today = tasks.clock.get().today();
            let weekday = dates::write_date(day, dates::Style::LongWeekday);
            let date = dates::write_date(
                day,
                if day.year() == today.year() {
                    dates::Style::Day
                } else {
                    dates::Style::DayAndYear
                },
            );
            match (day - today).num_days() {
                0 => ("Today".to_owned(), format!("{weekday} {date}")),
                1 => ("Tomorrow".to_owned(), format!("{weekday} {date}")),
                _ => (weekday, date),
            }
        }
        _ => ("Overdue".to_owned(), String::new()),
    });
    let class = if heading == Row::Overdue {
        "list-heading list-overdue"
    } else {
        "list-heading"
    };
    let (place, total) = places(number);
    view! {
        <li class="list-heading-item" aria-posinset=place aria-setsize=total>
            <h2 class=class data-testid="list-heading">
                {Signal::derive(move || text.get().0)}
                <span class="list-heading-date">{Signal::derive(move || text.get().1)}</span>
            </h2>
        </li>
    }
}

fn places(number: u32) -> (Signal<Option<String>>, Signal<String>) {
    let places: Places = expect_context();
    let place = Signal::derive(move || places.place(number).map(|place| place.to_string()));
    (place, Signal::derive(move || places.total().to_string()))
}

/// A task.
#[component]
fn TaskItem(task: Key) -> impl IntoView {
    let tasks = use_tasks();
    let ui = use_ui_state();
    // Every change of the replica reaches every row that is drawn; only those whose own task has changed go on from here.
    let entry = memo(move || tasks.entry(task));
    let line = line(entry, tasks, ui);
    let is_current = memo(move || ui.current.get() == Some(task));
    let is_open = memo(move || ui.open.get() == Some(task));
    let class = Signal::derive(move || match (is_open.get(), is_current.get()) {
        (true, _) => "task-item task-open",
        (false, true) => "task-item task-current",
        (false, false) => "task-item",
    });
    let (place, total) = places(task);
    let ids = RowIds {
        toggle: toggle_id(task),
        open: open_id(task),
    };
    view! {
        <li
            class=class
            id=format!("task-{task}")
            data-key=task.to_string()
            data-testid="task-row"
            aria-busy=Signal::derive(move || line.with(|line| line.unsaved.then_some("true")))
            aria-posinset=place
            aria-setsize=total
            on:focusin=on::focusin(move |_| {
                if ui.current.get_untracked() != Some(task) {
                    ui.current.set(Some(task));
                }
            })
        >
            <TaskRow
                ids
                task=line
                selecting=ui.selecting
                selected=memo(move || ui.selected.with(|selected| selected.contains(&task)))
                on_toggle=Callback::new(move |done| complete(tasks, ui, task, done))
                on_select=Callback::new(move |all| ui.select(task, all))
                on_open=Callback::new(move |()| ui.show(task, Field::Title))
                on_delete=Callback::new(move |()| delete(tasks, ui, task))
            />
        </li>
    }
}

/// Ticks a task off, or on again.
pub fn complete(tasks: TaskStore, ui: UiState, task: Key, done: bool) {
    ui.leave(task, crate::store::COMPOSER_ID);
    tasks.complete(task, done);
}

/// Deletes a task.
pub fn delete(tasks: TaskStore, ui: UiState, task: Key) {
    ui.leave(task, crate::store::COMPOSER_ID);
    tasks.delete(task);
}

/// What a task's row shows.
fn line(entry: Memo<Option<Entry>>, tasks: TaskStore, ui: UiState) -> Memo<TaskLine> {
    memo(move || {
        let Some(entry) = entry.get() else {
            return TaskLine::default();
        };
        let (done, total) = entry.progress();
        let clock = tasks.clock.get();
        let content = entry.wanted;
        let here = ui.view.with(|view| match view {
            Some(View::List(id)) => Some(*id),
            _ => None,
        });
        let done_at = entry.base.as_ref().and_then(|task| task.completed_at);
        TaskLine {
            notes: first_line(&content.description),
            completed: content.completed,
            priority: content.priority.get(),
            due: content.due.as_ref().map(|due| due_label(due, clock, content.completed)),
            recurs: content.recurrence.is_some(),
            list: content.list_id.filter(|id| Some(*id) != here).and_then(|id| {
                let list = tasks.list(id)?;
                Some((list.name, list.color.as_str()))
            }),
            tags: content.tags,
            progress: (total > 0).then_some((done, total)),
            done: done_at
                .filter(|_| content.completed)
                .map_or_else(String::new, |at| words::task::done_when(&dates::ago(at, clock.instant))),
            title: content.title.into_string(),
            unsaved: entry.base.is_none(),
        }
    })
}

/// The beginning of a text, without the signs that its form is written with.
fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let line = line.trim_start_matches(['#', '>', '-', '*', ' ']);
    line.replace("**", "").replace(['`'], "")
}

fn due_label(due: &shared::due::Due, clock: dates::Clock, completed: bool) -> DueLabel {
    let words = dates::words(due, clock);
    DueLabel {
        text: words.text,
        title: words.title,
        machine: words.machine,
        urgency: if completed { "later" } else { words.urgency.name() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_the_first_words_of_the_notes() {
        for (text, line) in [
            ("", ""),
            ("\n\n## Plan\nmore", "Plan"),
            ("- one\n- two", "one"),
            ("with **bold** and `code`", "with bold and code"),
        ] {
            assert_eq!(first_line(text), line);
        }
    }

    #[test]
    fn headings_and_tasks_are_told_apart_by_their_numbers() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        for line in [Row::Task(0), Row::Task(9_999), Row::Overdue, Row::Day(day)] {
            assert_eq!(decode(encode(line)), line);
        }
    }
}
