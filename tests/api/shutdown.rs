//! `SIGTERM`: requests in flight finish, new ones are refused, and the exit status is 0.

use serde_json::json;
use shared::tasks::Task;
use std::time::{Duration, Instant};
use tests::{Binary, Database, PATIENCE, Person, raw};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const BODY: &str = "{\"title\":\"sent while the server is stopping\"}";

/// Sends a request but for the end of its body, and waits until the server is reading that.
async fn begin(server: &Binary, person: &Person) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let fields = [
        &*format!("Authorization: Bearer {}", person.token),
        "Content-Type: application/json",
        &format!("Content-Length: {}", BODY.len()),
        "Expect: 100-continue",
    ];
    stream
        .write_all(&raw::request(&format!("POST {}", person.tasks()), &fields, b""))
        .await
        .unwrap();
    let mut interim = [0; 25];
    timeout(PATIENCE, stream.read_exact(&mut interim))
        .await
        .expect("an interim response")
        .unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&BODY.as_bytes()[..10]).await.unwrap();
    stream
}

/// Waits until nobody listens any more.
async fn until_refused(server: &Binary) {
    let refused = async { while TcpStream::connect(server.address).await.is_ok() {} };
    timeout(PATIENCE, refused).await.expect("the listener closes");
}

#[tokio::test]
async fn requests_in_flight_finish_and_new_ones_are_refused() {
    let database = Database::migrated();
    let server = Binary::start(&database, &[]);
    let ada = server.register("ada").await;
    let mut in_flight = Vec::new();
    for _ in 0..3 {
        in_flight.push(begin(&server, &ada).await);
    }
    server.terminate();
    until_refused(&server).await;
    for mut stream in in_flight {
        stream.write_all(&BODY.as_bytes()[10..]).await.unwrap();
        let answer = raw::read(&mut stream).await.expect("an answer");
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.json::<Task>().title, "sent while the server is stopping");
    }
    let finished = server.finish();
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");

    let server = Binary::start(&database, &[]);
    assert_eq!(ada.at(&server.url).list().await.len(), 3);
}

#[tokio::test]
async fn an_idle_server_stops_at_once() {
    let database = Database::migrated();
    let server = Binary::start(&database, &[]);
    // A client that keeps its connection for the next request holds nobody up.
    let ada = server.register("ada").await;
    ada.create(&json!({"title": "Milk"})).await.expect(201);
    let start = Instant::now();
    server.terminate();
    let finished = server.finish();
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_client_that_never_finishes_is_not_waited_for_for_ever() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--shutdown-timeout", "2s"]);
    let ada = server.register("ada").await;
    let _stream = begin(&server, &ada).await;
    let start = Instant::now();
    server.terminate();
    let finished = server.finish();
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    let took = start.elapsed();
    assert!(
        took > Duration::from_millis(1500) && took < Duration::from_secs(20),
        "{took:?}"
    );
}
