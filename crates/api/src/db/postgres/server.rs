//! Where PostgreSQL is, and making connections to it, with TLS that is verified wherever the URL asks for TLS.

use crate::db::conn::PgConn;
use crate::db::error::ConnectError;
use crate::db::migrations::{self, Versions};
use crate::error_chain::error_chain;
use diesel::connection::CacheSize;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncConnection as _, SimpleAsyncConnection as _};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{CancelToken, Client, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::form_urlencoded;

/// How long it may take to make a connection: each host of several has an equal share of it, unless the URL says otherwise
/// (`connect_timeout`, for each host).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection is given up for dead when what was sent on it has not been acknowledged for so long, or when it was silent
/// for so long and answers no probe, unless the URL says otherwise (`tcp_user_timeout`, `keepalives_*`).
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(15);
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;

/// Where to connect to, and how.
pub(in crate::db) struct Server {
    /// One for each host of the URL, in its order.
    hosts: Vec<tokio_postgres::Config>,
    /// The host that the last connection was made to: the others are asked only once it does not take another.
    last: AtomicUsize,
    tls: Option<MakeRustlsConnect>,
    /// Whether it is a pgbouncer that hands out another connection for each transaction and knows no prepared statements.
    pooler: bool,
}

impl Server {
    /// Reads the URL. `sslmode` means what libpq means by it, but that TLS is always verified, and is never only
    /// attempted: `disable` (the default), or `require`, `verify-ca` and `verify-full`, which all verify the
    /// certificate and the name. `sslrootcert` names a PEM file to trust instead of the system's authorities.
    /// `pgbouncer=true` is for a pgbouncer before 1.21 in transaction mode, which does not know prepared statements.
    pub(in crate::db) fn parse(url: &str) -> Result<Self, ConnectError> {
        let invalid = || ConnectError::Url("DATABASE_URL is not a valid PostgreSQL URL".to_owned());
        let (server, query) = url.split_once('?').unwrap_or((url, ""));
        let mut mode = None;
        let mut root = None;
        let mut pooler = false;
        let mut rest = Vec::new();
        for pair in query.split('&') {
            match form_urlencoded::parse(pair.as_bytes()).next() {
                Some((key, value)) if key == "sslmode" => mode = Some(value.into_owned()),
                Some((key, value)) if key == "sslrootcert" => root = Some(value.into_owned()),
                Some((key, value)) if key == "pgbouncer" => {
                    pooler = value
                        .parse()
                        .map_err(|_| ConnectError::Url("DATABASE_URL: pgbouncer is either true or false".to_owned()))?;
                }
                _ => rest.push(pair),
            }
        }

        let query = rest.join("&");
        let says = |key: &str| rest.iter().any(|pair| pair.split('=').next() == Some(key));
        let mut hosts = Vec::new();
        for url in one_host_each(server) {
            // The parser's own error may quote the URL, and with it the password.
            let mut config: tokio_postgres::Config = format!("{url}?{query}").parse().map_err(|_| invalid())?;
            if config.get_hosts().is_empty() {
                return Err(invalid());
            }
            if !says("tcp_user_timeout") {
                config.tcp_user_timeout(TCP_USER_TIMEOUT);
            }
            if !says("keepalives_idle") {
                config.keepalives_idle(KEEPALIVE_IDLE);
            }
            if !says("keepalives_interval") {
                config.keepalives_interval(KEEPALIVE_INTERVAL);
            }
            if !says("keepalives_retries") {
                config.keepalives_retries(KEEPALIVE_RETRIES);
            }
            config.application_name("taskward");
            hosts.push(config);
        }
        let tls = match mode.as_deref() {
            None | Some("disable") => None,
            Some("require" | "verify-ca" | "verify-full") => {
                Some(MakeRustlsConnect::new(tls(root.as_deref()).map_err(ConnectError::Tls)?))
            }
            Some(other) => {
                return Err(ConnectError::Url(format!(
                    "DATABASE_URL has sslmode={other}, but TLS that is only attempted protects nothing: \
                     use sslmode=verify-full, or sslmode=disable on a network that you trust"
                )));
            }
        };
        for config in &mut hosts {
            config.ssl_mode(if tls.is_some() {
                SslMode::Require
            } else {
                SslMode::Disable
            });
        }
        Ok(Self {
            hosts,
            last: AtomicUsize::new(0),
            tls,
            pooler,
        })
    }

    /// Whether each statement has to be a transaction, and nothing stays prepared.
    pub(super) fn is_pooler(&self) -> bool {
        self.pooler
    }

    /// How long it may take until every host has had its turn.
    pub(super) fn patience(&self) -> Duration {
        self.hosts.iter().map(|host| self.patience_with(host)).sum()
    }

    /// How long a host may take until there is a connection that can be used: it may accept one, and then say nothing.
    fn patience_with(&self, host: &tokio_postgres::Config) -> Duration {
        let share = || CONNECT_TIMEOUT / u32::try_from(self.hosts.len()).unwrap_or(1).max(1);
        host.get_connect_timeout().copied().unwrap_or_else(share)
    }

    /// A connection whose statements, and pauses inside a transaction, end after `timeout`.
    pub(super) async fn connect_limited(&self, timeout: Duration) -> ConnectionResult<PgConn> {
        self.connect_with(&limits(timeout)).await
    }

    /// The same, for statements that are executed again and again for accounts of all sizes: each is planned once, and not for
    /// the account that asks. Left to itself, PostgreSQL plans anew at each execution wherever most accounts are smaller than the
    /// average, since that promises fewer rows; and takes longer to plan than to execute.
    pub(super) async fn connect_to_read(&self, timeout: Duration) -> ConnectionResult<PgConn> {
        let limits = limits(timeout);
        // A setting that a server does not have (PostgreSQL before 12, and what is derived from it) is left alone.
        let settings = format!(
            "{limits}; SELECT set_config(name, 'force_generic_plan', false) FROM pg_settings WHERE name = 'plan_cache_mode'"
        );
        self.connect_with(&settings).await
    }

    /// A connection with these settings. They are statements, not start-up parameters: pgbouncer refuses those.
    async fn connect_with(&self, settings: &str) -> ConnectionResult<PgConn> {
        let mut conn = self.connect().await?;
        conn.batch_execute(settings)
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    /// A connection to the first host that gives one: the last one that did, then those after it.
    pub(in crate::db) async fn connect(&self) -> ConnectionResult<PgConn> {
        let last = self.last.load(Ordering::Relaxed);
        let hosts = self.hosts.iter().enumerate().cycle().skip(last);
        let mut failures = Vec::new();
        for (place, host) in hosts.take(self.hosts.len()) {
            match timeout(self.patience_with(host), self.connect_to(host)).await {
                Ok(Ok(conn)) => {
                    self.last.store(place, Ordering::Relaxed);
                    return Ok(conn);
                }
                Ok(Err(error)) => failures.push(error.to_string()),
                Err(elapsed) => failures.push(format!("no answer: {elapsed}")),
            }
        }
        Err(ConnectionError::BadConnection(failures.join("; ")))
    }

    async fn connect_to(&self, host: &tokio_postgres::Config) -> ConnectionResult<PgConn> {
        if let Some(tls) = &self.tls {
            let (client, connection) = host.connect(tls.clone()).await.map_err(|error| failed(&error))?;
            self.set_up(client, connection).await
        } else {
            let (client, connection) = host
                .connect(tokio_postgres::NoTls)
                .await
                .map_err(|error| failed(&error))?;
            self.set_up(client, connection).await
        }
    }

    async fn set_up<S>(&self, client: Client, connection: Connection<Socket, S>) -> ConnectionResult<PgConn>
    where
        S: TlsStream + Unpin + Send + 'static,
    {
        if !self.pooler {
            return PgConn::try_from_client_and_connection(client, connection).await;
        }
        // Setting up is more than one message, which must not go to different servers.
        tokio::spawn(connection);
        client.batch_execute("BEGIN").await.map_err(|error| failed(&error))?;
        let mut conn = PgConn::try_from(client).await?;
        conn.batch_execute("COMMIT")
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        conn.set_prepared_statement_cache_size(CacheSize::Disabled);
        Ok(conn)
    }

    /// Asks the server to end what runs on a connection. It may not be there to hear it.
    pub(super) async fn cancel(&self, statement: CancelToken) {
        let cancelled = async {
            match &self.tls {
                Some(tls) => statement.cancel_query(tls.clone()).await,
                None => statement.cancel_query(tokio_postgres::NoTls).await,
            }
        };
        match timeout(CONNECT_TIMEOUT, cancelled).await {
            Ok(Ok(())) => tracing::warn!("cancelled a statement that took too long"),
            Ok(Err(error)) => tracing::warn!(
                error = error_chain(&error),
                "a statement took too long, and cannot be cancelled"
            ),
            Err(_) => tracing::warn!("a statement took too long, and its server does not answer"),
        }
    }
}

/// What ends a connection's statements, and its pauses inside a transaction, after `timeout`.
fn limits(timeout: Duration) -> String {
    let limit = timeout.as_millis();
    format!("SET statement_timeout = {limit}; SET idle_in_transaction_session_timeout = {limit}")
}

/// Diesel's harness blocks, and would panic on Actix's single-threaded runtime: it gets a thread. It takes a transaction, a
/// lock and a table made if it is not there to find out that there is nothing to do, as at nearly every start: one statement
/// says so too. (Not through an early pgbouncer, for which a statement would have to be a transaction.)
pub(in crate::db) async fn migrate(server: &Server) -> Result<Versions, Box<dyn Error + Send + Sync>> {
    let mut conn = server.connect().await?;
    if !server.is_pooler() && migrations::are_applied(&mut conn).await? {
        return Ok(Versions::new());
    }
    tokio::task::spawn_blocking(move || {
        let mut conn = AsyncConnectionWrapper::<PgConn>::from(conn);
        migrations::run_alone(&mut conn, migrations::POSTGRES)
    })
    .await?
}

fn failed(error: &tokio_postgres::Error) -> ConnectionError {
    ConnectionError::BadConnection(error_chain(error))
}

/// `postgres://u@a:1,b:2/d` → `postgres://u@a:1/d`, `postgres://u@b:2/d`
fn one_host_each(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return vec![url.to_owned()];
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, hosts) = authority.split_at(authority.find('@').map_or(0, |at| at + 1));
    hosts
        .split(',')
        .map(|host| format!("{scheme}://{user}{host}{path}"))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_has_a_url_of_its_own() {
        assert_eq!(
            one_host_each("postgres://u:p@a:1,[::1]:2,c/d"),
            ["postgres://u:p@a:1/d", "postgres://u:p@[::1]:2/d", "postgres://u:p@c/d"]
        );
        assert_eq!(one_host_each("postgres://a"), ["postgres://a"]);
    }

    #[test]
    fn hosts_share_the_time_unless_the_url_gives_them_theirs() {
        let patience = |url| Server::parse(url).unwrap().patience();
        for url in ["postgres://u@a/d", "postgres://u@a,b/d?target_session_attrs=read-write"] {
            assert_eq!(patience(url), CONNECT_TIMEOUT);
        }
        assert_eq!(patience("postgres://u@a,b/d?connect_timeout=3"), Duration::from_secs(6));
    }

    #[test]
    fn pgbouncer_is_a_yes_or_a_no() {
        assert!(Server::parse("postgres://u@a/d?pgbouncer=true").unwrap().is_pooler());
        assert!(!Server::parse("postgres://u@a/d?pgbouncer=false").unwrap().is_pooler());
        assert!(Server::parse("postgres://u@a/d?pgbouncer=1").is_err());
    }
}
