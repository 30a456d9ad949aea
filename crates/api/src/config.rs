//! The configuration: every setting is an environment variable and a flag. The only reader of the environment.

use crate::bulkhead::Bulkhead;
use clap::{Parser, ValueEnum};
use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use url::{Host, Url};

/// The settings.
#[expect(
    clippy::doc_markdown,
    reason = "these lines are the help text, which is not Markdown"
)]
#[allow(rustdoc::bare_urls, reason = "these lines are the help text, which is not Markdown")]
#[derive(Parser, Clone, Debug)]
#[command(name = "taskward")]
pub struct Config {
    /// Address to listen on; 0.0.0.0 or :: for every interface
    #[arg(long, env = "HOST", default_value = "127.0.0.1")]
    pub host: String,

    /// Port to listen on; 0 for a free one
    #[arg(long, env = "PORT", default_value_t = 8080)]
    pub port: u16,

    /// The URL under which people reach the site, for example https://tasks.example.org.
    ///
    /// With https the session cookie is marked Secure and bound to this host, and browsers are told to stay on https.
    #[arg(long, env = "PUBLIC_URL", value_parser = parse_public_url)]
    pub public_url: Option<Url>,

    /// Folder for the embedded database and the generated secret; made if it is not there
    #[arg(long, env = "DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,

    /// Database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full.
    ///
    /// Unset: an embedded SQLite database in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,

    /// Connections to PostgreSQL for writing and for long reads at most, shared out among the workers. Each worker has one more, for
    /// short reads
    #[arg(long, env = "DATABASE_POOL_SIZE", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub database_pool_size: u16,

    /// How long a request waits for a database connection before it is answered 503
    #[arg(long, env = "DATABASE_WAIT", default_value = "5s", value_parser = parse_duration)]
    pub database_wait: Duration,

    /// How long PostgreSQL may take for a statement, and a transaction may wait for its next one
    #[arg(long, env = "DATABASE_STATEMENT_TIMEOUT", default_value = "15s", value_parser = parse_duration)]
    pub database_statement_timeout: Duration,

    /// How long a read may take that goes through all tasks of an account, such as a search, before it is ended and answered 503
    #[arg(long, env = "DATABASE_LONG_READ_TIMEOUT", default_value = "3s", value_parser = parse_duration)]
    pub database_long_read_timeout: Duration,

    /// Long requests (searches, imports, exports) that are worked on at a time, one of an account at most.
    ///
    /// Unset: half as many as there are cores, or with PostgreSQL as there are connections for writing.
    #[arg(long, env = "LONG_REQUESTS")]
    pub long_requests: Option<NonZeroUsize>,

    /// The secret that tokens are signed with, at least 32 bytes; the same on every node.
    ///
    /// Make one with: openssl rand -base64 48. Unset, with SQLite: made at the first start and kept beside the database.
    #[arg(long, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<Secret>,

    /// Secrets that tokens were signed with before JWT_SECRET was changed, separated by commas.
    ///
    /// Their tokens stay good until they expire, or until this is unset again. Secrets with a comma cannot be given here.
    #[arg(long, env = "JWT_SECRET_PREVIOUS", hide_env_values = true, value_delimiter = ',')]
    pub jwt_secret_previous: Vec<Secret>,

    /// Who issues the tokens (their `iss`)
    #[arg(long, env = "JWT_ISSUER", default_value = "taskward")]
    pub jwt_issuer: String,

    /// Who access tokens are for (their `aud`)
    #[arg(long, env = "JWT_AUDIENCE", default_value = "taskward-api")]
    pub jwt_audience: String,

    /// The secret of a Better Auth server whose tokens are to be accepted (HS256, its raw bytes)
    #[arg(long, env = "BETTER_AUTH_SECRET", hide_env_values = true)]
    pub better_auth_secret: Option<Secret>,

    /// Several such secrets, separated by commas, each with its version before it or not: 2:NEW,1:OLD
    #[arg(long, env = "BETTER_AUTH_SECRETS", hide_env_values = true, value_delimiter = ',')]
    pub better_auth_secrets: Vec<Secret>,

    /// The Better Auth server's own address; its tokens' `iss` and `aud`, where they have them, must be this
    #[arg(long, env = "BETTER_AUTH_URL", value_parser = parse_http_url)]
    pub better_auth_url: Option<Url>,

    /// The `aud` of its tokens, if it is not its address
    #[arg(long, env = "BETTER_AUTH_AUDIENCE")]
    pub better_auth_audience: Option<String>,

    /// Whether a person whose email that server has verified takes over the local account of that email.
    ///
    /// Turn it off if that server hands out HS256 tokens with an email in them: whoever has one can have any email verified.
    #[arg(long, env = "BETTER_AUTH_JOIN_ACCOUNTS", default_value_t = true, action = clap::ArgAction::Set)]
    pub better_auth_join_accounts: bool,

    /// Accept its session cookie (the cookie cache with the jwt strategy) where no Authorization header is sent
    #[arg(long, env = "BETTER_AUTH_COOKIES", default_value_t = false, action = clap::ArgAction::Set)]
    pub better_auth_cookies: bool,

    /// Where it publishes its keys, to accept its EdDSA tokens: https://auth.example.org/api/auth/jwks
    #[arg(long, env = "BETTER_AUTH_JWKS_URL", value_parser = parse_http_url)]
    pub better_auth_jwks_url: Option<Url>,

    /// How long an access token is good
    #[arg(long, env = "ACCESS_TOKEN_TTL", default_value = "1h", value_parser = parse_duration)]
    pub access_token_ttl: Duration,

    /// How long a session lasts that nobody uses
    #[arg(long, env = "SESSION_TTL", default_value = "7d", value_parser = parse_duration)]
    pub session_ttl: Duration,

    /// How long a session lasts at most, from its sign-in on
    #[arg(long, env = "SESSION_MAX_AGE", default_value = "30d", value_parser = parse_duration)]
    pub session_max_age: Duration,

    /// How long what was deleted stays in the trash
    #[arg(long, env = "TRASH_TTL", default_value = "30d", value_parser = parse_duration)]
    pub trash_ttl: Duration,

    /// Work factor of password hashing: each step doubles the time. Raising it takes effect at the next sign-in
    #[arg(long, env = "BCRYPT_COST", default_value_t = 12, value_parser = clap::value_parser!(u32).range(4..=20))]
    pub bcrypt_cost: u32,

    /// Passwords being hashed or waiting for it at most; beyond that, sign-ins are answered 503
    #[arg(long, env = "PASSWORD_QUEUE", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    pub password_queue: u16,

    /// Wrong passwords that cost nothing, for one account from one address; each further one doubles the wait
    #[arg(long, env = "SIGN_IN_TRIES", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub sign_in_tries: u32,

    /// Requests with a password that one address may send in a minute
    #[arg(long, env = "SIGN_IN_RATE", default_value = "60")]
    pub sign_in_rate: NonZeroU32,

    /// Renewals of a session that one address may send in a minute
    #[arg(long, env = "REFRESH_RATE", default_value = "300")]
    pub refresh_rate: NonZeroU32,

    /// Networks of proxies whose X-Forwarded-For is believed, separated by commas, for example 10.0.0.0/8,::1/128
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Origins of other sites whose pages may call the API with a token, separated by commas; unset: none
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',', value_parser = parse_public_url)]
    pub cors_origins: Vec<Url>,

    /// Threads that serve requests; unset: one per core
    #[arg(long, env = "WORKERS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub workers: Option<u16>,

    /// How long a request may take, sending it included, before it is answered 503
    #[arg(long, env = "REQUEST_TIMEOUT", default_value = "45s", value_parser = parse_duration)]
    pub request_timeout: Duration,

    /// How long a connection is kept for its client's next request; longer than the proxy keeps it
    #[arg(long, env = "KEEP_ALIVE", default_value = "75s", value_parser = parse_duration)]
    pub keep_alive: Duration,

    /// How long a client may leave what it is sent unread, before its connection is cut off (on Linux)
    #[arg(long, env = "SEND_TIMEOUT", default_value = "30s", value_parser = parse_duration)]
    pub send_timeout: Duration,

    /// How long the server goes on serving after SIGTERM while GET /ready says 503, so that load balancers go elsewhere first
    #[arg(long, env = "DRAIN_DELAY", default_value = "0s", value_parser = parse_delay)]
    pub drain_delay: Duration,

    /// How long requests in flight may take to finish when the server is told to stop
    #[arg(long, env = "SHUTDOWN_TIMEOUT", default_value = "30s", value_parser = parse_duration)]
    pub shutdown_timeout: Duration,

    /// A second address, for GET /metrics alone (Prometheus), for example 127.0.0.1:9464; unset: no metrics
    #[arg(long, env = "METRICS_ADDR")]
    pub metrics_addr: Option<SocketAddr>,

    /// What to log: off, error, warn, info, debug, trace, or a filter such as info,api=debug
    #[arg(long, env = "LOG", default_value = "info")]
    pub log: String,

    /// How to log
    #[arg(long, env = "LOG_FORMAT", default_value = "pretty")]
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line, for programs.
    Json,
}

/// A setting that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The setting itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where the data is, picked by the scheme of `DATABASE_URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file of the embedded database.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL server. It may hold a password: never print it.
    Postgres(Secret),
}

/// A setting, or a combination of them, that the server does not start with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl Config {
    /// Where the data is.
    ///
    /// # Errors
    /// If `DATABASE_URL` is of no known kind: a typo must not silently make an empty database.
    pub fn database(&self) -> Result<Target, ConfigError> {
        let Some(url) = &self.database_url else {
            return Ok(Target::Sqlite(self.data_dir.join("taskward.db")));
        };
        let url = url.reveal();
        if let Some(file) = url.strip_prefix("sqlite://") {
            if file.is_empty() || file.contains([':', '?', '#']) {
                return Err(ConfigError(
                    "DATABASE_URL: sqlite:// must be followed by the path of a file, as in sqlite:///var/lib/taskward/taskward.db"
                        .to_owned(),
                ));
            }
            return Ok(Target::Sqlite(PathBuf::from(file)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Target::Postgres(Secret(url.to_owned())));
        }
        Err(ConfigError(
            "DATABASE_URL must begin with sqlite:// or postgres:// (unset it for an embedded database in the data folder)"
                .to_owned(),
        ))
    }

    /// The path beside the embedded database where a generated secret is kept.
    #[must_use]
    pub fn secret_file(database: &Path) -> PathBuf {
        database.with_file_name("jwt_secret")
    }

    /// The secrets of the other issuer, each with the variable that it is from.
    pub fn better_auth_secrets(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let several = self.better_auth_secrets.iter().map(|secret| {
            let secret = secret.reveal().trim();
            let secret = match secret.split_once(':') {
                Some((version, secret)) if version.bytes().all(|byte| byte.is_ascii_digit()) => secret.trim(),
                _ => secret,
            };
            ("BETTER_AUTH_SECRETS", secret)
        });
        self.better_auth_secret
            .iter()
            .map(|secret| ("BETTER_AUTH_SECRET", secret.reveal()))
            .chain(several)
    }

    /// Threads that serve requests: one per core. More of them serve no more requests on either database, and each keeps some
    /// three MiB of what a thousand requests at once have taken.
    #[must_use]
    pub fn workers(&self) -> u16 {
        self.workers.unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, |cores| u16::try_from(cores.get()).unwrap_or(u16::MAX))
        })
    }

    /// What long requests are admitted by. There are half as many places as cores, or with PostgreSQL as connections for writing, so
    /// that the others are there for what is short.
    #[must_use]
    pub fn bulkhead(&self) -> Bulkhead {
        let places = self.long_requests.unwrap_or_else(|| {
            let all = match self.database() {
                Ok(Target::Postgres(_)) => self.database_pool_size.into(),
                _ => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            };
            NonZeroUsize::new(all / 2).unwrap_or(NonZeroUsize::MIN)
        });
        Bulkhead::new(places, self.database_wait)
    }

    /// Whether people reach the site by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Checks what no single setting shows.
    ///
    /// # Errors
    /// If two settings contradict each other.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.access_token_ttl > self.session_max_age {
            return Err(ConfigError(
                "ACCESS_TOKEN_TTL must not be longer than SESSION_MAX_AGE".to_owned(),
            ));
        }
        if self.session_ttl > self.session_max_age {
            return Err(ConfigError(
                "SESSION_TTL must not be longer than SESSION_MAX_AGE".to_owned(),
            ));
        }
        // Not refused where the flags are parsed: that error would print the password.
        if self
            .public_url
            .iter()
            .chain(&self.cors_origins)
            .any(|url| !url.username().is_empty() || url.password().is_some())
        {
            return Err(ConfigError(
                "PUBLIC_URL and CORS_ORIGINS must not hold a user name or a password".to_owned(),
            ));
        }
        if self.jwt_issuer.is_empty() || self.jwt_audience.is_empty() {
            return Err(ConfigError("JWT_ISSUER and JWT_AUDIENCE must not be empty".to_owned()));
        }
        Ok(())
    }
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let duration = parse_seconds(text)?;
    // The calendar of the tokens ends somewhere; nobody needs more than a century.
    if duration.as_secs() == 0 || duration.as_secs() > 100 * 366 * 86_400 {
        return Err("must be from one second to a hundred years".to_owned());
    }
    Ok(duration)
}

/// As long as a supervisor may wait for the program's end; zero is no delay.
fn parse_delay(text: &str) -> Result<Duration, String> {
    let delay = parse_seconds(text)?;
    if delay > Duration::from_hours(1) {
        return Err("must be at most an hour".to_owned());
    }
    Ok(delay)
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text).map_err(|error| error.to_string()),
    }
}

/// A network, or one address.
fn parse_network(text: &str) -> Result<IpNet, String> {
    let network = text
        .parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| "must be an address or a network, such as 10.0.0.0/8".to_owned())
}

/// An address that secrets or keys may come from: https, or this machine.
fn parse_http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err("must have a host".to_owned()),
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err("must be https:// (http:// only on this machine)".to_owned()),
    }
}

fn parse_public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !plain {
        return Err("must be http:// or https:// with a host, and nothing after it".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(args: &[&str]) -> Config {
        Config::try_parse_from([&["taskward"], args].concat()).unwrap()
    }

    #[test]
    fn workers_are_as_many_as_cores() {
        let cores = std::thread::available_parallelism().unwrap().get();
        assert_eq!(usize::from(config(&[]).workers()), cores);
        assert_eq!(config(&["--workers", "7"]).workers(), 7);
    }

    #[test]
    fn database_is_picked_by_the_scheme() {
        let target = |url| config(&["--database-url", url]).database();
        assert_eq!(target("sqlite://a/b.db").unwrap(), Target::Sqlite("a/b.db".into()));
        assert_eq!(target("sqlite:///a/b.db").unwrap(), Target::Sqlite("/a/b.db".into()));
        assert!(matches!(target("postgres://u@h/d").unwrap(), Target::Postgres(_)));
        for bad in [
            "",
            "sqlite://",
            "sqlite://:memory:",
            "postgre://u@h/d",
            "mysql://u@h/d",
            "a.db",
        ] {
            assert!(target(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations_are_seconds_or_have_a_unit() {
        assert_eq!(parse_duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("15m"), Ok(Duration::from_mins(15)));
        assert_eq!(parse_duration("7d"), Ok(Duration::from_hours(168)));
        for bad in ["", "0", "-1", "1 parsec", "999999999999"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn public_url_is_an_origin() {
        assert!(parse_public_url("https://tasks.example.org").is_ok());
        for bad in ["tasks.example.org", "ftp://a", "https://a/b", "https://a?b"] {
            assert!(parse_public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let printed = format!(
            "{:?}",
            config(&["--jwt-secret", "hush-hush", "--database-url", "postgres://u:hush@h/d"])
        );
        assert!(!printed.contains("hush"), "{printed}");
    }
}
