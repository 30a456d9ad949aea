//! Set-up: finds out what is missing and installs it, one thing after another. Quick when nothing is.

mod packages;
mod rust;

use crate::tools::{self, Tool};
use crate::{process, workspace};
use anyhow::{Context as _, Result, bail};
use std::env;
use std::fs::{self, File};
use std::process::Command;
use std::time::Instant;

/// What is to be done, and therefore what has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Working on the app and the server.
    Develop,
    /// Building them as they ship.
    Build,
    /// Running every check and test.
    Test,
    /// Measuring.
    Bench,
    /// Breaking a whole installation.
    Chaos,
}

/// One missing thing.
struct Step {
    what: String,
    /// How long it takes, for somebody who waits.
    takes: &'static str,
    /// What a person would type instead.
    by_hand: String,
    install: Box<dyn Fn() -> Result<()>>,
    /// Without it things still work, if less well.
    optional: bool,
}

/// Sees to it that everything is there.
///
/// # Errors
/// If something is missing and cannot be installed, with the command that would do it.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    if missing(purpose)?.is_empty() {
        return Ok(());
    }
    // Clones share what is installed, so that only one of them may install; the others then find it there.
    let _lock = lock()?;
    let steps = missing(purpose)?;
    if nothing_may_be_installed() {
        return explain(&steps);
    }
    let count = steps.len();
    for (index, step) in steps.iter().enumerate() {
        println!("[{}/{count}] Installing {} ({}) …", index + 1, step.what, step.takes);
        let start = Instant::now();
        match (step.install)() {
            Ok(()) => println!(
                "[{}/{count}] Installed {} in {} s",
                index + 1,
                step.what,
                start.elapsed().as_secs()
            ),
            Err(error) if step.optional => {
                println!("[{}/{count}] Going on without {}: {error:#}", index + 1, step.what);
            }
            Err(error) => {
                return Err(error.context(format!(
                    "{} could not be installed; do it by hand, and try again:\n    {}\nbecause",
                    step.what, step.by_hand
                )));
            }
        }
    }
    Ok(())
}

fn missing(purpose: Purpose) -> Result<Vec<Step>> {
    let mut steps = rust::missing(purpose)?;
    for tool in tools::all()? {
        if tool.folder().is_none() {
            steps.push(tool_step(tool)?);
        }
    }
    steps.extend(packages::missing(purpose));
    Ok(steps)
}

fn explain(steps: &[Step]) -> Result<()> {
    let required: Vec<&Step> = steps.iter().filter(|step| !step.optional).collect();
    if required.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = required
        .iter()
        .map(|step| format!("  {}:\n    {}", step.what, step.by_hand))
        .collect();
    bail!(
        "TASKWARD_NO_INSTALL is set, and these are missing:\n{}",
        lines.join("\n")
    )
}

fn nothing_may_be_installed() -> bool {
    env::var_os("TASKWARD_NO_INSTALL").is_some_and(|value| value != "0" && !value.is_empty())
}

fn lock() -> Result<File> {
    let cache = tools::cache()?;
    fs::create_dir_all(&cache).with_context(|| format!("creating {}", cache.display()))?;
    let file = File::create(cache.join("lock")).context("creating the cache's lock file")?;
    if file.try_lock().is_err() {
        println!("Waiting for the set-up of another clone …");
        file.lock().context("waiting for the cache's lock")?;
    }
    Ok(file)
}

fn tool_step(tool: Tool) -> Result<Step> {
    let root = tool.root()?;
    Ok(Step {
        what: format!("{} {}", tool.package, tool.version),
        takes: tool.takes,
        by_hand: format!(
            "cargo install --locked {} --version {} --root {}",
            tool.package,
            tool.version,
            root.display()
        ),
        install: Box::new(move || install(&tool)),
        optional: false,
    })
}

fn install(tool: &Tool) -> Result<()> {
    let root = tool.root()?;
    let cache = tools::cache()?;
    // Built beside its place and moved there at once: what is in place is whole.
    let staging = root.with_extension("part");
    let target = cache.join("build").join(tool.package);
    let mut cargo = workspace::cargo();
    cargo
        .current_dir(&cache)
        .args(["install", "--locked", tool.package, "--version", &tool.version])
        .arg("--root")
        .arg(&staging)
        .arg("--target-dir")
        .arg(&target);
    without_our_settings(&mut cargo);
    process::run(&mut cargo)?;
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("removing {}", root.display()))?;
    }
    fs::rename(&staging, &root).with_context(|| format!("moving {} into place", tool.package))?;
    // A gigabyte that nobody needs again; if it stays, nothing is wrong.
    let _ = fs::remove_dir_all(&target);
    Ok(())
}

/// A tool is not this workspace: how one wants that built says nothing about the tool.
fn without_our_settings(cargo: &mut Command) {
    for name in [
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_BUILD_TARGET_DIR",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_INSTALL_ROOT",
        "CARGO_TARGET_DIR",
        "RUSTFLAGS",
    ] {
        cargo.env_remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(what: &str, optional: bool) -> Step {
        Step {
            what: what.to_owned(),
            takes: "a moment",
            by_hand: format!("get {what}"),
            install: Box::new(|| Ok(())),
            optional,
        }
    }

    #[test]
    fn what_may_not_be_installed_is_named_with_its_command() {
        let error = explain(&[step("a", false), step("b", true)]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("get a") && !text.contains("get b"), "{text}");
        assert!(explain(&[step("b", true)]).is_ok());
    }
}
