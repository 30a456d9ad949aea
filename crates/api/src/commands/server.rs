//! Without a command: connect, and serve until told to stop.

use super::print::say;
use crate::config::Config;
use crate::{App, serve};
use actix_web::dev::ServerHandle;
use anyhow::bail;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;
use std::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let signals = Signals::listen()?;
    let listener = TcpListener::bind((config.host.as_str(), config.port)).map_err(|error| {
        anyhow::anyhow!(
            "cannot listen on HOST {} and PORT {}: {error}",
            config.host,
            config.port
        )
    })?;
    raise_file_limit();
    let app = App::start(config.clone()).await?;
    let address = listener.local_addr()?;
    let server = serve(app.clone(), listener)?;
    let handle = server.handle();
    let url = config
        .public_url
        .map_or_else(|| format!("http://{address}"), |url| url.to_string());
    say(format_args!(
        "Taskward is ready on {url} (listening on http://{address})"
    ))?;
    tokio::select! {
        ended = server => ended?,
        // Whoever asks again does not want to wait. Dropping the server ends it.
        () = drain(&app, &handle, signals) => bail!("stopped with requests in flight"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// Lets the process have as many connections as the system allows it: shells and services start with far fewer, for
/// programs that cannot count beyond them.
fn raise_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files cannot be raised");
    }
}

/// At the first signal `/ready` is false, and the server goes on serving for `DRAIN_DELAY`, until load balancers have seen
/// that. Then it stops: no new connections, and requests in flight are finished. Returns at the next signal after that.
async fn drain(app: &App, server: &ServerHandle, mut signals: Signals) {
    signals.next().await;
    app.begin_draining();
    let delay = app.config().drain_delay;
    if !delay.is_zero() {
        tracing::info!(?delay, "draining: not ready any more, still serving");
        tokio::select! {
            () = tokio::time::sleep(delay) => {}
            () = signals.next() => {}
        }
    }
    tracing::info!("stopping: finishing what is in flight");
    // The command is on its way as soon as the future exists; its end is the server's.
    drop(server.stop(true));
    signals.next().await;
}

/// What tells a server to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
