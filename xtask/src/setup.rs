//! Set-up: finds out what is missing and installs it, one thing after another. Quick when nothing is.

mod packages;
mod rust;
mod step;

use crate::tools;
use anyhow::{Context as _, Result, bail};
use std::env;
use std::fs::{self, File};
use std::time::Instant;
use step::Step;

pub(crate) use step::Purpose;

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
