//! The tasks of an iCalendar file (RFC 5545, `VTODO`), ours or another program's.

mod components;
mod left_out;
mod lines;
mod properties;
mod series;
mod zones;

use super::ical::{LIST, POSITION, RECURRENCE, SERIES_START, compact, ours};
use super::ids::Ids;
use super::import::{Context, Import, ImportTask, Unreadable};
use super::notes::Place;
use super::{relations, rule, text};
use crate::calendar;
use calcard::icalendar::{
    ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry, ICalendarParameterName,
    ICalendarParameterValue, ICalendarProperty, ICalendarStatus, ICalendarValue,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use components::{Component, Components, Piece};
use properties::{entries_of, instant_of, is_parent, text_of, value_of, written};
use series::Instance;
use shared::due::{Due, Zone};
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use std::collections::HashMap;
use zones::Zones;

/// Reads a file.
///
/// # Errors
/// If there is no calendar in it, or too much.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let mut reading = Reading {
        context,
        import: Import::default(),
        ids: Ids::default(),
        zones: Zones::default(),
        calendar: 0,
        names: HashMap::new(),
        instances: Vec::new(),
    };
    reading.look_ahead(file)?;
    let mut components = Components::new(file);
    while let Some(piece) = components.next()? {
        reading.piece(piece)?;
    }
    let Reading {
        mut import, instances, ..
    } = reading;
    series::gather(&mut import, &instances);
    relations::resolve(&mut import)?;
    Ok(import)
}

/// What ours can say of a rule that stands somewhere else.
pub(super) fn recurrence_of(rule: &str, due: NaiveDate, zone: Tz) -> Option<Recurrence> {
    let line = rule.split(['\r', '\n']).next()?;
    let parts = entries_of(&format!("BEGIN:VTODO\n{line}\nEND:VTODO\n"));
    match value_of(parts.first()?, &ICalendarProperty::Rrule)? {
        ICalendarValue::RecurrenceRule(rule) => rule::read(rule, due, zone),
        _ => None,
    }
}

struct Reading<'a> {
    context: &'a Context,
    import: Import,
    ids: Ids,
    zones: Zones,
    /// Which calendar of the file it is, from 1.
    calendar: usize,
    /// What the calendars are called.
    names: HashMap<usize, String>,
    /// What is known of each task besides, in their order.
    instances: Vec<Instance>,
}

impl Reading<'_> {
    /// What a calendar says of itself holds for what comes before it, too.
    fn look_ahead(&mut self, file: &[u8]) -> Result<(), Unreadable> {
        let mut components = Components::new(file);
        let mut calendar = 0;
        let mut is_any = false;
        while let Some(piece) = components.next()? {
            is_any = true;
            match piece {
                Piece::Calendar => calendar += 1,
                Piece::Property(line) => self.name(calendar, &line),
                Piece::Component(zone) if zone.kind == "VTIMEZONE" => {
                    self.zones.read(calendar, &zone, self.context);
                }
                Piece::Component(_) | Piece::CutOff => {}
            }
        }
        if is_any {
            Ok(())
        } else {
            Err(Unreadable("The file is no iCalendar file".to_owned()))
        }
    }

    fn name(&mut self, calendar: usize, line: &str) {
        let property = line.split([':', ';']).next().unwrap_or_default();
        let is_ours = property.eq_ignore_ascii_case("X-WR-CALNAME");
        if !is_ours && !property.eq_ignore_ascii_case("NAME") || line.len() > 10_000 {
            return;
        }
        let parts = entries_of(&format!("BEGIN:VCALENDAR\n{line}\nEND:VCALENDAR\n"));
        let entry = parts.first().and_then(|root| root.entries.first());
        let name = entry.and_then(|entry| entry.values.first()?.as_text());
        let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
            return;
        };
        if is_ours || !self.names.contains_key(&calendar) {
            self.names.insert(calendar, name.to_owned());
        }
    }

    fn piece(&mut self, piece: Piece) -> Result<(), Unreadable> {
        match piece {
            Piece::Calendar => self.calendar += 1,
            Piece::Property(_) => {}
            Piece::Component(component) => self.component(&component)?,
            Piece::CutOff => self.import.notes.add(
                &Place::default(),
                "The file is cut off: it ends before its calendar does, and what came behind is not in it",
            ),
        }
        Ok(())
    }

    fn component(&mut self, component: &Component) -> Result<(), Unreadable> {
        if component.kind == "VTIMEZONE" {
            return Ok(());
        }
        let parts = entries_of(&component.text);
        let summary = parts
            .first()
            .and_then(|part| text_of(part, &ICalendarProperty::Summary));
        let place = Place {
            line: Some(component.line),
            item: summary.map(str::to_owned),
        };
        match component.kind.as_str() {
            "VTODO" => {}
            "VALARM" => {
                self.import.notes.add(&place, "Reminders (VALARM) are not taken over");
                return Ok(());
            }
            kind => {
                let kind = text::shortened(kind, 40);
                self.import.notes.add(&place, format!("A {kind} is no task"));
                return Ok(());
            }
        }
        for part in parts.iter().skip(1) {
            let message = match &part.component_type {
                ICalendarComponentType::VAlarm => "Reminders (VALARM) are not taken over".to_owned(),
                other => format!("A {} is not taken over", text::shortened(other.as_str(), 40)),
            };
            self.import.notes.add(&place, message);
        }
        if component.cut_off {
            self.import
                .notes
                .add(&place, "The task is cut off: its END is missing, and perhaps more");
        }
        for name in &component.too_long {
            self.import
                .notes
                .add(&place, format!("{name} is too long and is left out"));
        }
        match parts.first() {
            Some(todo) => self.todo(todo, component, &place),
            None => Ok(()),
        }
    }

    fn todo(&mut self, todo: &ICalendarComponent, component: &Component, place: &Place) -> Result<(), Unreadable> {
        let id = match text_of(todo, &ICalendarProperty::Uid) {
            Some(uid) => Ids::of_uid(uid),
            None => self.ids.of_row(&component.text),
        };
        let summary = text_of(todo, &ICalendarProperty::Summary).unwrap_or_default();
        let fitted = text::fit(summary, &description(todo), place, &mut self.import.notes);
        let Some(title) = fitted.title else {
            self.import.notes.add(place, "The task has no title (SUMMARY)");
            return Ok(());
        };
        let mut task = ImportTask::new(id, title, self.context, self.import.tasks.len());
        (task.description, task.rest) = (fitted.description, fitted.rest);
        task.created_at = instant_of(todo, &ICalendarProperty::Created).unwrap_or(task.created_at);
        task.updated_at = instant_of(todo, &ICalendarProperty::LastModified).unwrap_or(task.updated_at);
        task.priority = self.priority(todo, place);
        let categories = todo
            .properties(&ICalendarProperty::Categories)
            .flat_map(|entry| &entry.values);
        task.tags = text::tags(
            categories.filter_map(ICalendarValue::as_text),
            place,
            &mut self.import.notes,
        );
        task.due = self.due(todo, place);
        (task.recurrence, task.series_start) = self.recurrence(todo, task.due.as_ref(), place);
        (task.completed, task.completed_at) = self.completed(todo, place);
        task.parent_id = todo
            .properties(&ICalendarProperty::RelatedTo)
            .find(|entry| is_parent(entry))
            .and_then(|entry| {
                let uid = entry.values.first()?.as_text()?;
                Some(Ids::of_uid(uid))
            });
        if let Some(position) = text_of(todo, &ours(POSITION)).and_then(|text| Position::parse(text).ok()) {
            task.position = position;
        }
        let calendar = self.names.get(&self.calendar).map(String::as_str);
        if let Some(name) = text_of(todo, &ours(LIST)).or(calendar)
            && let Some(name) = text::list_name(name, place, &mut self.import.notes)
        {
            task.list_id = Some(self.import.add_list_by_name(name, self.context.now)?);
        }
        left_out::note(todo, place, &mut self.import.notes);
        task.normalise(self.context);
        self.instances.push(Instance::of(todo, place.clone()));
        self.import.add_task(task)
    }

    /// RFC 5545 §3.8.1.9: 1 to 4 are high, 5 is in the middle, 6 to 9 are low, 0 says nothing.
    fn priority(&mut self, todo: &ICalendarComponent, place: &Place) -> Priority {
        let Some(value) = value_of(todo, &ICalendarProperty::Priority) else {
            return Priority::None;
        };
        match value.as_integer() {
            Some(1..=4) => Priority::High,
            Some(5) => Priority::Medium,
            Some(6..=9) => Priority::Low,
            Some(0) => Priority::None,
            _ => {
                self.import.notes.add(place, "PRIORITY is not a number from 0 to 9");
                Priority::None
            }
        }
    }

    /// `DUE`; where there is none, `DTSTART` and the `DURATION`, or `DTSTART` itself.
    fn due(&mut self, todo: &ICalendarComponent, place: &Place) -> Option<Due> {
        let duration = match value_of(todo, &ICalendarProperty::Duration) {
            Some(ICalendarValue::Duration(duration)) => Some(duration),
            _ => None,
        };
        let start = todo.property(&ICalendarProperty::Dtstart);
        let start_at = start.and_then(|start| self.moment(start, None, place));
        let (due, said) = match (todo.property(&ICalendarProperty::Due), start) {
            (Some(due), _) => (self.moment(due, None, place), due),
            (None, Some(start)) if duration.is_some() => (self.moment(start, duration, place), start),
            (None, Some(start)) => {
                if start_at.is_some() && !todo.has_property(&ICalendarProperty::Rrule) {
                    let message = "It has no DUE: it is taken as due when it starts (DTSTART)";
                    self.import.notes.add(place, message);
                }
                (start_at.clone(), start)
            }
            (None, None) => return None,
        };
        if due.is_none() {
            let message = format!("{} is no date or time", said.name.as_str());
            self.import.notes.add(place, message);
        }
        if let Some(start) = start_at.filter(|start| Some(start) != due.as_ref()) {
            let message = format!("When it starts ({start}) is not taken over");
            self.import.notes.add(place, message);
        }
        due
    }

    /// What a property says, so much later.
    fn moment(&mut self, entry: &ICalendarEntry, later: Option<&ICalendarDuration>, place: &Place) -> Option<Due> {
        let value = entry.values.first()?.as_partial_date_time()?;
        let date = NaiveDate::from_ymd_opt(value.year?.into(), value.month?.into(), value.day?.into())?;
        let Some(hour) = value.hour else {
            return Due::on(moved(date, later)?).ok();
        };
        let time = NaiveTime::from_hms_opt(hour.into(), value.minute.unwrap_or(0).into(), 0)?;
        // Days are days of the calendar, hours are hours (RFC 5545 §3.3.6).
        let hours = later.map_or(TimeDelta::zero(), hours_of);
        if value.tz_hour.is_some() {
            let offset = value.to_date_time()?.offset?;
            let at = moved(date, later)?.and_time(time).and_local_timezone(offset).single()?;
            let local = at.checked_add_signed(hours)?.with_timezone(&self.context.zone);
            return at_moment(local.date_naive(), local.time(), self.context.zone);
        }
        let local = moved(date, later)?.and_time(time);
        let named = entry
            .parameter(&ICalendarParameterName::Tzid)
            .and_then(ICalendarParameterValue::as_text);
        let (local, zone) = match named {
            Some(name) => {
                let placed = self.zones.place(self.calendar, name, local, self.context);
                if let Some(note) = placed.note {
                    self.import.notes.add(place, note);
                }
                (placed.local, placed.zone)
            }
            None => (local, self.context.zone),
        };
        let due = at_moment(local.date(), local.time(), zone)?;
        if hours.is_zero() {
            return Some(due);
        }
        let local = calendar::instant(&due)?.checked_add_signed(hours)?.with_timezone(&zone);
        at_moment(local.date_naive(), local.time(), zone)
    }

    fn recurrence(
        &mut self,
        todo: &ICalendarComponent,
        due: Option<&Due>,
        place: &Place,
    ) -> (Option<Recurrence>, Option<NaiveDate>) {
        if let Some(Ok(recurrence)) = text_of(todo, &ours(RECURRENCE)).map(Recurrence::parse) {
            let first = text_of(todo, &ours(SERIES_START)).and_then(|text| {
                NaiveDate::parse_from_str(text, "%Y%m%d")
                    .ok()
                    .filter(|day| compact(*day) == text)
            });
            return (Some(recurrence), first);
        }
        let Some(value) = value_of(todo, &ICalendarProperty::Rrule) else {
            return (None, None);
        };
        let zone = due
            .and_then(|due| due.zone())
            .and_then(calendar::zone)
            .unwrap_or(self.context.zone);
        let day = due.map_or_else(|| self.context.today(), Due::date);
        let read = match value {
            ICalendarValue::RecurrenceRule(rule) => rule::read(rule, day, zone),
            _ => None,
        };
        if read.is_none() {
            let said = match value {
                ICalendarValue::RecurrenceRule(rule) => rule.to_string(),
                other => other.as_text().unwrap_or_default().to_owned(),
            };
            self.import
                .notes
                .add(place, format!("It cannot recur by “{}”", text::shortened(&said, 100)));
        }
        (read, None)
    }

    fn completed(&mut self, todo: &ICalendarComponent, place: &Place) -> (bool, Option<DateTime<Utc>>) {
        let at = instant_of(todo, &ICalendarProperty::Completed);
        let all = value_of(todo, &ICalendarProperty::PercentComplete).and_then(ICalendarValue::as_integer) == Some(100);
        let done = match todo.status() {
            Some(ICalendarStatus::Completed) => true,
            Some(ICalendarStatus::Cancelled) => {
                self.import.notes.add(place, "It was cancelled: it is taken as done");
                true
            }
            Some(_) => false,
            None => at.is_some() || all,
        };
        (done, at)
    }
}

/// What is to be read about it: its description, then what others keep beside it.
fn description(todo: &ICalendarComponent) -> String {
    let mut parts = Vec::new();
    for property in [
        ICalendarProperty::Description,
        ICalendarProperty::Comment,
        ICalendarProperty::Location,
        ICalendarProperty::Url,
        ICalendarProperty::Attach,
    ] {
        let values = todo.properties(&property).filter_map(written);
        parts.extend(values.filter(|text| !text.trim().is_empty()).map(str::to_owned));
    }
    parts.join("\n\n")
}

/// A day so many days and weeks later.
fn moved(date: NaiveDate, later: Option<&ICalendarDuration>) -> Option<NaiveDate> {
    let Some(later) = later else { return Some(date) };
    let days = Days::new(u64::from(later.weeks) * 7 + u64::from(later.days));
    if later.neg {
        date.checked_sub_days(days)
    } else {
        date.checked_add_days(days)
    }
}

fn hours_of(later: &ICalendarDuration) -> TimeDelta {
    let seconds = i64::from(later.hours) * 3600 + i64::from(later.minutes) * 60 + i64::from(later.seconds);
    TimeDelta::seconds(if later.neg { -seconds } else { seconds })
}

fn at_moment(date: NaiveDate, time: NaiveTime, zone: Tz) -> Option<Due> {
    Due::at(date, time, Zone::parse(zone.name()).ok()?).ok()
}
