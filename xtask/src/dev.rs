//! `cargo xtask dev`: the server and Trunk side by side.

use crate::setup::{self, Purpose};
use crate::{process, spa, workspace};
use anyhow::{Context as _, Result, bail};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a stopped process may take to put its things in order.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts both, and stops both on Ctrl-C or as soon as one of them ends.
pub(crate) fn dev() -> Result<()> {
    setup::ensure(Purpose::Develop)?;
    println!("Starting the server (http://127.0.0.1:8080) and Trunk: open http://127.0.0.1:8081.");
    println!("The app is rebuilt when a file changes; for the server, stop with Ctrl-C and start again.");
    let mut server = workspace::cargo();
    server.args(["run", "--package", "api", "--bin", "taskward"]);
    let mut trunk = spa::trunk("serve")?;
    let commands = [("the server", &mut server), ("Trunk", &mut trunk)];
    together(commands, &*stop_signal()?)
}

fn together(commands: [(&'static str, &mut Command); 2], stop: &AtomicBool) -> Result<()> {
    let mut running = Vec::new();
    for (name, command) in commands {
        let child = command.stdin(Stdio::null()).spawn();
        match child.with_context(|| format!("starting `{}`", process::line(command))) {
            Ok(child) => running.push((name, child)),
            Err(error) => {
                stop_all(&mut running);
                return Err(error);
            }
        }
    }
    let ended = loop {
        if stop.load(Ordering::Relaxed) {
            break None;
        }
        if let Some(ended) = first_ended(&mut running)? {
            break Some(ended);
        }
        thread::sleep(Duration::from_millis(100));
    };
    // In a terminal Ctrl-C reached both already: an ended process is the answer to it, not a failure.
    let asked = stop.load(Ordering::Relaxed);
    stop_all(&mut running);
    match ended {
        Some((name, status)) if !asked => bail!("{name} ended ({status}), so that all was stopped"),
        _ => Ok(()),
    }
}

fn first_ended(running: &mut [(&'static str, Child)]) -> Result<Option<(&'static str, ExitStatus)>> {
    for (name, child) in running {
        if let Some(status) = child.try_wait().context("watching a process")? {
            return Ok(Some((name, status)));
        }
    }
    Ok(None)
}

fn stop_all(running: &mut [(&'static str, Child)]) {
    for (_, child) in running.iter_mut() {
        ask_to_stop(child);
    }
    let deadline = Instant::now() + PATIENCE;
    for (_, child) in running {
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(50));
        }
        // Neither can fail in a way that matters: the process is gone either way.
        let _ = child.kill();
        let _ = child.wait();
    }
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

#[cfg(unix)]
fn ask_to_stop(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process};
    // A child that was not waited for keeps its id, so that this cannot hit a stranger.
    if matches!(child.try_wait(), Ok(None)) {
        let _ = kill_process(Pid::from_child(child), Signal::TERM);
    }
}

#[cfg(not(unix))]
fn ask_to_stop(child: &mut Child) {
    let _ = child.kill();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn when_one_ends_the_other_is_stopped_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("note");
        let script = format!(
            "trap 'echo drained > {}; exit 0' TERM; while :; do sleep 0.05; done",
            note.display()
        );
        let start = Instant::now();
        let commands = [("one", &mut shell(&script)), ("two", &mut shell("sleep 0.5; exit 3"))];
        let error = together(commands, &AtomicBool::new(false));
        assert!(error.unwrap_err().to_string().starts_with("two ended"));
        assert!(start.elapsed() < PATIENCE);
        assert_eq!(std::fs::read_to_string(note).unwrap(), "drained\n");
    }

    #[test]
    fn when_the_second_cannot_start_the_first_is_stopped() {
        let start = Instant::now();
        let commands = [
            ("one", &mut shell("exec sleep 60")),
            ("two", &mut Command::new("no-such-program-anywhere")),
        ];
        assert!(together(commands, &AtomicBool::new(false)).is_err());
        assert!(start.elapsed() < PATIENCE);
    }

    #[test]
    fn being_asked_to_stop_is_no_failure() {
        let commands = [
            ("one", &mut shell("exec sleep 60")),
            ("two", &mut shell("exec sleep 60")),
        ];
        let start = Instant::now();
        assert!(together(commands, &AtomicBool::new(true)).is_ok());
        assert!(start.elapsed() < PATIENCE);
    }
}
