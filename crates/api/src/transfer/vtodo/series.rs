//! Several entries of one UID are one series: the open one is the task, what is done is its past.

use super::properties::value_of;
use crate::calendar::recurrence;
use crate::transfer::ids::Ids;
use crate::transfer::import::{Import, ImportTask};
use crate::transfer::notes::Place;
use calcard::common::PartialDateTime;
use calcard::icalendar::{ICalendarComponent, ICalendarProperty, ICalendarValue};
use chrono::NaiveDate;
use shared::due::Due;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is known of an entry besides its task.
pub(super) struct Instance {
    place: Place,
    /// Which day of a recurring task it is about.
    of_day: Option<NaiveDate>,
    /// How often it was changed.
    sequence: i64,
}

impl Instance {
    pub(super) fn of(todo: &ICalendarComponent, place: Place) -> Self {
        let day = |value: &PartialDateTime| {
            NaiveDate::from_ymd_opt(value.year?.into(), value.month?.into(), value.day?.into())
        };
        let value = |property: &ICalendarProperty| value_of(todo, property);
        Self {
            place,
            of_day: value(&ICalendarProperty::RecurrenceId)
                .and_then(ICalendarValue::as_partial_date_time)
                .and_then(day),
            sequence: value(&ICalendarProperty::Sequence)
                .and_then(ICalendarValue::as_integer)
                .unwrap_or_default(),
        }
    }
}

/// Makes one series of the entries of each UID. `instances` belong to the tasks, in their order.
pub(super) fn gather(import: &mut Import, instances: &[Instance]) {
    let mut by_id: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for (at, task) in import.tasks.iter().enumerate() {
        by_id.entry(task.id).or_default().push(at);
    }
    let mut series: Vec<Vec<usize>> = by_id.into_values().filter(|entries| entries.len() > 1).collect();
    // In the file's order, for what is noted.
    series.sort_unstable();
    let mut dropped = HashSet::new();
    for entries in series {
        one(import, instances, &entries, &mut dropped);
    }
    if !dropped.is_empty() {
        let mut at = 0..;
        import
            .tasks
            .retain(|_| at.next().is_none_or(|at| !dropped.contains(&at)));
    }
}

fn one(import: &mut Import, instances: &[Instance], entries: &[usize], dropped: &mut HashSet<usize>) {
    let all = |at: usize| Some((import.tasks.get(at)?, instances.get(at)?));
    // The series itself before one day of it, what is open before what is done, the newest.
    let rank = |at: &usize| {
        all(*at).map(|(task, instance)| {
            let day = task.due.as_ref().map(Due::date);
            let newest = (instance.sequence, task.updated_at, day);
            (instance.of_day.is_none(), !task.completed, newest, Reverse(*at))
        })
    };
    let Some(current) = entries.iter().copied().max_by_key(rank) else {
        return;
    };
    let Some(kept) = import.tasks.get(current).cloned() else {
        return;
    };
    let mut last_done: Option<NaiveDate> = None;
    for at in entries.iter().copied().filter(|at| *at != current) {
        let (Some(task), Some(instance)) = (import.tasks.get_mut(at), instances.get(at)) else {
            continue;
        };
        if task.completed {
            let day = instance.of_day.or(task.due.as_ref().map(Due::date));
            last_done = last_done.max(day);
            into_the_past(task, instance);
        } else if instance.of_day.is_some() {
            dropped.insert(at);
            let message = "A change of one day of a recurring task is not taken over";
            import.notes.add(&instance.place, message);
        } else if is_same(task, &kept) {
            dropped.insert(at);
            import
                .notes
                .add(&instance.place, "Another task of this file has the same id");
        } else {
            let said = task.due.as_ref().map(ToString::to_string).unwrap_or_default();
            task.id = Ids::of_past(task.id, &format!("{said} {}", task.title.as_str()));
            import.notes.add(
                &instance.place,
                "Another task of this file has the same id: both are kept",
            );
        }
    }
    if let Some(task) = import.tasks.get_mut(current) {
        go_on_after(task, last_done);
    }
}

/// What is done of a series stands for itself: the series goes on elsewhere.
fn into_the_past(task: &mut ImportTask, instance: &Instance) {
    let day = instance.of_day.or(task.due.as_ref().map(Due::date));
    let when = day.map(|day| day.to_string());
    let when = when.or_else(|| task.completed_at.map(|at| at.to_rfc3339()));
    task.id = Ids::of_past(task.id, &when.unwrap_or_default());
    task.recurrence = None;
    task.series_start = None;
}

/// Of an open series whose day is done already, the next one.
fn go_on_after(task: &mut ImportTask, done: Option<NaiveDate>) {
    let (Some(done), Some(recurrence), Some(due)) = (done, task.recurrence, &task.due) else {
        return;
    };
    if task.completed || due.date() > done {
        return;
    }
    let first = task.series_start.unwrap_or(due.date());
    let Some(day) = recurrence::next_day(recurrence, first, done, done) else {
        return;
    };
    let next = match (due.time(), due.zone()) {
        (Some(time), Some(zone)) => Due::at(day, time, zone.clone()),
        _ => Due::on(day),
    };
    task.due = next.ok().or(task.due.take());
}

fn is_same(one: &ImportTask, other: &ImportTask) -> bool {
    one.title == other.title && one.description == other.description && one.due == other.due
}
