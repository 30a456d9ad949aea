//! What happens, in numbers, in the text format of Prometheus. Nothing here says whose it was.

use crate::http::error::ApiError;
use prometheus::core::Collector;
use prometheus::{HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};
use shared::error::ErrorCode;
use std::time::Duration;

/// Seconds. From a rejected token to a password hash.
const BUCKETS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// The server's counters.
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    in_flight: IntGauge,
    authentications: IntCounterVec,
    tokens_rejected: IntCounter,
    load: LoadGauges,
}

/// How busy the parts of the server are that have a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Database connections at most.
    pub connections_max: usize,
    /// Database connections that are open and idle.
    pub connections_idle: usize,
    /// Database connections that somebody uses.
    pub connections_used: usize,
    /// Requests that wait for a database connection.
    pub connections_awaited: usize,
    /// Passwords being hashed or waiting at most.
    pub passwords_max: usize,
    /// Passwords being hashed or waiting.
    pub passwords: usize,
}

/// The gauges that say what [`Load`] says, when somebody asks.
struct LoadGauges {
    connections_max: IntGauge,
    connections_idle: IntGauge,
    connections_used: IntGauge,
    connections_awaited: IntGauge,
    passwords_max: IntGauge,
    passwords: IntGauge,
}

impl Metrics {
    /// All at zero.
    ///
    /// # Errors
    /// If two metrics have one name: a mistake of the server's own.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let info = Opts::new("taskward_build_info", "1; the version is a label")
            .const_label("version", env!("CARGO_PKG_VERSION"));
        registered(&registry, IntGauge::with_opts(info)?)?.set(1);
        #[cfg(target_os = "linux")]
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;

        let requests = HistogramOpts::new("http_request_duration_seconds", "Time to answer a request, by route")
            .buckets(BUCKETS.to_vec());
        let authentications = Opts::new(
            "taskward_authentications_total",
            "Tries to prove who one is: success, refused, throttled, or failed for a reason of the server's own",
        );
        Ok(Self {
            requests: registered(&registry, HistogramVec::new(requests, &["method", "route", "status"])?)?,
            in_flight: gauge(&registry, "http_requests_in_flight", "Requests being answered")?,
            authentications: registered(&registry, IntCounterVec::new(authentications, &["event", "outcome"])?)?,
            tokens_rejected: registered(
                &registry,
                IntCounter::new(
                    "taskward_tokens_rejected_total",
                    "Requests whose token or session cookie was not accepted",
                )?,
            )?,
            load: LoadGauges::new(&registry)?,
            registry,
        })
    }

    /// A request has come in.
    pub fn begin(&self) {
        self.in_flight.inc();
    }

    /// It has been answered. `route` is a template, so that its values are few.
    pub fn end(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.in_flight.dec();
        self.requests
            .with_label_values(&[method, route, status.to_string().as_str()])
            .observe(took.as_secs_f64());
    }

    /// Somebody tried to prove who they are, and this came of it. `event` is one of a few.
    pub fn authentication(&self, event: &str, failure: Option<&ApiError>) {
        let outcome = match failure.map(ApiError::code) {
            None => "success",
            Some(ErrorCode::RateLimited) => "throttled",
            Some(ErrorCode::Unavailable | ErrorCode::InternalError) => "failed",
            Some(_) => "refused",
        };
        self.authentications.with_label_values(&[event, outcome]).inc();
    }

    /// A token was not accepted.
    pub fn token_rejected(&self) {
        self.tokens_rejected.inc();
    }

    /// The text format, version 0.0.4.
    ///
    /// # Errors
    /// If a metric cannot be written.
    pub fn text(&self, load: &Load) -> prometheus::Result<String> {
        self.load.set(load);
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

impl LoadGauges {
    fn new(registry: &Registry) -> prometheus::Result<Self> {
        let connections = |state: &str| {
            let options = Opts::new(
                "taskward_database_connections",
                "Open database connections for writing, by state",
            );
            registered(registry, IntGauge::with_opts(options.const_label("state", state))?)
        };
        Ok(Self {
            connections_max: gauge(
                registry,
                "taskward_database_connections_max",
                "Database connections for writing at most",
            )?,
            connections_idle: connections("idle")?,
            connections_used: connections("used")?,
            connections_awaited: gauge(
                registry,
                "taskward_database_connections_awaited",
                "Requests that wait for a database connection",
            )?,
            passwords_max: gauge(
                registry,
                "taskward_password_queue_max",
                "Passwords being hashed or waiting at most; beyond that, sign-ins are answered 503",
            )?,
            passwords: gauge(registry, "taskward_password_queue", "Passwords being hashed or waiting")?,
        })
    }

    fn set(&self, load: &Load) {
        for (gauge, value) in [
            (&self.connections_max, load.connections_max),
            (&self.connections_idle, load.connections_idle),
            (&self.connections_used, load.connections_used),
            (&self.connections_awaited, load.connections_awaited),
            (&self.passwords_max, load.passwords_max),
            (&self.passwords, load.passwords),
        ] {
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        }
    }
}

fn gauge(registry: &Registry, name: &str, help: &str) -> prometheus::Result<IntGauge> {
    registered(registry, IntGauge::new(name, help)?)
}

/// The metric, which is among what the registry gathers from now on.
fn registered<M: Collector + Clone + 'static>(registry: &Registry, metric: M) -> prometheus::Result<M> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}
