//! The end of processes that a test has started.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// Kills a process, and those that it started, when the tests have come to an end in which nobody else can: when they are
/// killed themselves.
#[derive(Debug)]
pub(crate) struct Watcher(Child);

impl Watcher {
    pub(crate) fn over(child: &Child) -> Self {
        // Standard input closes, however the test process ends.
        let script = "cat >/dev/null; kill -KILL $(cat \"/proc/$1/task/$1/children\") \"$1\"";
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script, "watcher"]).arg(child.id().to_string());
        command.env_clear().env("PATH", "/usr/bin:/bin").process_group(0);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Self(command.spawn().expect("/bin/sh"))
    }

    pub(crate) fn stop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
