//! The server that is being developed: started, and replaced by the next one.

use crate::process;
use anyhow::{Context as _, Result};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to finish what it is doing.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, running or not.
pub(super) struct Server {
    command: Command,
    running: Option<Child>,
}

impl Server {
    pub(super) fn new(mut command: Command) -> Self {
        command.stdin(Stdio::null());
        Self { command, running: None }
    }

    /// Stops the one that runs, and starts the one that was built since.
    pub(super) fn restart(&mut self) -> Result<()> {
        self.stop();
        let child = self.command.spawn();
        let child = child.with_context(|| format!("starting `{}`", process::line(&self.command)))?;
        self.running = Some(child);
        Ok(())
    }

    /// Lets it finish what it is doing. When this returns, its port is free.
    pub(super) fn stop(&mut self) {
        let Some(mut child) = self.running.take() else {
            return;
        };
        ask_to_stop(&mut child);
        let deadline = Instant::now() + PATIENCE;
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        // Neither can fail in a way that matters: the process is gone either way.
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Tells once that it has ended by itself. It is started again after the next change.
    pub(super) fn say_if_ended(&mut self) {
        if let Some(child) = &mut self.running
            && let Ok(Some(status)) = child.try_wait()
        {
            println!("The server ended ({status}); it is started again when it is built anew.");
            self.running = None;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
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
    use std::fs;
    use std::path::Path;

    fn shell(script: &str) -> Server {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Server::new(command)
    }

    fn wait_for(note: &Path, lines: usize) {
        let deadline = Instant::now() + PATIENCE;
        let read = || fs::read_to_string(note).unwrap_or_default().lines().count();
        while read() < lines {
            assert!(Instant::now() < deadline, "{} has {} lines", note.display(), read());
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn the_next_server_starts_after_the_last_one_has_finished() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("note");
        let script = format!(
            "trap 'echo finished >> {0}; exit 0' TERM; echo started >> {0}; while :; do sleep 0.02; done",
            note.display()
        );
        let mut server = shell(&script);
        server.restart().unwrap();
        wait_for(&note, 1);
        server.restart().unwrap();
        wait_for(&note, 3);
        drop(server);
        assert_eq!(
            fs::read_to_string(note).unwrap(),
            "started\nfinished\nstarted\nfinished\n"
        );
    }

    #[test]
    fn a_server_that_ended_by_itself_is_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("note");
        let mut server = shell(&format!("echo started >> {}", note.display()));
        server.restart().unwrap();
        let deadline = Instant::now() + PATIENCE;
        while server.running.is_some() && Instant::now() < deadline {
            server.say_if_ended();
        }
        assert!(server.running.is_none());
        server.restart().unwrap();
        wait_for(&note, 2);
        assert!(shell("").restart().is_ok());
        assert!(Server::new(Command::new("no-such-program-anywhere")).restart().is_err());
    }
}
