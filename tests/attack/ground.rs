//! Servers that cases share: those whose attacks are refused, and whose people are their own, do not disturb each other.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use tests::person::PASSWORD;
use tests::site::Site;
use tests::{Database, Person, TestApp};
use tokio::sync::Mutex;
use uuid::Uuid;

/// By their flags.
static SERVERS: Mutex<Option<HashMap<Vec<String>, Server>>> = Mutex::const_new(None);

struct Server {
    app: TestApp,
    address: SocketAddr,
}

/// A server that others attack at the same time, seen by a client of one's own: a client belongs to a runtime, and each case
/// has one.
pub(crate) struct Ground {
    site: Site,
    database: Arc<Database>,
}

/// The server with these flags, started for the first case that asks.
pub(crate) async fn with(flags: &[&str]) -> Ground {
    let mut servers = SERVERS.lock().await;
    let servers = servers.get_or_insert_default();
    let key: Vec<_> = flags.iter().map(ToString::to_string).collect();
    if !servers.contains_key(&key) {
        let app = TestApp::spawn_with(flags).await;
        let address = app.address;
        servers.insert(key.clone(), Server { app, address });
    }
    let server = &servers[&key];
    Ground {
        site: Site::new(server.address),
        database: server.app.database(),
    }
}

/// The server without any flags.
pub(crate) async fn plain() -> Ground {
    with(&[]).await
}

/// Stops all of them, after the last case.
pub(crate) fn leave() {
    drop(SERVERS.blocking_lock().take());
}

impl Ground {
    /// Somebody whom no other case knows.
    pub(crate) async fn somebody(&self) -> Person {
        self.register_with(&unknown_email(), PASSWORD).await
    }

    /// The database, with what the other cases have in it.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }
}

/// An address that nobody has registered with.
pub(crate) fn unknown_email() -> String {
    format!("{}@example.org", Uuid::new_v4().simple())
}

impl Deref for Ground {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}
