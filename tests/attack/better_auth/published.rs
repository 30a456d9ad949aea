//! A server that publishes keys, or something else instead, and counts how often it is asked.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// What whoever asks gets.
#[derive(Clone)]
pub(super) enum Reply {
    /// This document.
    Document(String),
    /// This document, but somewhere else.
    Redirect(String),
    /// This status, with nothing in it.
    Status(&'static str),
    /// More than anybody should read.
    Endless,
}

/// The server. It stops when it is dropped.
pub(super) struct Publisher {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    stopping: Arc<AtomicBool>,
}

impl Publisher {
    pub(super) fn start(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (asked, stopping) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, stop) = (Arc::clone(&asked), Arc::clone(&stopping));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                count.fetch_add(1, Ordering::Relaxed);
                // Whoever hangs up early is none of our business.
                let _ = stream.and_then(|stream| answer(stream, &reply));
            }
        });
        Self {
            address,
            asked,
            stopping,
        }
    }

    /// Where the keys are.
    pub(super) fn url(&self) -> String {
        format!("{}/api/auth/jwks", self.origin())
    }

    /// Who the issuer is, by that.
    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often it was asked.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Whoever waits for the next one is woken up by it.
        drop(TcpStream::connect(self.address));
    }
}

fn answer(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    let head = |status: &str, more: &str| format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n");
    match reply {
        Reply::Document(body) => {
            let more = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
            stream.write_all((head("200 OK", &more) + body).as_bytes())
        }
        Reply::Redirect(to) => {
            let more = format!("Location: {to}\r\nContent-Length: 0\r\n");
            stream.write_all(head("302 Found", &more).as_bytes())
        }
        Reply::Status(status) => stream.write_all(head(status, "Content-Length: 0\r\n").as_bytes()),
        Reply::Endless => {
            stream.write_all(head("200 OK", "Content-Type: application/json\r\n").as_bytes())?;
            let chunk = vec![b' '; 64 * 1024];
            // 64 MiB are not endless, but no reader that is careful gets to the end of them.
            for _ in 0..1024 {
                stream.write_all(&chunk)?;
            }
            Ok(())
        }
    }
}
