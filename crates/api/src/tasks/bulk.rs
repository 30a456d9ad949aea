//! One change to several tasks, to all or to none.

use crate::db::search::fold;
use crate::db::tasks::{self, FullTask, Task};
use crate::db::types::{TaskId, UserId};
use crate::db::{Conn, bulk};
use crate::http::error::ApiError;
use crate::tasks::changes::{self, Moment};
use crate::tasks::trash;
use shared::tags::{Tag, Tags};
use shared::tasks::{TaskChange, UpdateTask};
use std::collections::HashMap;

/// What a change has come to.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// The tasks as they are now, in the order that was asked for.
    pub tasks: Vec<Task>,
    /// The next ones of those that recur and were completed.
    pub created: Vec<Task>,
}

/// Makes the change, in a transaction that is given up if this fails.
///
/// # Errors
/// A 404 if the owner does not have all of the tasks outside of the trash (or in it, if they are to come out of it); if one
/// of them cannot be changed in this way, or a query fails.
pub async fn change(
    conn: &mut Conn,
    owner: UserId,
    ids: &[TaskId],
    change: &TaskChange,
    moment: Moment,
) -> Result<Changed, ApiError> {
    let restores = change.deleted == Some(false);
    let mut there = bulk::find(conn, owner, ids).await?;
    if there.len() != ids.len() || !restores && there.iter().any(|task| task.deleted_at.is_some()) {
        return Err(ApiError::NotFound);
    }
    // Parents first, since their subtasks go along; and always in one order, so that two requests wait for each other instead
    // of both waiting for the other one.
    there.sort_unstable_by_key(|task| (task.parent_id.is_some(), uuid::Uuid::from(task.id)));
    let edits = TaskChange {
        deleted: None,
        ..change.clone()
    } != TaskChange::default();
    let mut created = Vec::new();
    for task in there {
        if task.deleted_at.is_some() {
            // `None` if it came back with its parent.
            trash::restore(conn, owner, task.id, moment.now).await?;
        }
        if edits {
            match tasks::claim(conn, owner, task.id, None, moment.now).await? {
                Some(old) => {
                    let update = update(&old, change)?;
                    created.extend(changes::apply(conn, owner, old, &update, moment).await?.next);
                }
                // The next one of a task that was opened again, which took it back.
                None if change.completed == Some(false) => continue,
                None => return Err(ApiError::NotFound),
            }
        }
        if change.deleted == Some(true) {
            // `None` if it went with its parent.
            changes::trash(conn, owner, task.id, None, moment.now).await?;
        }
    }
    let mut now: HashMap<TaskId, Task> = HashMap::with_capacity(ids.len());
    for task in bulk::find(conn, owner, ids).await? {
        now.insert(task.id, task);
    }
    Ok(Changed {
        tasks: ids.iter().filter_map(|id| now.remove(id)).collect(),
        created,
    })
}

/// The change as it is for one task.
fn update(old: &FullTask, change: &TaskChange) -> Result<UpdateTask, ApiError> {
    let task = &old.task;
    // Its parent has taken it along.
    let there = |list: &Option<uuid::Uuid>| task.parent_id.is_some() && task.list_id.map(Into::into) == *list;
    Ok(UpdateTask {
        completed: change.completed,
        priority: change.priority,
        due: change.due.clone(),
        list_id: change.list_id.filter(|list| !there(list)),
        tags: tags(task, change)?,
        ..UpdateTask::default()
    })
}

fn tags(task: &Task, change: &TaskChange) -> Result<Option<Tags>, ApiError> {
    if change.add_tags.is_none() && change.remove_tags.is_none() {
        return Ok(None);
    }
    let old: Vec<String> = serde_json::from_str(&task.tags).unwrap_or_default();
    let gone: Vec<String> = change.remove_tags.iter().flat_map(Tags::iter).map(fold).collect();
    let old = old.iter().map(String::as_str).filter(|tag| !gone.contains(&fold(tag)));
    let all = old.chain(change.add_tags.iter().flat_map(Tags::iter));
    match Tags::new(all.filter_map(|tag| Tag::parse(tag).ok())) {
        Ok(tags) => Ok(Some(tags)),
        Err(violation) => Err(ApiError::field("change.add_tags", violation)),
    }
}
