//! Programs that serve HTTP on loopback: the server as it ships, and what it is compared with.

use super::proc::{self, Cpu};
use super::wrk;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// Memory that has not fallen for so long has stopped falling: an allocator waits for less before it gives something back.
const REST: Duration = Duration::from_secs(2);

/// How long it is waited for that.
const LONGEST_FALL: Duration = Duration::from_secs(10);

/// Signs the tokens. Whatever shares the database with the server must know it.
pub(super) const SECRET: &str = "a secret for measurements, which protects nothing";

/// A program that serves; ends with this value.
pub(super) struct Server {
    process: Child,
    pub(super) address: String,
}

impl Server {
    /// Starts a build of the server on that database, ready to be asked more often than anybody may.
    pub(super) fn start(binary: &Path, database: &str) -> Result<Self> {
        Self::starting(&mut taskward(binary, database, 0))
    }

    /// Starts a program that prints its address in its first line.
    pub(super) fn starting(command: &mut Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", crate::process::line(command)))?;
        let output = process.stdout.take().context("the server's output")?;
        // From here on it ends if anything fails.
        let mut server = Self {
            process,
            address: String::new(),
        };
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .context("reading the server's output")?;
        let address = line
            .split("http://")
            .nth(1)
            .and_then(|rest| rest.split(|c: char| c.is_whitespace() || c == '/').next())
            .with_context(|| format!("the server did not say where it listens, but `{}`", line.trim()))?;
        address.clone_into(&mut server.address);
        Ok(server)
    }

    /// Starts a program that listens on this address, and waits until it answers.
    pub(super) fn starting_at(address: String, command: &mut Command) -> Result<Self> {
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", crate::process::line(command)))?;
        let mut server = Self { process, address };
        let start = Instant::now();
        while server.get("/health", &[]).is_err() {
            if let Some(status) = server.process.try_wait()? {
                bail!("`{}` ended ({status})", crate::process::line(command));
            }
            if start.elapsed() > PATIENCE {
                bail!("`{}` does not answer", crate::process::line(command));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// How long it takes from starting the binary until `/ready` is answered with a 200.
    pub(super) fn time_to_ready(binary: &Path, database: &str) -> Result<Duration> {
        let address = free_address()?;
        let mut command = taskward(binary, database, address.port());
        let start = Instant::now();
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let server = Self {
            process: process.context("starting the server")?,
            address: address.to_string(),
        };
        while server.get("/ready", &[]).is_err() {
            if start.elapsed() > PATIENCE {
                bail!("the server does not get ready");
            }
            thread::sleep(Duration::from_micros(200));
        }
        Ok(start.elapsed())
    }

    pub(super) fn cpu(&self) -> Result<Cpu> {
        Cpu::of_tree(self.process.id())
    }

    /// Memory in RAM at this moment (MiB).
    pub(super) fn resident(&self) -> Result<f64> {
        proc::resident(self.process.id())
    }

    /// Memory in RAM once it has stopped falling (MiB): what nobody uses any more goes back to the system after a while.
    pub(super) fn resident_at_rest(&self) -> Result<f64> {
        let start = Instant::now();
        let (mut least, mut since) = (self.resident()?, start);
        while since.elapsed() < REST && start.elapsed() < LONGEST_FALL {
            thread::sleep(Duration::from_millis(100));
            let now = self.resident()?;
            if now < least {
                (least, since) = (now, Instant::now());
            }
        }
        self.resident()
    }

    /// Connections, and whatever else is open.
    pub(super) fn open_files(&self) -> Result<usize> {
        proc::open_files(self.process.id())
    }

    pub(super) fn get(&self, path: &str, headers: &[&str]) -> Result<String> {
        self.send("GET", path, headers, None)
    }

    pub(super) fn post(&self, path: &str, headers: &[&str], body: &str) -> Result<String> {
        self.send("POST", path, headers, Some(body))
    }

    /// One request on a connection of its own; fails unless the answer is a 2xx.
    fn send(&self, method: &str, path: &str, headers: &[&str], body: Option<&str>) -> Result<String> {
        let answer = self.answer(method, path, headers, body)?;
        if !answer.starts_with("HTTP/1.1 2") {
            bail!(
                "{method} {path} was answered {}",
                answer.lines().next().unwrap_or("with nothing")
            );
        }
        Ok(answer)
    }

    fn answer(&self, method: &str, path: &str, headers: &[&str], body: Option<&str>) -> Result<String> {
        self.answer_to(&wrk::request(&self.address, method, path, headers, body))
    }

    /// What comes back for a whole request, whatever it is.
    pub(super) fn answer_to(&self, request: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address).context("connecting to the server")?;
        // The connection ends with the answer, which then need not be measured out.
        let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // As whoever runs it would: a server with workers takes them along, and SQLite's log is folded in.
        #[cfg(unix)]
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.process),
            rustix::process::Signal::TERM,
        );
        let start = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) {
            if start.elapsed() > Duration::from_secs(10) {
                let _ = self.process.kill();
                let _ = self.process.wait();
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A build of the server. No limit on guesses is to be measured, and no line of the log.
fn taskward(binary: &Path, database: &str, port: u16) -> Command {
    let mut command = Command::new(binary);
    command
        .args(["--database-url", database, "--port", &port.to_string()])
        .args(["--log", "off"])
        .args(["--sign-in-tries", "1000000000", "--sign-in-rate", "1000000000"])
        .args(["--password-queue", "10000"])
        .env("JWT_SECRET", SECRET);
    command
}

/// What `DATABASE_URL` is for a file.
pub(super) fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// An address that nobody listens on right now.
pub(super) fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("looking for a free port")?;
    Ok(listener.local_addr()?)
}
