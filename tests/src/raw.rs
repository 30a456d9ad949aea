//! HTTP by hand, for what no client would send.

use crate::{Answer, PATIENCE};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Writes these bytes on a connection of their own and reads until the server closes it.
/// `None` if the server closes without a word.
pub async fn exchange(address: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // The server may refuse, and close, before it has read everything.
    let _ = stream.write_all(bytes).await;
    read(&mut stream).await
}

/// Reads what the server still says, until it closes the connection.
pub async fn read(stream: &mut TcpStream) -> Option<Answer> {
    let mut received = Vec::new();
    timeout(PATIENCE, async {
        let mut chunk = vec![0; 16 * 1024];
        // A reset after the response is how a server drops what it does not want to read.
        while let Ok(count @ 1..) = stream.read(&mut chunk).await {
            received.extend_from_slice(&chunk[..count]);
        }
    })
    .await
    .expect("the server closes the connection");
    if received.is_empty() {
        None
    } else {
        Some(parse(&received))
    }
}

/// A request from its first line and its header fields, on a connection that closes after it.
pub fn request(line: &str, fields: &[&str], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
    for field in fields {
        text.push_str(field);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn parse(received: &[u8]) -> Answer {
    let end = received
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no end of head: {}", String::from_utf8_lossy(received)));
    let head = String::from_utf8(received[..end].to_vec()).expect("a head in ASCII");
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("a status line");
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header field");
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).expect("a field name"),
            HeaderValue::from_str(value.trim()).expect("a field value"),
        );
    }
    Answer {
        request: "by hand".to_owned(),
        status: status.parse().expect("a status"),
        headers,
        body: received[end + 4..].to_vec(),
    }
}
