//! `/api/{user_id}/lists`: what a person's tasks are sorted into.

use crate::app::App;
use crate::auth::caller::{InOrder, Owner, Reading};
use crate::db::lists::List as Row;
use crate::http::error::ApiError;
use crate::http::extract::{Body, IfMatch, ListPath, Nothing};
use crate::tasks::error::ChangeError;
use crate::tasks::{lists, read};
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpResponseBuilder};
use shared::lists::{CreateList, List, ListColor, UpdateList};
use shared::paths;
use shared::position::Position;
use shared::tasks::Deleted;

type Answer = Result<HttpResponse, ApiError>;

/// The owner's lists, by position, archived ones included.
pub async fn list_lists(app: Data<App>, Reading(reader, Nothing): Reading<Nothing>) -> Answer {
    let rows = read::lists(app.db(), reader.scope).await?;
    let lists: Vec<List> = rows.into_iter().map(wire).collect();
    Ok(HttpResponse::Ok().json(lists))
}

/// Adds a list, after all that there are.
pub async fn create_list(
    app: Data<App>,
    InOrder(Owner(caller), Body(new)): InOrder<Owner, Body<CreateList>>,
) -> Answer {
    let created = lists::create(app.db(), caller.user_id, new).await.map_err(refused)?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, paths::list(&caller.subject, created.id.into())));
    Ok(answer(response, created))
}

/// One list.
pub async fn get_list(app: Data<App>, Reading(reader, ListPath(id)): Reading<ListPath>) -> Answer {
    let list = read::list(app.db(), reader.scope, id).await?;
    Ok(answer(HttpResponse::Ok(), list.ok_or(ApiError::NotFound)?))
}

/// Changes the members of a list that the body has.
pub async fn update_list(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(ListPath(id), InOrder(IfMatch(versions), Body(update)))): InOrder<
        Owner,
        InOrder<ListPath, InOrder<IfMatch, Body<UpdateList>>>,
    >,
) -> Answer {
    let list = lists::update(app.db(), caller.user_id, id, versions, update).await;
    Ok(answer(HttpResponse::Ok(), list.map_err(refused)?))
}

/// Moves a list and its tasks to the trash.
pub async fn delete_list(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(ListPath(id), IfMatch(versions))): InOrder<Owner, InOrder<ListPath, IfMatch>>,
) -> Answer {
    let deleted = lists::delete(app.db(), caller.user_id, id, versions).await;
    deleted.map_err(refused)?;
    Ok(HttpResponse::Ok().json(Deleted {
        message: "List deleted successfully".to_owned(),
    }))
}

/// Takes a list out of the trash, with the tasks that went there with it.
pub async fn restore_list(app: Data<App>, InOrder(Owner(caller), ListPath(id)): InOrder<Owner, ListPath>) -> Answer {
    let list = lists::restore(app.db(), caller.user_id, id).await.map_err(refused)?;
    Ok(answer(HttpResponse::Ok(), list))
}

/// The failure of a change, with the list as it is if that was expected to be otherwise.
fn refused(error: ChangeError<Row>) -> ApiError {
    ApiError::of_change(error, |list| ApiError::outdated(list.version, &wire(list)))
}

fn answer(mut response: HttpResponseBuilder, row: Row) -> HttpResponse {
    response.insert_header((ETAG, format!("\"{}\"", row.version)));
    response.json(wire(row))
}

pub(crate) fn wire(row: Row) -> List {
    let created_at = row.created_at.into();
    List {
        id: row.id.into(),
        name: row.name,
        color: ListColor::parse(&row.color).unwrap_or_default(),
        position: Position::parse(&row.position).unwrap_or_else(|_| Position::from_instant(created_at)),
        archived: row.archived,
        created_at,
        updated_at: row.updated_at.into(),
        version: row.version,
    }
}
