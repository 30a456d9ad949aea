//! Several of Cargo's builds side by side, and how far each of them is.

use crate::process;
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::mem;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often a terminal is told, and how often a log.
const EVERY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// A build that is under way. Dropping it stops it.
pub(crate) struct Build {
    name: &'static str,
    line: String,
    child: Child,
    reader: JoinHandle<Result<()>>,
    state: Arc<Mutex<State>>,
}

/// What is known of a build from what Cargo has printed.
#[derive(Debug, Default, PartialEq, Eq)]
struct State {
    /// How many crates are compiled, and of how many.
    done: Option<(usize, usize)>,
    /// What a person should see: warnings and errors.
    said: String,
}

impl Build {
    /// Starts one of Cargo's commands.
    pub(crate) fn start(name: &'static str, mut cargo: Command) -> Result<Self> {
        // Cargo tells how far it is to terminals only, unless it is asked.
        cargo
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "100")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let line = process::line(&cargo);
        let mut child = cargo.spawn().with_context(|| format!("starting `{line}`"))?;
        let mut stderr = child.stderr.take().context("its messages are piped")?;
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let reader = thread::spawn(move || follow(&mut stderr, &shared));
        Ok(Self {
            name,
            line,
            child,
            reader,
            state,
        })
    }

    /// How it ended, if it has.
    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("watching `{}`", self.line))
    }

    fn display(&mut self) -> String {
        if matches!(self.ended(), Ok(Some(_))) {
            return format!("{} done", self.name);
        }
        match self.state.lock().unwrap_or_else(PoisonError::into_inner).done {
            Some((done, all)) => format!("{} {done} of {all}", self.name),
            None => format!("{} …", self.name),
        }
    }

    /// Says what the compiler had to say, and fails if the build did.
    fn finish(&mut self, status: ExitStatus) -> Result<()> {
        while !self.reader.is_finished() {
            thread::sleep(Duration::from_millis(10));
        }
        let said = mem::take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner).said);
        print!("{said}");
        if !status.success() {
            bail!("`{}` failed ({status})", self.line);
        }
        Ok(())
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        // It has ended, or nobody waits for it any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the first of the builds has ended, and says meanwhile how far all of them are. The rest goes on, unless one fails.
pub(crate) fn wait_for_first(builds: &mut Vec<Build>, start: Instant) -> Result<()> {
    let is_terminal = io::stdout().is_terminal();
    let every = if is_terminal { EVERY.0 } else { EVERY.1 };
    let mut told = Instant::now();
    loop {
        let mut is_over = builds.is_empty();
        for (index, build) in builds.iter_mut().enumerate() {
            let Some(status) = build.ended()? else { continue };
            is_over |= index == 0;
            if index == 0 || !status.success() {
                clear(is_terminal);
                build.finish(status)?;
            }
        }
        if is_over {
            builds.drain(..builds.len().min(1));
            return Ok(());
        }
        if told.elapsed() >= every {
            told = Instant::now();
            tell(builds, start, is_terminal);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn tell(builds: &mut [Build], start: Instant, is_terminal: bool) {
    let mut line = format!("      {}", clock(start.elapsed()));
    for build in builds {
        // Writing to a string cannot fail.
        let _ = write!(line, "  {}", build.display());
    }
    clear(is_terminal);
    print!("{line}{}", if is_terminal { "" } else { "\n" });
    // Nobody is there to read it, then.
    let _ = io::stdout().flush();
}

fn clear(is_terminal: bool) {
    if is_terminal {
        print!("\r\u{1b}[K");
    }
}

/// Minutes and seconds.
pub(crate) fn clock(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

/// Reads what Cargo prints, to its end.
fn follow(stderr: &mut impl Read, state: &Mutex<State>) -> Result<()> {
    let mut line = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stderr.read(&mut buffer).context("reading Cargo's messages")?;
        let bytes = buffer.get(..length).unwrap_or_default();
        for &byte in bytes {
            // Cargo returns to the beginning of a line to write its progress over it.
            if matches!(byte, b'\n' | b'\r') {
                read(&String::from_utf8_lossy(&line), state);
                line.clear();
            } else {
                line.push(byte);
            }
        }
        if length == 0 {
            read(&String::from_utf8_lossy(&line), state);
            return Ok(());
        }
    }
}

fn read(line: &str, state: &Mutex<State>) {
    // What clears the line before something else is written there.
    let text = line.trim_start_matches("\u{1b}[K").trim_end();
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let first = text.split_whitespace().next().unwrap_or_default();
    if first == "Building" {
        state.done = progress(text).or(state.done);
    } else if !is_routine(first) {
        state.said.push_str(text);
        state.said.push('\n');
    }
}

/// How far Cargo is: `Building [==>   ] 12/345: crates`.
fn progress(line: &str) -> Option<(usize, usize)> {
    let (_, rest) = line.split_once(']')?;
    let (done, all) = rest.trim_start().split(':').next()?.split_once('/')?;
    Some((done.trim().parse().ok()?, all.trim().parse().ok()?))
}

/// Whether a line that begins so says only that all is well.
fn is_routine(first: &str) -> bool {
    matches!(
        first,
        "" | "Adding"
            | "Blocking"
            | "Compiling"
            | "Downloaded"
            | "Downloading"
            | "Finished"
            | "Fresh"
            | "Locking"
            | "Updating"
    )
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
    fn how_far_cargo_is_can_be_read_from_what_it_prints() {
        let text = "   Compiling a v1.0.0\n\u{1b}[K    Building [===>   ] 12/345: a, b(build)\r\u{1b}[Kwarning: unused\n  --> a.rs\n    \
                    Building [====>  ] 13/345\r    Finished `dev`\n";
        let state = Mutex::default();
        follow(&mut text.as_bytes(), &state).unwrap();
        let state = state.into_inner().unwrap();
        assert_eq!(state.done, Some((13, 345)));
        assert_eq!(state.said, "warning: unused\n  --> a.rs\n");
    }

    #[test]
    fn the_first_is_waited_for_and_the_rest_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("note");
        let second = format!("while [ ! -e {0} ]; do sleep 0.02; done", note.display());
        let mut builds = vec![
            Build::start("one", shell("true")).unwrap(),
            Build::start("two", shell(&second)).unwrap(),
        ];
        wait_for_first(&mut builds, Instant::now()).unwrap();
        assert_eq!(builds.len(), 1);
        std::fs::write(note, "").unwrap();
        wait_for_first(&mut builds, Instant::now()).unwrap();
        assert!(builds.is_empty());
    }

    #[test]
    fn a_failure_is_told_before_the_others_have_ended() {
        let mut builds = vec![
            Build::start("one", shell("exec sleep 5")).unwrap(),
            Build::start("two", shell("echo 'error: no' >&2; exit 3")).unwrap(),
        ];
        let start = Instant::now();
        let error = wait_for_first(&mut builds, start).unwrap_err().to_string();
        assert!(error.contains("exit 3"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(4));
    }

    #[test]
    fn time_is_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_secs(65)), "1:05");
    }
}
