//! The program that ships, as a process of its own: for signals, exit statuses and what it prints.

use crate::config::command_line;
use crate::database::Database;
use crate::site::Site;
use crate::watcher::Watcher;
use crate::{PATIENCE, token};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

/// A running `taskward`. It is killed when it is dropped.
#[derive(Debug)]
pub struct Binary {
    site: Site,
    process: Process,
}

/// A `taskward` that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Everything that it printed, on standard output and standard error.
    pub output: String,
}

impl Binary {
    /// Starts it on this database with these flags, and waits until it says where it is.
    pub fn start(database: &Database, flags: &[&str]) -> Self {
        Self::run(&mut Self::command(database, flags))
            .unwrap_or_else(|finished| panic!("it ended at once: {finished:?}"))
    }

    /// The command line for this database and these flags, without the secret on it, and an environment that has only
    /// the secret.
    pub fn command(database: &Database, flags: &[&str]) -> Command {
        let mut line = command_line(database.url(), database.dir(), flags);
        if !flags.contains(&"--jwt-secret") {
            // A secret on a command line is visible to everybody on the machine.
            let flag = line.iter().position(|each| each == "--jwt-secret").expect("a default");
            line.drain(flag..=flag + 1);
        }
        let mut command = Command::new(path());
        command
            .args(&line[1..])
            .current_dir(database.dir())
            .env_clear()
            .env("JWT_SECRET", token::SECRET);
        command
    }

    /// Runs a command: until it says where it listens, or until its end.
    ///
    /// # Errors
    /// If it ends without having said where it listens.
    pub fn run(command: &mut Command) -> Result<Self, Finished> {
        let (mut process, addresses) = Process::spawn(command);
        match addresses.recv_timeout(PATIENCE) {
            Ok(address) => Ok(Self {
                site: Site::new(address),
                process,
            }),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(process.finish()),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("neither an address nor an end:\n{}", process.output())
            }
        }
    }

    /// Asks it to stop (SIGTERM).
    pub fn terminate(&self) {
        kill(self.process.pid(), Signal::SIGTERM).expect("a process of one's own");
    }

    /// Kills it (SIGKILL), and waits for its end.
    pub fn kill(mut self) -> Finished {
        self.process.child.kill().expect("a process of one's own");
        self.process.finish()
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Finished {
        self.process.finish()
    }

    /// What it has printed so far, on standard output and standard error.
    pub fn output(&self) -> String {
        self.process.output()
    }
}

impl Deref for Binary {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

#[derive(Debug)]
struct Process {
    child: Child,
    watcher: Watcher,
    output: Arc<Mutex<String>>,
    /// Closes when both outputs have.
    silent: mpsc::Receiver<()>,
}

impl Process {
    fn spawn(command: &mut Command) -> (Self, mpsc::Receiver<SocketAddr>) {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let watcher = Watcher::over(&child);
        let output = Arc::default();
        let (address_sender, addresses) = mpsc::channel();
        let (silent_sender, silent) = mpsc::channel();
        let stdout = child.stdout.take().expect("a pipe");
        let stderr = child.stderr.take().expect("a pipe");
        follow(stdout, &output, Some(address_sender), silent_sender.clone());
        follow(stderr, &output, None, silent_sender);
        (
            Self {
                child,
                watcher,
                output,
                silent,
            },
            addresses,
        )
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).expect("a process id"))
    }

    fn output(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn finish(&mut self) -> Finished {
        let silent = self.silent.recv_timeout(PATIENCE);
        assert_ne!(
            silent,
            Err(mpsc::RecvTimeoutError::Timeout),
            "no end:\n{}",
            self.output()
        );
        // While the child has not been waited for, its id is nobody else's.
        self.watcher.stop();
        let status = self.child.wait().expect("an exit status");
        Finished {
            status,
            output: self.output(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        self.watcher.stop();
        let _ = self.child.wait();
    }
}

/// Collects what comes out of a pipe, and looks for the address in it.
fn follow(
    pipe: impl Read + Send + 'static,
    output: &Arc<Mutex<String>>,
    address: Option<mpsc::Sender<SocketAddr>>,
    silent: mpsc::Sender<()>,
) {
    let output = Arc::clone(output);
    thread::spawn(move || {
        let _closes_at_the_end = silent;
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            output.push_str(&line);
            output.push('\n');
            drop(output);
            if let (Some(address), Some(found)) = (&address, find_address(&line)) {
                let _ = address.send(found);
            }
        }
    });
}

/// The address in a line that has `http://127.0.0.1:<port>` in it.
fn find_address(line: &str) -> Option<SocketAddr> {
    line.split("http://").skip(1).find_map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':')
            .unwrap_or(rest.len());
        rest[..end].parse().ok()
    })
}

/// The program, as cargo built it beside the tests.
fn path() -> PathBuf {
    if let Some(path) = env::var_os("TASKWARD_BIN") {
        return PathBuf::from(path);
    }
    let tests = env::current_exe().expect("the path of the tests");
    // target/<profile>/deps/<tests>
    let path = tests.ancestors().nth(2).expect("a profile's folder").join("taskward");
    assert!(
        path.is_file(),
        "{} is not there: run `cargo build -p api` first (with --release if the tests are), or set TASKWARD_BIN",
        path.display()
    );
    path
}
