//! Very many connections to one server: most of them idle, the rest busy.

use super::people::Person;
use super::server::Server;
use super::wrk::{self, Load};
use anyhow::{Context as _, Result, bail};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// Connections that have asked once, and may do so again.
pub(super) const IDLE: usize = 10_000;

/// Connections that ask all the time.
pub(super) const ACTIVE: u32 = 1_000;

/// Open files that either end needs, with some to spare.
const FILES: u64 = IDLE as u64 + ACTIVE as u64 + 1_000;

/// Threads that open and ask the idle ones.
const THREADS: usize = 8;

const PATIENCE: Duration = Duration::from_secs(30);

/// Lets this program, and what it starts, have as many open files as the system allows.
pub(super) fn raise_limit() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Refused only where the limit is fixed; what matters is what is then in force.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    );
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// What became of them.
pub(super) struct Outcome {
    /// Connections and requests that failed.
    pub(super) errors: u32,
    /// Requests per second of the active ones.
    pub(super) rate: f64,
    /// MiB, while all were open.
    pub(super) resident: f64,
}

/// Opens the idle ones, runs the active ones, which ask for the list, and asks the idle ones again.
pub(super) fn hold(server: &Server, person: &Person, folder: &Path, seconds: f64) -> Result<Outcome> {
    let limit = raise_limit();
    if limit < FILES {
        bail!("{FILES} open files are needed, and the system allows {limit} (ulimit -Hn)");
    }
    let headers = [person.authorization()];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let request = wrk::request(&server.address, "GET", &person.tasks(), &headers, None);
    // Quick to answer: the first ones must not have outlived the server's patience when the last one is open.
    let health = wrk::request(&server.address, "GET", "/health", &[], None);
    let before = server.open_files()?;
    let open = |_| {
        let stream = TcpStream::connect(&server.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        ask(stream, &health)
    };
    let (mut idle, mut errors) = in_parallel((0..IDLE).collect(), open);
    let load = Load {
        address: server.address.clone(),
        requests: vec![request],
        connections: ACTIVE,
    };
    let active = load.run(folder, seconds)?;
    let resident = server.resident()?;
    errors += active.refused + active.broken;
    let again;
    (idle, again) = in_parallel(idle, |stream| ask(stream, &health));
    drop(idle);
    // What memory is left says something only when the server has seen them all end.
    let start = Instant::now();
    while server.open_files()? > before + 100 && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(50));
    }
    Ok(Outcome {
        errors: errors + again,
        rate: active.rate,
        resident,
    })
}

/// Does `work` with each, on several threads. Gives what succeeded, and how many failed.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> Result<R> + Sync) -> (Vec<R>, u32) {
    let mut parts: Vec<Vec<T>> = (0..THREADS).map(|_| Vec::new()).collect();
    for (number, item) in items.into_iter().enumerate() {
        if let Some(part) = parts.get_mut(number % THREADS) {
            part.push(item);
        }
    }
    let work = &work;
    let (mut done, mut failed) = (Vec::new(), 0);
    thread::scope(|scope| {
        let threads: Vec<_> = parts
            .into_iter()
            .map(|part| scope.spawn(move || part.into_iter().map(work).collect::<Vec<_>>()))
            .collect();
        for thread in threads {
            for result in thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
                match result {
                    Ok(result) => done.push(result),
                    Err(_) => failed += 1,
                }
            }
        }
    });
    (done, failed)
}

/// Sends the request, and reads the answer to its end.
fn ask(mut stream: TcpStream, request: &str) -> Result<TcpStream> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            bail!("the server hung up");
        }
        answer.extend(buffer.iter().take(count));
        if length(&answer)?.is_some_and(|length| answer.len() >= length) {
            return Ok(stream);
        }
    }
}

/// The length of the whole answer, once its head is there; fails unless it is a 200.
fn length(answer: &[u8]) -> Result<Option<usize>> {
    let text = String::from_utf8_lossy(answer);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return Ok(None);
    };
    if !head.starts_with("HTTP/1.1 200 ") {
        bail!("the answer was {}", head.lines().next().unwrap_or_default());
    }
    let body = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>())
    });
    let body = body.context("the answer does not say how long it is")??;
    Ok(Some(head.len() + "\r\n\r\n".len() + body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_end() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345";
        assert_eq!(length(answer).unwrap(), Some(answer.len()));
        assert_eq!(length(b"HTTP/1.1 200 OK\r\n").unwrap(), None);
        assert!(length(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").is_err());
        assert!(length(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn failures_are_counted() {
        let (done, failed) = in_parallel((0..100).collect(), |number: i32| {
            if number % 10 == 0 {
                bail!("tens are refused");
            }
            Ok(number)
        });
        assert_eq!((done.len(), failed), (90, 10));
    }
}
