//! The peer that the server is compared with: `bench/peer-fastapi`.

use super::cluster::Cluster;
use super::server::{self, Server};
use crate::{process, workspace};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Starts it on the cluster, with a worker process for each core.
pub(super) fn start(cluster: &Cluster, cores: u32) -> Result<Server> {
    let folder = workspace::root().join("bench/peer-fastapi");
    let programs = install(&folder)?;
    let address = server::free_address()?;
    let mut uvicorn = Command::new(programs.join("uvicorn"));
    uvicorn
        .current_dir(&folder)
        .args([
            "peer.app:app",
            "--host",
            "127.0.0.1",
            "--port",
            &address.port().to_string(),
        ])
        .args([
            "--workers",
            &cores.to_string(),
            "--loop",
            "uvloop",
            "--http",
            "httptools",
        ])
        .args(["--no-access-log", "--log-level", "warning"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("DATABASE_URL", cluster.url())
        .env("JWT_SECRET", server::SECRET);
    Server::starting_at(address.to_string(), &mut uvicorn)
}

/// Makes the virtual environment, unless it is there with just what the lock file says. Gives its folder of programs.
fn install(folder: &Path) -> Result<PathBuf> {
    let environment = workspace::built("release", "bench-peer")?;
    let lock = folder.join("requirements.txt");
    let locked = fs::read(&lock).context("reading the peer's lock file")?;
    let (programs, mark) = (environment.join("bin"), environment.join("installed.txt"));
    if fs::read(&mark).is_ok_and(|installed| installed == locked) {
        return Ok(programs);
    }
    println!("Installing the peer …");
    let mut venv = Command::new("python3");
    process::run(venv.args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut pip = Command::new(programs.join("pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"])
        .args(["--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement"])
        .arg(lock);
    process::run(&mut pip)?;
    fs::write(mark, locked).context("noting what is installed")?;
    Ok(programs)
}
