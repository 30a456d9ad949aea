//! Tasks as iCalendar (RFC 5545, `VTODO`), for calendars and other lists.
//!
//! What iCalendar lacks is said in properties of our own, so that [`vtodo`](super::vtodo) reads the same tasks again. Zones
//! are named as the IANA database does, and not described: every program that reads tasks has the database (RFC 7809 §3.1.2
//! has servers leave it out as well). What is in the trash is not exported.

use super::rule;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameter, ICalendarProperty,
    ICalendarRelationshipType, ICalendarStatus, ICalendarValue, ICalendarValueType,
};
use chrono::NaiveDate;
use shared::due::Due;
use shared::priority::Priority;
use shared::transfer::ExportedTask;
use std::collections::HashMap;
use uuid::Uuid;

/// The name of the task's list.
pub(super) const LIST: &str = "X-TASKWARD-LIST";
/// Its recurrence in full.
pub(super) const RECURRENCE: &str = "X-TASKWARD-RECURRENCE";
/// The day from which that is counted.
pub(super) const SERIES_START: &str = "X-TASKWARD-SERIES-START";
/// Its place among the others.
pub(super) const POSITION: &str = "X-TASKWARD-POSITION";

/// What the file ends with.
pub(super) const END: &str = "END:VCALENDAR\r\n";

/// What the file begins with.
#[must_use]
pub(super) fn beginning() -> String {
    let mut calendar = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    calendar.add_property(ICalendarProperty::Version, "2.0");
    calendar.add_property(ICalendarProperty::Prodid, "-//Taskward//Taskward//EN");
    let whole = written(calendar);
    whole.strip_suffix(END).map(str::to_owned).unwrap_or(whole)
}

/// A task.
#[must_use]
pub(super) fn component(task: &ExportedTask, lists: &HashMap<Uuid, String>) -> String {
    written(todo(task, lists))
}

fn written(component: ICalendarComponent) -> String {
    let components = vec![component];
    ICalendar { components }.to_string()
}

fn todo(exported: &ExportedTask, lists: &HashMap<Uuid, String>) -> ICalendarComponent {
    let task = &exported.task;
    let mut todo = ICalendarComponent::new(ICalendarComponentType::VTodo);
    todo.add_uid(&task.id.to_string());
    todo.add_dtstamp(rule::utc(task.updated_at));
    todo.add_property(ICalendarProperty::Created, rule::utc(task.created_at));
    todo.add_property(ICalendarProperty::LastModified, rule::utc(task.updated_at));
    todo.add_property(ICalendarProperty::Summary, task.title.as_str());
    if let Some(description) = &task.description {
        todo.add_property(ICalendarProperty::Description, description.replace("\r\n", "\n"));
    }
    if let Some(priority) = priority(task.priority) {
        todo.add_property(ICalendarProperty::Priority, priority);
    }
    if !task.tags.is_empty() {
        let tags = task.tags.iter().map(|tag| ICalendarValue::Text(tag.clone())).collect();
        todo.entries
            .push(ICalendarEntry::new(ICalendarProperty::Categories).with_values(tags));
    }
    if let Some(parent) = task.parent_id {
        let reltype = ICalendarParameter::reltype(ICalendarRelationshipType::Parent);
        todo.add_property_with_params(ICalendarProperty::RelatedTo, [reltype], parent.to_string());
    }
    if let Some(due) = &task.due {
        when(&mut todo, exported, due);
    }
    if task.completed {
        todo.add_property(ICalendarProperty::Status, ICalendarStatus::Completed);
        todo.add_property(
            ICalendarProperty::Completed,
            rule::utc(task.completed_at.unwrap_or(task.updated_at)),
        );
        todo.add_property(ICalendarProperty::PercentComplete, 100);
    } else {
        todo.add_property(ICalendarProperty::Status, ICalendarStatus::NeedsAction);
    }
    if let Some(list) = task.list_id.and_then(|list| lists.get(&list)) {
        todo.add_property(ours(LIST), list.as_str());
    }
    todo.add_property(ours(POSITION), task.position.as_str());
    todo
}

/// When it is due, and how it comes back. Who recurs must have a `DTSTART` (§3.8.5.3), which may be the day it is due.
fn when(todo: &mut ICalendarComponent, exported: &ExportedTask, due: &Due) {
    if let Some(recurrence) = exported.task.recurrence {
        let first = exported.series_start.unwrap_or(due.date());
        if let Some(rule) = rule::write(recurrence, first, due) {
            todo.entries.push(due_entry(ICalendarProperty::Dtstart, due));
            todo.add_property(ICalendarProperty::Rrule, rule);
        }
        todo.add_property(ours(RECURRENCE), recurrence.to_string());
        todo.add_property(ours(SERIES_START), compact(first));
    }
    todo.entries.push(due_entry(ICalendarProperty::Due, due));
}

fn due_entry(property: ICalendarProperty, due: &Due) -> ICalendarEntry {
    let entry = ICalendarEntry::new(property);
    match (due.time(), due.zone()) {
        (Some(time), Some(zone)) => entry
            .with_param(ICalendarParameter::tzid(zone.as_str().to_owned()))
            .with_value(rule::local(due.date(), time)),
        _ => entry
            .with_param(ICalendarParameter::value(ICalendarValueType::Date))
            .with_value(rule::date(due.date())),
    }
}

/// RFC 5545 §3.8.1.9: 1 is the highest, 5 the middle, 9 the lowest; none is left out.
fn priority(priority: Priority) -> Option<i64> {
    match priority {
        Priority::None => None,
        Priority::Low => Some(9),
        Priority::Medium => Some(5),
        Priority::High => Some(1),
    }
}

pub(super) fn compact(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

pub(super) fn ours(name: &str) -> ICalendarProperty {
    ICalendarProperty::Other(name.to_owned())
}
