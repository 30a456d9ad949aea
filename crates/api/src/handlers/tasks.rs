//! `/api/{user_id}/tasks`: a person's tasks.

use crate::app::App;
use crate::auth::caller::{Owner, Reading, Then};
use crate::db::due;
use crate::db::search;
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
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tasks::{CreateTask, Deleted, SubtaskProgress, Task, UpdateTask};
use shared::text::{Description, Title};

type Answer = Result<HttpResponse, ApiError>;

/// The owner's tasks, newest first: all of them, or a page.
pub async fn list_tasks(app: Data<App>, Reading(reader, page): Reading<Page>) -> Answer {
    let list = async |conn: &mut Conn, owner| tasks::list(conn, owner, page.after, page.rows()).await;
    let (caller, mut rows) = reader.read(&app, list).await?;
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
    let owner_id = caller.user_id;
    let create = async move |conn: &mut Conn| {
        let now = UtcTime::now();
        let title = new.title.as_str();
        let description = new.description.as_ref().map(Description::as_str);
        let position = new.position.unwrap_or_else(|| Position::from_instant(now.into()));
        let row = NewTask {
            owner_id,
            id: TaskId::generate(),
            title,
            description,
            created_at: now,
            updated_at: now,
            position: position.as_str(),
            search: search::column(owner_id, title, description),
        };
        tasks::create(conn, &row).await.map_err(DbError::from)
    };
    let created = app.db().write(create).await.map_err(|error| {
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
pub async fn get_task(app: Data<App>, Reading(reader, TaskPath(id)): Reading<TaskPath>) -> Answer {
    let find = async |conn: &mut Conn, owner| tasks::find(conn, owner, id).await;
    let (caller, task) = reader.read(&app, find).await?;
    let task = task.ok_or(ApiError::NotFound)?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Changes the members of a task that the body has.
pub async fn update_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), Then(IfMatch(versions), Body(update)))): Then<Owner, Changing<UpdateTask>>,
) -> Answer {
    let owner = caller.user_id;
    let change = async move |conn: &mut Conn| {
        let changes = TaskChanges {
            title: update.title.as_ref().map(Title::as_str),
            description: update
                .description
                .as_ref()
                .map(|text| text.as_ref().map(Description::as_str)),
            completed: update.completed,
            updated_at: UtcTime::now(),
        };
        match tasks::update(conn, owner, id, versions.as_deref(), &changes).await? {
            Some(task) => Ok(task),
            None => Err(missed(conn, owner, id).await?),
        }
    };
    let task = app.db().write(change).await?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Marks a task done if it is not, and the reverse.
pub async fn toggle_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), IfMatch(versions))): Then<Owner, Then<TaskPath, IfMatch>>,
) -> Answer {
    let owner = caller.user_id;
    let toggle =
        async move |conn: &mut Conn| match tasks::toggle(conn, owner, id, versions.as_deref(), UtcTime::now()).await? {
            Some(task) => Ok(task),
            None => Err(missed(conn, owner, id).await?),
        };
    let task = app.db().write(toggle).await?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Deletes a task.
pub async fn delete_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), IfMatch(versions))): Then<Owner, Then<TaskPath, IfMatch>>,
) -> Answer {
    let owner = caller.user_id;
    let delete = async move |conn: &mut Conn| {
        if tasks::delete(conn, owner, id, versions.as_deref()).await? {
            Ok(())
        } else {
            Err(missed(conn, owner, id).await?)
        }
    };
    app.db().write(delete).await?;
    Ok(HttpResponse::Ok().json(Deleted {
        message: "Task deleted successfully".to_owned(),
    }))
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

pub(crate) fn wire(row: tasks::Task, user_id: &str) -> Task {
    let count = |number: i64| u32::try_from(number).unwrap_or_default();
    let created_at = row.created_at.into();
    Task {
        id: row.id.into(),
        user_id: user_id.to_owned(),
        title: row.title,
        description: row.description,
        completed: row.completed,
        created_at,
        updated_at: row.updated_at.into(),
        due: row
            .due_order
            .and_then(|order| due::from_columns(order, row.due_zone.as_deref())),
        priority: u8::try_from(row.priority)
            .ok()
            .and_then(|number| Priority::try_from(number).ok())
            .unwrap_or_default(),
        // Of most tasks there is nothing to parse.
        tags: match row.tags.as_str() {
            "[]" => Vec::new(),
            tags => serde_json::from_str(tags).unwrap_or_default(),
        },
        list_id: row.list_id.map(Into::into),
        position: Position::parse(&row.position).unwrap_or_else(|_| Position::from_instant(created_at)),
        parent_id: row.parent_id.map(Into::into),
        subtasks: SubtaskProgress {
            total: count(row.subtasks_total),
            completed: count(row.subtasks_completed),
        },
        recurrence: row.recurrence.and_then(|text| Recurrence::parse(&text).ok()),
        // A server of the version before does not say when.
        completed_at: (row.completed).then(|| row.completed_at.unwrap_or(row.updated_at).into()),
        deleted_at: row.deleted_at.map(Into::into),
        version: row.version,
    }
}
