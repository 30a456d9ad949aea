//! PostgreSQL, and sharing out the connections to it.
//!
//! Each worker has connections of its own, so that no answer has to change threads. One of them is shared by all of the
//! worker's reads: they are sent without waiting for each other's answers (pipelining), and a handful of system calls serves
//! many requests. Writes each have a connection to themselves, out of a pool: on a shared one their commits would queue.

mod server;

pub(super) use server::{Server, migrate};

use super::conn::{Conn, PgConn};
use super::error::{ConnectError, DbError, QueryError};
use super::settings::{Connections, Settings};
use super::types::UserId;
use crate::config::Secret;
use deadpool::Runtime;
use deadpool::managed::QueueMode;
use diesel::QueryResult;
use diesel::result::DatabaseErrorKind;
use diesel_async::pooled_connection::deadpool::{BuildError, Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use thread_local::ThreadLocal;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How much longer than PostgreSQL itself we wait for the end of a statement: its answer says more than our giving up.
const GRACE: Duration = Duration::from_secs(1);

/// A PostgreSQL server, and the connections to it.
pub struct Postgres {
    server: Arc<Server>,
    settings: Settings,
    /// Each worker's connections for writing.
    pools: ThreadLocal<Pool<PgConn>>,
    /// Each worker's connection for reading.
    readers: ThreadLocal<Reader>,
    /// How often the server was given up. No connection of an earlier time is used again.
    generation: AtomicUsize,
}

/// The connection that a worker's reads share.
#[derive(Default)]
struct Reader {
    /// With the generation that it was made in.
    current: RefCell<Option<(usize, Arc<PgConn>)>>,
    /// Held while connecting, so that those who find no connection make only one.
    connecting: Mutex<()>,
}

impl Postgres {
    pub(super) async fn connect(url: &Secret, settings: Settings) -> Result<Self, ConnectError> {
        let server = Arc::new(Server::parse(url.reveal())?);
        migrate(&server).await.map_err(ConnectError::Migrate)?;
        Ok(Self {
            server,
            settings,
            pools: ThreadLocal::new(),
            readers: ThreadLocal::new(),
            generation: AtomicUsize::new(0),
        })
    }

    /// A read changes nothing, so one whose connection died is run again, on a new one.
    pub(super) async fn read<T>(&self, work: impl AsyncFn(&mut Conn) -> QueryResult<T>) -> Result<T, DbError> {
        if self.server.is_pooler() {
            return Box::pin(self.write(async |conn: &mut Conn| Ok(work(conn).await?))).await;
        }
        let mut again = true;
        loop {
            let conn = match self.current(self.readers.get_or_default()) {
                Some(conn) => conn,
                // What is hardly ever needed has its own memory: what is needed for each request is moved often.
                None => Box::pin(self.new_reader()).await?,
            };
            let result = timeout(self.limit(), work(&mut Conn::Shared(Arc::clone(&conn)))).await;
            match result {
                Ok(Err(error)) if is_dead(&error) => {
                    self.forget(&conn);
                    if !again {
                        return Err(error.into());
                    }
                    again = false;
                }
                Ok(result) => return Ok(result?),
                Err(_) => {
                    self.give_up(&conn);
                    return Err(DbError::Timeout);
                }
            }
        }
    }

    /// A write is never run again: what became of one whose connection died, nobody knows.
    pub(super) async fn write<T, E>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DbError>,
    {
        let pool = self.pool().map_err(DbError::from)?;
        let mut conn = Conn::Pooled(pool.get().await.map_err(DbError::from)?);
        let ended = if self.server.is_pooler() {
            // What was prepared may be on another connection a moment later, unless both are in one transaction.
            timeout(self.limit(), conn.transaction(work)).await
        } else {
            timeout(self.limit(), work(&mut conn)).await
        };
        ended.unwrap_or_else(|_| {
            if let Conn::Pooled(conn) = conn {
                self.give_up(&conn);
                // It may be in the middle of something, and must not get back to the pool.
                drop(Object::take(conn));
            }
            Err(DbError::Timeout.into())
        })
    }

    /// A read on a connection of its own, in a transaction whose statements have a time of their own.
    pub(super) async fn read_long<T>(
        &self,
        owner: UserId,
        work: impl AsyncFn(&mut Conn) -> QueryResult<T>,
    ) -> Result<T, DbError> {
        let _admission = self.settings.bulkhead.enter(owner.into()).await?;
        match self.read_alone(&work).await {
            Err(DbError::Query(error)) if is_dead(&error) => self.read_alone(&work).await,
            result => result,
        }
    }

    /// A read that nobody waits for any more is cancelled, with its connection.
    async fn read_alone<T>(&self, work: &impl AsyncFn(&mut Conn) -> QueryResult<T>) -> Result<T, DbError> {
        let limit = self.settings.long_read_timeout;
        let mut running = Running {
            postgres: self,
            conn: Some(Conn::Pooled(self.pool()?.get().await?)),
        };
        let conn = running.conn.as_mut().ok_or(DbError::GivenUp)?;
        let read = conn.transaction(async |conn: &mut Conn| {
            conn.limit_statements(limit).await?;
            Ok::<_, DbError>(work(conn).await?)
        });
        // Dropped without an answer, it is cancelled as well.
        let result = timeout(limit.saturating_add(GRACE), read).await;
        let result = result.map_err(|_| DbError::Timeout)?;
        drop(running.conn.take());
        result
    }

    pub(super) fn connections(&self) -> Connections {
        let mut all = Connections {
            max: self.share() * self.settings.workers,
            ..Connections::default()
        };
        for status in self.pools.iter().map(Pool::status) {
            all.idle += status.available;
            all.used += status.size.saturating_sub(status.available);
            all.awaited += status.waiting;
        }
        all
    }

    /// How many of the connections for writing each worker has at most.
    fn share(&self) -> usize {
        (self.settings.pool_size / self.settings.workers).max(1)
    }

    /// How long the statements of one request are waited for.
    fn limit(&self) -> Duration {
        self.settings.statement_timeout.saturating_add(GRACE)
    }

    fn pool(&self) -> Result<&Pool<PgConn>, BuildError> {
        self.pools.get_or_try(|| {
            let (server, limit) = (Arc::clone(&self.server), self.settings.statement_timeout);
            let mut config = ManagerConfig::default();
            // A connection that has died is found out by its driver; asking each time would cost a round trip per request.
            config.recycling_method = RecyclingMethod::Fast;
            config.custom_setup = Box::new(move |_| {
                let server = Arc::clone(&server);
                Box::pin(async move { server.connect_limited(limit).await })
            });
            let manager = AsyncDieselConnectionManager::new_with_config("", config);
            Pool::builder(manager)
                .max_size(self.share())
                .wait_timeout(Some(self.settings.wait))
                // Each host is given up after a while of its own, so that the next one has its turn.
                .create_timeout(Some(self.server.patience()))
                .queue_mode(QueueMode::Lifo)
                .runtime(Runtime::Tokio1)
                .build()
        })
    }

    /// A connection where there is none: this one's own, or that of somebody who was faster.
    async fn new_reader(&self) -> Result<Arc<PgConn>, DbError> {
        let reader = self.readers.get_or_default();
        let _connecting = reader.connecting.lock().await;
        if let Some(conn) = self.current(reader) {
            return Ok(conn);
        }
        let generation = self.generation.load(Ordering::Acquire);
        let conn = Arc::new(self.server.connect_to_read(self.settings.statement_timeout).await?);
        *reader.current.borrow_mut() = Some((generation, Arc::clone(&conn)));
        Ok(conn)
    }

    fn current(&self, reader: &Reader) -> Option<Arc<PgConn>> {
        let current = reader.current.borrow();
        let (generation, conn) = current.as_ref()?;
        (*generation == self.generation.load(Ordering::Acquire)).then(|| Arc::clone(conn))
    }

    /// Lets nobody else read on this connection.
    fn forget(&self, conn: &Arc<PgConn>) {
        let mut current = self.readers.get_or_default().current.borrow_mut();
        if current.as_ref().is_some_and(|(_, current)| Arc::ptr_eq(current, conn)) {
            *current = None;
        }
    }

    /// Has PostgreSQL end what it does on this connection. A pooler ends it by itself when its client has gone; asked to, an early
    /// pgbouncer fails the statements of others.
    fn cancel(&self, conn: &PgConn) {
        if !self.server.is_pooler() {
            let (server, token) = (Arc::clone(&self.server), conn.cancel_token());
            tokio::spawn(async move { server.cancel(token).await });
        }
    }

    /// There was no answer on this connection. A server that does not even refuse is one that hangs, or that the network has
    /// lost: neither this connection nor any other that is idle is used again, or each would be found out by a request of
    /// its own.
    fn give_up(&self, conn: &PgConn) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        for pool in &self.pools {
            pool.retain(|_, _| false);
        }
        // If the server is there after all, nobody is to wait behind this statement.
        self.cancel(conn);
    }
}

/// A read that has not been answered yet, on a connection of its own.
struct Running<'a> {
    postgres: &'a Postgres,
    conn: Option<Conn>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(Conn::Pooled(conn)) = self.conn.take() {
            self.postgres.cancel(&conn);
            // It is in the middle of something, and must not get back to the pool.
            drop(Object::take(conn));
        }
    }
}

/// Whether the connection is of no more use.
fn is_dead(error: &QueryError) -> bool {
    match error {
        QueryError::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _) => {
            true
        }
        QueryError::DatabaseError(_, info) => info.message().contains("terminating connection"),
        _ => false,
    }
}
