//! `cargo xtask run`: the product, as it ships.

use crate::setup::{self, Purpose};
use crate::{process, spa, workspace};
use anyhow::{Context as _, Result};
use clap::Args;
use std::ffi::OsString;
use std::process::Command;

/// How to start the server.
#[derive(Args)]
pub(crate) struct Options {
    /// The port to listen on, instead of 8080
    #[arg(long)]
    port: Option<u16>,
    /// Further flags of the server; `cargo xtask run -- --help` lists them
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

/// Builds what is not up to date and becomes the server.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !spa::is_fresh() {
        setup::ensure(Purpose::Build)?;
        spa::build()?;
    }
    println!("Building the server (quick when nothing changed; the first time some minutes) …");
    process::run(workspace::cargo().args(["build", "--release", "--package", "api", "--bin", "taskward"]))?;

    let mut server = Command::new(workspace::built("release", "taskward")?);
    server.current_dir(workspace::root());
    if let Some(port) = options.port {
        server.arg("--port").arg(port.to_string());
    }
    server.args(&options.arguments);
    println!("Starting Taskward. Open the address below in a browser; Ctrl-C stops it.");
    become_it(&mut server)
}

/// Replaces this process, so that signals and the exit status are the server's own.
#[cfg(unix)]
fn become_it(server: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(server.exec()).with_context(|| format!("starting `{}`", process::line(server)))
}

#[cfg(not(unix))]
fn become_it(server: &mut Command) -> Result<()> {
    process::run(server).context("the server stopped")
}
