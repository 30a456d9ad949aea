//! `PATCH /api/{user_id}/tasks`: one change to several tasks.

use super::tasks::{refused, wire};
use crate::app::App;
use crate::auth::caller::{InOrder, Owner};
use crate::db::types::TaskId;
use crate::http::error::ApiError;
use crate::http::extract::{Body, LocalZone};
use crate::tasks::bulk;
use actix_web::HttpResponse;
use actix_web::web::Data;
use shared::tasks::{ChangeTasks, TasksChanged};

/// Makes one change to all of these tasks, or to none.
pub async fn change_tasks(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(LocalZone(zone), Body(asked))): InOrder<
        Owner,
        InOrder<LocalZone, Body<ChangeTasks>>,
    >,
) -> Result<HttpResponse, ApiError> {
    let ids: Vec<TaskId> = asked.ids.as_slice().iter().copied().map(Into::into).collect();
    let changed = bulk::change(app.db(), caller.user_id, ids, asked.change, zone).await;
    let changed = changed.map_err(|error| refused(error, &caller.subject))?;
    let wire = |tasks: Vec<_>| tasks.into_iter().map(|task| wire(task, &caller.subject)).collect();
    Ok(HttpResponse::Ok().json(TasksChanged {
        tasks: wire(changed.tasks),
        created: wire(changed.created),
    }))
}
