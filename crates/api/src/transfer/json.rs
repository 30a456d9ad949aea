//! Our own export, read again. Everything comes back as it was, ids and instants included.

use super::import::{Context, Import, ImportList, ImportTask, MAX_TASKS, Unreadable, instant};
use super::lines::Lines;
use super::notes::Place;
use super::text::Fitted;
use super::{relations, text};
use crate::calendar;
use chrono::{DateTime, Utc};
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use shared::due::Due;
use shared::input::FromJson;
use shared::lists::ListColor;
use shared::position::Position;
use shared::text::{Description, Title};
use shared::transfer::{FORMAT, VERSION};
use std::borrow::Cow;
use std::fmt;
use uuid::Uuid;

/// Bytes of a list or task that are read at most. One with everything that it may have needs a tenth of them.
const MAX_ITEM: usize = 1024 * 1024;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    format: Cow<'a, str>,
    #[serde(default)]
    version: u32,
    #[serde(borrow, default)]
    lists: Items<'a>,
    #[serde(borrow, default)]
    tasks: Items<'a>,
}

/// Items that are not looked into yet, as many as there may be.
#[derive(Default)]
pub(super) struct Items<'a> {
    pub(super) items: Vec<&'a RawValue>,
    pub(super) too_many: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor;

        impl<'de> Visitor<'de> for ItemsVisitor {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
                let mut read = Items::default();
                while read.items.len() < MAX_TASKS {
                    match all.next_element()? {
                        Some(item) => read.items.push(item),
                        None => return Ok(read),
                    }
                }
                while all.next_element::<IgnoredAny>()?.is_some() {
                    read.too_many = true;
                }
                Ok(read)
            }
        }

        deserializer.deserialize_seq(ItemsVisitor)
    }
}

/// Reads a file.
///
/// # Errors
/// If it is no JSON, or no export of a version that is known.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let document: Document<'_> = serde_json::from_slice(file).map_err(|error| unreadable(&error))?;
    if document.format != FORMAT {
        return Err(Unreadable(format!(
            "The file is not an export: its \"format\" is not \"{FORMAT}\""
        )));
    }
    if document.version == 0 || document.version > VERSION {
        return Err(Unreadable(format!(
            "The export is of version {}; this server reads those up to {VERSION}",
            document.version
        )));
    }
    for (what, items) in [("lists", &document.lists), ("tasks", &document.tasks)] {
        if items.too_many {
            return Err(Unreadable(format!("The file must have at most {MAX_TASKS} {what}")));
        }
    }
    let mut import = Import::default();
    let mut lines = Lines::new(file);
    let mut line = |value: &RawValue| lines.of(value.get().as_ptr().addr().saturating_sub(file.as_ptr().addr()));
    for (number, raw) in document.lists.items.into_iter().enumerate() {
        if let Some((mut item, place)) = Item::new(raw, line(raw), "name", &mut import)
            && let Some(list) = list(&mut item, &place, context, number, &mut import)
        {
            import.add_list(list)?;
            item.left_out(&["version"], &place, &mut import);
        }
    }
    for (number, raw) in document.tasks.items.into_iter().enumerate() {
        if let Some((mut item, place)) = Item::new(raw, line(raw), "title", &mut import)
            && let Some(task) = task(&mut item, &place, context, number, &mut import)
        {
            import.add_task(task)?;
            item.left_out(&["version", "user_id", "subtasks"], &place, &mut import);
        }
    }
    relations::resolve(&mut import)?;
    Ok(import)
}

/// What is wrong, and where; never what stands there, nor what it was to become.
pub(super) fn unreadable(error: &serde_json::Error) -> Unreadable {
    let (line, column) = (error.line(), error.column());
    let wrong = match error.classify() {
        Category::Eof => "it is cut off: it ends before its end",
        Category::Data => "it has something else than what an export has there",
        Category::Syntax | Category::Io => "it is no JSON",
    };
    Unreadable(format!(
        "The file is not an export: {wrong} (line {line}, column {column})"
    ))
}

fn list(item: &mut Item, place: &Place, context: &Context, number: usize, import: &mut Import) -> Option<ImportList> {
    let (Some(id), Some(name)) = (
        item.take::<Uuid>("id", place, import),
        item.take::<String>("name", place, import),
    ) else {
        import.notes.add(place, "A list needs an id and a name");
        return None;
    };
    let Some(name) = text::list_name(&name, place, &mut import.notes) else {
        import.notes.add(place, "The list has no name");
        return None;
    };
    let created_at = item.instant("created_at", place, import).unwrap_or(context.now);
    // The earlier list of the file goes before the later one.
    let micros = i64::try_from(number).unwrap_or(i64::MAX);
    let default = Position::from_instant(context.now - chrono::TimeDelta::microseconds(micros));
    Some(ImportList {
        id,
        by_name: false,
        name,
        color: item.take::<ListColor>("color", place, import).unwrap_or_default(),
        position: item.take("position", place, import).unwrap_or(default),
        archived: item.take("archived", place, import).unwrap_or_default(),
        created_at,
        updated_at: item.instant("updated_at", place, import).unwrap_or(created_at),
        deleted_at: item.instant("deleted_at", place, import),
    })
}

fn task(item: &mut Item, place: &Place, context: &Context, number: usize, import: &mut Import) -> Option<ImportTask> {
    let (Some(id), Some(title)) = (
        item.take::<Uuid>("id", place, import),
        item.take::<String>("title", place, import),
    ) else {
        import.notes.add(place, "A task needs an id and a title");
        return None;
    };
    let description = item.take::<String>("description", place, import);
    let fitted = match (
        Title::parse(&title),
        description.as_deref().map(Description::parse).transpose(),
    ) {
        (Ok(title), Ok(description)) => Fitted {
            title: Some(title),
            description,
            rest: Vec::new(),
        },
        _ => text::fit(&title, &description.unwrap_or_default(), place, &mut import.notes),
    };
    let Some(title) = fitted.title else {
        import.notes.add(place, "The task has no title");
        return None;
    };
    let mut task = ImportTask::new(id, title, context, number);
    (task.description, task.rest) = (fitted.description, fitted.rest);
    task.completed = item.take("completed", place, import).unwrap_or_default();
    task.due = item
        .take("due", place, import)
        .and_then(|due| known(due, place, import));
    task.priority = item.take("priority", place, import).unwrap_or_default();
    task.tags = item.take("tags", place, import).unwrap_or_default();
    task.list_id = item.take("list_id", place, import);
    task.position = item.take("position", place, import).unwrap_or(task.position);
    task.parent_id = item.take("parent_id", place, import);
    task.recurrence = item.take("recurrence", place, import);
    task.series_start = item
        .take::<String>("series_start", place, import)
        .and_then(|day| day.parse().ok());
    task.created_at = item.instant("created_at", place, import).unwrap_or(task.created_at);
    task.updated_at = item.instant("updated_at", place, import).unwrap_or(task.created_at);
    task.completed_at = item.instant("completed_at", place, import);
    task.deleted_at = item.instant("deleted_at", place, import);
    task.normalise(context);
    Some(task)
}

/// A due whose zone there is; else the day of it.
fn known(due: Due, place: &Place, import: &mut Import) -> Option<Due> {
    match due.zone() {
        Some(zone) if calendar::zone(zone).is_none() => {
            import.notes.add(
                place,
                format!("There is no time zone “{}”: only the date is taken", zone.as_str()),
            );
            Due::on(due.date()).ok()
        }
        _ => Some(due),
    }
}

/// A list or a task, whose members are taken one after the other.
pub(super) struct Item(Map<String, Value>);

impl Item {
    pub(super) fn new(raw: &RawValue, line: u64, name: &str, import: &mut Import) -> Option<(Self, Place)> {
        let mut place = Place {
            line: Some(line),
            item: None,
        };
        if raw.get().len() > MAX_ITEM {
            import
                .notes
                .add(&place, format!("It has more than {MAX_ITEM} bytes and is left out"));
            return None;
        }
        let Ok(Value::Object(members)) = serde_json::from_str(raw.get()) else {
            import.notes.add(&place, "Not an object");
            return None;
        };
        place.item = members.get(name).and_then(Value::as_str).map(str::to_owned);
        Some((Self(members), place))
    }

    /// A member; one that is wrong is noted.
    pub(super) fn take<T: FromJson>(&mut self, name: &str, place: &Place, import: &mut Import) -> Option<T> {
        match Option::<T>::from_json(self.0.remove(name)?) {
            Ok(value) => value,
            Err(broken) => {
                import.notes.add(place, format!("“{name}” {broken}"));
                None
            }
        }
    }

    /// A member, whatever it is.
    pub(super) fn take_any(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Notes the members that nobody has taken, but for those that need not be.
    pub(super) fn left_out(&self, known: &[&str], place: &Place, import: &mut Import) {
        for name in self.0.keys().filter(|name| !known.contains(&name.as_str())) {
            let name = text::shortened(name, 40);
            import.notes.add(place, format!("“{name}” is not taken over"));
        }
    }

    pub(super) fn instant(&mut self, name: &str, place: &Place, import: &mut Import) -> Option<DateTime<Utc>> {
        let text = self.take::<String>(name, place, import)?;
        let read = DateTime::parse_from_rfc3339(&text)
            .ok()
            .and_then(|read| instant(read.to_utc()));
        if read.is_none() {
            import
                .notes
                .add(place, format!("“{name}” is not a time such as 2026-11-21T09:30:00Z"));
        }
        read
    }
}
