//! pgbouncer in transaction mode: a connection of a client's is one of the server's only for the length of a transaction.

use crate::postgres::{Cluster, free_port};
use crate::service::{Folder, Service};
use nix::sys::signal::Signal;
use std::env;
use std::process::Command;
use std::sync::OnceLock;
use std::thread;
use tokio_postgres::NoTls;

/// The user of the tests' clusters.
const USER: &str = "taskward";

/// The pgbouncer of this test process, in front of its cluster, if `TASKWARD_TEST_POOLER` asks for one: every test then runs
/// through it.
pub(crate) fn shared(cluster: &Cluster) -> Option<&'static PgBouncer> {
    static SHARED: OnceLock<Option<PgBouncer>> = OnceLock::new();
    let start = || {
        let port = cluster.port();
        // On a thread of its own, since a test's runtime is already running on this one.
        let start = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(PgBouncer::start(port, 4))
        };
        is_between().then(|| thread::spawn(start).join().expect("pgbouncer starts"))
    };
    SHARED.get_or_init(start).as_ref()
}

/// Whether the tests run through one.
pub fn is_between() -> bool {
    env::var_os("TASKWARD_TEST_POOLER").is_some()
}

/// A running pgbouncer.
#[derive(Debug)]
pub struct PgBouncer {
    service: Option<Service>,
    folder: Folder,
    port: u16,
    /// Connections to the server at most, for each database.
    size: u16,
}

impl PgBouncer {
    /// Starts one in front of the cluster on this port, with so many connections to each of its databases.
    pub async fn start(cluster: u16, size: u16) -> Self {
        let mut bouncer = Self {
            service: None,
            folder: Folder::new(),
            port: free_port(),
            size,
        };
        bouncer.configure(cluster);
        bouncer.run().await;
        bouncer
    }

    /// What `DATABASE_URL` is for a database of the cluster behind it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// Turns it to another cluster, as what manages a failover does.
    pub fn turn_to(&self, cluster: u16) {
        self.configure(cluster);
        self.service().signal(Signal::SIGHUP);
    }

    /// Gives an order on its console: `PAUSE`, `RESUME`, …
    pub async fn order(&self, order: &str) {
        let (client, connection) = tokio_postgres::connect(&self.url("pgbouncer"), NoTls)
            .await
            .unwrap_or_else(|error| panic!("{error:?}:\n{}", self.service().log()));
        let connection = tokio::spawn(connection);
        client.batch_execute(order).await.expect(order);
        drop(client);
        let _ = connection.await;
    }

    /// Kills it (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(service) = self.service.take() {
            service.kill();
        }
    }

    /// Starts it, on the same port as before.
    pub async fn run(&mut self) {
        let mut command = Command::new("pgbouncer");
        command.arg(self.folder.path().join("pgbouncer.ini"));
        let mut service = Service::start("pgbouncer", &mut command);
        service.until_it_listens(self.port).await;
        self.service = Some(service);
    }

    fn service(&self) -> &Service {
        self.service.as_ref().expect("it runs")
    }

    fn configure(&self, cluster: u16) {
        let users = self.folder.write("users.txt", &format!("\"{USER}\" \"\"\n"));
        let text = format!(
            "[databases]\n\
             * = host=127.0.0.1 port={cluster}\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\n\
             listen_port = {port}\n\
             unix_socket_dir =\n\
             auth_type = trust\n\
             auth_file = {users}\n\
             admin_users = {USER}\n\
             pool_mode = transaction\n\
             default_pool_size = {size}\n\
             max_client_conn = 500\n\
             server_connect_timeout = 2\n\
             server_login_retry = 1\n\
             server_idle_timeout = 10\n\
             query_wait_timeout = 10\n",
            port = self.port,
            users = users.display(),
            size = self.size,
        );
        self.folder.write("pgbouncer.ini", &text);
    }
}
