//! Taskward's server.
//!
//! Production and the tests start the same way: [`App::start`] checks the configuration and opens the database, then
//! [`serve`] serves on a listener until it is told to stop.

#![expect(
    unreachable_pub,
    reason = "the crate shows what the program and the tests need; in its modules, `pub` is what other modules may use"
)]

mod app;
mod audit;
mod auth;
mod budget;
mod bulkhead;
mod calendar;
pub mod commands;
pub mod config;
mod db;
mod error_chain;
mod http;
mod metrics;
mod tasks;
mod transfer;

pub use app::{App, StartError};
pub use http::routes::description;

use crate::http::{handlers, middleware, routes};
use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, LINK, LOCATION};
use actix_web::middleware::{Condition, from_fn};
use actix_web::web::{self, Data};
use actix_web::{HttpServer, rt};
use shared::paths;
use std::any::Any;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

/// How long a client may take to send its request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves the application on `listener` until the server's handle is told to stop it: then requests in flight are finished
/// and new connections refused. Signals are the caller's business.
///
/// Must be called on an Actix runtime.
///
/// # Errors
/// If the address for metrics cannot be bound, or the listener not be used.
pub fn serve(app: App, listener: TcpListener) -> io::Result<Server> {
    let config = app.config().clone();
    if let Some(address) = config.metrics_addr {
        rt::spawn(serve_metrics(app.clone(), TcpListener::bind(address)?)?);
    }
    rt::spawn(app.clone().run_maintenance());
    rt::spawn(app.clone().run_deletions());

    let data = Data::new(app);
    let cors_origins: Vec<_> = config
        .cors_origins
        .iter()
        .map(|url| url.origin().ascii_serialization())
        .collect();
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(data.clone())
            .configure(routes::configure)
            .wrap(Condition::new(!cors_origins.is_empty(), cors(&cors_origins)))
            .wrap(from_fn(middleware::handle))
    })
    .client_request_timeout(HEAD_TIMEOUT)
    .keep_alive(config.keep_alive)
    .on_connect(move |connection, _| limit_sending(connection, config.send_timeout))
    .disable_signals()
    .shutdown_timeout(config.shutdown_timeout.as_secs())
    .listen(listener)?;
    Ok(server.workers(config.workers().into()).run())
}

/// Serves the counters, and nothing else, until the process ends. They are no route of the application, so that no spelling
/// of their path leads to them on its address.
fn serve_metrics(app: App, listener: TcpListener) -> io::Result<Server> {
    tracing::info!(address = %listener.local_addr()?, "serving metrics");
    let (keep_alive, send_timeout) = (app.config().keep_alive, app.config().send_timeout);
    let data = Data::new(app);
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(data.clone())
            .route(paths::METRICS, web::to(handlers::metrics::get_metrics))
            .wrap(from_fn(middleware::handle))
    });
    Ok(server
        .client_request_timeout(HEAD_TIMEOUT)
        .keep_alive(keep_alive)
        .on_connect(move |connection, _| limit_sending(connection, send_timeout))
        .disable_signals()
        .listen(listener)?
        .workers(1)
        .run())
}

/// Cuts the connection off when its client has not taken, or acknowledged, anything for so long (RFC 5482). Else whoever asks
/// and never reads would keep an answer in memory for as long as they like.
fn limit_sending(connection: &dyn Any, limit: Duration) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<rt::net::TcpStream>() {
        let limit = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
        if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, limit) {
            tracing::debug!(%error, "a connection has no limit for sending");
        }
    }
}

/// What pages of the configured origins may do: call the API with a token. Never with a cookie.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE, IF_MATCH])
        .expose_headers([ETAG, LINK, LOCATION, HeaderName::from_static("x-request-id")])
        .block_on_origin_mismatch(false)
        .max_age(3600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
