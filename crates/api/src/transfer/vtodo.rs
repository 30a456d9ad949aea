//! The tasks of an iCalendar file (RFC 5545, `VTODO`), ours or another program's.

use super::ical::{LIST, POSITION, RECURRENCE, SERIES_START, compact, ours};
use super::ids::Ids;
use super::{Context, Import, ImportTask, Place, Unreadable, instant, relations, rule, text};
use calcard::common::timezone::Tz as AnyTz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName,
    ICalendarParameterValue, ICalendarProperty, ICalendarRelationshipType, ICalendarStatus, ICalendarValue,
};
use calcard::{Entry, Parser};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use shared::due::{Due, Zone};
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use uuid::Uuid;

/// Reads a file.
///
/// # Errors
/// If there is no calendar in it.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let file = std::str::from_utf8(file).map_err(|_| Unreadable("The file is not UTF-8 text".to_owned()))?;
    let mut parser = Parser::new(file);
    let mut calendars = Vec::new();
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => calendars.push(calendar),
            Entry::Eof | Entry::TooManyComponents => break,
            _ => {}
        }
    }
    if calendars.is_empty() {
        return Err(Unreadable("The file is no iCalendar file".to_owned()));
    }
    let mut reading = Reading {
        context,
        import: Import::default(),
        ids: Ids::default(),
    };
    let mut lines = todo_lines(file, &calendars).into_iter();
    for calendar in &calendars {
        reading.calendar(calendar, &mut lines);
    }
    relations::settle(&mut reading.import);
    Ok(reading.import)
}

/// The lines on which the tasks begin, in their order: the library does not say. None if they are not as many.
fn todo_lines(file: &str, calendars: &[ICalendar]) -> Vec<u64> {
    let is_todo = |component: &&ICalendarComponent| component.component_type == ICalendarComponentType::VTodo;
    let todos: usize = calendars
        .iter()
        .map(|calendar| calendar.components.iter().filter(is_todo).count())
        .sum();
    let lines: Vec<u64> = (1..)
        .zip(file.lines())
        .filter(|(_, line)| line.trim_end().eq_ignore_ascii_case("BEGIN:VTODO"))
        .map(|(number, _)| number)
        .collect();
    if lines.len() == todos { lines } else { Vec::new() }
}

struct Reading<'a> {
    context: &'a Context,
    import: Import,
    ids: Ids,
}

impl Reading<'_> {
    fn calendar(&mut self, calendar: &ICalendar, lines: &mut impl Iterator<Item = u64>) {
        let name = calendar.components.first().and_then(|root| {
            let name = text_of(root, &ours("X-WR-CALNAME")).or_else(|| text_of(root, &ICalendarProperty::Name));
            name.map(str::to_owned)
        });
        for component in &calendar.components {
            match &component.component_type {
                ICalendarComponentType::VTodo => {
                    let place = Place {
                        line: lines.next(),
                        item: text_of(component, &ICalendarProperty::Summary).map(str::to_owned),
                    };
                    self.todo(component, &place, name.as_deref());
                }
                ICalendarComponentType::VEvent
                | ICalendarComponentType::VJournal
                | ICalendarComponentType::VFreebusy => {
                    let place = Place {
                        line: None,
                        item: text_of(component, &ICalendarProperty::Summary).map(str::to_owned),
                    };
                    self.import
                        .notes
                        .add(&place, format!("A {} is no task", component.component_type.as_str()));
                }
                ICalendarComponentType::VAlarm => {
                    self.import
                        .notes
                        .add(&Place::default(), "Reminders (VALARM) are not taken over");
                }
                _ => {}
            }
        }
    }

    fn todo(&mut self, todo: &ICalendarComponent, place: &Place, calendar: Option<&str>) {
        if todo.has_property(&ICalendarProperty::RecurrenceId) {
            self.import
                .notes
                .add(place, "A change of one day of a recurring task is not taken over");
            return;
        }
        let id = match text_of(todo, &ICalendarProperty::Uid) {
            Some(uid) => Ids::of_uid(uid),
            None => self.ids.of_row(&format!("{:?}", todo.entries)),
        };
        let summary = text_of(todo, &ICalendarProperty::Summary).unwrap_or_default();
        let (title, description) =
            text::title_and_description(summary, &description(todo), place, &mut self.import.notes);
        let Some(title) = title else {
            self.import.notes.add(place, "The task has no title (SUMMARY)");
            return;
        };
        let mut task = ImportTask::new(id, title, self.context, self.import.tasks.len());
        task.description = description;
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
        task.list_id = text_of(todo, &ours(LIST)).or(calendar).and_then(|name| self.list(name));
        self.left_out(todo, place);
        task.settle(self.context);
        self.import.tasks.push(task);
    }

    fn list(&mut self, name: &str) -> Option<Uuid> {
        let name = text::name(name)?;
        let id = Ids::of_list(name.as_str());
        if self.import.lists.iter().any(|list| list.id == id) {
            return Some(id);
        }
        Some(self.import.add_list(name, self.context.now))
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

    /// `DUE`, or where there is none `DTSTART`.
    fn due(&mut self, todo: &ICalendarComponent, place: &Place) -> Option<Due> {
        let entry = todo
            .property(&ICalendarProperty::Due)
            .or_else(|| todo.property(&ICalendarProperty::Dtstart))?;
        let due = self.moment(entry, place);
        if due.is_none() {
            self.import
                .notes
                .add(place, format!("{} is no date or time", entry.name.as_str()));
        }
        due
    }

    fn moment(&mut self, entry: &ICalendarEntry, place: &Place) -> Option<Due> {
        let value = entry.values.first()?.as_partial_date_time()?;
        let date = NaiveDate::from_ymd_opt(value.year?.into(), value.month?.into(), value.day?.into())?;
        let Some(hour) = value.hour else {
            return Due::on(date).ok();
        };
        let time = NaiveTime::from_hms_opt(hour.into(), value.minute.unwrap_or(0).into(), 0)?;
        if value.tz_hour.is_some() {
            let offset = value.to_date_time()?.offset?;
            let local = date
                .and_time(time)
                .and_local_timezone(offset)
                .single()?
                .with_timezone(&self.context.zone);
            return at(local.date_naive(), local.time(), self.context.zone);
        }
        let named = entry
            .parameter(&ICalendarParameterName::Tzid)
            .and_then(ICalendarParameterValue::as_text);
        let zone = match named.map(str::parse::<AnyTz>) {
            Some(Ok(AnyTz::Tz(zone))) => zone,
            Some(_) => {
                let name = text::shortened(named.unwrap_or_default(), 60);
                self.import
                    .notes
                    .add(place, format!("The time zone “{name}” is not known; yours is taken"));
                self.context.zone
            }
            None => self.context.zone,
        };
        at(date, time, zone)
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
            .and_then(crate::calendar::recurrence::zone)
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

    /// Notes what there is no place for.
    fn left_out(&mut self, todo: &ICalendarComponent, place: &Place) {
        for entry in &todo.entries {
            let lost = matches!(
                entry.name,
                ICalendarProperty::Attendee
                    | ICalendarProperty::Organizer
                    | ICalendarProperty::Contact
                    | ICalendarProperty::Duration
                    | ICalendarProperty::Exdate
                    | ICalendarProperty::Exrule
                    | ICalendarProperty::Rdate
                    | ICalendarProperty::Geo
                    | ICalendarProperty::Resources
            );
            if lost {
                self.import
                    .notes
                    .add(place, format!("{} is not taken over", entry.name.as_str()));
            }
        }
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
        let values = todo
            .properties(&property)
            .filter_map(|entry| entry.values.first()?.as_text());
        parts.extend(values.filter(|text| !text.trim().is_empty()).map(str::to_owned));
    }
    parts.join("\n\n")
}

fn at(date: NaiveDate, time: NaiveTime, zone: Tz) -> Option<Due> {
    Due::at(date, time, Zone::parse(zone.name()).ok()?).ok()
}

/// RFC 5545 §3.8.4.5: what has no `RELTYPE` is the parent.
fn is_parent(entry: &ICalendarEntry) -> bool {
    match entry.parameter(&ICalendarParameterName::Reltype) {
        None => true,
        Some(ICalendarParameterValue::Reltype(reltype)) => *reltype == ICalendarRelationshipType::Parent,
        Some(_) => false,
    }
}

fn value_of<'a>(component: &'a ICalendarComponent, property: &ICalendarProperty) -> Option<&'a ICalendarValue> {
    component.property(property)?.values.first()
}

fn text_of<'a>(component: &'a ICalendarComponent, property: &ICalendarProperty) -> Option<&'a str> {
    value_of(component, property)?
        .as_text()
        .filter(|text| !text.trim().is_empty())
}

/// An instant; what has no zone is taken to be UTC, as the RFC would have it.
fn instant_of(component: &ICalendarComponent, property: &ICalendarProperty) -> Option<DateTime<Utc>> {
    let read = value_of(component, property)?.as_partial_date_time()?.to_date_time()?;
    let moment = match read.offset {
        Some(offset) => read.date_time.and_local_timezone(offset).single()?.to_utc(),
        None => read.date_time.and_utc(),
    };
    instant(moment)
}
