//! Completing a task, and taking that back.

use super::error::ChangeError;
use super::time::RequestTime;
use super::update::apply;
use crate::db::task_row::Task;
use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, Db, tasks};
use chrono_tz::Tz;
use shared::tasks::UpdateTask;

/// The task, done if it was not and the reverse.
///
/// Of a standalone task that is a single conditional statement. Where that meets no row, a transaction finds out why, or makes the
/// next one of a recurring task and keeps the parent's count.
///
/// # Errors
/// If the owner has no such task in an expected version outside of the trash, or the database cannot do it.
pub async fn toggle(
    db: &Db,
    owner: UserId,
    id: TaskId,
    expected: Option<Vec<i64>>,
    zone: Tz,
) -> Result<Task, ChangeError> {
    let versions = expected.clone();
    let toggle = async move |conn: &mut Conn| -> Result<_, ChangeError> {
        Ok(tasks::toggle_if_standalone(conn, owner, id, versions.as_deref(), UtcTime::now()).await?)
    };
    if let Some(task) = db.write(toggle).await? {
        return Ok(task);
    }
    let toggle = async move |conn: &mut Conn| {
        let time = RequestTime::now(zone);
        let Some(old) = tasks::claim(conn, owner, id, expected.as_deref(), time.now).await? else {
            return Err(ChangeError::not_found_or_outdated(tasks::find(conn, owner, id).await?));
        };
        let update = UpdateTask {
            completed: Some(!old.task.completed),
            ..UpdateTask::default()
        };
        Ok(apply(conn, owner, old, &update, time).await?.task)
    };
    // Boxed, to keep the future of what is asked for most small.
    Box::pin(db.transaction(toggle)).await
}
