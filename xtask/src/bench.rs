//! `cargo xtask bench`: how fast the server is as it ships, on this machine, over loopback.
//!
//! Ratios of figures from one run are what counts: machines differ, and so does one machine from minute to minute.

use crate::setup::{self, Purpose};
use crate::{process, workspace};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const EMAIL: &str = "bench@example.org";
const PASSWORD: &str = "correct horse battery staple";

/// Tasks in the list that is asked for.
const TASKS: usize = 20;

/// Sign-ins that are always under way in the second part.
const SIGN_INS: u32 = 64;

/// What to measure, and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

/// Measures how long a list of tasks takes, alone and while sign-ins queue.
pub(crate) fn bench(options: &Options) -> Result<()> {
    setup::ensure(Purpose::Bench)?;
    println!("Building the server as it ships …");
    process::run(workspace::cargo().args(["build", "--release", "--package", "api", "--bin", "taskward"]))?;
    let folder = workspace::built("release", "bench-data")?;
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).context("making a folder for the measurement")?;

    let server = Server::start(&folder)?;
    let (token, user_id) = server.register()?;
    for number in 0..TASKS {
        let path = format!("/api/{user_id}/tasks");
        server.post(&path, Some(&token), &format!(r#"{{"title":"Task {number}"}}"#))?;
    }

    let list = format!("http://{}/api/{user_id}/tasks", server.address);
    let bearer = format!("Authorization: Bearer {token}");
    let idle = wrk(&["-c1", "-t1", "-H", &bearer, &list], options.seconds)?;

    let script = folder.join("login.lua");
    let body = format!(r#"{{"email":"{EMAIL}","password":"{PASSWORD}"}}"#);
    fs::write(
        &script,
        format!("wrk.method = \"POST\"\nwrk.body = '{body}'\nwrk.headers[\"Content-Type\"] = \"application/json\"\n"),
    )?;
    let login = format!("http://{}/api/auth/login", server.address);
    let connections = format!("-c{SIGN_INS}");
    let script = script.to_string_lossy().into_owned();
    // Two seconds longer on either side, so that the queue is full for the whole of the measurement.
    let sign_ins = spawn_wrk(&[&connections, "-t1", "-s", &script, &login], options.seconds + 4)?;
    wait_until_busy(&server)?;
    let busy = wrk(&["-c1", "-t1", "-H", &bearer, &list], options.seconds)?;
    let sign_ins = parse(&finish(sign_ins)?)?;

    println!();
    println!("list of {TASKS} tasks, 1 connection      requests/s   p50 ms   p99 ms");
    println!(
        "  nothing else                    {:>10.0}  {:>7.2}  {:>7.2}",
        idle.rate, idle.p50, idle.p99
    );
    println!(
        "  while {SIGN_INS} sign-ins queue         {:>10.0}  {:>7.2}  {:>7.2}",
        busy.rate, busy.p50, busy.p99
    );
    println!("  ratio of the medians            {:>10.2}", busy.p50 / idle.p50);
    println!(
        "sign-ins, {SIGN_INS} connections          {:>10.1}  {:>7.0}  {:>7.0}",
        sign_ins.rate, sign_ins.p50, sign_ins.p99
    );
    println!("failed requests: {}", idle.failed + busy.failed + sign_ins.failed);
    Ok(())
}

/// The release binary on a database of its own; ends with this value.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        let mut process = Command::new(workspace::built("release", "taskward")?)
            .args(["--port", "0", "--log", "warn", "--data-dir"])
            .arg(folder)
            .args([
                "--sign-in-tries",
                "1000000",
                "--sign-in-rate",
                "1000000",
                "--password-queue",
                "1000",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let mut line = String::new();
        let output = process.stdout.take().context("the server's output")?;
        BufReader::new(output)
            .read_line(&mut line)
            .context("reading the server's output")?;
        let address = line
            .split("http://")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next());
        let address = address
            .context("the server did not say where it listens")?
            .trim_end_matches('/')
            .to_owned();
        Ok(Self { process, address })
    }

    fn register(&self) -> Result<(String, String)> {
        let body = format!(r#"{{"email":"{EMAIL}","password":"{PASSWORD}"}}"#);
        let answer = self.post("/api/auth/register", None, &body)?;
        let member = |name: &str| {
            let (_, rest) = answer.split_once(&format!("\"{name}\":\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        member("access_token")
            .zip(member("id"))
            .with_context(|| format!("an unexpected answer: {answer}"))
    }

    /// One request on a connection of its own; fails unless the answer is a 2xx.
    fn post(&self, path: &str, token: Option<&str>, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address).context("connecting to the server")?;
        let bearer = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n{bearer}\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if !answer.starts_with("HTTP/1.1 2") {
            bail!(
                "POST {path} was answered {}",
                answer.lines().next().unwrap_or("with nothing")
            );
        }
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A request with a password that takes as long as a queue is a sign that there is one.
fn wait_until_busy(server: &Server) -> Result<()> {
    server
        .post(
            "/api/auth/login",
            None,
            &format!(r#"{{"email":"{EMAIL}","password":"{PASSWORD}"}}"#),
        )
        .map(drop)
}

#[derive(Debug, PartialEq)]
struct Figures {
    /// Requests per second.
    rate: f64,
    /// Milliseconds.
    p50: f64,
    /// Milliseconds.
    p99: f64,
    /// Answers other than 2xx and 3xx, and connections that broke.
    failed: u64,
}

fn wrk(arguments: &[&str], seconds: u32) -> Result<Figures> {
    parse(&finish(spawn_wrk(arguments, seconds)?)?)
}

fn spawn_wrk(arguments: &[&str], seconds: u32) -> Result<Child> {
    Command::new("wrk")
        .args(["--latency", "--timeout", "60s", &format!("-d{seconds}s")])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting wrk")
}

fn finish(wrk: Child) -> Result<String> {
    let output = wrk.wait_with_output().context("running wrk")?;
    if !output.status.success() {
        bail!("wrk failed ({})", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads what wrk prints.
fn parse(text: &str) -> Result<Figures> {
    let after = |label: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(label))
            .map(str::trim)
            .with_context(|| format!("wrk did not print `{label}`:\n{text}"))
    };
    // `Non-2xx or 3xx responses: 7`, `Socket errors: connect 0, read 1, write 0, timeout 0`
    let failed = text
        .lines()
        .filter(|line| line.contains("Non-2xx") || line.contains("Socket errors"))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(_, counts)| counts.split(|c: char| !c.is_ascii_digit()))
        .filter_map(|count| count.parse::<u64>().ok())
        .sum();
    Ok(Figures {
        rate: after("Requests/sec:")?.parse().context("reading requests/s")?,
        p50: milliseconds(after("50%")?)?,
        p99: milliseconds(after("99%")?)?,
        failed,
    })
}

fn milliseconds(text: &str) -> Result<f64> {
    let (number, factor) = match text {
        text if text.ends_with("us") => (text.trim_end_matches("us"), 0.001),
        text if text.ends_with("ms") => (text.trim_end_matches("ms"), 1.0),
        text if text.ends_with('m') => (text.trim_end_matches('m'), 60_000.0),
        text => (text.trim_end_matches('s'), 1000.0),
    };
    Ok(number
        .parse::<f64>()
        .with_context(|| format!("reading the time `{text}`"))?
        * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_what_wrk_prints() {
        let text = "Running 1s test @ http://127.0.0.1:1/\n  Latency Distribution\n     50%  161.00us\n     75%    1.20ms\n\
                    \x20    99%    1.10s \n  100 requests in 1.00s, 1.00MB read\n  Non-2xx or 3xx responses: 7\nRequests/sec:   5678.90\n";
        let figures = parse(text).unwrap();
        assert_eq!(
            figures,
            Figures {
                rate: 5678.90,
                p50: 0.161,
                p99: 1100.0,
                failed: 7
            }
        );
        assert!(parse("nothing").is_err());
    }
}
