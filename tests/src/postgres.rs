//! A PostgreSQL cluster to throw away: made when the first test asks for it, gone when the test process is.

use crate::PATIENCE;
use nix::unistd::{User, geteuid};
use std::env;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use tokio_postgres::NoTls;
use tokio_postgres::types::FromSqlOwned;

/// The superuser of a cluster.
const USER: &str = "taskward";

/// Makes the cluster and runs it until standard input closes, which it does however the test process ends. Then stops
/// the server and removes everything.
const SUPERVISOR: &str = r#"
dir=$1 bin=$2; shift 2
if "$bin/initdb" --pgdata="$dir/data" --username=taskward --auth=trust --encoding=UTF8 --locale=C --no-sync \
    --no-instructions >"$dir/initdb.log" 2>&1
then "$bin/postgres" -D "$dir/data" "$@" >&2 </dev/null & server=$!
else echo "FATAL: initdb failed" >&2; cat "$dir/initdb.log" >&2
fi
cat >/dev/null
if [ -n "$server" ]; then kill -INT "$server"; wait "$server"; fi
rm -rf "$dir"
"#;

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    supervisor: Mutex<Child>,
    log: Mutex<mpsc::Receiver<String>>,
}

/// The cluster of this test process.
pub fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(|| Cluster::start(&[], &[]))
}

impl Cluster {
    /// Starts a cluster with these settings, with these files (name and text) beside its data.
    pub fn start(settings: &[(&str, &str)], files: &[(&str, &str)]) -> Self {
        let mut failures = String::new();
        // The port was free when it was chosen. Somebody may be quicker.
        for _ in 0..5 {
            match Self::try_start(settings, files) {
                Ok(cluster) => return cluster,
                Err(log) => failures.push_str(&log),
            }
        }
        panic!("PostgreSQL does not start:\n{failures}");
    }

    fn try_start(settings: &[(&str, &str)], files: &[(&str, &str)]) -> Result<Self, String> {
        let dir = tempfile::Builder::new()
            .prefix("taskward-postgres-")
            .tempdir()
            .expect("a folder");
        let owner = unprivileged_user();
        let own = |path: &Path| {
            if let Some(user) = &owner {
                chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).expect("root may");
            }
        };
        own(dir.path());
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::write(&path, text).expect("a file");
            fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("one's own file");
            own(&path);
        }
        let port = free_port();
        // From here on the supervisor removes the folder.
        let dir = dir.keep();
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SUPERVISOR, "taskward-postgres"])
            .arg(&dir)
            .arg(binaries());
        let sockets = dir.to_str().expect("a path in UTF-8").to_owned();
        let port_text = port.to_string();
        let defaults = [
            ("listen_addresses", "127.0.0.1"),
            ("port", port_text.as_str()),
            ("unix_socket_directories", sockets.as_str()),
            ("max_connections", "300"),
            ("shared_buffers", "32MB"),
            // The data is thrown away, and what is tested is never a crash of PostgreSQL itself.
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("synchronous_commit", "off"),
        ];
        for (name, value) in defaults.iter().chain(settings) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C"), ("TZ", "UTC")])
            .env("HOME", &dir)
            .current_dir(&dir)
            // Ctrl-C is for the tests; the supervisor has its own way to learn of their end.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if let Some(user) = &owner {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        let mut supervisor = command.spawn().expect("/bin/sh");
        let log = supervisor.stderr.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        // Reads for as long as the server writes, or it would block one day.
        thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut cluster = Self {
            port,
            supervisor: Mutex::new(supervisor),
            log: Mutex::new(lines),
        };
        let mut log = String::new();
        while let Some(line) = cluster.log_line() {
            if line.contains("database system is ready to accept connections") {
                return Ok(cluster);
            }
            log.push_str(&line);
            log.push('\n');
            if line.contains("FATAL") {
                // What comes until the end belongs to the story.
                cluster.stop();
            }
        }
        Err(log)
    }

    /// The next line that it logs. `None` if it does not, or has ended.
    fn log_line(&self) -> Option<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.recv_timeout(PATIENCE).ok()
    }

    /// What it has logged since the last time, up to the line that has this text in it.
    pub fn logged_until(&self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.log_line();
            let line = line.unwrap_or_else(|| panic!("{text} was not logged, but {lines:#?}"));
            if line.contains(text) {
                return lines;
            }
            lines.push(line);
        }
    }

    fn stop(&mut self) {
        let supervisor = self.supervisor.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop(supervisor.stdin.take());
        let _ = supervisor.wait();
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What `DATABASE_URL` is for a database of this cluster.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs statements that return nothing of interest, on a connection of their own.
    pub fn execute(&self, database: &str, sql: &str) {
        self.with_client(database, async |client| {
            client
                .batch_execute(sql)
                .await
                .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        });
    }

    /// The one value that a query returns.
    pub fn value<T: FromSqlOwned + Send>(&self, database: &str, sql: &str) -> T {
        self.with_client(database, async |client| {
            let row = client.query_one(sql, &[]).await;
            row.unwrap_or_else(|error| panic!("{sql}: {error:?}")).get(0)
        })
    }

    /// Blocks, on a thread and a runtime of its own: tests call this from within theirs.
    fn with_client<T: Send>(&self, database: &str, work: impl AsyncFnOnce(&tokio_postgres::Client) -> T + Send) -> T {
        let url = self.url(database);
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let (client, connection) = tokio_postgres::connect(&url, NoTls)
                    .await
                    .expect("a connection to PostgreSQL");
                let connection = tokio::spawn(connection);
                let result = work(&client).await;
                drop(client);
                let _ = connection.await;
                result
            })
        };
        thread::scope(|scope| match scope.spawn(run).join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// PostgreSQL and pgbouncer refuse to run as root: then they run as somebody who owns nothing else.
pub fn unprivileged_user() -> Option<User> {
    if !geteuid().is_root() {
        return None;
    }
    let find = |name| User::from_name(name).ok().flatten();
    Some(
        find("postgres")
            .or_else(|| find("nobody"))
            .expect("a user postgres or nobody"),
    )
}

/// The folder that has `postgres` and `initdb`.
pub fn binaries() -> PathBuf {
    let complete = |dir: &PathBuf| dir.join("postgres").is_file() && dir.join("initdb").is_file();
    if let Some(dir) = env::var_os("TASKWARD_POSTGRES_BIN") {
        let dir = PathBuf::from(dir);
        assert!(
            complete(&dir),
            "TASKWARD_POSTGRES_BIN: no postgres and initdb in {}",
            dir.display()
        );
        return dir;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(dir) = env::split_paths(&path).find(complete) {
        return dir;
    }
    // As Debian and Ubuntu install it: a folder for each major version. The newest one.
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin")).filter(complete);
    found
        .max_by_key(|dir| major_version(dir))
        .expect("PostgreSQL is not installed: apt-get install postgresql, or set TASKWARD_POSTGRES_BIN")
}

/// `15` for `/usr/lib/postgresql/15/bin`.
fn major_version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

/// A port that nobody listens on right now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
