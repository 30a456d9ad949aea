//! Deleting accounts. One is gone for everybody with one short write; its rows go in pieces, by background work that a restart
//! or another node goes on with. All of it is idempotent, so that several nodes may do it at the same time.

use crate::db::types::{TaskId, UserId, UtcTime};
use crate::db::{Conn, Db, DbError, bulk, identities, lists, networks, sessions, users};
use uuid::Uuid;

/// Rows that are deleted in one go: others can write in between.
const PIECE: i64 = 100;

/// Deletes the account, unless its sessions were ended since `epoch`: then `false`. Its email is free at once, and all of its
/// tokens are dead. Its rows are left to [`delete_rows`].
///
/// # Errors
/// If the database cannot do it.
pub async fn delete(db: &Db, id: UserId, epoch: i64) -> Result<bool, DbError> {
    let delete = async move |conn: &mut Conn| {
        let deleted = users::delete(conn, id, epoch, UtcTime::now()).await?;
        if deleted {
            identities::unlink(conn, id).await?;
        }
        Ok(deleted)
    };
    db.transaction(delete).await
}

/// Deletes the rows of all accounts that are deleted. Those of an account that the database cannot delete now are left for
/// another time, and logged.
///
/// # Errors
/// If the database cannot say which accounts there are.
pub async fn delete_rows(db: &Db) -> Result<(), DbError> {
    let mut last = UserId::from(Uuid::nil());
    while let Some(id) = db.read(async |conn| users::next_tombstone(conn, last).await).await? {
        match delete_rows_of(db, id).await {
            Ok(()) => tracing::debug!(%id, "deleted the rows of a deleted account"),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                %id,
                "the rows of a deleted account are left for another time"
            ),
        }
        last = id;
    }
    Ok(())
}

async fn delete_rows_of(db: &Db, id: UserId) -> Result<(), DbError> {
    // Subtasks first: a task would take along as many as it has.
    let mut after = Some(TaskId::from(Uuid::nil()));
    while let Some(last) = after {
        let piece = async move |conn: &mut Conn| Ok::<_, DbError>(bulk::delete_subtasks(conn, id, last, PIECE).await?);
        after = db.transaction(piece).await?;
    }
    db.in_pieces(async move |conn: &mut Conn| bulk::delete_some(conn, id, PIECE).await)
        .await?;
    db.in_pieces(async move |conn: &mut Conn| lists::delete_some(conn, id, PIECE).await)
        .await?;
    db.in_pieces(async move |conn: &mut Conn| sessions::delete_some(conn, id, PIECE).await)
        .await?;
    db.in_pieces(async move |conn: &mut Conn| networks::delete_some(conn, id, PIECE).await)
        .await?;
    let tombstone = async move |conn: &mut Conn| Ok::<_, DbError>(users::delete_tombstone(conn, id).await?);
    db.write(tombstone).await
}
