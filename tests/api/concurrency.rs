//! Many requests at once, and clients that go away in the middle.

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use std::collections::HashSet;
use tests::pgbouncer;
use tests::postgres::free_port;
use tests::service::until;
use tests::site::Site;
use tests::{Ask, Backend, Database, PATIENCE, TestApp, assert_problem, raw};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn concurrent_writes_all_succeed() {
    let app = TestApp::spawn_with(&["--workers", "4"]).await;
    let ada = app.register("ada").await;
    let answers = join_all((0..100).map(|index| {
        let body = json!({"title": format!("Task {index}")});
        let request = ada.post(&ada.tasks()).json(&body);
        request.ask()
    }))
    .await;
    for answer in answers {
        answer.expect(201);
    }
    let titles: HashSet<_> = ada.list().await.into_iter().map(|task| task.title).collect();
    assert_eq!(titles.len(), 100);
}

#[tokio::test]
async fn concurrent_sign_ins_and_sign_outs_all_succeed() {
    let app = TestApp::spawn_with(&["--workers", "4"]).await;
    let ada = app.register("ada").await;
    let work = (0..20).map(async |_| {
        let session = app.login(&ada).await;
        session.add("Milk").await;
        session.post(paths::LOGOUT).ask().await.expect(200);
        session.me().await.expect(401);
    });
    join_all(work).await;
    assert_eq!(ada.list().await.len(), 20);
}

#[tokio::test]
async fn clients_that_hang_up_leave_no_lock_behind() {
    // The handler's transaction must come to its end although nobody waits for the answer any more.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bearer = format!("Authorization: Bearer {}", ada.token);
    for round in 0..60 {
        let (line, body) = match round % 3 {
            0 => (format!("POST {}", ada.tasks()), json!({"title": "Milk"})),
            1 => {
                let body = json!({"email": format!("p{round}@example.org"), "password": "correct horse"});
                (format!("POST {}", paths::REGISTER), body)
            }
            _ => (
                format!("POST {}", paths::PASSWORD),
                json!({"current_password": "wrong horse battery", "new_password": "battery horse correct"}),
            ),
        };
        let body = body.to_string();
        let length = format!("Content-Length: {}", body.len());
        let request = raw::request(
            &line,
            &[&bearer, "Content-Type: application/json", &length],
            body.as_bytes(),
        );
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        // Closing with this set resets the connection at once.
        stream.set_zero_linger().unwrap();
        stream.write_all(&request).await.unwrap();
        drop(stream);
    }
    join_all((0..10).map(|_| ada.add("Milk"))).await;
    ada.me().await.expect(200);
}

/// Somebody else's lock, on which every sign-in waits in the middle of its transaction.
enum Held {
    Sqlite(SqliteConnection),
    Postgres(tokio_postgres::Client),
}

impl Held {
    async fn on(database: &Database) -> Self {
        if Backend::current() == Backend::Sqlite {
            let mut connection = database.sqlite();
            connection.batch_execute("BEGIN IMMEDIATE").unwrap();
            return Self::Sqlite(connection);
        }
        let (client, connection) = tokio_postgres::connect(&database.direct_url(), tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client
            .batch_execute("BEGIN; LOCK TABLE sign_in_failures IN ACCESS EXCLUSIVE MODE")
            .await
            .unwrap();
        Self::Postgres(client)
    }

    /// How many wait for it, as far as the database says.
    async fn waiting(&self) -> Option<i64> {
        let Self::Postgres(client) = self else { return None };
        let query = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'sign_in_failures'::regclass";
        Some(client.query_one(query, &[]).await.unwrap().get(0))
    }

    async fn release(self) {
        match self {
            Self::Sqlite(mut connection) => connection.batch_execute("ROLLBACK").unwrap(),
            Self::Postgres(client) => client.batch_execute("ROLLBACK").await.unwrap(),
        }
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_inside_a_transaction_leaves_no_lock_behind() {
    const CLIENTS: i64 = 3;
    let metrics = format!("127.0.0.1:{}", free_port());
    let app = TestApp::spawn_with(&["--database-pool-size", "6", "--metrics-addr", &metrics]).await;
    let metrics = Site::new(metrics.parse().unwrap());
    let ada = app.register("ada").await;
    let database = app.database();
    let held = Held::on(&database).await;

    let body = json!({"email": ada.email, "password": ada.password}).to_string();
    let length = format!("Content-Length: {}", body.len());
    let line = format!("POST {}", paths::LOGIN);
    let request = raw::request(&line, &["Content-Type: application/json", &length], body.as_bytes());
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.set_zero_linger().unwrap();
        stream.write_all(&request).await.unwrap();
        clients.push(stream);
    }
    // All of them, and the one that asks.
    let in_flight = format!("http_requests_in_flight {}", CLIENTS + 1);
    let all_wait = async {
        while !metrics.get("/metrics").ask().await.text().contains(&in_flight) {}
        while held.waiting().await.is_some_and(|waiting| waiting < CLIENTS) {}
    };
    timeout(PATIENCE, all_wait)
        .await
        .expect("the sign-ins wait for the lock");
    for _ in 0..20 {
        app.get(paths::HEALTH).ask().await.expect(200);
    }
    drop(clients);
    // The server's one thread sees the connections go before it answers all of these.
    for _ in 0..20 {
        app.get(paths::HEALTH).ask().await.expect(200);
    }
    held.release().await;
    for _ in 0..10 {
        ada.add("Milk").await;
        app.login(&ada).await;
    }
}

mod sqlite_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on SQLite"]
    async fn a_write_that_finds_the_database_locked_is_told_to_come_back() {
        let app = TestApp::spawn().await;
        let ada = app.register("ada").await;
        let task = ada.add("Milk").await;
        let database = app.database();
        let mut other = database.sqlite();
        other.batch_execute("BEGIN IMMEDIATE").unwrap();
        let answer = ada.create(&json!({"title": "Bread"})).await;
        assert_problem(&answer, 503, ErrorCode::Unavailable);
        // Readers go on meanwhile.
        assert_eq!(ada.list().await, [task]);
        other.batch_execute("ROLLBACK").unwrap();
        ada.add("Bread").await;
    }
}

mod postgres_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn a_database_that_is_away_is_503_and_comes_back() {
        let app = TestApp::spawn().await;
        let ada = app.register("ada").await;
        let task = ada.add("Milk").await;
        let database = app.database();
        // More than once: whether a connection's end shows before or while it is used is a matter of luck.
        for _ in 0..6 {
            join_all((0..3).map(|_| ada.list())).await;
            database.disconnect();
            for _ in 0..4 {
                assert_problem(&ada.get(&ada.tasks()).ask().await, 503, ErrorCode::Unavailable);
            }
            let login = app.try_login(&ada.email, &ada.password).await;
            for answer in [
                ada.create(&json!({"title": "Bread"})).await,
                login,
                app.get(paths::READY).ask().await,
            ] {
                assert_problem(&answer, 503, ErrorCode::Unavailable);
            }
            let health = app.get(paths::HEALTH).ask().await.expect(200);
            assert_eq!(health.value(), json!({"status": "healthy"}));
            database.reconnect();
            if pgbouncer::is_between() {
                // It waits a second before it tries again.
                until("it is ready again", async || {
                    app.get(paths::READY).ask().await.status == 200
                })
                .await;
            }
            app.get(paths::READY).ask().await.expect(200);
            assert_eq!(ada.list().await, std::slice::from_ref(&task));
        }
        ada.add("Bread").await;
    }
}
