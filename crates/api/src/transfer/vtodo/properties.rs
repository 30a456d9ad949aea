//! What the properties of a component say.

use crate::transfer::import::instant;
use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarParameterName, ICalendarParameterValue, ICalendarProperty,
    ICalendarRelationshipType, ICalendarValue, Uri,
};
use calcard::{Entry, Parser};
use chrono::{DateTime, Utc};

/// The components of a text that is one component.
pub(super) fn entries_of(text: &str) -> Vec<ICalendarComponent> {
    match Parser::new(text).entry() {
        Entry::ICalendar(calendar) => calendar.components,
        _ => Vec::new(),
    }
}

/// What is there to be read: text, or an address. A file is neither.
pub(super) fn written(entry: &ICalendarEntry) -> Option<&str> {
    match entry.values.first()? {
        _ if is_file(entry) => None,
        ICalendarValue::Text(text) | ICalendarValue::Uri(Uri::Location(text)) => Some(text),
        _ => None,
    }
}

fn is_file(entry: &ICalendarEntry) -> bool {
    let kind = entry.parameter(&ICalendarParameterName::Value);
    kind.and_then(ICalendarParameterValue::as_text)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("BINARY"))
}

/// RFC 5545 §3.8.4.5: what has no `RELTYPE` is the parent.
pub(super) fn is_parent(entry: &ICalendarEntry) -> bool {
    match entry.parameter(&ICalendarParameterName::Reltype) {
        None => true,
        Some(ICalendarParameterValue::Reltype(reltype)) => *reltype == ICalendarRelationshipType::Parent,
        Some(_) => false,
    }
}

pub(super) fn value_of<'a>(
    component: &'a ICalendarComponent,
    property: &ICalendarProperty,
) -> Option<&'a ICalendarValue> {
    component.property(property)?.values.first()
}

pub(super) fn text_of<'a>(component: &'a ICalendarComponent, property: &ICalendarProperty) -> Option<&'a str> {
    value_of(component, property)?
        .as_text()
        .filter(|text| !text.trim().is_empty())
}

/// An instant; what has no zone is taken to be UTC, as the RFC would have it.
pub(super) fn instant_of(component: &ICalendarComponent, property: &ICalendarProperty) -> Option<DateTime<Utc>> {
    let read = value_of(component, property)?.as_partial_date_time()?.to_date_time()?;
    let moment = match read.offset {
        Some(offset) => read.date_time.and_local_timezone(offset).single()?.to_utc(),
        None => read.date_time.and_utc(),
    };
    instant(moment)
}
