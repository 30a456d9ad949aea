//! A PostgreSQL cluster to throw away, which keeps its promises: `fsync` is on, and all else as it comes.

use super::proc::{self, Cpu};
use super::server;
use crate::tools;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The superuser.
const USER: &str = "taskward";

/// Makes the cluster and runs it until standard input closes, which it does however this program ends. The first line
/// that it prints is the server's process id.
const SUPERVISOR: &str = r#"
dir=$1 bin=$2 port=$3
"$bin/initdb" --pgdata="$dir/data" --username=taskward --auth=trust --encoding=UTF8 --locale=C --no-sync \
    --no-instructions >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
"$bin/postgres" -D "$dir/data" -c port="$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" \
    >>"$dir/log" 2>&1 </dev/null & server=$!
tries=0
until "$bin/pg_isready" --quiet --host=127.0.0.1 --port="$port"; do
    tries=$((tries + 1))
    if [ $tries -gt 600 ] || ! kill -0 $server; then cat "$dir/log" >&2; exit 1; fi
    sleep 0.1
done
echo $server
cat >/dev/null
kill -INT $server
wait $server
"#;

/// A running cluster; ends with this value.
pub(super) struct Cluster {
    supervisor: Child,
    server: u32,
    port: u16,
    programs: PathBuf,
}

impl Cluster {
    /// Makes one in this folder, which must not be there.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let programs = tools::postgres_and_clients().context("PostgreSQL is not installed")?;
        fs::create_dir_all(folder).context("making a folder for PostgreSQL")?;
        let port = server::free_address()?.port();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SUPERVISOR, "taskward-bench"]);
        command.arg(folder).arg(&programs).arg(port.to_string());
        command.env("LC_ALL", "C").env("TZ", "UTC").current_dir(folder);
        unprivileged(&mut command, folder)?;
        let mut supervisor = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting PostgreSQL")?;
        let mut line = String::new();
        if let Some(output) = supervisor.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let Ok(server) = line.trim().parse() else {
            let _ = supervisor.wait();
            bail!(
                "PostgreSQL does not start in {}; if its user may not go there, choose another place with --folder",
                folder.display()
            );
        };
        Ok(Self {
            supervisor,
            server,
            port,
            programs,
        })
    }

    /// What `DATABASE_URL` is for its database.
    pub(super) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    /// What all of its processes have used.
    pub(super) fn cpu(&self) -> Result<Cpu> {
        Cpu::of_tree(self.server)
    }

    /// One of PostgreSQL's programs, which will talk to this cluster.
    pub(super) fn program(&self, name: &str) -> Command {
        self.addressed(Command::new(self.programs.join(name)))
    }

    /// pgbench, as [considerate](proc::giving_way) as what sends requests to the server.
    pub(super) fn pgbench(&self) -> Command {
        self.addressed(proc::giving_way(self.programs.join("pgbench")))
    }

    /// The same program, which will talk to this cluster.
    fn addressed(&self, mut command: Command) -> Command {
        command
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", USER)
            .env("PGDATABASE", "postgres");
        command
    }

    /// Runs statements, and gives what they return: a row a line, without anything around it.
    pub(super) fn sql(&self, statements: &str) -> Result<String> {
        let mut psql = self.program("psql");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set=ON_ERROR_STOP=1", "--command", statements]);
        let output = psql.stdin(Stdio::null()).output().context("starting psql")?;
        if !output.status.success() {
            bail!("{statements}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

/// PostgreSQL refuses to run as root: then it runs as somebody who owns nothing else.
fn unprivileged(command: &mut Command, folder: &Path) -> Result<()> {
    use std::os::unix::fs::chown;
    use std::os::unix::process::CommandExt as _;
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let text = fs::read_to_string("/etc/passwd").context("looking for PostgreSQL's user")?;
    let (user, group) = ["postgres", "nobody"]
        .iter()
        .find_map(|name| ids_of(name, &text))
        .context("there is neither a user postgres nor nobody to run PostgreSQL as")?;
    chown(folder, Some(user), Some(group)).context("giving PostgreSQL its folder")?;
    command.uid(user).gid(group);
    Ok(())
}

/// A user's id and group in `/etc/passwd` (passwd(5)).
fn ids_of(name: &str, passwd: &str) -> Option<(u32, u32)> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_ids_are_found() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\npostgres:x:104:112:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(ids_of("postgres", passwd), Some((104, 112)));
        assert_eq!(ids_of("post", passwd), None);
    }
}
