//! `taskward health`: for a container's health check, where there is no other program to ask with.

use super::print::say;
use crate::config::Config;
use anyhow::{Context as _, bail};
use shared::paths;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use tokio::task::spawn_blocking;

/// How long the server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    if config.port == 0 {
        bail!("PORT 0 is whatever port was free: nobody else knows which one");
    }
    let url = format!("http://{}:{}{}", host(&config.host), config.port, paths::HEALTH);
    let asked = url.clone();
    let answer = spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .proxy(None)
            .build()
            .into();
        agent.get(&asked).call()
    });
    answer
        .await?
        .with_context(|| format!("{url} does not answer as it should"))?;
    say("healthy")?;
    Ok(())
}

/// Where a server that listens on `host` is reached from the same machine, as a URL has it.
fn host(host: &str) -> String {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)) => Ipv4Addr::LOCALHOST.to_string(),
        Ok(IpAddr::V6(Ipv6Addr::UNSPECIFIED)) => format!("[{}]", Ipv6Addr::LOCALHOST),
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        _ => host.to_owned(),
    }
}
