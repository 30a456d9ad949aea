//! `/api/{user_id}/lists`: what a person's tasks are sorted into.

use crate::app::App;
use crate::auth::caller::{Owner, Reading, Then};
use crate::db::Conn;
use crate::db::lists::{self, ListChanges, NewList};
use crate::db::types::{ListId, UserId, UtcTime};
use crate::http::error::ApiError;
use crate::http::extract::{Body, IfMatch, ListPath, Nothing};
use crate::tasks::trash;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpResponseBuilder};
use shared::lists::{CreateList, List, ListColor, MAX_LISTS, UpdateList};
use shared::paths;
use shared::position::Position;
use shared::rule::RuleViolation;
use shared::tasks::Deleted;

type Answer = Result<HttpResponse, ApiError>;

/// The owner's lists, by position, archived ones included.
pub async fn list_lists(app: Data<App>, Reading(reader, Nothing): Reading<Nothing>) -> Answer {
    let list = async |conn: &mut Conn, owner| lists::list(conn, owner).await;
    let (_, rows) = reader.read(&app, list).await?;
    let lists: Vec<List> = rows.into_iter().map(wire).collect();
    Ok(HttpResponse::Ok().json(lists))
}

/// Adds a list, after all that there are.
pub async fn create_list(app: Data<App>, Then(Owner(caller), Body(new)): Then<Owner, Body<CreateList>>) -> Answer {
    let owner = caller.user_id;
    let create = async move |conn: &mut Conn| {
        let there = lists::list(conn, owner).await?;
        // Two that come at once may both be the last: nothing depends on the number being exact.
        if there.len() >= MAX_LISTS {
            return Err(ApiError::field("name", RuleViolation::TooManyLists(MAX_LISTS)));
        }
        let now = UtcTime::now();
        let last = there.last().and_then(|list| Position::parse(&list.position).ok());
        let position = Position::between(last.as_ref(), None).unwrap_or_else(|| Position::from_instant(now.into()));
        let id = ListId::generate();
        let row = NewList {
            owner_id: owner,
            id,
            name: new.name.into_string(),
            color: new.color.unwrap_or_default().as_str().to_owned(),
            position: position.as_str().to_owned(),
            archived: false,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        lists::create(conn, &[row]).await.map_err(ApiError::of_insert)?;
        lists::find(conn, owner, id).await?.ok_or(ApiError::NotFound)
    };
    let created = app.db().transaction(create).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, paths::list(&caller.subject, created.id.into())));
    Ok(answer(response, created))
}

/// One list.
pub async fn get_list(app: Data<App>, Reading(reader, ListPath(id)): Reading<ListPath>) -> Answer {
    let find = async |conn: &mut Conn, owner| lists::find(conn, owner, id).await;
    let (_, list) = reader.read(&app, find).await?;
    Ok(answer(HttpResponse::Ok(), list.ok_or(ApiError::NotFound)?))
}

/// Changes the members of a list that the body has.
pub async fn update_list(
    app: Data<App>,
    Then(Owner(caller), Then(ListPath(id), Then(IfMatch(versions), Body(update)))): Then<
        Owner,
        Then<ListPath, Then<IfMatch, Body<UpdateList>>>,
    >,
) -> Answer {
    let owner = caller.user_id;
    let change = async move |conn: &mut Conn| {
        let changes = ListChanges {
            name: update.name.map(shared::text::Name::into_string),
            color: update.color.map(|color| color.as_str().to_owned()),
            position: update.position.map(|position| position.as_str().to_owned()),
            archived: update.archived,
        };
        match lists::update(conn, owner, id, versions.as_deref(), &changes, UtcTime::now()).await? {
            Some(list) => Ok(list),
            None => Err(missed(conn, owner, id).await?),
        }
    };
    let list = app.db().write(change).await?;
    Ok(answer(HttpResponse::Ok(), list))
}

/// Moves a list and its tasks to the trash.
pub async fn delete_list(
    app: Data<App>,
    Then(Owner(caller), Then(ListPath(id), IfMatch(versions))): Then<Owner, Then<ListPath, IfMatch>>,
) -> Answer {
    let owner = caller.user_id;
    let delete =
        async move |conn: &mut Conn| match trash::trash_list(conn, owner, id, versions.as_deref(), UtcTime::now())
            .await?
        {
            Some(_) => Ok(()),
            None => Err(missed(conn, owner, id).await?),
        };
    app.db().transaction(delete).await?;
    Ok(HttpResponse::Ok().json(Deleted {
        message: "List deleted successfully".to_owned(),
    }))
}

/// Takes a list out of the trash, with the tasks that went there with it.
pub async fn restore_list(app: Data<App>, Then(Owner(caller), ListPath(id)): Then<Owner, ListPath>) -> Answer {
    let owner = caller.user_id;
    let restore = async move |conn: &mut Conn| trash::restore_list(conn, owner, id, UtcTime::now()).await;
    let list = app.db().transaction(restore).await?;
    Ok(answer(HttpResponse::Ok(), list.ok_or(ApiError::NotFound)?))
}

/// Why a change met no row: the list is not there, or not in a version that the caller expected.
async fn missed(conn: &mut Conn, owner: UserId, id: ListId) -> Result<ApiError, ApiError> {
    let list = lists::find(conn, owner, id).await?;
    Ok(list.map_or(ApiError::NotFound, |list| ApiError::outdated(list.version, &wire(list))))
}

fn answer(mut response: HttpResponseBuilder, row: lists::List) -> HttpResponse {
    response.insert_header((ETAG, format!("\"{}\"", row.version)));
    response.json(wire(row))
}

pub(crate) fn wire(row: lists::List) -> List {
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
