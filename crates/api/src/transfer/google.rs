//! Google Tasks, as Takeout and the API have it: lists of tasks, which are due on days.

use super::ids::Ids;
use super::import::{Context, Import, ImportTask, MAX_TASKS, Unreadable};
use super::json::{Item, Items, unreadable};
use super::lines::Lines;
use super::notes::Place;
use super::{relations, text};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use shared::due::Due;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Lists<'a> {
    #[serde(borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    items: Items<'a>,
}

#[derive(Deserialize)]
struct TaskList<'a> {
    #[serde(borrow, default)]
    title: Cow<'a, str>,
    #[serde(borrow, default)]
    items: Items<'a>,
}

/// Reads a file.
///
/// # Errors
/// If it is no such file, or has too many tasks or lists.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let all: Lists<'_> = serde_json::from_slice(file).map_err(|error| unreadable(&error))?;
    if !all.kind.starts_with("tasks#") {
        return Err(Unreadable("The file is not of Google Tasks".to_owned()));
    }
    if all.items.too_many {
        return Err(Unreadable(format!("The file must have at most {MAX_TASKS} lists")));
    }
    let mut import = Import::default();
    let mut lines = Lines::new(file);
    let mut line = |value: &RawValue| lines.of(value.get().as_ptr().addr().saturating_sub(file.as_ptr().addr()));
    for raw in all.items.items {
        let place = Place {
            line: Some(line(raw)),
            item: None,
        };
        let Ok(list) = serde_json::from_str::<TaskList<'_>>(raw.get()) else {
            import.notes.add(&place, "Not a list");
            continue;
        };
        if list.items.too_many {
            return Err(Unreadable(format!("The file must have at most {MAX_TASKS} tasks")));
        }
        let list_id = match text::list_name(&list.title, &place, &mut import.notes) {
            Some(name) => Some(import.add_list_by_name(name, context.now)?),
            None => None,
        };
        for raw in list.items.items {
            if let Some((mut item, place)) = Item::new(raw, line(raw), "title", &mut import)
                && let Some(mut task) = task(&mut item, &place, context, &mut import)
            {
                task.list_id = list_id;
                import.add_task(task)?;
            }
        }
    }
    relations::resolve(&mut import)?;
    Ok(import)
}

fn task(item: &mut Item, place: &Place, context: &Context, import: &mut Import) -> Option<ImportTask> {
    let title = item.take::<String>("title", place, import).unwrap_or_default();
    let notes = item.take::<String>("notes", place, import).unwrap_or_default();
    let links = item.take_any("links");
    let links = links.as_ref().and_then(Value::as_array).into_iter().flatten();
    let links = links.filter_map(|link| link.get("link")?.as_str());
    let description: Vec<&str> = [notes.as_str()]
        .into_iter()
        .chain(links)
        .filter(|text| !text.is_empty())
        .collect();
    let fitted = text::fit(&title, &description.join("\n\n"), place, &mut import.notes);
    let (Some(id), Some(title)) = (item.take::<String>("id", place, import), fitted.title) else {
        import.notes.add(place, "A task needs an id and a title");
        return None;
    };
    let mut task = ImportTask::new(Ids::of_uid(&id), title, context, import.tasks.len());
    (task.description, task.rest) = (fitted.description, fitted.rest);
    task.completed = item.take::<String>("status", place, import).as_deref() == Some("completed");
    let parent = item.take::<String>("parent", place, import);
    task.parent_id = parent
        .filter(|parent| !parent.is_empty())
        .map(|parent| Ids::of_uid(&parent));
    if let Some(due) = item.take::<String>("due", place, import) {
        // The time of day is not kept by Google: it is midnight, whatever somebody chose.
        let day = due.get(..10).and_then(|day| day.parse().ok());
        task.due = day.and_then(|day| Due::on(day).ok());
        if task.due.is_none() {
            import.notes.add(place, "“due” is no day");
        }
    }
    task.created_at = item.instant("created", place, import).unwrap_or(task.created_at);
    task.updated_at = item.instant("updated", place, import).unwrap_or(task.updated_at);
    task.completed_at = item.instant("completed", place, import);
    if item.take::<bool>("deleted", place, import) == Some(true) {
        task.deleted_at = Some(task.updated_at);
    }
    let known = [
        "kind",
        "etag",
        "selfLink",
        "position",
        "hidden",
        "task_type",
        "webViewLink",
    ];
    item.left_out(&known, place, import);
    task.normalise(context);
    Some(task)
}
