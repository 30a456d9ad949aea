//! `PATCH /api/{user_id}/tasks`: one change to several tasks.

use super::tasks::wire;
use crate::app::App;
use crate::auth::caller::{Owner, Then};
use crate::db::Conn;
use crate::db::types::TaskId;
use crate::http::error::ApiError;
use crate::http::extract::{Body, LocalZone};
use crate::tasks::bulk;
use crate::tasks::changes::Moment;
use actix_web::HttpResponse;
use actix_web::web::Data;
use shared::tasks::{ChangeTasks, TasksChanged};

/// Makes one change to all of these tasks, or to none.
pub async fn change_tasks(
    app: Data<App>,
    Then(Owner(caller), Then(LocalZone(zone), Body(asked))): Then<Owner, Then<LocalZone, Body<ChangeTasks>>>,
) -> Result<HttpResponse, ApiError> {
    let owner = caller.user_id;
    let change = async move |conn: &mut Conn| {
        let ids: Vec<TaskId> = asked.ids.as_slice().iter().copied().map(Into::into).collect();
        bulk::change(conn, owner, &ids, &asked.change, Moment::now(zone)).await
    };
    let changed = app.db().transaction(change).await?;
    let wire = |tasks: Vec<_>| tasks.into_iter().map(|task| wire(task, &caller.subject)).collect();
    Ok(HttpResponse::Ok().json(TasksChanged {
        tasks: wire(changed.tasks),
        created: wire(changed.created),
    }))
}
