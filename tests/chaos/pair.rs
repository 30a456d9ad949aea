//! Two PostgreSQL servers: a primary, and a standby that follows it synchronously.
//!
//! What a manager of failovers such as Patroni does is done by hand: promoting, and making a new standby.

use nix::sys::signal::Signal;
use std::path::PathBuf;
use std::process::Command;
use tests::postgres::{binaries, free_port};
use tests::service::{Folder, Service, unprivileged, until};
use tokio_postgres::{Client, NoTls};

const USER: &str = "taskward";
pub(crate) const DATABASE: &str = "taskward";

/// The two servers, by their place in the URL.
pub(crate) struct Pair {
    folder: Folder,
    ports: [u16; 2],
    servers: [Option<Service>; 2],
    primary: usize,
    /// Each data folder has a name of its own: a new standby does not wait until the old one's is gone.
    made: usize,
    folders: [String; 2],
}

impl Pair {
    /// Makes a primary with an empty database, and a standby that follows it.
    pub(crate) async fn start() -> Self {
        let mut pair = Self {
            folder: Folder::new(),
            ports: [free_port(), free_port()],
            servers: [None, None],
            primary: 0,
            made: 0,
            folders: Default::default(),
        };
        let data = pair.new_folder(0);
        let mut command = Command::new(binaries().join("initdb"));
        command.args(["--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        command.args(["--no-sync", "--no-instructions", "--pgdata", &data]);
        finish(&mut command);
        pair.run(0).await;
        pair.execute("postgres", &format!("CREATE DATABASE {DATABASE}")).await;
        pair.add_standby().await;
        pair
    }

    /// What `DATABASE_URL` is: both servers, of which the one that takes writes is meant.
    pub(crate) fn url(&self) -> String {
        let [first, second] = self.ports;
        format!("postgres://{USER}@127.0.0.1:{first},127.0.0.1:{second}/{DATABASE}?target_session_attrs=read-write")
    }

    /// The primary's port.
    pub(crate) fn port(&self) -> u16 {
        self.ports[self.primary]
    }

    fn standby(&self) -> usize {
        1 - self.primary
    }

    fn primary(&self) -> &Service {
        self.servers[self.primary].as_ref().expect("a primary")
    }

    /// Makes every process of the primary stand still.
    pub(crate) fn freeze(&self) {
        self.primary().freeze();
    }

    /// Undoes [`Pair::freeze`].
    pub(crate) fn thaw(&self) {
        self.primary().thaw();
    }

    /// Kills every process of the primary.
    pub(crate) fn kill(&mut self) {
        self.servers[self.primary].take().expect("a primary").kill();
    }

    /// Makes the standby the primary. It does not wait for a standby of its own: there is none.
    pub(crate) async fn promote(&mut self) {
        self.primary = self.standby();
        self.execute("postgres", "SELECT pg_promote(true, 30)").await;
    }

    /// Makes a new standby of the present primary, in the place of the other server, and has every commit wait for it.
    pub(crate) async fn add_standby(&mut self) {
        let standby = self.standby();
        if let Some(server) = self.servers[standby].take() {
            server.kill();
        }
        let data = self.new_folder(standby);
        let mut command = Command::new(client_program("pg_basebackup"));
        command.args(["--host=127.0.0.1", "--username", USER, "--port"]);
        command.arg(self.port().to_string());
        command.args([
            "--checkpoint=fast",
            "--no-sync",
            "--wal-method=stream",
            "--pgdata",
            &data,
        ]);
        finish(&mut command);
        let follow = format!(
            "primary_conninfo = 'host=127.0.0.1 port={} user={USER} application_name=standby'\n",
            self.port()
        );
        // Without the primary's wish for a synchronous standby: it will have none when it is promoted.
        self.folder
            .write(&format!("{}/postgresql.auto.conf", self.folders[standby]), &follow);
        self.folder
            .write(&format!("{}/standby.signal", self.folders[standby]), "");
        self.run(standby).await;
        self.until_followed("streaming").await;
        self.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            .await;
        self.execute("postgres", "SELECT pg_reload_conf()").await;
        self.until_followed("sync").await;
    }

    async fn until_followed(&self, how: &str) {
        let followers = format!(
            "SELECT COUNT(*) FROM pg_stat_replication WHERE state = 'streaming' AND '{how}' IN (state, sync_state)"
        );
        until("the standby follows", async || self.number(&followers).await == 1).await;
    }

    /// Stops both, the primary first, so that the standby has everything.
    pub(crate) async fn stop(&mut self) {
        for place in [self.primary, self.standby()] {
            if let Some(server) = self.servers[place].take() {
                server.stop(Signal::SIGINT).await;
            }
        }
    }

    /// Starts both again.
    pub(crate) async fn restart(&mut self) {
        for place in [self.primary, self.standby()] {
            self.run(place).await;
        }
        self.until_followed("sync").await;
    }

    /// Ends every connection of a client's.
    pub(crate) async fn cut(&self) -> i64 {
        self.number(
            "SELECT COUNT(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS cut",
        )
        .await
    }

    async fn run(&mut self, place: usize) {
        let mut command = Command::new(binaries().join("postgres"));
        let data = self.folder.join(&self.folders[place]);
        command.args(["-D", &data, "-p", &self.ports[place].to_string()]);
        let sockets = self.folder.join("");
        for (name, value) in [
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", &*sockets),
            ("max_connections", "100"),
            ("shared_buffers", "32MB"),
            ("wal_level", "replica"),
            ("hot_standby", "on"),
            ("wal_retrieve_retry_interval", "500ms"),
            ("wal_keep_size", "256MB"),
            ("synchronous_commit", "on"),
            // No machine loses its power here: what the kernel has been given survives every fault.
            ("fsync", "off"),
        ] {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let mut server = Service::start("PostgreSQL", &mut command);
        server.until_it_listens(self.ports[place]).await;
        self.servers[place] = Some(server);
        let url = self.admin_url(place, "postgres");
        until("PostgreSQL accepts connections", async || {
            tokio_postgres::connect(&url, NoTls).await.is_ok()
        })
        .await;
    }

    fn new_folder(&mut self, place: usize) -> String {
        self.made += 1;
        self.folders[place] = format!("data-{}", self.made);
        self.folder.join(&self.folders[place])
    }

    fn admin_url(&self, place: usize, database: &str) -> String {
        // Not named as the product's connections are.
        format!(
            "postgres://{USER}@127.0.0.1:{}/{database}?connect_timeout=5",
            self.ports[place]
        )
    }

    /// A connection to the primary that is no node's.
    pub(crate) async fn client(&self, database: &str) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.admin_url(self.primary, database), NoTls)
            .await
            .expect("a connection to the primary");
        // It ends with the client.
        tokio::spawn(connection);
        client
    }

    async fn execute(&self, database: &str, sql: &str) {
        self.client(database).await.batch_execute(sql).await.expect(sql);
    }

    /// The number that a query returns.
    async fn number(&self, sql: &str) -> i64 {
        self.client("postgres")
            .await
            .query_one(sql, &[])
            .await
            .expect(sql)
            .get(0)
    }
}

/// A program for clients, which may be installed elsewhere than the server is.
fn client_program(name: &str) -> PathBuf {
    let beside = binaries().join(name);
    if beside.is_file() { beside } else { name.into() }
}

/// Runs a program to its good end.
fn finish(command: &mut Command) {
    let output = unprivileged(command).output().expect("a program");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
