//! `taskward health`

use super::taskward;
use std::net::TcpListener;
use tests::{Database, TestApp};

#[tokio::test]
async fn a_server_that_answers_is_healthy() {
    let app = TestApp::spawn_with(&["--host", "0.0.0.0"]).await;
    let port = app.address.port().to_string();
    for host in ["127.0.0.1", "0.0.0.0", "localhost"] {
        let ended = taskward(&app.database(), &["health", "--host", host, "--port", &port]).well();
        assert_eq!(ended.stdout, "healthy\n");
    }
}

#[test]
fn a_server_that_does_not_answer_is_not() {
    let database = Database::empty();
    let port = tests::postgres::free_port().to_string();
    taskward(&database, &["health", "--port", &port]).badly();
    // It takes connections, and says nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    taskward(&database, &["health", "--port", &port]).badly();
    taskward(&database, &["health", "--port", "0"]).badly();
    assert_eq!(
        std::fs::read_dir(database.dir()).unwrap().count(),
        0,
        "nothing was made"
    );
}
