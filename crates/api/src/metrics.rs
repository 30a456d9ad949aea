//! What happens, in numbers, in the text format of Prometheus.

use prometheus::{Encoder as _, HistogramOpts, HistogramVec, IntGauge, Registry, TextEncoder};
use std::time::Duration;

/// Seconds. From a rejected token to a password hash.
const BUCKETS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// The server's counters.
pub struct Metrics {
    registry: Registry,
    requests: Option<HistogramVec>,
    in_flight: Option<IntGauge>,
}

impl Metrics {
    /// All at zero.
    #[must_use]
    pub fn new() -> Self {
        let registry = Registry::new();
        let options = HistogramOpts::new("http_request_duration_seconds", "Time to answer a request, by route")
            .buckets(BUCKETS.to_vec());
        let requests = HistogramVec::new(options, &["method", "route", "status"]).ok();
        let in_flight = IntGauge::new("http_requests_in_flight", "Requests being answered").ok();
        if let Some(requests) = &requests {
            // Fails only on a name that is taken, and the registry is new.
            let _ = registry.register(Box::new(requests.clone()));
        }
        if let Some(in_flight) = &in_flight {
            let _ = registry.register(Box::new(in_flight.clone()));
        }
        Self {
            registry,
            requests,
            in_flight,
        }
    }

    /// A request has come in.
    pub fn begin(&self) {
        self.in_flight.iter().for_each(IntGauge::inc);
    }

    /// It has been answered. `route` is a template, so that its values are few.
    pub fn end(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.in_flight.iter().for_each(IntGauge::dec);
        if let Some(requests) = &self.requests {
            requests
                .with_label_values(&[method, route, itoa(status).as_str()])
                .observe(took.as_secs_f64());
        }
    }

    /// The text format, version 0.0.4.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        // Fails only if the buffer does.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

fn itoa(status: u16) -> String {
    status.to_string()
}
