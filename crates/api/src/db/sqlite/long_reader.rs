//! Reads that may go through all that an account has: on threads and connections of their own, each with a deadline.
//!
//! Most of them are short nevertheless, so that each is tried where it is asked for first, and given up after some milliseconds.
//!
//! SQLite asks a function of ours at each row whether there is time left. When there is none, no row is looked at any more, and
//! the statement comes to its end.

use crate::bulkhead::Bulkhead;
use crate::db::conn::Conn;
use crate::db::error::DbError;
use crate::db::types::UserId;
use diesel::{ConnectionResult, QueryResult, SqliteConnection, declare_sql_function};
use futures_util::FutureExt as _;
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use thread_local::ThreadLocal;

#[declare_sql_function]
extern "SQL" {
    /// Whether the read that asks may go on.
    fn in_time() -> diesel::sql_types::Bool;
}

/// How long a read may hold up the worker that it is asked for on. Reading and comparing 10,000 tasks takes 2 ms at best.
const AT_ONCE: Duration = Duration::from_millis(5);

/// The connections, of which there are as many as the bulkhead has places, and who is admitted to them.
pub(super) struct LongReaders {
    bulkhead: Bulkhead,
    limit: Duration,
    idle: Arc<Mutex<Vec<LongReader>>>,
    /// Each worker's own.
    at_once: ThreadLocal<RefCell<Option<LongReader>>>,
}

struct LongReader {
    conn: SqliteConnection,
    /// The deadline of the read that it is used for.
    deadline: Arc<Mutex<Arc<Deadline>>>,
}

/// When a read has to be over.
struct Deadline {
    at: Instant,
    /// Nobody waits for the answer.
    cancelled: AtomicBool,
    /// Rows have been left out, so that the answer is none.
    missed: AtomicBool,
}

/// Cancels the read when it is dropped.
struct Waiting(Arc<Deadline>);

impl LongReaders {
    pub(super) fn new(bulkhead: Bulkhead, limit: Duration) -> Self {
        Self {
            bulkhead,
            limit,
            idle: Arc::default(),
            at_once: ThreadLocal::new(),
        }
    }

    pub(super) async fn read<T>(
        &self,
        owner: UserId,
        open: impl Fn() -> ConnectionResult<SqliteConnection> + Send + 'static,
        work: impl AsyncFn(&mut Conn) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, DbError>
    where
        T: Send + 'static,
    {
        match self.read_at_once(&open, &work) {
            Err(DbError::Timeout) => {}
            result => return result,
        }
        let admission = self.bulkhead.enter(owner.into()).await?;
        let waiting = Waiting(Arc::new(Deadline::after(self.limit)));
        let (deadline, idle) = (Arc::clone(&waiting.0), Arc::clone(&self.idle));
        let read = admission.run(move || {
            let reader = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let reader = reader.map_or_else(|| LongReader::new(open()?), Ok)?;
            let (reader, result) = reader.read(&deadline, &work);
            if let Some(reader) = reader {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            }
            result
        });
        let result = read.await.map_err(|_| DbError::GivenUp)?;
        drop(waiting);
        result
    }

    fn read_at_once<T>(
        &self,
        open: &impl Fn() -> ConnectionResult<SqliteConnection>,
        work: &impl AsyncFn(&mut Conn) -> QueryResult<T>,
    ) -> Result<T, DbError> {
        let own = self.at_once.get_or_default();
        let reader = own.borrow_mut().take();
        let reader = reader.map_or_else(|| LongReader::new(open()?), Ok)?;
        let (reader, result) = reader.read(&Arc::new(Deadline::after(AT_ONCE)), work);
        *own.borrow_mut() = reader;
        result
    }
}

impl LongReader {
    fn new(conn: SqliteConnection) -> Result<Self, DbError> {
        let deadline = Arc::new(Mutex::new(Arc::new(Deadline::after(Duration::ZERO))));
        let current = AssertUnwindSafe(Arc::clone(&deadline));
        in_time_utils::register_nondeterministic_impl(&conn, move || {
            current.lock().unwrap_or_else(PoisonError::into_inner).allows()
        })?;
        Ok(Self { conn, deadline })
    }

    /// Does it, and gives back what it was done with.
    fn read<T>(
        self,
        deadline: &Arc<Deadline>,
        work: &impl AsyncFn(&mut Conn) -> QueryResult<T>,
    ) -> (Option<Self>, Result<T, DbError>) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(deadline);
        let mut conn = Conn::Sqlite(self.conn);
        // On this connection every query is ready at once.
        let result = match work(&mut conn).now_or_never() {
            _ if deadline.missed.load(Ordering::Relaxed) => Err(DbError::Timeout),
            Some(result) => result.map_err(DbError::from),
            None => Err(DbError::GivenUp),
        };
        let reader = match conn {
            Conn::Sqlite(conn) => Some(Self {
                conn,
                deadline: self.deadline,
            }),
            Conn::Pooled(_) | Conn::Shared(_) => None,
        };
        (reader, result)
    }
}

impl Deadline {
    fn after(limit: Duration) -> Self {
        Self {
            at: Instant::now() + limit,
            cancelled: AtomicBool::new(false),
            missed: AtomicBool::new(false),
        }
    }

    fn allows(&self) -> bool {
        let in_time = !self.cancelled.load(Ordering::Relaxed) && Instant::now() < self.at;
        if !in_time {
            self.missed.store(true, Ordering::Relaxed);
        }
        in_time
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::Connection as _;
    use diesel::RunQueryDsl as _;
    use diesel::sql_types::BigInt;
    use std::num::NonZeroUsize;
    use uuid::Uuid;

    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }

    fn readers(limit: Duration) -> LongReaders {
        LongReaders::new(Bulkhead::new(NonZeroUsize::MIN, Duration::MAX), limit)
    }

    fn open() -> ConnectionResult<SqliteConnection> {
        SqliteConnection::establish(":memory:")
    }

    /// Counts rows for as long as there is time, and at most so many.
    fn count(rows: i64) -> impl AsyncFn(&mut Conn) -> QueryResult<i64> + Send + 'static {
        async move |conn: &mut Conn| {
            let Conn::Sqlite(conn) = conn else {
                return Err(diesel::NotFound);
            };
            let query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ? AND in_time())
                         SELECT count(*) AS count FROM n";
            let Count { count } = diesel::sql_query(query).bind::<BigInt, _>(rows).get_result(conn)?;
            Ok(count)
        }
    }

    #[tokio::test]
    async fn a_read_that_takes_too_long_is_ended_and_the_next_one_is_not() {
        let owner = Uuid::from_u128(1).into();
        let readers = readers(Duration::from_millis(200));
        let endless = readers.read(owner, open, count(i64::MAX)).await;
        assert!(matches!(endless, Err(DbError::Timeout)), "{endless:?}");
        assert_eq!(readers.read(owner, open, count(10)).await.unwrap(), 10);
    }

    #[tokio::test]
    async fn a_read_that_nobody_waits_for_is_ended_and_leaves_its_place() {
        let owner = Uuid::from_u128(1).into();
        let readers = readers(Duration::from_hours(1));
        assert!(readers.read(owner, open, count(i64::MAX)).now_or_never().is_none());
        assert_eq!(readers.read(owner, open, count(10)).await.unwrap(), 10);
    }
}
