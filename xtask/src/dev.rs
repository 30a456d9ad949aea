//! `cargo xtask dev`: the server with the app, each rebuilt when a file changes.
//!
//! A debug build of the server reads the app's files at each request, so that one port serves both, and a changed app is there at the
//! page's next load.

mod changes;
mod server;

use crate::builds::clock;
use crate::setup::{self, Purpose};
use crate::{process, spa, workspace};
use anyhow::{Context as _, Result};
use changes::{Changes, Parts};
use server::Server;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How soon a server that ended by itself, or Ctrl-C, is noticed.
const GLANCE: Duration = Duration::from_millis(100);

/// Builds, serves, and builds again, until Ctrl-C.
pub(crate) fn dev() -> Result<()> {
    println!("[1/3] Looking whether everything is there …");
    setup::ensure(Purpose::Develop)?;
    println!("[2/3] Building what builds the app …");
    process::run(workspace::cargo().args(["build", "--package", "bundler"]))?;
    println!("[3/3] Building the server and the app …");
    let stop = stop_signal()?;
    // Before the first build: what is changed during it is noticed after it.
    let changes = Changes::watch(&workspace::root())?;
    let mut server = Server::new(Command::new(workspace::built("debug", "taskward")?));
    let mut parts = Parts::ALL;
    while !stop.load(Ordering::Relaxed) {
        rebuild(parts, &mut server);
        println!("Watching for changes; Ctrl-C stops. The server: http://127.0.0.1:8080");
        parts = loop {
            if stop.load(Ordering::Relaxed) {
                break Parts::default();
            }
            server.say_if_ended();
            if let Some(parts) = changes.wait(GLANCE)? {
                break parts;
            }
        };
    }
    server.stop();
    Ok(())
}

/// Builds what is to be built anew. What cannot be built stays as it was, and runs on: the compiler has said why.
fn rebuild(parts: Parts, server: &mut Server) {
    if parts.server {
        let mut cargo = workspace::cargo();
        cargo.args(["build", "--package", "api", "--bin", "taskward"]);
        let built = timed("The server", || process::run(&mut cargo));
        if built && let Err(error) = server.restart() {
            println!("error: {error:#}");
        }
    }
    if parts.app {
        timed("The app", spa::build_for_development);
    }
}

fn timed(what: &str, build: impl FnOnce() -> Result<()>) -> bool {
    let start = Instant::now();
    let outcome = build();
    let time = clock(start.elapsed());
    match &outcome {
        Ok(()) => println!("{what} is built ({time})."),
        Err(error) => println!("{what} stays as it was ({time}): {error:#}"),
    }
    outcome.is_ok()
}

/// Becomes true when this process is asked to stop.
fn stop_signal() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [
        signal_hook::consts::SIGINT,
        signal_hook::consts::SIGTERM,
        signal_hook::consts::SIGHUP,
    ] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).context("listening for Ctrl-C")?;
    }
    Ok(stop)
}
