//! `/api/{user_id}/tasks`: a person's tasks.

mod wire;

pub(crate) use wire::{answer, answer_list, wire};

use crate::app::App;
use crate::auth::caller::{Owner, Reading, Then};
use crate::changes::{self, Moment};
use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, selection, tasks};
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, LocalZone, TaskPath};
use crate::page::{Asked, How, Page};
use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use shared::paths;
use shared::tasks::{CreateTask, Deleted, UpdateTask};

type Answer = Result<HttpResponse, ApiError>;

/// The owner's tasks: all of them, newest first, or those that are asked for, and all or a page.
pub async fn list_tasks(app: Data<App>, Reading(reader, asked): Reading<Asked>) -> Answer {
    let (caller, mut rows) = match &asked.how {
        How::Plain(Page {
            after: None,
            limit: None,
        }) => reader.list(&app).await,
        How::Plain(page) => {
            let list = async |conn: &mut Conn, owner| tasks::list(conn, owner, page.after, page.rows()).await;
            reader.read(&app, list).await
        }
        How::Selected(selection) => {
            let select = async |conn: &mut Conn, owner| selection::select(conn, owner, selection).await;
            reader.read(&app, select).await
        }
    }?;
    let next = asked.cut(&mut rows, caller.user_id);
    Ok(answer_list(
        &rows,
        &caller.subject,
        &paths::tasks(&caller.subject),
        next,
    ))
}

/// Adds a task.
pub async fn create_task(
    app: Data<App>,
    Then(Owner(caller), Then(LocalZone(zone), Body(new))): Then<Owner, Then<LocalZone, Body<CreateTask>>>,
) -> Answer {
    let owner = caller.user_id;
    let alone = changes::is_alone(&new);
    let create = async move |conn: &mut Conn| changes::create(conn, owner, &new, Moment::now(zone)).await;
    let created = if alone {
        app.db().write(create).await
    } else {
        app.db().transaction(create).await
    }?;
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
    Then(Owner(caller), Then(TaskPath(id), Then(IfMatch(versions), Then(LocalZone(zone), Body(update))))): Then<
        Owner,
        Changing<UpdateTask>,
    >,
) -> Answer {
    let owner = caller.user_id;
    let expected = versions.clone();
    // Most changes depend on nothing, and take one statement.
    if let Some(changes) = changes::alone(owner, &update)? {
        let change = async move |conn: &mut Conn| {
            let (expected, now) = (expected.as_deref(), UtcTime::now());
            let done = match changes.completed {
                None => tasks::update(conn, owner, id, expected, &changes, now).await,
                Some(_) => tasks::update_alone(conn, owner, id, expected, &changes, now).await,
            };
            done.map_err(ApiError::from)
        };
        if let Some(task) = app.db().write(change).await? {
            return Ok(answer(HttpResponse::Ok(), task, &caller.subject));
        }
    }
    let subject = caller.subject.clone();
    let change = async move |conn: &mut Conn| {
        let expected = versions.as_deref();
        match changes::update(conn, owner, id, expected, &update, Moment::now(zone)).await? {
            Some(task) => Ok(task),
            None => Err(missed(conn, owner, id, &subject).await?),
        }
    };
    let task = app.db().transaction(change).await?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Marks a task done if it is not, and the reverse.
pub async fn toggle_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), Then(IfMatch(versions), LocalZone(zone)))): Then<
        Owner,
        Then<TaskPath, Then<IfMatch, LocalZone>>,
    >,
) -> Answer {
    let owner = caller.user_id;
    let expected = versions.clone();
    let toggle = async move |conn: &mut Conn| {
        let toggled = tasks::toggle_alone(conn, owner, id, expected.as_deref(), UtcTime::now()).await;
        toggled.map_err(ApiError::from)
    };
    if let Some(task) = app.db().write(toggle).await? {
        return Ok(answer(HttpResponse::Ok(), task, &caller.subject));
    }
    let subject = caller.subject.clone();
    let toggle =
        async move |conn: &mut Conn| match changes::toggle(conn, owner, id, versions.as_deref(), Moment::now(zone))
            .await?
        {
            Some(task) => Ok(task),
            None => Err(missed(conn, owner, id, &subject).await?),
        };
    let task = app.db().transaction(toggle).await?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Moves a task to the trash, with its subtasks.
pub async fn delete_task(
    app: Data<App>,
    Then(Owner(caller), Then(TaskPath(id), IfMatch(versions))): Then<Owner, Then<TaskPath, IfMatch>>,
) -> Answer {
    let owner = caller.user_id;
    let expected = versions.clone();
    let delete = async move |conn: &mut Conn| {
        let deleted = tasks::trash_alone(conn, owner, id, expected.as_deref(), UtcTime::now()).await;
        deleted.map_err(ApiError::from)
    };
    if !app.db().write(delete).await? {
        let subject = caller.subject;
        let delete =
            async move |conn: &mut Conn| match changes::trash(conn, owner, id, versions.as_deref(), UtcTime::now())
                .await?
            {
                Some(_) => Ok(()),
                None => Err(missed(conn, owner, id, &subject).await?),
            };
        app.db().transaction(delete).await?;
    }
    Ok(HttpResponse::Ok().json(Deleted {
        message: "Task deleted successfully".to_owned(),
    }))
}

/// What a change of one task takes, after the owner.
type Changing<T> = Then<TaskPath, Then<IfMatch, Then<LocalZone, Body<T>>>>;

/// Why a change met no row: the task is not there, or not in a version that the caller expected.
async fn missed(conn: &mut Conn, owner: UserId, id: TaskId, user_id: &str) -> Result<ApiError, ApiError> {
    let task = tasks::find(conn, owner, id).await?;
    Ok(task.map_or(ApiError::NotFound, |task| {
        ApiError::outdated(task.version, &wire(task, user_id))
    }))
}
