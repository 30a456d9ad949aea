//! Without a command: connect, and serve until told to stop.

use super::say;
use crate::config::Config;
use crate::{App, serve};
use std::net::TcpListener;

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind((config.host.as_str(), config.port)).map_err(|error| {
        anyhow::anyhow!(
            "cannot listen on HOST {} and PORT {}: {error}",
            config.host,
            config.port
        )
    })?;
    let app = App::start(config.clone()).await?;
    let address = listener.local_addr()?;
    let server = serve(app, listener)?;
    let url = config
        .public_url
        .map_or_else(|| format!("http://{address}"), |url| url.to_string());
    say(format_args!(
        "Taskward is ready on {url} (listening on http://{address})"
    ))?;
    server.await?;
    tracing::info!("stopped");
    Ok(())
}
