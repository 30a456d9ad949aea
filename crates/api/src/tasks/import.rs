//! Importing: putting a file beside what its owner has. What is there already is left alone, the rest is added as the file has it.
//!
//! All of it is checked beforehand, and then added in pieces, so that others can write in between. It is idempotent: the same file
//! a second time adds nothing, and completes what was cut off.

mod plan;

use super::error::ChangeError;
use crate::db::lists;
use crate::db::task_row::NewTask;
use crate::db::types::{ListId, TaskId, UserId, UtcTime};
use crate::db::{Conn, Db, DbError, QueryError, bulk, tasks, users};
use crate::transfer::Import;
use plan::{Existing, Plan, has_room, plan};
use shared::transfer::ImportReport;
use std::collections::HashMap;
use tokio::task::spawn_blocking;

/// Why an import ended before its end, and how far it came.
#[derive(Debug)]
pub struct CutOff {
    /// Why.
    pub cause: ChangeError,
    /// Tasks that were added before.
    pub created: u64,
    /// Lists that were added before.
    pub lists_created: u64,
}

impl From<ChangeError> for CutOff {
    fn from(cause: ChangeError) -> Self {
        Self {
            cause,
            created: 0,
            lists_created: 0,
        }
    }
}

impl From<DbError> for CutOff {
    fn from(cause: DbError) -> Self {
        ChangeError::from(cause).into()
    }
}

/// Adds what a file has, or with `dry_run` only says what that would be.
///
/// # Errors
/// If that would be too many lists, or the database cannot do it, which may have added some of it before.
pub async fn import(db: &Db, owner: UserId, import: Import, dry_run: bool) -> Result<ImportReport, CutOff> {
    let existing = db.read(async |conn| look_up(conn, owner, &import).await).await?;
    // Thousands of rows would hold up whatever else this worker has to do.
    let planned = spawn_blocking(move || plan(import, owner, existing)).await;
    let mut plan = planned.map_err(|_| DbError::GivenUp)??;
    if dry_run {
        plan.report.dry_run = true;
        return Ok(plan.report);
    }
    carry_out(db, owner, plan).await
}

/// Looks up what the owner has of what is in a file.
async fn look_up(conn: &mut Conn, owner: UserId, import: &Import) -> Result<Existing, QueryError> {
    let ids: Vec<TaskId> = import.tasks.iter().map(|task| task.id.into()).collect();
    Ok(Existing {
        lists: lists::all(conn, owner).await?,
        tasks: bulk::find(conn, owner, &ids).await?,
    })
}

/// Adds what is to be added, piece by piece.
async fn carry_out(db: &Db, owner: UserId, plan: Plan) -> Result<ImportReport, CutOff> {
    let Plan {
        lists,
        tasks,
        mut report,
    } = plan;
    let planned = report.created;
    (report.created, report.lists_created) = (0, 0);
    for piece in lists {
        let add = async move |conn: &mut Conn| {
            exists(conn, owner).await?;
            lists::create(conn, &piece).await.map_err(ChangeError::of_insert)
        };
        let added = db.transaction(add).await.map_err(|cause| cut_off(cause, &report))?;
        report.lists_created += u64::try_from(added).unwrap_or_default();
    }
    for piece in tasks {
        let add = async move |conn: &mut Conn| add_tasks(conn, owner, piece).await;
        let added = db.transaction(add).await.map_err(|cause| cut_off(cause, &report))?;
        report.created += u64::try_from(added).unwrap_or_default();
    }
    // Somebody else has imported the same meanwhile.
    report.already_there += planned.saturating_sub(report.created);
    Ok(report)
}

fn cut_off(cause: ChangeError, report: &ImportReport) -> CutOff {
    CutOff {
        cause,
        created: report.created,
        lists_created: report.lists_created,
    }
}

/// The rows of an account that is deleted are about to go: there is no use in adding more.
async fn exists(conn: &mut Conn, owner: UserId) -> Result<(), ChangeError> {
    if users::exists(conn, owner).await? {
        Ok(())
    } else {
        Err(ChangeError::AccountGone)
    }
}

/// Adds tasks, all of them subtasks or none, and counts them with their parents. Gives how many were added.
async fn add_tasks(conn: &mut Conn, owner: UserId, mut new: Vec<NewTask>) -> Result<usize, ChangeError> {
    exists(conn, owner).await?;
    adopt_all(conn, owner, &mut new).await?;
    put_into_lists(conn, owner, &mut new).await?;
    let added = bulk::create(conn, &new).await.map_err(ChangeError::of_insert)?;
    let new: HashMap<TaskId, NewTask> = new.into_iter().map(|task| (task.id, task)).collect();
    let mut counts: HashMap<TaskId, (i64, i64)> = HashMap::new();
    for task in added.iter().filter_map(|id| new.get(id)) {
        if let (Some(parent), None) = (task.parent_id, task.deleted_at) {
            let (total, completed) = counts.entry(parent).or_default();
            *total += 1;
            *completed += i64::from(task.completed);
        }
    }
    for (parent, (total, completed)) in counts {
        tasks::adjust_subtask_counts(conn, owner, parent, total, completed).await?;
    }
    Ok(added.len())
}

/// Puts subtasks into the lists of their parents. Those whose parent cannot have them any more, since it was looked at, stand for
/// themselves.
async fn adopt_all(conn: &mut Conn, owner: UserId, new: &mut [NewTask]) -> Result<(), QueryError> {
    let mut ids: Vec<TaskId> = new.iter().filter_map(|task| task.parent_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable_by_key(|id| uuid::Uuid::from(*id));
    ids.dedup();
    let parents = bulk::lock_parents(conn, owner, &ids).await?;
    let mut parents: HashMap<TaskId, bulk::Parent> = parents.into_iter().map(|parent| (parent.id, parent)).collect();
    for task in new {
        let Some(parent) = task.parent_id else { continue };
        match parents.get_mut(&parent) {
            Some(parent) if task.deleted_at.is_some() => task.list_id = parent.list_id,
            Some(parent) if parent.deleted_at.is_none() && has_room(parent.subtasks_total) => {
                parent.subtasks_total += 1;
                task.list_id = parent.list_id;
            }
            _ => task.parent_id = None,
        }
    }
    Ok(())
}

/// Puts tasks that are no subtasks into the Inbox, if their list was moved to the trash, or is gone, since it was looked at.
async fn put_into_lists(conn: &mut Conn, owner: UserId, new: &mut [NewTask]) -> Result<(), QueryError> {
    let alone = |task: &NewTask| task.list_id.filter(|_| task.parent_id.is_none());
    let mut ids: Vec<ListId> = new.iter().filter_map(alone).collect();
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable_by_key(|id| uuid::Uuid::from(*id));
    ids.dedup();
    let lists = lists::lock_all(conn, owner, &ids).await?;
    let lists: HashMap<ListId, Option<UtcTime>> = lists.into_iter().collect();
    for task in new {
        if let Some(list) = alone(task) {
            let deleted_at = lists.get(&list);
            let takes_it = deleted_at.is_some_and(|deleted| deleted.is_none() || task.deleted_at.is_some());
            task.list_id = task.list_id.filter(|_| takes_it);
        }
    }
    Ok(())
}
