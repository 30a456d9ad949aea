//! `SIGTERM`: not ready any more first, then requests in flight finish, new ones are refused, and the exit status is 0.

use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use std::time::{Duration, Instant};
use tests::{Ask, Binary, Database, PATIENCE, Person, assert_problem, raw};
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

/// Waits until `/ready` says that the server is about to stop.
async fn until_not_ready(server: &Binary) {
    let unready = async {
        loop {
            let answer = server.get(paths::READY).ask().await;
            if answer.status != 200 {
                return answer;
            }
        }
    };
    let answer = timeout(PATIENCE, unready).await.expect("an end of being ready");
    assert_problem(&answer, 503, ErrorCode::Unavailable);
}

#[tokio::test]
async fn a_draining_server_is_not_ready_and_goes_on_serving() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--drain-delay", "5s"]);
    let ada = server.register("ada").await;
    server.get(paths::READY).ask().await.expect(200);
    let start = Instant::now();
    server.terminate();
    until_not_ready(&server).await;
    // On new connections, and for everybody.
    server.get(paths::HEALTH).ask().await.expect(200);
    ada.add("Milk").await;
    server.login(&ada).await.me().await.expect(200);
    let answer = ada.get(&ada.tasks()).ask().await.expect(200);
    assert_eq!(
        answer.header("connection"),
        "close",
        "the next one goes elsewhere: {answer:?}"
    );
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let mut in_flight = begin(&server, &ada).await;
    until_refused(&server).await;
    assert!(start.elapsed() >= Duration::from_secs(5), "{:?}", start.elapsed());
    in_flight.write_all(&BODY.as_bytes()[10..]).await.unwrap();
    assert_eq!(raw::read(&mut in_flight).await.expect("an answer").status, 201);
    let finished = server.finish();
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
}

#[tokio::test]
async fn a_second_signal_ends_the_drain_and_a_third_one_the_wait() {
    let database = Database::migrated();
    let server = Binary::start(&database, &["--drain-delay", "10m", "--shutdown-timeout", "10m"]);
    let ada = server.register("ada").await;
    let _stream = begin(&server, &ada).await;
    server.terminate();
    until_not_ready(&server).await;
    server.terminate();
    until_refused(&server).await;
    server.terminate();
    let finished = server.finish();
    assert_eq!(finished.status.code(), Some(1), "requests were cut off: {finished:?}");
}
