//! Whatever the server waits for has an end, and a clear answer.

use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use tests::pgbouncer;
use tests::service::until;
use tests::{Answer, Ask, Backend, Database, PATIENCE, Person, TestApp, assert_problem};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_postgres::NoTls;

/// Somebody who has the tasks for themselves, until they are let go.
struct Blockade(oneshot::Sender<()>, JoinHandle<()>);

impl Blockade {
    async fn of(database: &Database) -> Self {
        let (up_sender, up) = oneshot::channel();
        let (release, released) = oneshot::channel();
        let held = match Backend::current() {
            Backend::Sqlite => {
                let mut conn = database.sqlite();
                spawn_blocking(move || {
                    use diesel::connection::SimpleConnection;
                    conn.batch_execute("BEGIN IMMEDIATE").expect("the write lock");
                    up_sender.send(()).expect("a test that waits");
                    let _ = released.blocking_recv();
                    conn.batch_execute("ROLLBACK").expect("the end of it");
                })
            }
            Backend::Postgres => {
                let (client, connection) = tokio_postgres::connect(&database.direct_url(), NoTls).await.unwrap();
                tokio::spawn(connection);
                tokio::spawn(async move {
                    client
                        .batch_execute("BEGIN; LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")
                        .await
                        .unwrap();
                    up_sender.send(()).unwrap();
                    let _ = released.await;
                    client.batch_execute("ROLLBACK").await.unwrap();
                })
            }
        };
        up.await.unwrap();
        Self(release, held)
    }

    async fn end(self) {
        self.0.send(()).unwrap();
        self.1.await.unwrap();
    }
}

/// Adds a task, whatever comes of it.
fn adding(person: &Person) -> JoinHandle<Answer> {
    let person = person.clone();
    tokio::spawn(async move { person.create(&serde_json::json!({"title": "Milk"})).await })
}

/// The statements that wait for a lock.
const WAITING: &str = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Waits until so many statements wait for a lock.
async fn until_waiting(database: &Database, statements: i64) {
    until("statements wait", async || database.count(WAITING) >= statements).await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered() {
    let app = TestApp::spawn_with(&["--request-timeout", "1s"]).await;
    let ada = app.register("ada").await;
    let blockade = Blockade::of(&app.database()).await;
    let start = Instant::now();
    assert_problem(&adding(&ada).await.unwrap(), 503, ErrorCode::Unavailable);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    blockade.end().await;
    // Nothing is stuck because nobody waited for it.
    ada.add("Bread").await;
}

#[tokio::test]
async fn a_connection_that_nobody_uses_is_closed() {
    let app = TestApp::spawn_with(&["--keep-alive", "1s"]).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let start = Instant::now();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    read.expect("the server closes").unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_cut_off() {
    let app = TestApp::spawn_with(&["--send-timeout", "1s"]).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    // It asks until nothing more fits in between: the server, which cannot get rid of its answers, reads no further.
    let requests = "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000);
    let asked = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Err(error) = stream.write_all(requests.as_bytes()).await {
                return error;
            }
        }
    });
    let error = asked.await.expect("the server cuts the connection off");
    assert!(
        matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
        "{error}"
    );
    app.get(paths::HEALTH).ask().await.expect(200);
}

mod postgres_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn writes_beyond_the_pool_are_told_to_come_back() {
        let app = TestApp::spawn_with(&["--database-pool-size", "2", "--database-wait", "1s"]).await;
        let ada = app.register("ada").await;
        let blockade = Blockade::of(&app.database()).await;
        let busy = [adding(&ada), adding(&ada)];
        until_waiting(&app.database(), 2).await;

        let start = Instant::now();
        assert_problem(&adding(&ada).await.unwrap(), 503, ErrorCode::Unavailable);
        let took = start.elapsed();
        assert!(took >= Duration::from_secs(1), "it waited for a connection: {took:?}");
        assert!(
            took < Duration::from_secs(10),
            "and not for the blockade's end: {took:?}"
        );
        if pgbouncer::is_between() {
            assert_problem(&app.get(paths::READY).ask().await, 503, ErrorCode::Unavailable);
        } else {
            // Whoever only reads has another connection.
            app.get(paths::READY).ask().await.expect(200);
            ada.me().await.expect(200);
        }
        app.get(paths::HEALTH).ask().await.expect(200);

        blockade.end().await;
        for request in busy {
            request.await.unwrap().expect(201);
        }
        assert_eq!(ada.list().await.len(), 2);
    }

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn a_read_whose_connection_dies_is_run_again() {
        if pgbouncer::is_between() {
            return; // It keeps what dies behind it to itself.
        }
        let app = TestApp::spawn().await;
        let ada = app.register("ada").await;
        ada.add("Milk").await;
        for query in ["", "?q=milk", "?sort=title&limit=1"] {
            let blockade = Blockade::of(&app.database()).await;
            let reading = tokio::spawn({
                let (ada, path) = (ada.clone(), format!("{}{query}", ada.tasks()));
                async move { ada.get(&path).ask().await }
            });
            until_waiting(&app.database(), 1).await;
            let kill = format!("SELECT pg_terminate_backend(pid) FROM {WAITING}");
            app.database().execute(&kill);
            until_waiting(&app.database(), 1).await;
            blockade.end().await;
            let tasks: Vec<Task> = reading.await.unwrap().expect(200).json();
            assert_eq!(tasks.len(), 1, "{query}");
        }
    }

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn a_statement_that_takes_too_long_is_ended() {
        let app = TestApp::spawn_with(&["--database-pool-size", "1", "--database-statement-timeout", "1s"]).await;
        let ada = app.register("ada").await;
        let blockade = Blockade::of(&app.database()).await;
        assert_problem(&adding(&ada).await.unwrap(), 503, ErrorCode::Unavailable);
        // By PostgreSQL, not only by us: nothing waits there any more. pgbouncer may have given the statement to a connection
        // that has no limit; then the only connection is free all the same.
        if !pgbouncer::is_between() {
            let database = app.database();
            until("nothing waits any more", async || database.count(WAITING) == 0).await;
        }
        app.get(paths::READY).ask().await.expect(200);
        blockade.end().await;
        assert_eq!(ada.list().await, []);
    }
}
