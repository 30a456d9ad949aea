//! `/api/{user_id}/tasks`: a person's tasks.

use crate::app::App;
use crate::auth::caller::{Owner, Then};
use crate::db::tasks::{self, NewTask, TaskChanges};
use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, DbError};
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, TaskPath};
use crate::page::Page;
use actix_web::http::header::{ETAG, LINK, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpResponseBuilder};
use shared::paths;
use shared::tasks::{CreateTask, Deleted, Task, UpdateTask};
use shared::text::{Description, Title};

type Answer = Result<HttpResponse, ApiError>;

/// The owner's tasks, newest first: all of them, or a page.
pub async fn list_tasks(app: Data<App>, Then(Owner(caller), page): Then<Owner, Page>) -> Answer {
    let mut conn = app.db().conn().await?;
    let mut rows = tasks::list(&mut conn, caller.user_id, page.after, page.rows()).await?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = page.cut(&mut rows) {
        let path = paths::tasks(&caller.subject);
        response.insert_header((LINK, format!("<{path}?{next}>; rel=\"next\"")));
    }
    let list: Vec<Task> = rows.into_iter().map(|row| wire(row, &caller.subject)).collect();
    Ok(response.json(list))
}

/// Adds a task.
pub async fn create_task(app: Data<App>, Then(Owner(caller), Body(new)): Then<Owner, Body<CreateTask>>) -> Answer {
    let now = UtcTime::now();
    let row = NewTask {
        owner_id: caller.user_id,
        id: TaskId::generate(),
        title: new.title.as_str(),
        description: new.description.as_ref().map(Description::as_str),
        created_at: now,
        updated_at: now,
    };
    let mut conn = app.db().conn().await?;
    let created = tasks::create(&mut conn, &row)
        .await
        .map_err(DbError::from)
        .map_err(|error| {
            // The account was deleted since its token was accepted.
            if error.is_foreign_key_violation() {
                ApiError::Unauthorized { token_sent: true }
            } else {
                error.into()
            }
        })?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, paths::task(&caller.subject, created.id.into())));
    Ok(answer(response, created, &caller.subject))
}

/// One task.
pub async fn get_task(app: Data<App>, Then(Owner(caller), TaskPath(id)): Then<Owner, TaskPath>) -> Answer {
    let mut conn = app.db().conn().await?;
    let task = tasks::find(&mut conn, caller.user_id, id)
        .await?
        .ok_or(ApiError::NotFound)?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Changes the members of a task that the body has.
pub async fn update_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), Then(IfMatch(versions), Body(update)))): Then<Owner, Changing<UpdateTask>>,
) -> Answer {
    let changes = TaskChanges {
        title: update.title.as_ref().map(Title::as_str),
        description: update
            .description
            .as_ref()
            .map(|text| text.as_ref().map(Description::as_str)),
        completed: update.completed,
        updated_at: UtcTime::now(),
    };
    let mut conn = app.db().conn().await?;
    let task = tasks::update(&mut conn, caller.user_id, id, versions.as_deref(), &changes).await?;
    match task {
        Some(task) => Ok(answer(HttpResponse::Ok(), task, &caller.subject)),
        None => Err(missed(&mut conn, caller.user_id, id).await?),
    }
}

/// Marks a task done if it is not, and the reverse.
pub async fn toggle_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), IfMatch(versions))): Then<Owner, Then<TaskPath, IfMatch>>,
) -> Answer {
    let mut conn = app.db().conn().await?;
    let task = tasks::toggle(&mut conn, caller.user_id, id, versions.as_deref(), UtcTime::now()).await?;
    match task {
        Some(task) => Ok(answer(HttpResponse::Ok(), task, &caller.subject)),
        None => Err(missed(&mut conn, caller.user_id, id).await?),
    }
}

/// Deletes a task.
pub async fn delete_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), IfMatch(versions))): Then<Owner, Then<TaskPath, IfMatch>>,
) -> Answer {
    let mut conn = app.db().conn().await?;
    if tasks::delete(&mut conn, caller.user_id, id, versions.as_deref()).await? {
        return Ok(HttpResponse::Ok().json(Deleted {
            message: "Task deleted successfully".to_owned(),
        }));
    }
    Err(missed(&mut conn, caller.user_id, id).await?)
}

/// What a change of one task takes, after the owner.
type Changing<T> = Then<TaskPath, Then<IfMatch, Body<T>>>;

/// Why a change met no row: the task is not there, or not in a version that the caller expected.
async fn missed(conn: &mut Conn, owner: UserId, id: TaskId) -> Result<ApiError, ApiError> {
    let task = tasks::find(conn, owner, id).await?;
    Ok(if task.is_some() {
        ApiError::PreconditionFailed
    } else {
        ApiError::NotFound
    })
}

fn answer(mut response: HttpResponseBuilder, row: tasks::Task, user_id: &str) -> HttpResponse {
    response.insert_header((ETAG, format!("\"{}\"", row.version)));
    response.json(wire(row, user_id))
}

fn wire(row: tasks::Task, user_id: &str) -> Task {
    Task {
        id: row.id.into(),
        user_id: user_id.to_owned(),
        title: row.title,
        description: row.description,
        completed: row.completed,
        created_at: row.created_at.into(),
        updated_at: row.updated_at.into(),
    }
}
