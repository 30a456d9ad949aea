//! Reading on somebody's behalf.

use super::conn::Conn;
use super::database::Db;
use super::error::DbError;
use super::sessions;
use super::types::{SessionId, UserId};
use diesel::QueryResult;

/// Whose data is read, and the session that is to be proven alive together with the read: whether it has been ended since its
/// token was issued is asked in one go with what is to be read, not before it.
#[derive(Clone, Copy, Debug)]
pub struct ReadScope {
    owner: UserId,
    /// The session and the account's epoch; `None` if they have been looked up already.
    session: Option<(SessionId, i64)>,
}

/// Why nothing is read.
#[derive(Debug)]
pub enum ReadError {
    /// The session has been ended.
    SessionEnded,
    /// The database cannot say.
    Db(DbError),
}

impl From<DbError> for ReadError {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl ReadScope {
    /// The owner, by a session that is known to be alive.
    #[must_use]
    pub fn proven(owner: UserId) -> Self {
        Self { owner, session: None }
    }

    /// The owner, by a session that is still to be proven alive.
    #[must_use]
    pub fn unproven(owner: UserId, session: SessionId, epoch: i64) -> Self {
        Self {
            owner,
            session: Some((session, epoch)),
        }
    }

    /// Whose data is read.
    #[must_use]
    pub fn owner(self) -> UserId {
        self.owner
    }

    pub(super) fn session(self) -> Option<(SessionId, i64)> {
        self.session
    }

    /// Asks the database what `query` asks of it, and whether the session is alive, in one go.
    ///
    /// # Errors
    /// If the session has been ended, or the database cannot say.
    pub async fn read<T>(
        self,
        db: &Db,
        query: impl AsyncFn(&mut Conn, UserId) -> QueryResult<T>,
    ) -> Result<T, ReadError> {
        let owner = self.owner;
        let Some((session, epoch)) = self.session else {
            return Ok(db.read(async |conn| query(conn, owner).await).await?);
        };
        let read = async |conn: &mut Conn| {
            let alive = async |conn: &mut Conn| sessions::is_alive(conn, owner, session, epoch).await;
            let (alive, found) = conn.both(alive, async |conn| query(conn, owner).await).await;
            if alive? { found.map(Some) } else { Ok(None) }
        };
        db.read(read).await?.ok_or(ReadError::SessionEnded)
    }

    /// The same for what may go through all that the owner has: see [`Db::read_long`].
    ///
    /// # Errors
    /// If the session has been ended, there is no place for it, it takes too long, or the database cannot say.
    pub async fn read_long<T>(
        self,
        db: &Db,
        query: impl AsyncFn(&mut Conn, UserId) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, ReadError>
    where
        T: Send + 'static,
    {
        let Self { owner, session } = self;
        let read = async move |conn: &mut Conn| {
            if let Some((session, epoch)) = session
                && !sessions::is_alive(conn, owner, session, epoch).await?
            {
                return Ok(None);
            }
            query(conn, owner).await.map(Some)
        };
        db.read_long(owner, read).await?.ok_or(ReadError::SessionEnded)
    }
}
