//! What a task of another program has, and none of ours: each is said, so that nobody believes that it came along.

use super::properties::{is_parent, written};
use crate::transfer::{Notes, Place, text};
use calcard::common::IanaString as _;
use calcard::icalendar::{ICalendarComponent, ICalendarEntry, ICalendarProperty, ICalendarStatus, ICalendarValue};

/// Properties that are read, and those that only programs need.
fn is_known(property: &ICalendarProperty) -> bool {
    match property {
        ICalendarProperty::Begin
        | ICalendarProperty::End
        | ICalendarProperty::Uid
        | ICalendarProperty::Dtstamp
        | ICalendarProperty::Created
        | ICalendarProperty::LastModified
        | ICalendarProperty::Sequence
        | ICalendarProperty::Summary
        | ICalendarProperty::Description
        | ICalendarProperty::Comment
        | ICalendarProperty::Location
        | ICalendarProperty::Url
        | ICalendarProperty::Attach
        | ICalendarProperty::Categories
        | ICalendarProperty::Priority
        | ICalendarProperty::Due
        | ICalendarProperty::Dtstart
        | ICalendarProperty::Rrule
        | ICalendarProperty::RecurrenceId
        | ICalendarProperty::Status
        | ICalendarProperty::Completed
        | ICalendarProperty::RequestStatus => true,
        ICalendarProperty::Other(name) => {
            let name = name.to_ascii_uppercase();
            name.starts_with("X-TASKWARD-") || name.starts_with("X-MOZ-GENERATION") || name == "X-ALT-DESC"
        }
        _ => false,
    }
}

/// Notes what there is no place for.
pub(super) fn note(todo: &ICalendarComponent, place: &Place, notes: &mut Notes) {
    let mut parents = 0;
    for entry in &todo.entries {
        let name = text::shortened(entry.name.as_str(), 40);
        match &entry.name {
            ICalendarProperty::PercentComplete => progress(todo, entry, place, notes),
            ICalendarProperty::Status if todo.status() == Some(&ICalendarStatus::InProcess) => {
                notes.add(place, "That it is in process is not taken over: it is open");
            }
            ICalendarProperty::Class => {
                let class = word(entry);
                if !class.eq_ignore_ascii_case("PUBLIC") {
                    notes.add(place, format!("CLASS ({class}) is not taken over"));
                }
            }
            ICalendarProperty::RelatedTo if is_parent(entry) => {
                parents += 1;
                if parents == 2 {
                    notes.add(place, "It has several parents: the first is taken");
                }
            }
            ICalendarProperty::RelatedTo => {
                let kind = entry.params.first().map(|param| &param.value);
                let kind = kind.and_then(|kind| kind.as_text()).unwrap_or("RELATED-TO");
                let kind = text::shortened(kind, 40);
                notes.add(
                    place,
                    format!("Its relation to another task ({kind}) is not taken over"),
                );
            }
            ICalendarProperty::Duration => {
                let is_due = !todo.has_property(&ICalendarProperty::Due)
                    && todo.has_property(&ICalendarProperty::Dtstart)
                    && matches!(entry.values.first(), Some(ICalendarValue::Duration(_)));
                if !is_due {
                    notes.add(place, "How long it takes (DURATION) is not taken over");
                }
            }
            ICalendarProperty::Attach if written(entry).is_none() => {
                notes.add(place, "Attached files (ATTACH) are not taken over");
            }
            ICalendarProperty::Other(other) if other.eq_ignore_ascii_case("X-APPLE-SORT-ORDER") => {
                notes.add(place, format!("Its place among the others ({name}) is not taken over"));
            }
            property if is_known(property) => {}
            _ => notes.add(place, format!("{name} is not taken over")),
        }
    }
}

/// How far it is, unless that says what being open or done says already.
fn progress(todo: &ICalendarComponent, entry: &ICalendarEntry, place: &Place, notes: &mut Notes) {
    let percent = entry.values.first().and_then(ICalendarValue::as_integer);
    let is_done = todo.status() == Some(&ICalendarStatus::Completed)
        || todo.status().is_none() && todo.has_property(&ICalendarProperty::Completed);
    match percent {
        Some(0) => {}
        Some(100) if is_done || todo.status().is_none() => {}
        Some(percent) => notes.add(place, format!("Its progress ({percent} %) is not taken over")),
        None => notes.add(place, "Its progress (PERCENT-COMPLETE) is not taken over"),
    }
}

fn word(entry: &ICalendarEntry) -> String {
    let word = match entry.values.first() {
        Some(ICalendarValue::Classification(class)) => class.as_str(),
        Some(other) => other.as_text().unwrap_or_default(),
        None => "",
    };
    text::shortened(word, 40)
}
