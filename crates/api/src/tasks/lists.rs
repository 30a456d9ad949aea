//! Adding, changing and deleting lists.

use super::error::ChangeError;
use crate::db::lists::{self, List, ListChanges, NewList};
use crate::db::types::{ListId, UserId, UtcTime};
use crate::db::{Conn, Db, QueryError, trash};
use shared::lists::{CreateList, MAX_LISTS, UpdateList};
use shared::position::Position;
use shared::rule::RuleViolation;

/// Adds a list, after all that there are.
///
/// # Errors
/// If there are too many, or the database cannot do it.
pub async fn create(db: &Db, owner: UserId, new: CreateList) -> Result<List, ChangeError<List>> {
    let create = async move |conn: &mut Conn| {
        let existing = lists::list(conn, owner).await?;
        // Two that come at once may both be the last: nothing depends on the number being exact.
        if existing.len() >= MAX_LISTS {
            return Err(ChangeError::limit("name", RuleViolation::TooManyLists(MAX_LISTS)));
        }
        let now = UtcTime::now();
        let last = existing.last().and_then(|list| Position::parse(&list.position).ok());
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
        lists::create(conn, &[row]).await.map_err(ChangeError::of_insert)?;
        lists::find(conn, owner, id).await?.ok_or(ChangeError::Missing)
    };
    db.transaction(create).await
}

/// The changed list.
///
/// # Errors
/// If the owner has no such list in an expected version outside of the trash, or the database cannot do it.
pub async fn update(
    db: &Db,
    owner: UserId,
    id: ListId,
    expected: Option<Vec<i64>>,
    update: UpdateList,
) -> Result<List, ChangeError<List>> {
    let change = async move |conn: &mut Conn| {
        let changes = ListChanges {
            name: update.name.map(shared::text::Name::into_string),
            color: update.color.map(|color| color.as_str().to_owned()),
            position: update.position.map(|position| position.as_str().to_owned()),
            archived: update.archived,
        };
        match lists::update(conn, owner, id, expected.as_deref(), &changes, UtcTime::now()).await? {
            Some(list) => Ok(list),
            None => Err(not_found_or_outdated(conn, owner, id).await?),
        }
    };
    db.write(change).await
}

/// Moves a list and its tasks to the trash together.
///
/// # Errors
/// If the owner has no such list in an expected version outside of it, or the database cannot do it.
pub async fn delete(db: &Db, owner: UserId, id: ListId, expected: Option<Vec<i64>>) -> Result<(), ChangeError<List>> {
    let delete = async move |conn: &mut Conn| {
        let now = UtcTime::now();
        if lists::trash(conn, owner, id, expected.as_deref(), now).await?.is_none() {
            return Err(not_found_or_outdated(conn, owner, id).await?);
        }
        // Also those that somebody has added since: they had to wait for the list.
        trash::trash_list(conn, owner, id, now).await?;
        Ok(())
    };
    db.transaction(delete).await
}

/// Takes a list out of the trash, with the tasks that went there with it.
///
/// # Errors
/// If the owner has no such list there, or the database cannot do it.
pub async fn restore(db: &Db, owner: UserId, id: ListId) -> Result<List, ChangeError<List>> {
    let restore = async move |conn: &mut Conn| {
        let now = UtcTime::now();
        let found = lists::find_in_trash(conn, owner, id).await?;
        let deleted_at = found.and_then(|list| list.deleted_at).ok_or(ChangeError::Missing)?;
        let restored = lists::restore(conn, owner, id, deleted_at, now).await?;
        let list = restored.ok_or(ChangeError::Missing)?;
        trash::restore_list(conn, owner, id, deleted_at, now).await?;
        Ok(list)
    };
    db.transaction(restore).await
}

async fn not_found_or_outdated(conn: &mut Conn, owner: UserId, id: ListId) -> Result<ChangeError<List>, QueryError> {
    Ok(ChangeError::not_found_or_outdated(lists::find(conn, owner, id).await?))
}
