//! `/api/{user_id}/trash`: what a person has deleted, until it is purged.

use super::tasks::{answer, answer_list};
use crate::app::App;
use crate::auth::caller::{Owner, Reading, Then};
use crate::db::tasks::Position;
use crate::db::types::UtcTime;
use crate::db::{Conn, DbError, lists, trash as db};
use crate::http::error::ApiError;
use crate::http::extract::TaskPath;
use crate::http::query::Page;
use crate::tasks::trash;
use actix_web::HttpResponse;
use actix_web::web::Data;
use shared::paths;
use shared::tasks::{Deleted, Emptied};

type Answer = Result<HttpResponse, ApiError>;

/// Tasks that are deleted for good in one go: others can write in between.
const BATCH: i64 = 500;

/// The tasks in the trash, last deleted first: all of them, or a page.
pub async fn list_trash(app: Data<App>, Reading(reader, page): Reading<Page>) -> Answer {
    let list = async |conn: &mut Conn, owner| db::list(conn, owner, page.after, page.rows()).await;
    let (caller, mut rows) = reader.read(&app, list).await?;
    let next = page.cut(&mut rows, |task| Position {
        created_at: task.deleted_at.unwrap_or(task.updated_at),
        id: task.id,
    });
    answer_list(&rows, &caller.subject, &paths::trash(&caller.subject), next)
}

/// Takes a task out of the trash, with the subtasks that went there with it.
pub async fn restore_task(app: Data<App>, Then(Owner(caller), TaskPath(id)): Then<Owner, TaskPath>) -> Answer {
    let owner = caller.user_id;
    let restore = async move |conn: &mut Conn| trash::restore(conn, owner, id, UtcTime::now()).await;
    let task = app.db().transaction(restore).await?.ok_or(ApiError::NotFound)?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Deletes a task for good that is in the trash.
pub async fn purge_task(app: Data<App>, Then(Owner(caller), TaskPath(id)): Then<Owner, TaskPath>) -> Answer {
    let owner = caller.user_id;
    let delete = async move |conn: &mut Conn| db::delete(conn, owner, id).await.map_err(DbError::from);
    if !app.db().write(delete).await? {
        return Err(ApiError::NotFound);
    }
    Ok(HttpResponse::Ok().json(Deleted {
        message: "Task deleted for good".to_owned(),
    }))
}

/// Deletes everything for good that is in the trash by now.
pub async fn empty_trash(app: Data<App>, Owner(caller): Owner) -> Answer {
    let owner = caller.user_id;
    let now = UtcTime::now();
    let mut deleted = 0;
    loop {
        let some = async move |conn: &mut Conn| {
            let some = db::delete_some(conn, owner, now, BATCH).await;
            some.map_err(DbError::from)
        };
        let some = app.db().write(some).await?;
        deleted += u64::try_from(some).unwrap_or_default();
        if some == 0 {
            break;
        }
    }
    let lists = async move |conn: &mut Conn| lists::empty_trash(conn, owner).await.map_err(DbError::from);
    app.db().write(lists).await?;
    Ok(HttpResponse::Ok().json(Emptied {
        message: "Trash emptied successfully".to_owned(),
        deleted,
    }))
}
