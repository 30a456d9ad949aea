//! Where the project's things are.

use crate::process;
use anyhow::{Context as _, Result};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable for what it runs, so that a moved checkout is found.
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// The folder of the built app.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// `cargo`, to be run at the workspace's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Cargo's target folder.
pub(crate) fn target() -> Result<PathBuf> {
    // It is what Cargo's configuration, its environment and its flags made it; this program lies in it.
    let this = env::current_exe().context("finding this program")?;
    let folder = this.parent().and_then(Path::parent);
    folder
        .map(Path::to_path_buf)
        .context("this program is not in a target folder")
}

/// What Cargo builds as `program` in the given profile's folder (`debug`, `release`).
pub(crate) fn built(profile: &str, program: &str) -> Result<PathBuf> {
    Ok(target()?
        .join(profile)
        .join(format!("{program}{}", env::consts::EXE_SUFFIX)))
}

/// Builds the server as the tests have it, or as it ships; the profile's name.
pub(crate) fn build_server(debug: bool) -> Result<&'static str> {
    println!("Building the server …");
    let (profile, arguments): (_, &[_]) = if debug {
        // Naming tests makes Cargo ask for the features that tests ask for: nothing is compiled twice.
        (
            "debug",
            &[
                "build",
                "--workspace",
                "--all-features",
                "--bin=taskward",
                "--test=chaos",
                "--test=scale",
            ],
        )
    } else {
        ("release", &["build", "--release", "--package=api", "--bin=taskward"])
    };
    process::run(cargo().args(arguments))?;
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_root_is_the_workspaces() {
        let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"));
    }
}
