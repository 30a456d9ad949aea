//! The one thread that writes to the embedded database, with group commit.
//!
//! Group commit: a commit costs a write to the disk, and it costs the same however much it commits. So what has queued up while
//! the last one was under way is committed together, and only then acknowledged. Each write has a savepoint of its own: one that
//! fails is rolled back to it, and no other.
//!
//! A group has a bound in time as well: each of its writes waits for all of them, and 64 long ones would be a long wait.

use crate::db::conn::Conn;
use crate::db::error::{DbError, QueryError};
use diesel::connection::SimpleConnection as _;
use diesel::result::DatabaseErrorKind;
use diesel::{QueryResult, SqliteConnection};
use futures_util::FutureExt as _;
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// Writes that are committed together at most.
const GROUP: usize = 64;

/// Time in a group after which no further write is begun in it.
const GROUP_TIME: Duration = Duration::from_millis(20);

/// Writes that may wait in the queue.
const QUEUE: usize = 1024;

/// The queue. The thread ends when it is dropped.
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    wait: Duration,
}

impl Writer {
    /// Starts the thread. `wait` is how long a write waits for a place in the queue.
    pub(super) fn start(conn: SqliteConnection, wait: Duration) -> io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run(Conn::Sqlite(conn), jobs))?;
        Ok(Self { queue, wait })
    }

    /// Writes that wait.
    pub(super) fn queued(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    pub(super) async fn write<T, E>(
        &self,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (reply, outcome) = oneshot::channel();
        let job = Box::new(Write {
            work: Some(work),
            outcome: None,
            reply,
        });
        let place = timeout(self.wait, self.queue.reserve()).await;
        let place = place.map_err(|_| DbError::Busy)?.map_err(|_| DbError::GivenUp)?;
        place.send(job);
        outcome.await.unwrap_or_else(|_| Err(DbError::GivenUp.into()))
    }
}

/// A write in the queue, whatever its types are.
trait Job: Send {
    /// Does it. Gives whether what was done is to be kept.
    fn perform(&mut self, conn: &mut Conn) -> bool;

    /// Tells whoever waits what came of it, now that it is committed or is not.
    fn acknowledge(self: Box<Self>, committed: &QueryResult<()>);
}

struct Write<W, T, E> {
    work: Option<W>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<W, T, E> Job for Write<W, T, E>
where
    W: AsyncFnOnce(&mut Conn) -> Result<T, E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn perform(&mut self, conn: &mut Conn) -> bool {
        // On this connection every query is ready at once, and so is a flow that waits for nothing else.
        self.outcome = self.work.take().and_then(|work| work(conn).now_or_never());
        matches!(self.outcome, Some(Ok(_)))
    }

    fn acknowledge(self: Box<Self>, committed: &QueryResult<()>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(DbError::from(copy(error)).into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(DbError::GivenUp.into()),
        };
        // Whoever does not wait any more does not want to know.
        let _ = self.reply.send(outcome);
    }
}

fn run(mut conn: Conn, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut waiting = VecDeque::with_capacity(GROUP);
    loop {
        if waiting.is_empty() {
            match jobs.blocking_recv() {
                Some(first) => waiting.push_back(first),
                None => return,
            }
        }
        while waiting.len() < GROUP
            && let Ok(next) = jobs.try_recv()
        {
            waiting.push_back(next);
        }
        let begun = Instant::now();
        let (done, committed) = commit(&mut conn, waiting.make_contiguous(), || begun.elapsed());
        if committed.is_err() {
            // Fails if the database has done so by itself.
            let _ = execute(&mut conn, "ROLLBACK");
        }
        waiting.drain(..done).for_each(|job| job.acknowledge(&committed));
    }
}

/// Performs those that wait, until [`GROUP_TIME`] is `spent`, and commits them. Gives how many, and what came of it.
fn commit(conn: &mut Conn, waiting: &mut [Box<dyn Job>], spent: impl Fn() -> Duration) -> (usize, QueryResult<()>) {
    // Whoever holds the lock of the database may hold it for all of them.
    if let Err(error) = execute(conn, "BEGIN IMMEDIATE") {
        return (waiting.len(), Err(error));
    }
    let mut done = 0;
    for job in waiting {
        done += 1;
        if let Err(error) = perform(conn, job.as_mut()) {
            return (done, Err(error));
        }
        if spent() >= GROUP_TIME {
            break;
        }
    }
    (done, execute(conn, "COMMIT"))
}

fn perform(conn: &mut Conn, job: &mut dyn Job) -> QueryResult<()> {
    execute(conn, "SAVEPOINT job")?;
    let keep = catch_unwind(AssertUnwindSafe(|| job.perform(conn))).unwrap_or(false);
    execute(
        conn,
        if keep {
            "RELEASE job"
        } else {
            "ROLLBACK TO job; RELEASE job"
        },
    )
}

fn execute(conn: &mut Conn, sql: &str) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute(sql),
        Conn::Pooled(_) | Conn::Shared(_) => Err(QueryError::BrokenTransactionManager),
    }
}

/// The same failure, for one more of those whom it concerns.
fn copy(error: &QueryError) -> QueryError {
    match error {
        QueryError::DatabaseError(kind, info) => {
            let kind = match kind {
                // A constraint that fails at the end is nobody's own fault.
                DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ForeignKeyViolation => {
                    DatabaseErrorKind::Unknown
                }
                other => *other,
            };
            QueryError::DatabaseError(kind, Box::new(info.message().to_owned()))
        }
        other => QueryError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::conn::query;
    use diesel::Connection as _;
    use diesel::prelude::*;
    use futures_util::future::join_all;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    diesel::table! {
        notes (id) { id -> Integer, }
    }

    /// The connection itself is the database: nobody else needs to see it.
    fn writer() -> Writer {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        conn.batch_execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT")
            .unwrap();
        Writer::start(conn, Duration::from_secs(5)).unwrap()
    }

    async fn add(conn: &mut Conn, id: i32) -> Result<(), DbError> {
        let add = diesel::insert_into(notes::table).values(notes::id.eq(id));
        query!(conn, execute, add)?;
        Ok(())
    }

    async fn all(writer: &Writer) -> Vec<i32> {
        let all = async |conn: &mut Conn| {
            Ok::<_, DbError>(query!(conn, load, notes::table.select(notes::id).order(notes::id))?)
        };
        writer.write(all).await.unwrap()
    }

    #[tokio::test]
    async fn a_write_that_fails_takes_back_what_it_did_and_nothing_else() {
        let writer = writer();
        let outcomes = join_all((0..100).map(|id| {
            writer.write(async move |conn: &mut Conn| {
                add(conn, id).await?;
                // Every third one fails in its second statement.
                add(conn, if id % 3 == 0 { id } else { 1000 + id }).await
            })
        }))
        .await;
        for (id, outcome) in outcomes.iter().enumerate() {
            assert_eq!(outcome.is_ok(), id % 3 != 0, "{id}: {outcome:?}");
        }
        let expected: Vec<i32> = (0..100).chain(1000..1100).filter(|id| (id % 1000) % 3 != 0).collect();
        assert_eq!(all(&writer).await, expected);
    }

    #[tokio::test]
    async fn a_panic_and_a_flow_that_waits_for_something_else_are_given_up_alone() {
        let writer = writer();
        let panics = writer.write(async |conn: &mut Conn| {
            add(conn, 1).await?;
            panic!("a mistake");
            #[expect(unreachable_code, reason = "it says the type")]
            Ok::<(), DbError>(())
        });
        let waits = writer.write(async |conn: &mut Conn| {
            add(conn, 2).await?;
            tokio::task::yield_now().await;
            Ok::<(), DbError>(())
        });
        let good = writer.write(async |conn: &mut Conn| add(conn, 3).await);
        let (panics, waits, good) = tokio::join!(panics, waits, good);
        assert!(matches!(panics, Err(DbError::GivenUp)), "{panics:?}");
        assert!(matches!(waits, Err(DbError::GivenUp)), "{waits:?}");
        assert!(good.is_ok(), "{good:?}");
        assert_eq!(all(&writer).await, [3]);
    }

    #[test]
    fn a_group_that_has_taken_long_begins_no_further_write() {
        struct Slow(Arc<AtomicU64>);
        impl Job for Slow {
            fn perform(&mut self, _: &mut Conn) -> bool {
                self.0.fetch_add(8, Ordering::Relaxed);
                true
            }

            fn acknowledge(self: Box<Self>, _: &QueryResult<()>) {}
        }

        let mut conn = Conn::Sqlite(SqliteConnection::establish(":memory:").unwrap());
        let clock = Arc::new(AtomicU64::new(0));
        let mut waiting: Vec<Box<dyn Job>> = Vec::new();
        waiting.resize_with(5, || Box::new(Slow(Arc::clone(&clock))));
        let mut next = || {
            let begun = clock.load(Ordering::Relaxed);
            let spent = || Duration::from_millis(clock.load(Ordering::Relaxed) - begun);
            let (done, committed) = commit(&mut conn, &mut waiting, spent);
            committed.unwrap();
            waiting.drain(..done);
            done
        };
        assert_eq!([next(), next()], [3, 2]);
    }

    #[tokio::test]
    async fn nothing_is_acknowledged_that_cannot_be_committed() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        conn.batch_execute(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT;
             CREATE TABLE parts (of INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED) STRICT;",
        )
        .unwrap();
        let writer = Writer::start(conn, Duration::from_secs(5)).unwrap();
        let (good, bad) = tokio::join!(
            writer.write(async |conn: &mut Conn| add(conn, 1).await),
            writer.write(async |conn: &mut Conn| {
                execute(conn, "INSERT INTO parts VALUES (7)").map_err(DbError::from)
            }),
        );
        // Both may be in one group, or each in one of its own; the second one fails at its commit.
        assert!(bad.is_err(), "{bad:?}");
        assert_eq!(good.is_ok(), all(&writer).await == [1], "{good:?}");
    }
}
