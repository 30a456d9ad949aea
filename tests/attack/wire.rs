//! Bytes on a connection, and whatever comes back: for requests that leave it open how many requests they are.

use std::fmt;
use std::net::SocketAddr;
use tests::PATIENCE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Everything that came back on a connection.
pub(crate) struct Answers {
    /// The status of each response, informational ones apart.
    pub(crate) statuses: Vec<u16>,
    /// All of it, as text.
    pub(crate) text: String,
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}\n{}", self.statuses, self.text)
    }
}

/// Writes these bytes on a connection of their own, says that nothing more will come, and reads to the end.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Answers {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // The server may refuse, and close, before it has read everything.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    read_to_end(&mut stream).await
}

/// Reads until the server closes the connection.
pub(crate) async fn read_to_end(stream: &mut TcpStream) -> Answers {
    read_until(stream, |_| false).await
}

/// Reads the head of the first answer, or until the server closes the connection.
pub(crate) async fn read_head(stream: &mut TcpStream) -> Answers {
    read_until(stream, |received| received.windows(4).any(|end| end == b"\r\n\r\n")).await
}

async fn read_until(stream: &mut TcpStream, enough: impl Fn(&[u8]) -> bool) -> Answers {
    let mut received = Vec::new();
    let reading = async {
        let mut chunk = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut chunk).await {
            received.extend_from_slice(&chunk[..count]);
            if enough(&received) {
                break;
            }
        }
    };
    timeout(PATIENCE, reading)
        .await
        .expect("the server answers or closes the connection");
    let text = String::from_utf8_lossy(&received).into_owned();
    Answers {
        statuses: statuses(&text),
        text,
    }
}

/// The status lines, wherever they stand: what is a body to one reader may be a response to another one.
fn statuses(text: &str) -> Vec<u16> {
    let lines = text.match_indices("HTTP/1.");
    let statuses = lines.filter_map(|(start, _)| text.get(start + 9..start + 12)?.parse().ok());
    statuses.filter(|status| *status >= 200).collect()
}
