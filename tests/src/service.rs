//! Programs of others that the product is run with (PostgreSQL, pgbouncer, haproxy), as processes of their own.

use crate::PATIENCE;
use crate::postgres::unprivileged_user;
use crate::watcher::Watcher;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

/// How often a condition is looked at that nobody announces.
const LOOK: Duration = Duration::from_millis(20);

/// A program that runs as an unprivileged user. It is killed, with the processes that it started, when it is dropped.
#[derive(Debug)]
pub struct Service {
    name: String,
    child: Child,
    watcher: Watcher,
    log: Arc<Mutex<String>>,
}

impl Service {
    /// Starts a program, and keeps what it logs.
    pub fn start(name: &str, command: &mut Command) -> Self {
        unprivileged(command)
            // Ctrl-C is for the tests.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let watcher = Watcher::over(&child);
        let log = Arc::<Mutex<String>>::default();
        let lines = BufReader::new(child.stderr.take().expect("a pipe"));
        let kept = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.split(b'\n').map_while(Result::ok) {
                let mut log = kept.lock().unwrap_or_else(PoisonError::into_inner);
                log.push_str(&String::from_utf8_lossy(&line));
                log.push('\n');
            }
        });
        Self {
            name: name.to_owned(),
            child,
            watcher,
            log,
        }
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Its process, and those that this one has started.
    fn processes(&self) -> Vec<Pid> {
        let id = self.child.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|child| child.parse().ok());
        std::iter::once(i32::try_from(id).expect("a process id"))
            .chain(children)
            .map(Pid::from_raw)
            .collect()
    }

    /// Sends a signal to its process alone.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("a process id");
        kill(Pid::from_raw(id), signal).expect("a process of one's own");
    }

    /// Makes every process of it stand still, as those of a machine do whose disk hangs.
    pub fn freeze(&self) {
        // Its first process first: from then on there are no new ones.
        self.signal(Signal::SIGSTOP);
        self.signal_all(Signal::SIGSTOP);
    }

    /// Undoes [`Service::freeze`].
    pub fn thaw(&self) {
        self.signal_all(Signal::SIGCONT);
    }

    /// Sends a signal to each process. One that has just ended does not mind.
    fn signal_all(&self, signal: Signal) {
        for process in self.processes() {
            let _ = kill(process, signal);
        }
    }

    /// Kills every process of it at once (SIGKILL), as a crash of the machine would.
    pub fn kill(mut self) {
        self.end();
    }

    /// Sends a signal that asks it to stop, and waits for its end.
    pub async fn stop(mut self, signal: Signal) -> ExitStatus {
        self.signal(signal);
        let mut look = interval(LOOK);
        let ended = async {
            loop {
                look.tick().await;
                if let Some(status) = self.child.try_wait().expect("a process of one's own") {
                    return status;
                }
            }
        };
        let Ok(status) = timeout(PATIENCE, ended).await else {
            panic!("{} does not stop:\n{}", self.name, self.log())
        };
        self.watcher.stop();
        status
    }

    /// Waits until it listens on this port of 127.0.0.1.
    pub async fn until_it_listens(&mut self, port: u16) {
        let mut look = interval(LOOK);
        let listens = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                look.tick().await;
                let ended = self.child.try_wait().expect("a process of one's own");
                assert!(ended.is_none(), "{} ended at once:\n{}", self.name, self.log());
            }
        };
        let listens = timeout(PATIENCE, listens).await;
        assert!(listens.is_ok(), "{} does not listen:\n{}", self.name, self.log());
    }

    fn end(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // None of them is to notice the end of another one, and tidy up.
            self.freeze();
            self.signal_all(Signal::SIGKILL);
            let _ = self.child.kill();
        }
        self.watcher.stop();
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end();
    }
}

/// Waits until `condition` holds.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let mut look = interval(LOOK);
    let holds = async {
        while !condition().await {
            look.tick().await;
        }
    };
    assert!(timeout(PATIENCE, holds).await.is_ok(), "in vain: {what}");
}

/// Makes a program run as the unprivileged user, if we are root, and without our environment.
pub fn unprivileged(command: &mut Command) -> &mut Command {
    command.env_clear().envs([
        ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
        ("LC_ALL", "C"),
        ("TZ", "UTC"),
        ("HOME", "/"),
    ]);
    if let Some(user) = unprivileged_user() {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command
}

/// A folder of the unprivileged user's. It goes away when it is dropped, or when the tests are killed.
#[derive(Debug)]
pub struct Folder {
    dir: TempDir,
    _remover: Remover,
}

/// Removes a folder however the tests end.
#[derive(Debug)]
struct Remover(Child);

impl Folder {
    /// Makes one.
    pub fn new() -> Self {
        let dir = tempfile::Builder::new()
            .prefix("taskward-test-")
            .tempdir()
            .expect("a folder");
        own(dir.path());
        // What still writes there is about to be killed, so that the removal succeeds in the end.
        let script = "cat >/dev/null; until rm -rf -- \"$1\"; do :; done";
        let remover = Command::new("/bin/sh")
            .args(["-c", script, "remover"])
            .arg(dir.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("/bin/sh");
        Self {
            dir,
            _remover: Remover(remover),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The path of this name in it, as text.
    pub fn join(&self, name: &str) -> String {
        self.path().join(name).to_str().expect("a path in UTF-8").to_owned()
    }

    /// Writes a file that only the unprivileged user may read.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("one's own file");
        own(&path);
        path
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Remover {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn own(path: &Path) {
    if let Some(user) = unprivileged_user() {
        chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).expect("root may");
    }
}
