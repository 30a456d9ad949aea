//! A server in this process, started as production starts it, for one test alone.

use crate::database::Database;
use crate::site::Site;
use crate::{PATIENCE, config};
use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use api::App;
use std::net::TcpListener;
use std::ops::Deref;
use std::sync::{Arc, mpsc};
use std::thread;
use tokio::sync::oneshot;

/// A server of its own on a database of its own. It stops when it is dropped.
#[derive(Debug)]
pub struct TestApp {
    site: Site,
    database: Arc<Database>,
    handle: ServerHandle,
    /// Closes when the server's thread ends.
    stopped: mpsc::Receiver<()>,
}

impl TestApp {
    /// Starts a server with the settings that suit most tests.
    pub async fn spawn() -> Self {
        Self::spawn_with(&[]).await
    }

    /// Starts a server with these flags.
    pub async fn spawn_with(flags: &[&str]) -> Self {
        Self::spawn_on(&Database::migrated(), flags).await
    }

    /// Starts a server with these flags on a database that may have seen others.
    pub async fn spawn_on(database: &Arc<Database>, flags: &[&str]) -> Self {
        let config = config::config(database.url(), database.dir(), flags);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (started_sender, started) = oneshot::channel();
        let (stopped_sender, stopped) = mpsc::channel();
        let run = async move {
            let app = App::start(config).await.expect("the app starts");
            let server = api::serve(app, listener).expect("the server starts");
            started_sender.send(server.handle()).expect("a test that waits");
            server.await.expect("the server ends well");
        };
        thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || {
                let _closes_at_the_end = stopped_sender;
                System::new().block_on(run);
            })
            .expect("a thread");
        let handle = started.await.expect("the server's thread says above what went wrong");
        Self {
            site: Site::new(address),
            database: Arc::clone(database),
            handle,
            stopped,
        }
    }

    /// The database, for another server to go on with.
    pub fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    /// Stops the server, so that another one can take over the database.
    pub fn stop(self) {}
}

impl Deref for TestApp {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The command is on its way as soon as the future exists. Not gracefully: a client of this very thread may
        // hold a connection open, and cannot close it as long as we wait here. Draining is tested on the binary.
        drop(self.handle.stop(false));
        let ended = self.stopped.recv_timeout(PATIENCE);
        let stuck = ended == Err(mpsc::RecvTimeoutError::Timeout);
        // A second panic would hide the first one's message.
        assert!(!stuck || thread::panicking(), "the server does not stop");
    }
}
