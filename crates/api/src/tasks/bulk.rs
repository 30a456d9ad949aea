//! One change to several tasks, to all or to none.

use super::error::ChangeError;
use super::time::RequestTime;
use super::trash::{move_to_trash, take_out};
use super::update::apply;
use crate::db::search::fold;
use crate::db::task_row::{FullTask, Task};
use crate::db::types::{TaskId, UserId};
use crate::db::{Conn, Db, bulk, tasks};
use chrono_tz::Tz;
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

/// Makes the change in one transaction.
///
/// # Errors
/// If the owner does not have all of the tasks outside of the trash (or in it, if they are to come out of it), one of them
/// cannot be changed in this way, or the database cannot do it.
pub async fn change(
    db: &Db,
    owner: UserId,
    ids: Vec<TaskId>,
    change: TaskChange,
    zone: Tz,
) -> Result<Changed, ChangeError> {
    let change = async move |conn: &mut Conn| change_all(conn, owner, &ids, &change, RequestTime::now(zone)).await;
    db.transaction(change).await
}

async fn change_all(
    conn: &mut Conn,
    owner: UserId,
    ids: &[TaskId],
    change: &TaskChange,
    time: RequestTime,
) -> Result<Changed, ChangeError> {
    let restores = change.deleted == Some(false);
    let mut existing = bulk::find(conn, owner, ids).await?;
    if existing.len() != ids.len() || !restores && existing.iter().any(|task| task.deleted_at.is_some()) {
        return Err(ChangeError::Missing);
    }
    // Parents first, since their subtasks go along; and always in one order, so that two requests wait for each other instead
    // of both waiting for the other one.
    existing.sort_unstable_by_key(|task| (task.parent_id.is_some(), uuid::Uuid::from(task.id)));
    let edits = TaskChange {
        deleted: None,
        ..change.clone()
    } != TaskChange::default();
    let mut created = Vec::new();
    for task in existing {
        if task.deleted_at.is_some() {
            // `None` if it came back with its parent.
            take_out(conn, owner, task.id, time.now).await?;
        }
        if edits {
            match tasks::claim(conn, owner, task.id, None, time.now).await? {
                Some(old) => {
                    let update = update(&old, change)?;
                    created.extend(apply(conn, owner, old, &update, time).await?.next);
                }
                // The next one of a task that was opened again, which took it back.
                None if change.completed == Some(false) => continue,
                None => return Err(ChangeError::Missing),
            }
        }
        if change.deleted == Some(true) {
            // `false` if it went with its parent.
            move_to_trash(conn, owner, task.id, None, time.now).await?;
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
fn update(old: &FullTask, change: &TaskChange) -> Result<UpdateTask, ChangeError> {
    let task = &old.task;
    // Its parent has taken it along.
    let is_there = |list: &Option<uuid::Uuid>| task.parent_id.is_some() && task.list_id.map(Into::into) == *list;
    Ok(UpdateTask {
        completed: change.completed,
        priority: change.priority,
        due: change.due.clone(),
        list_id: change.list_id.filter(|list| !is_there(list)),
        tags: tags(task, change)?,
        ..UpdateTask::default()
    })
}

fn tags(task: &Task, change: &TaskChange) -> Result<Option<Tags>, ChangeError> {
    if change.add_tags.is_none() && change.remove_tags.is_none() {
        return Ok(None);
    }
    let old: Vec<String> = serde_json::from_str(&task.tags).unwrap_or_default();
    let gone: Vec<String> = change.remove_tags.iter().flat_map(Tags::iter).map(fold).collect();
    let old = old.iter().map(String::as_str).filter(|tag| !gone.contains(&fold(tag)));
    let all = old.chain(change.add_tags.iter().flat_map(Tags::iter));
    match Tags::new(all.filter_map(|tag| Tag::parse(tag).ok())) {
        Ok(tags) => Ok(Some(tags)),
        Err(violation) => Err(ChangeError::rule("change.add_tags", violation)),
    }
}
