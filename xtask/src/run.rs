//! `cargo xtask run`: the product, as it ships.

use crate::builds::{self, Build, clock};
use crate::setup::{self, Purpose};
use crate::spa::{self, Kind};
use crate::{process, workspace};
use anyhow::{Context as _, Result};
use clap::Args;
use std::ffi::OsString;
use std::process::Command;
use std::time::Instant;

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
    let start = Instant::now();
    println!("[1/3] Looking whether everything is there …");
    setup::ensure(Purpose::Build)?;
    println!("[2/3] Building the app and the server, side by side (the first time some minutes) …");
    build(start)?;
    println!(
        "[3/3] {} Starting Taskward. Open the address below in a browser; Ctrl-C stops it.",
        clock(start.elapsed())
    );

    let mut server = Command::new(workspace::built(PROFILE, "taskward")?);
    server.current_dir(workspace::root());
    if let Some(port) = options.port {
        server.arg("--port").arg(port.to_string());
    }
    server.args(&options.arguments);
    become_it(&mut server)
}

/// Optimised like what ships, but for what takes longest: see Cargo.toml.
const PROFILE: &str = "quick";

fn build(start: Instant) -> Result<()> {
    let mut server = workspace::cargo();
    server.args(["build", "--profile", PROFILE, "--package", "api", "--bin", "taskward"]);
    if spa::is_fresh() {
        return builds::wait_for_first(&mut vec![Build::start("server", server)?], start);
    }
    // The server's own crate, which takes the app in, waits for it (see its build script). What it depends on does not.
    let app = spa::Unfinished::begin()?;
    let mut bundler = workspace::cargo();
    bundler.args(["build", "--package", "bundler"]);
    let mut builds = vec![
        Build::start("app", spa::compile(Kind::Release)?)?,
        Build::start("its bundler", bundler)?,
        Build::start("server", server)?,
    ];
    builds::wait_for_first(&mut builds, start)?;
    builds::wait_for_first(&mut builds, start)?;
    app.finish()?;
    builds::wait_for_first(&mut builds, start)
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
