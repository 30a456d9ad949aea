//! wrk, which sends the requests.

use super::proc;
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// Connections that send requests, and clients of pgbench.
pub(super) const CONNECTIONS: u32 = 32;

/// What to send, over and over.
pub(super) struct Load {
    /// Where to.
    pub(super) address: String,
    /// Whole requests. Each connection sends the next one of them.
    pub(super) requests: Vec<String>,
    /// How many connections.
    pub(super) connections: u32,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// Requests that were answered.
    pub(super) count: u32,
    /// Requests per second.
    pub(super) rate: f64,
    /// Milliseconds.
    pub(super) p50: f64,
    /// Milliseconds.
    pub(super) p99: f64,
    /// Answers other than 2xx and 3xx.
    pub(super) refused: u32,
    /// Connections that failed, broke or timed out.
    pub(super) broken: u32,
}

impl Load {
    /// Runs it to its end. `folder` is for the script.
    pub(super) fn run(&self, folder: &Path, seconds: f64) -> Result<Figures> {
        finish(self.start(folder, seconds)?)
    }

    /// Begins it. wrk takes whole seconds only.
    pub(super) fn start(&self, folder: &Path, seconds: f64) -> Result<Child> {
        let script = self.script(folder)?;
        // One thread of wrk's is enough for half a dozen of a server's, and must not take the processors from them.
        let threads = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, 8));
        proc::giving_way("wrk")
            .args(["--latency", "--timeout", "60s"])
            .arg(format!("-d{}s", seconds.round().max(1.0)))
            .arg(format!("-c{}", self.connections))
            .arg(format!("-t{}", threads.min(self.connections as usize)))
            .arg("-s")
            .arg(script)
            .arg(format!("http://{}/", self.address))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting wrk")
    }

    fn script(&self, folder: &Path) -> Result<PathBuf> {
        let mut text = "local requests = {\n".to_owned();
        for request in &self.requests {
            writeln!(text, "  {},", quoted(request))?;
        }
        // Threads begin at different places, so that they do not all change the same rows at the same time.
        text += "}\nlocal threads = 0\nfunction setup(thread)\n  thread:set(\"at\", threads * 7)\n  threads = threads + 1\nend\n\
                 function request()\n  at = at % #requests + 1\n  return requests[at]\nend\n";
        let path = folder.join("load.lua");
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}

/// A request as it goes over the wire.
pub(super) fn request(address: &str, method: &str, path: &str, headers: &[&str], body: Option<&str>) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
    for header in headers {
        text += header;
        text += "\r\n";
    }
    if let Some(body) = body {
        text += "Content-Type: application/json\r\nContent-Length: ";
        text += &body.len().to_string();
        text += "\r\n";
    }
    text + "\r\n" + body.unwrap_or_default()
}

/// A string of Lua's. Only ASCII goes over the wire here.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\r' => quoted += "\\r",
            '\n' => quoted += "\\n",
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// Waits for the end.
pub(super) fn finish(wrk: Child) -> Result<Figures> {
    let output = wrk.wait_with_output().context("running wrk")?;
    if !output.status.success() {
        bail!("wrk failed ({})", output.status);
    }
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// Reads what wrk prints.
fn parse(text: &str) -> Result<Figures> {
    let line = |label: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(label))
            .map(str::trim)
    };
    let after = |label: &str| line(label).with_context(|| format!("wrk did not print `{label}`:\n{text}"));
    let count = text
        .lines()
        .find_map(|line| line.trim().split_once(" requests in "))
        .with_context(|| format!("wrk did not print how many requests there were:\n{text}"))?;
    // `Non-2xx or 3xx responses: 7`, `Socket errors: connect 0, read 1, write 0, timeout 0`
    let sum = |label| {
        let numbers = line(label).unwrap_or_default().split(|c: char| !c.is_ascii_digit());
        numbers.filter_map(|number| number.parse::<u32>().ok()).sum()
    };
    Ok(Figures {
        count: count.0.parse().context("reading how many requests there were")?,
        rate: after("Requests/sec:")?.parse().context("reading requests/s")?,
        p50: milliseconds(after("50%")?)?,
        p99: milliseconds(after("99%")?)?,
        refused: sum("Non-2xx or 3xx responses:"),
        broken: sum("Socket errors:"),
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
                    \x20    99%    1.10s \n  100 requests in 1.00s, 1.00MB read\n  Socket errors: connect 1, read 2, write 0, timeout 4\n\
                    \x20 Non-2xx or 3xx responses: 7\nRequests/sec:   5678.90\n";
        let figures = parse(text).unwrap();
        let expected = Figures {
            count: 100,
            rate: 5678.90,
            p50: 0.161,
            p99: 1100.0,
            refused: 7,
            broken: 7,
        };
        assert_eq!(figures, expected);
        assert!(parse("nothing").is_err());
    }

    #[test]
    fn a_request_is_whole() {
        let text = request("h:1", "POST", "/a", &["Accept: b"], Some("{\"c\":1}"));
        assert_eq!(
            text,
            "POST /a HTTP/1.1\r\nHost: h:1\r\nAccept: b\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"c\":1}"
        );
        assert_eq!(quoted("a\"\\\r\n"), r#""a\"\\\r\n""#);
    }
}
