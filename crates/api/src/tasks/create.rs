//! Adding a task.

use super::error::ChangeError;
use super::place::place_new;
use super::schedule::{due_columns, first_due};
use super::time::RequestTime;
use crate::db::tags::TagColumns;
use crate::db::task_row::{NewTask, Task};
use crate::db::types::{TaskId, UserId};
use crate::db::{Conn, Db, tasks};
use chrono_tz::Tz;
use shared::due::Due;
use shared::tasks::CreateTask;

/// Adds a task.
///
/// # Errors
/// If the list or the parent is not one that the task can have, or the database cannot do it.
pub async fn create(db: &Db, owner: UserId, new: CreateTask, zone: Tz) -> Result<Task, ChangeError> {
    // One statement needs no transaction.
    let is_single_statement = new.parent_id.is_none() && new.list_id.is_none();
    let create = async move |conn: &mut Conn| insert(conn, owner, new, RequestTime::now(zone)).await;
    if is_single_statement {
        db.write(create).await
    } else {
        db.transaction(create).await
    }
}

async fn insert(conn: &mut Conn, owner: UserId, new: CreateTask, time: RequestTime) -> Result<Task, ChangeError> {
    let due = first_due(new.due.clone(), new.recurrence, time)?;
    let list_id = place_new(conn, owner, &new).await?;
    let title = new.title.into_string();
    let description = new.description.map(shared::text::Description::into_string);
    let mut row = NewTask {
        due: due_columns(due.as_ref())?,
        priority: new.priority.unwrap_or_default().get().into(),
        list_id,
        parent_id: new.parent_id.map(Into::into),
        recurrence: new.recurrence.map(|recurrence| recurrence.to_string()),
        series_start: new.recurrence.and(due.as_ref()).map(Due::date),
        ..NewTask::new(owner, TaskId::generate(), title, description, time.now)
    };
    if let Some(tags) = &new.tags {
        row.tags = TagColumns::new(tags);
    }
    if let Some(position) = &new.position {
        row.position = position.as_str().to_owned();
    }
    tasks::create(conn, &row).await.map_err(ChangeError::of_insert)
}
