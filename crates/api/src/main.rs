//! The program: read the configuration, start logging, connect, serve until told to stop.

use api::config::{Config, LogFormat};
use api::{App, serve};
use clap::Parser as _;
use std::io::{IsTerminal as _, Write as _};
use std::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    start_logging(&config)?;
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
    writeln!(
        std::io::stdout(),
        "Taskward is ready on {url} (listening on http://{address})"
    )?;
    server.await?;
    tracing::info!("stopped");
    Ok(())
}

fn start_logging(config: &Config) -> anyhow::Result<()> {
    // Whoever asks for warnings only still wants to know who signed in.
    let log = if config.log == "off" || config.log.contains("audit") {
        config.log.clone()
    } else {
        format!("{},audit=info", config.log)
    };
    let filter = EnvFilter::try_new(&log).map_err(|error| anyhow::anyhow!("LOG: {error}"))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Pretty => lines.with_ansi(std::io::stderr().is_terminal()).init(),
    }
    Ok(())
}
