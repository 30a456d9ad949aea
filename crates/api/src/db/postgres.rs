//! PostgreSQL: connecting, with TLS that is verified wherever the URL asks for TLS, and sharing out the connections.
//!
//! Each worker has connections of its own, so that no answer has to change threads. One of them is shared by all of the
//! worker's reads: they are sent without waiting for each other's answers (pipelining), and a handful of system calls serves
//! many requests. Writes each have a connection to themselves, out of a pool: on a shared one their commits would queue.

use super::conn::{Conn, ConnectError, DbError, QueryError, Settings};
use super::migrations::{self, Versions};
use crate::causes::chain;
use crate::config::Secret;
use deadpool::Runtime;
use deadpool::managed::QueueMode;
use diesel::connection::SimpleConnection;
use diesel::result::DatabaseErrorKind;
use diesel::{ConnectionError, ConnectionResult, QueryResult};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::pooled_connection::deadpool::{BuildError, Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use std::cell::RefCell;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use thread_local::ThreadLocal;
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;
use url::form_urlencoded;

pub(super) type PgConn = AsyncPgConnection;

/// How long a server may take to accept a connection, unless the URL says otherwise (`connect_timeout`).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Held while migrating, so that nodes which start together do it one after the other. The number is arbitrary.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(7226001)";

/// A PostgreSQL server, and the connections to it.
pub struct Postgres {
    server: Arc<Server>,
    settings: Settings,
    /// Each worker's connections for writing.
    pools: ThreadLocal<Pool<PgConn>>,
    /// Each worker's connection for reading.
    readers: ThreadLocal<Reader>,
}

/// The connection that a worker's reads share.
#[derive(Default)]
struct Reader {
    current: RefCell<Option<Arc<PgConn>>>,
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
        })
    }

    /// A read changes nothing, so one whose connection died is run again, on a new one.
    pub(super) async fn read<T>(&self, work: impl AsyncFn(&mut Conn) -> QueryResult<T>) -> Result<T, DbError> {
        let mut last = false;
        loop {
            let conn = self.reader().await?;
            let result = timeout(self.settings.timeout, work(&mut Conn::Shared(Arc::clone(&conn)))).await;
            match result {
                Ok(Err(error)) if is_dead(&error) => {
                    self.forget(&conn);
                    if last {
                        return Err(error.into());
                    }
                    last = true;
                }
                Ok(result) => return Ok(result?),
                Err(_) => {
                    self.forget(&conn);
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
        let result = timeout(self.settings.timeout, work(&mut conn)).await;
        // It may be in the middle of something, and must not get back to the pool.
        result.unwrap_or_else(|_| {
            if let Conn::Pooled(conn) = conn {
                drop(Object::take(conn));
            }
            Err(DbError::Timeout.into())
        })
    }

    fn pool(&self) -> Result<&Pool<PgConn>, BuildError> {
        self.pools.get_or_try(|| {
            let server = Arc::clone(&self.server);
            let mut config = ManagerConfig::default();
            // A connection that has died is found out by its driver; asking each time would cost a round trip per request.
            config.recycling_method = RecyclingMethod::Fast;
            config.custom_setup = Box::new(move |_| {
                let server = Arc::clone(&server);
                Box::pin(async move { server.connect().await })
            });
            let manager = AsyncDieselConnectionManager::new_with_config("", config);
            Pool::builder(manager)
                .max_size((self.settings.pool_size / self.settings.workers).max(1))
                .wait_timeout(Some(self.settings.wait))
                .create_timeout(Some(self.settings.wait))
                .queue_mode(QueueMode::Lifo)
                .runtime(Runtime::Tokio1)
                .build()
        })
    }

    async fn reader(&self) -> Result<Arc<PgConn>, DbError> {
        let reader = self.readers.get_or_default();
        if let Some(conn) = reader.current() {
            return Ok(conn);
        }
        let _connecting = reader.connecting.lock().await;
        if let Some(conn) = reader.current() {
            return Ok(conn);
        }
        let conn = timeout(self.settings.wait, self.server.connect()).await;
        let conn = Arc::new(conn.map_err(|_| DbError::Timeout)??);
        *reader.current.borrow_mut() = Some(Arc::clone(&conn));
        Ok(conn)
    }

    /// Lets nobody else use this connection.
    fn forget(&self, conn: &Arc<PgConn>) {
        let mut current = self.readers.get_or_default().current.borrow_mut();
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, conn)) {
            *current = None;
        }
    }
}

impl Reader {
    fn current(&self) -> Option<Arc<PgConn>> {
        self.current.borrow().clone()
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

/// Diesel's harness blocks, and would panic on Actix's single-threaded runtime: it gets a thread.
pub(super) async fn migrate(server: &Server) -> Result<Versions, Box<dyn Error + Send + Sync>> {
    let conn = server.connect().await?;
    tokio::task::spawn_blocking(move || {
        let mut conn = AsyncConnectionWrapper::<PgConn>::from(conn);
        conn.batch_execute(MIGRATION_LOCK)?;
        migrations::run(&mut conn, migrations::POSTGRES)
    })
    .await?
}

/// Where to connect to, and how.
pub(super) struct Server {
    config: tokio_postgres::Config,
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// Reads the URL. `sslmode` means what libpq means by it, but that TLS is always verified, and is never only
    /// attempted: `disable` (the default), or `require`, `verify-ca` and `verify-full`, which all verify the
    /// certificate and the name. `sslrootcert` names a PEM file to trust instead of the system's authorities.
    pub(super) fn parse(url: &str) -> Result<Self, ConnectError> {
        let invalid = || ConnectError::Url("DATABASE_URL is not a valid PostgreSQL URL".to_owned());
        let (server, query) = url.split_once('?').unwrap_or((url, ""));
        let mut mode = None;
        let mut root = None;
        let mut rest = Vec::new();
        for pair in query.split('&') {
            match form_urlencoded::parse(pair.as_bytes()).next() {
                Some((key, value)) if key == "sslmode" => mode = Some(value.into_owned()),
                Some((key, value)) if key == "sslrootcert" => root = Some(value.into_owned()),
                _ => rest.push(pair),
            }
        }

        // The parser's own error may quote the URL, and with it the password.
        let mut config: tokio_postgres::Config =
            format!("{server}?{}", rest.join("&")).parse().map_err(|_| invalid())?;
        if config.get_hosts().is_empty() {
            return Err(invalid());
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.application_name("taskward");
        let tls = match mode.as_deref() {
            None | Some("disable") => {
                config.ssl_mode(SslMode::Disable);
                None
            }
            Some("require" | "verify-ca" | "verify-full") => {
                config.ssl_mode(SslMode::Require);
                Some(MakeRustlsConnect::new(tls(root.as_deref()).map_err(ConnectError::Tls)?))
            }
            Some(other) => {
                return Err(ConnectError::Url(format!(
                    "DATABASE_URL has sslmode={other}, but TLS that is only attempted protects nothing: \
                     use sslmode=verify-full, or sslmode=disable on a network that you trust"
                )));
            }
        };
        Ok(Self { config, tls })
    }

    pub(super) async fn connect(&self) -> ConnectionResult<PgConn> {
        let failed = |error: tokio_postgres::Error| ConnectionError::BadConnection(chain(&error));
        if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await.map_err(failed)?;
            return PgConn::try_from_client_and_connection(client, connection).await;
        }
        let (client, connection) = self.config.connect(tokio_postgres::NoTls).await.map_err(failed)?;
        PgConn::try_from_client_and_connection(client, connection).await
    }
}

fn tls(root: Option<&str>) -> Result<ClientConfig, Box<dyn Error + Send + Sync>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = match root {
        Some(file) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_file_iter(file)? {
                roots.add(certificate?)?;
            }
            builder.with_root_certificates(roots)
        }
        None => builder.with_platform_verifier()?,
    };
    Ok(builder.with_no_client_auth())
}
