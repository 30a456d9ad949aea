//! `/api/{user_id}/tasks`: a person's tasks.

mod json;

use crate::app::App;
use crate::auth::caller::{InOrder, Owner, Reading};
use crate::db::task_row;
use crate::db::types::{UserId, UtcTime};
use crate::http::error::ApiError;
use crate::http::extract::{Body, IfMatch, LocalZone, TaskPath};
use crate::http::pieces::{Whole, streamed};
use crate::http::query::ListRequest;
use crate::tasks::error::ChangeError;
use crate::tasks::read::{Rest, Unread};
use crate::tasks::{complete, create, read, trash, update};
use actix_web::http::header::{ContentType, ETAG, LINK, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpResponseBuilder};
pub(crate) use json::Json;
use shared::paths;
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tasks::{CreateTask, Deleted, SubtaskProgress, Task, UpdateTask};

type Answer = Result<HttpResponse, ApiError>;

/// A body that is so small (bytes) is charged to nobody.
const SMALL: usize = 64 * 1024;

/// What an answer that is read piece by piece is charged for, unless its beginning is longer (bytes).
pub(crate) const LARGEST_PIECE: usize = 2 * 1024 * 1024;

/// Tasks for which there is room from the start in a list that is written before it is known how long it is.
const USUAL_TASKS: usize = 25;

/// What a change of one task takes, after the owner.
type Changing<T> = InOrder<TaskPath, InOrder<IfMatch, InOrder<LocalZone, Body<T>>>>;

/// The owner's tasks: all of them, newest first, or those that are asked for, and all or a page.
pub async fn list_tasks(app: Data<App>, Reading(reader, request): Reading<ListRequest>) -> Answer {
    let init = |tasks: Option<usize>| Json::list(&reader.subject, tasks.unwrap_or(USUAL_TASKS));
    let (json, rest) = read::selected(app.db(), reader.scope, &request.selection, init, Json::push).await?;
    let owner = reader.scope.owner();
    match rest {
        None => answer_json(&app, owner, json, None),
        Some(Rest::NextPage(next)) => {
            let next = (paths::tasks(&reader.subject), request.next(&next));
            answer_json(&app, owner, json, Some(next))
        }
        Some(Rest::Unread(unread)) => answer_in_pieces(&app, owner, json, unread),
    }
}

/// Adds a task.
pub async fn create_task(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(LocalZone(zone), Body(new))): InOrder<Owner, InOrder<LocalZone, Body<CreateTask>>>,
) -> Answer {
    let created = create::create(app.db(), caller.user_id, new, zone).await;
    let created = created.map_err(|error| refused(error, &caller.subject))?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, paths::task(&caller.subject, created.id.into())));
    Ok(answer(response, created, &caller.subject))
}

/// One task.
pub async fn get_task(app: Data<App>, Reading(reader, TaskPath(id)): Reading<TaskPath>) -> Answer {
    let task = read::task(app.db(), reader.scope, id).await?;
    let task = task.ok_or(ApiError::NotFound)?;
    Ok(answer(HttpResponse::Ok(), task, &reader.subject))
}

/// Changes the members of a task that the body has.
pub async fn update_task(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(TaskPath(id), InOrder(IfMatch(versions), InOrder(LocalZone(zone), Body(update))))): InOrder<
        Owner,
        Changing<UpdateTask>,
    >,
) -> Answer {
    let task = update::update(app.db(), caller.user_id, id, versions, update, zone).await;
    let task = task.map_err(|error| refused(error, &caller.subject))?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Marks a task done if it is not, and the reverse.
pub async fn toggle_task(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(TaskPath(id), InOrder(IfMatch(versions), LocalZone(zone)))): InOrder<
        Owner,
        InOrder<TaskPath, InOrder<IfMatch, LocalZone>>,
    >,
) -> Answer {
    let task = complete::toggle(app.db(), caller.user_id, id, versions, zone).await;
    let task = task.map_err(|error| refused(error, &caller.subject))?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Moves a task to the trash, with its subtasks.
pub async fn delete_task(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(TaskPath(id), IfMatch(versions))): InOrder<Owner, InOrder<TaskPath, IfMatch>>,
) -> Answer {
    let deleted = trash::delete(app.db(), caller.user_id, id, versions).await;
    deleted.map_err(|error| refused(error, &caller.subject))?;
    Ok(HttpResponse::Ok().json(Deleted {
        message: "Task deleted successfully".to_owned(),
    }))
}

/// The failure of a change, with the task as it is if that was expected to be otherwise.
pub(crate) fn refused(error: ChangeError, user_id: &str) -> ApiError {
    ApiError::of_change(error, |task| ApiError::outdated(task.version, &wire(task, user_id)))
}

pub(crate) fn answer(mut response: HttpResponseBuilder, row: task_row::Task, user_id: &str) -> HttpResponse {
    response.insert_header((ETAG, format!("\"{}\"", row.version)));
    response.json(wire(row, user_id))
}

/// Tasks as JSON.
pub(crate) fn json_list(rows: &[task_row::Task], user_id: &str) -> Json {
    let mut json = Json::list(user_id, rows.len());
    for row in rows {
        json.push(row);
    }
    json
}

/// Tasks of this owner, and where the next page of them is: a path and a query.
pub(crate) fn answer_json(app: &App, owner: UserId, list: Json, next: Option<(String, String)>) -> Answer {
    let mut response = HttpResponse::Ok();
    if let Some((path, query)) = next {
        response.insert_header((LINK, format!("<{path}?{query}>; rel=\"next\"")));
    }
    response.content_type(ContentType::json());
    let text = list.end()?;
    if text.len() <= SMALL {
        return Ok(response.body(text));
    }
    let charge = app.budget().charge(owner.into(), text.len())?;
    Ok(response.body(Whole::new(text, charge)))
}

/// Tasks of this owner, and the rest of them as it is read.
pub(crate) fn answer_in_pieces(app: &App, owner: UserId, mut list: Json, unread: Unread) -> Answer {
    let first = list.take()?;
    let charge = app.budget().charge(owner.into(), first.len().max(LARGEST_PIECE))?;
    let mut rest = Some((list, unread));
    let next = async move || {
        let Some((list, unread)) = &mut rest else {
            return Ok(None);
        };
        if let Some(tasks) = unread.next().await? {
            for task in &tasks {
                list.push(task);
            }
            return list.take().map(Some);
        }
        let end = rest.take().map(|(list, _)| list.end());
        end.transpose()
    };
    let mut response = HttpResponse::Ok();
    Ok(response
        .content_type(ContentType::json())
        .streaming(streamed(charge, first, next)))
}

pub(crate) fn wire(row: task_row::Task, user_id: &str) -> Task {
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
impl task_row::Task {
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
    use super::{json_list, wire};
    use crate::db::task_row::Task;
    use crate::db::types::{ListId, TaskId, UtcTime};
    use crate::http::cursor::tests::task;
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
            let written = json_list(&tasks, owner.as_str()).end().ok();
            prop_assert_eq!(written.as_deref(), Some(expected.as_slice()));
        }
    }

    #[test]
    fn a_list_of_nothing_is_empty() {
        assert_eq!(json_list(&[], "ada").end().unwrap(), b"[]");
    }
}
