//! `/api/{user_id}/trash`: what a person has deleted, until it is purged.

use super::tasks::{answer, answer_in_pieces, answer_json, json_list, refused};
use crate::app::App;
use crate::auth::caller::{InOrder, Owner, Reading};
use crate::http::error::ApiError;
use crate::http::extract::TaskPath;
use crate::http::query::Page;
use crate::tasks::{read, trash};
use actix_web::HttpResponse;
use actix_web::web::Data;
use shared::paths;
use shared::tasks::{Deleted, Emptied};

type Answer = Result<HttpResponse, ApiError>;

/// The tasks in the trash, last deleted first: all of them, or a page.
pub async fn list_trash(app: Data<App>, Reading(reader, page): Reading<Page>) -> Answer {
    let owner = reader.scope.owner();
    let Some(limit) = page.limit else {
        let (rows, unread) = read::whole_trash(app.db(), reader.scope, page.after).await?;
        let json = json_list(&rows, &reader.subject);
        return match unread {
            None => answer_json(&app, owner, json, None),
            Some(unread) => answer_in_pieces(&app, owner, json, unread),
        };
    };
    let mut rows = read::trash(app.db(), reader.scope, page.after.as_ref(), limit + 1).await?;
    let next = page.cut(&mut rows, |task| task.deleted_at.unwrap_or(task.updated_at));
    let next = next.map(|query| (paths::trash(&reader.subject), query));
    answer_json(&app, owner, json_list(&rows, &reader.subject), next)
}

/// Takes a task out of the trash, with the subtasks that went there with it.
pub async fn restore_task(app: Data<App>, InOrder(Owner(caller), TaskPath(id)): InOrder<Owner, TaskPath>) -> Answer {
    let task = trash::restore(app.db(), caller.user_id, id).await;
    let task = task.map_err(|error| refused(error, &caller.subject))?;
    Ok(answer(HttpResponse::Ok(), task, &caller.subject))
}

/// Deletes a task for good that is in the trash.
pub async fn purge_task(app: Data<App>, InOrder(Owner(caller), TaskPath(id)): InOrder<Owner, TaskPath>) -> Answer {
    let purged = trash::purge(app.db(), caller.user_id, id).await;
    purged.map_err(|error| refused(error, &caller.subject))?;
    Ok(HttpResponse::Ok().json(Deleted {
        message: "Task deleted for good".to_owned(),
    }))
}

/// Deletes everything for good that is in the trash by now.
pub async fn empty_trash(app: Data<App>, Owner(caller): Owner) -> Answer {
    let deleted = trash::empty(app.db(), caller.user_id).await?;
    Ok(HttpResponse::Ok().json(Emptied {
        message: "Trash emptied successfully".to_owned(),
        deleted,
    }))
}
