//! The application: what every handler may ask for, put together once at the start.

use crate::auth::deletion;
use crate::auth::device::Devices;
use crate::auth::password::Hasher;
use crate::auth::secret::{self, SecretError};
use crate::auth::throttle::Throttle;
use crate::auth::token::Tokens;
use crate::auth::token::better_auth::BetterAuth;
use crate::budget::Budget;
use crate::bulkhead::Bulkhead;
use crate::config::{Config, ConfigError, Secret, Target};
use crate::db::types::UtcTime;
use crate::db::{Conn, ConnectError, Db, DbError, Settings, search, sessions};
use crate::http::error::ApiError;
use crate::metrics::{Load, Metrics};
use crate::tasks::trash;
use actix_web::HttpRequest;
use actix_web::web::Data;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{interval, timeout};

/// Signed-out sessions that are forgotten in one go: others can write in between.
const PIECE: i64 = 1000;

/// The parts of the application. Cloning it is cheap, and the clones share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    config: Config,
    db: Db,
    bulkhead: Bulkhead,
    budget: Budget,
    hasher: Hasher,
    tokens: Tokens,
    devices: Devices,
    better_auth: Option<BetterAuth>,
    throttle: Throttle,
    metrics: Metrics,
    draining: AtomicBool,
    deletions: Notify,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is no good secret to sign tokens with.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The data folder cannot be made.
    #[error("the data folder {} cannot be made", .0.display())]
    DataDir(PathBuf, #[source] io::Error),
    /// The counters contradict each other.
    #[error("the metrics cannot be set up")]
    Metrics(#[from] prometheus::Error),
    /// There is no database.
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

impl App {
    /// Checks the configuration, connects to the database and brings its schema up to date.
    ///
    /// # Errors
    /// If anything is wrong with either.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        config.check()?;
        let target = config.database()?;
        if let Target::Sqlite(file) = &target {
            make_folder(file)?;
        }
        let secret = match (&config.jwt_secret, &target) {
            (Some(secret), _) => secret.reveal().to_owned(),
            (None, Target::Sqlite(file)) => secret::load_or_create(&Config::secret_file(file))?,
            (None, Target::Postgres(_)) => return Err(SecretError::Missing.into()),
        };
        secret::check_all(&secret, &config)?;
        let bulkhead = config.bulkhead();
        let settings = Settings {
            pool_size: config.database_pool_size.into(),
            workers: config.workers().into(),
            wait: config.database_wait,
            statement_timeout: config.database_statement_timeout,
            long_read_timeout: config.database_long_read_timeout,
            bulkhead: bulkhead.clone(),
        };
        let parts = Parts {
            db: Db::connect(&target, settings).await?,
            bulkhead,
            budget: Budget::default(),
            hasher: Hasher::new(config.bcrypt_cost, config.password_queue.into()),
            tokens: Tokens::new(&secret, config.jwt_secret_previous.iter().map(Secret::reveal), &config),
            devices: Devices::new(&secret, config.jwt_secret_previous.iter().map(Secret::reveal)),
            better_auth: BetterAuth::new(&config),
            throttle: Throttle::new(&config),
            metrics: Metrics::new()?,
            draining: AtomicBool::new(false),
            deletions: Notify::new(),
            config,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// The application that serves this request.
    ///
    /// # Errors
    /// If there is none: a mistake of the server's own.
    pub(crate) fn of(request: &HttpRequest) -> Result<&Self, ApiError> {
        request
            .app_data::<Data<Self>>()
            .map(Data::get_ref)
            .ok_or_else(|| ApiError::Internal("the application is not there".into()))
    }

    /// The configuration it was started with.
    #[must_use]
    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// The database.
    #[must_use]
    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    /// Admits what takes long.
    #[must_use]
    pub(crate) fn bulkhead(&self) -> &Bulkhead {
        &self.0.bulkhead
    }

    /// The memory that large bodies may take.
    #[must_use]
    pub(crate) fn budget(&self) -> &Budget {
        &self.0.budget
    }

    /// Hashes passwords.
    #[must_use]
    pub(crate) fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    /// Issues and verifies tokens.
    #[must_use]
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    /// Knows the devices again that accounts have been signed in to on.
    #[must_use]
    pub(crate) fn devices(&self) -> &Devices {
        &self.0.devices
    }

    /// Verifies the tokens of a Better Auth server, if one is configured.
    #[must_use]
    pub(crate) fn better_auth(&self) -> Option<&BetterAuth> {
        self.0.better_auth.as_ref()
    }

    /// Slows down whoever guesses passwords.
    #[must_use]
    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// Counts what happens.
    #[must_use]
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// How busy the parts are that have a limit.
    #[must_use]
    pub(crate) fn load(&self) -> Load {
        let connections = self.0.db.connections();
        Load {
            connections_max: connections.max,
            connections_idle: connections.idle,
            connections_used: connections.used,
            connections_awaited: connections.awaited,
            passwords_max: self.0.hasher.capacity(),
            passwords: self.0.hasher.len(),
        }
    }

    /// From now on `/ready` is false: the server is about to stop, and goes on serving until then.
    pub(crate) fn begin_draining(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to stop.
    #[must_use]
    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// An account has been deleted, whose rows are to go.
    pub(crate) fn account_deleted(&self) {
        self.0.deletions.notify_one();
    }

    /// Deletes the rows of deleted accounts: of those that this server deletes, and now and every minute of those that another
    /// node or a command has deleted, or that a restart has left. Several nodes may do so at the same time.
    pub(crate) async fn run_deletions(self) {
        loop {
            if let Err(error) = deletion::delete_rows(self.db()).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "looking for the rows of deleted accounts failed");
            }
            // Whichever comes first.
            let _ = timeout(Duration::from_mins(1), self.0.deletions.notified()).await;
        }
    }

    /// Forgets, now and every hour, what need not be remembered any more. Several nodes may do so at the same time.
    pub(crate) async fn run_maintenance(self) {
        let mut hourly = interval(Duration::from_hours(1));
        loop {
            hourly.tick().await;
            if let Err(error) = self.purge().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "purging failed");
            }
        }
    }

    async fn purge(&self) -> Result<(), DbError> {
        self.backfill_search().await?;
        let now = UtcTime::now();
        let purge = async move |conn: &mut Conn| sessions::purge(conn, now, PIECE).await;
        let sessions = self.db().in_pieces(purge).await?;
        tracing::debug!(sessions, "purged");
        self.throttle().purge(self.db()).await?;
        let tasks = trash::purge_all(self.db(), now.before(self.config().trash_ttl)).await?;
        tracing::debug!(tasks, "purged the trash");
        Ok(())
    }
}

impl App {
    /// Backfills what tasks are searched by that a server of the version before has written. Others write in between.
    async fn backfill_search(&self) -> Result<(), DbError> {
        const BATCH: i64 = 500;
        loop {
            let backfill = async move |conn: &mut Conn| search::backfill(conn, BATCH).await.map_err(DbError::from);
            let filled = self.db().transaction(backfill).await?;
            if i64::try_from(filled).is_ok_and(|filled| filled < BATCH) {
                return Ok(());
            }
        }
    }
}

/// Makes the folder of the embedded database, for its owner only.
pub(crate) fn make_folder(database: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt as _;
    match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| StartError::DataDir(folder.to_owned(), error)),
        _ => Ok(()),
    }
}
