//! `/api/{user_id}/tasks`: a person's tasks.

mod json;

use crate::app::App;
use crate::auth::caller::{Caller, Owner, Reading, Then};
use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, selection, tasks};
use crate::http::error::ApiError;
use crate::http::extract::{Body, IfMatch, LocalZone, TaskPath};
use crate::http::query::{Asked, How, Page};
use crate::tasks::changes::{self, Moment};
use actix_web::http::header::{ContentType, ETAG, LINK, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpResponseBuilder};
use json::Json;
use shared::paths;
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tasks::{CreateTask, Deleted, SubtaskProgress, Task, UpdateTask};

type Answer = Result<HttpResponse, ApiError>;

/// Tasks for which there is room from the start in a list that is written before it is known how long it is.
const USUAL_TASKS: usize = 25;

/// The owner's tasks: all of them, newest first, or those that are asked for, and all or a page.
pub async fn list_tasks(app: Data<App>, Reading(reader, asked): Reading<Asked>) -> Answer {
    // The other two need more memory, and have it to themselves: what is part of this future is moved several times.
    let (caller, mut rows) = match &asked.how {
        How::Plain(Page {
            after: None,
            limit: None,
        }) => {
            let begin = |caller: &Caller| Json::list(&caller.subject, USUAL_TASKS);
            let (_, json) = reader.list(&app, begin, Json::add).await?;
            return answer_json(HttpResponse::Ok(), json);
        }
        How::Plain(page) => {
            let list = async |conn: &mut Conn, owner| tasks::list(conn, owner, page.after, page.rows()).await;
            Box::pin(reader.read(&app, list)).await
        }
        How::Selected(selection) => {
            let select = async |conn: &mut Conn, owner| selection::select(conn, owner, selection).await;
            Box::pin(reader.read(&app, select)).await
        }
    }?;
    let next = asked.cut(&mut rows, caller.user_id);
    answer_list(&rows, &caller.subject, &paths::tasks(&caller.subject), next)
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

pub(crate) fn answer(mut response: HttpResponseBuilder, row: tasks::Task, user_id: &str) -> HttpResponse {
    response.insert_header((ETAG, format!("\"{}\"", row.version)));
    response.json(wire(row, user_id))
}

/// Tasks, and where the next page of them is: at this path, with that query.
pub(crate) fn answer_list(rows: &[tasks::Task], user_id: &str, path: &str, next: Option<String>) -> Answer {
    let mut response = HttpResponse::Ok();
    if let Some(next) = next {
        response.insert_header((LINK, format!("<{path}?{next}>; rel=\"next\"")));
    }
    let mut json = Json::list(user_id, rows.len());
    for row in rows {
        json.add(row);
    }
    answer_json(response, json)
}

fn answer_json(mut response: HttpResponseBuilder, list: Json) -> Answer {
    Ok(response.content_type(ContentType::json()).body(list.end()?))
}

pub(crate) fn wire(row: tasks::Task, user_id: &str) -> Task {
    Task {
        id: row.id.into(),
        user_id: user_id.to_owned(),
        completed: row.completed,
        created_at: row.created_at.into(),
        updated_at: row.updated_at.into(),
        due: row.due(),
        priority: row.priority(),
        tags: row.tags(),
        list_id: row.list_id.map(Into::into),
        position: row.position(),
        parent_id: row.parent_id.map(Into::into),
        subtasks: row.subtasks(),
        recurrence: row.recurrence(),
        completed_at: row.completed_at().map(Into::into),
        deleted_at: row.deleted_at.map(Into::into),
        version: row.version,
        title: row.title,
        description: row.description,
    }
}

/// What the columns say that do not say it as the contract does.
impl tasks::Task {
    fn priority(&self) -> Priority {
        let number = u8::try_from(self.priority).ok();
        number.and_then(|number| number.try_into().ok()).unwrap_or_default()
    }

    fn tags(&self) -> Vec<String> {
        // Of most tasks there is nothing to parse.
        match self.tags.as_str() {
            "[]" => Vec::new(),
            tags => serde_json::from_str(tags).unwrap_or_default(),
        }
    }

    fn position(&self) -> Position {
        Position::parse(&self.position).unwrap_or_else(|_| Position::from_instant(self.created_at.into()))
    }

    fn subtasks(&self) -> SubtaskProgress {
        let count = |number: i64| u32::try_from(number).unwrap_or_default();
        SubtaskProgress {
            total: count(self.subtasks_total),
            completed: count(self.subtasks_completed),
        }
    }

    fn recurrence(&self) -> Option<Recurrence> {
        Recurrence::parse(self.recurrence.as_deref()?).ok()
    }

    fn completed_at(&self) -> Option<UtcTime> {
        // A server of the version before does not say when.
        (self.completed).then(|| self.completed_at.unwrap_or(self.updated_at))
    }
}

#[cfg(test)]
mod tests {
    use super::{answer_list, wire};
    use crate::db::tasks::Task;
    use crate::db::types::{ListId, TaskId, UtcTime};
    use crate::http::query::tests::task;
    use actix_web::body::MessageBody as _;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_list_is_written_as_its_tasks_are(
            title in "(?s).*",
            description in proptest::option::of("(?s).*"),
            owner in "(?s).*",
        ) {
            let plain = Task { title, description, ..task() };
            let rich = Task {
                due_zone: Some("Europe/Berlin".to_owned()),
                tags: r#"["flat","Grüße"]"#.to_owned(),
                list_id: Some(ListId::generate()),
                parent_id: Some(TaskId::generate()),
                subtasks_total: 3,
                recurrence: Some("FREQ=DAILY".to_owned()),
                completed_at: None,
                deleted_at: Some(UtcTime::now()),
                ..task()
            };
            let odd = Task { position: "no position".to_owned(), completed: false, due_order: None, ..task() };
            let tasks = [plain, rich, odd];
            let expected = serde_json::to_vec(&tasks.clone().map(|task| wire(task, &owner))).unwrap();
            let response = answer_list(&tasks, owner.as_str(), "/", None).unwrap();
            let written = response.into_body().try_into_bytes().ok();
            prop_assert_eq!(written.as_deref(), Some(expected.as_slice()));
        }
    }

    #[test]
    fn a_list_of_nothing_is_empty() {
        let response = answer_list(&[], "ada", "/", None).unwrap();
        assert_eq!(response.into_body().try_into_bytes().unwrap(), "[]");
    }
}
