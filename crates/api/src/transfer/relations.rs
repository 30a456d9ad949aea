//! Subtasks and lists of an imported file, made to be what ours are.

use super::import::{Import, ImportTask, Unreadable};
use super::notes::Place;
use super::text;
use crate::transfer::ids::Ids;
use shared::text::Title;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Drops what is there twice, brings subtasks to one level and into their parents' lists, and makes tasks of what had no room.
///
/// # Errors
/// If those are too many.
pub(super) fn resolve(import: &mut Import) -> Result<(), Unreadable> {
    let mut seen = HashSet::new();
    let notes = &mut import.notes;
    import.tasks.retain(|task| {
        let new = seen.insert(task.id);
        if !new {
            notes.add(&place(task.title.as_str()), "Another task of this file has the same id");
        }
        new
    });
    into_their_lists(import);
    below_their_parents(import);
    rests(import)
}

/// What of a description is beyond its limit becomes a subtask; of a subtask, one beside it.
fn rests(import: &mut Import) -> Result<(), Unreadable> {
    for at in 0..import.tasks.len() {
        let Some(task) = import.tasks.get_mut(at) else { break };
        let rest = std::mem::take(&mut task.rest);
        if rest.is_empty() {
            continue;
        }
        let whole = task.clone();
        for (number, description) in (2..).zip(rest) {
            let end = format!(" ({number})");
            let title = text::shortened(whole.title.as_str(), Title::MAX - end.chars().count()) + &end;
            import.add_task(ImportTask {
                id: Ids::of_rest(whole.id, number),
                title: Title::parse(&title).unwrap_or_else(|_| whole.title.clone()),
                description: Some(description),
                due: None,
                recurrence: None,
                series_start: None,
                parent_id: whole.parent_id.or(Some(whole.id)),
                ..whole.clone()
            })?;
        }
    }
    Ok(())
}

fn into_their_lists(import: &mut Import) {
    let in_trash: HashMap<Uuid, bool> = import
        .lists
        .iter()
        .map(|list| (list.id, list.deleted_at.is_some()))
        .collect();
    for task in &mut import.tasks {
        let Some(list) = task.list_id else { continue };
        match in_trash.get(&list) {
            None => {
                import.notes.add(
                    &place(task.title.as_str()),
                    "Its list is not in this file: it goes to the Inbox",
                );
                task.list_id = None;
            }
            Some(true) if task.deleted_at.is_none() => task.list_id = None,
            Some(_) => {}
        }
    }
}

fn below_their_parents(import: &mut Import) {
    let tasks: HashMap<Uuid, _> = import
        .tasks
        .iter()
        .map(|task| (task.id, (task.parent_id, task.list_id, task.deleted_at)))
        .collect();
    for task in &mut import.tasks {
        let Some(parent) = task.parent_id else { continue };
        let place = place(task.title.as_str());
        let top = match tasks.get(&parent) {
            None => {
                import
                    .notes
                    .add(&place, "Its parent is not in this file: it stands for itself");
                None
            }
            Some((None, ..)) => Some(parent),
            Some(_) => top_of(parent, |id| {
                let above = tasks.get(&id).and_then(|(parent, ..)| *parent);
                above.filter(|above| tasks.contains_key(above))
            }),
        };
        if top.is_some_and(|top| top != parent) {
            import
                .notes
                .add(&place, "A subtask of a subtask: it is now one of the topmost task");
        }
        task.parent_id = top.filter(|top| *top != task.id);
        let Some((_, list, deleted)) = task.parent_id.and_then(|parent| tasks.get(&parent)) else {
            continue;
        };
        if deleted.is_some() && task.deleted_at.is_none() {
            task.parent_id = None;
        } else {
            task.list_id = *list;
        }
    }
}

/// The task that this one is below, however deep. `None` if they go in circles, or lead nowhere.
fn top_of(task: Uuid, parent_of: impl Fn(Uuid) -> Option<Uuid>) -> Option<Uuid> {
    // Nobody nests deeper; what does is a circle.
    const DEPTH: usize = 100;
    let mut top = task;
    for _ in 0..DEPTH {
        match parent_of(top) {
            None => return Some(top),
            Some(parent) => top = parent,
        }
    }
    None
}

fn place(title: &str) -> Place {
    Place {
        item: Some(title.to_owned()),
        line: None,
    }
}
