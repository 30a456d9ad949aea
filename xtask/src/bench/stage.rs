//! Everything that runs while we measure: the server on each database, and whatever it is compared with.

use super::cluster::Cluster;
use super::people::{self, Person};
use super::pgbench::{self, Statement};
use super::proc;
use super::sample::Sample;
use super::server::{self, Server};
use super::settings::{ByDatabase, Settings};
use super::work::{Database, Subject, Work};
use super::wrk::Figures;
use super::{limits, peer};
use crate::workspace;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A build of the server on one database. It ends before the database that it uses, in the order of the fields.
pub(super) struct Node {
    pub(super) server: Server,
    pub(super) people: Vec<Person>,
    /// What was started.
    pub(super) binary: PathBuf,
    /// The database that starts are measured on: one that nobody else writes to, where there can be only one server.
    pub(super) start: String,
    /// PostgreSQL's, of which each node has its own.
    cluster: Option<Cluster>,
}

/// All of it. The peer ends before the cluster of the node whose database it shares, in the order of the fields.
pub(super) struct Stage {
    peer: Option<Server>,
    pub(super) nodes: ByDatabase<Node>,
    /// The build that ours is compared with.
    pub(super) baseline: ByDatabase<Node>,
    handler: Server,
    /// A copy of the server's own database, for loops over it.
    copy: PathBuf,
    failed: AtomicU32,
}

impl Stage {
    /// Starts everything that is to be measured, on databases that have rows in them.
    pub(super) fn set(settings: &Settings) -> Result<Self> {
        let ours = workspace::built("release", "taskward")?;
        let mut stage = Self {
            peer: None,
            nodes: Node::on_each(settings, &ours, "")?,
            baseline: match &settings.against {
                Some(baseline) => Node::on_each(settings, baseline, "baseline-")?,
                None => ByDatabase::new(),
            },
            handler: limits::handler()?,
            copy: settings.folder.join("copy.db"),
            failed: AtomicU32::new(0),
        };
        if settings.peer
            && let Some(cluster) = stage.cluster()
        {
            stage.peer = Some(peer::start(cluster, settings.cores)?);
        }
        Ok(stage)
    }

    /// The cluster of our own server.
    fn cluster(&self) -> Option<&Cluster> {
        self.nodes.get(&Database::Postgres)?.cluster.as_ref()
    }

    /// Runs this once, if whoever does it is there.
    pub(super) fn measure(&self, settings: &Settings, work: Work, subject: Subject) -> Result<Option<Sample>> {
        let nodes = if subject.is_baseline() {
            &self.baseline
        } else {
            &self.nodes
        };
        if let Some(database) = subject.database()
            && !nodes.contains_key(&database)
        {
            return Ok(None);
        }
        proc::rest()?;
        let loops_over = |command, loops| limits::sqlite(settings, command, &self.copy, loops);
        Ok(Some(match (subject, work) {
            (Subject::SqliteLoop, Work::List) => loops_over("sqlite-list", settings.cores)?,
            (Subject::SqliteDiesel, Work::List) => loops_over("sqlite-list-diesel", settings.cores)?,
            (Subject::SqliteLoop, Work::One) => loops_over("sqlite-one", settings.cores)?,
            (Subject::SqliteLoop, Work::Create) => loops_over("sqlite-create", 1)?,
            (Subject::Pgbench, Work::List) => self.pgbench(settings, Statement::List)?,
            (Subject::PgbenchPlannedOnce, Work::List) => self.pgbench(settings, Statement::ListPlannedOnce)?,
            (Subject::Pgbench, Work::One) => self.pgbench(settings, Statement::One)?,
            (Subject::Pgbench, Work::Create) => self.pgbench(settings, Statement::Create)?,
            (Subject::Hash, _) => hashes(settings, settings.cores)?,
            (Subject::HashAlone, _) => hashes(settings, 1)?,
            (Subject::Sqlite | Subject::SqliteBaseline, _) => self.node(settings, work, nodes, Database::Sqlite)?,
            (Subject::Postgres | Subject::PostgresBaseline, _) => {
                self.node(settings, work, nodes, Database::Postgres)?
            }
            (Subject::Handler, _) => {
                let Some(node) = self.nodes.values().next() else {
                    return Ok(None);
                };
                self.requests(settings, work, &self.handler, &node.people, None)?
            }
            (Subject::Peer, _) => {
                let (Some(peer), Some(node)) = (&self.peer, self.nodes.get(&Database::Postgres)) else {
                    return Ok(None);
                };
                self.requests(settings, work, peer, &node.people, node.cluster.as_ref())?
            }
            (Subject::SqliteLoop | Subject::SqliteDiesel | Subject::Pgbench | Subject::PgbenchPlannedOnce, _) => {
                return Ok(None);
            }
        }))
    }

    /// Answers so far that were not what they should be.
    pub(super) fn failed(&self) -> u32 {
        self.failed.load(Ordering::Relaxed)
    }

    fn node(&self, settings: &Settings, work: Work, nodes: &ByDatabase<Node>, database: Database) -> Result<Sample> {
        let node = nodes.get(&database).context("no such server is running")?;
        self.requests(settings, work, &node.server, &node.people, node.cluster.as_ref())
    }

    fn pgbench(&self, settings: &Settings, statement: Statement) -> Result<Sample> {
        let node = self.nodes.get(&Database::Postgres);
        let (cluster, node) = self.cluster().zip(node).context("no PostgreSQL is running")?;
        pgbench::run(settings, cluster, &node.people, statement)
    }

    fn requests(
        &self,
        settings: &Settings,
        work: Work,
        server: &Server,
        people: &[Person],
        cluster: Option<&Cluster>,
    ) -> Result<Sample> {
        let load = work.load(server, people)?;
        // The server that does nothing answers everything alike.
        let answers_all = server.address == self.handler.address;
        if !answers_all {
            work.check(server, &load)?;
        }
        let cpu = server.cpu()?;
        let database = cluster.map(Cluster::cpu).transpose()?;
        let figures = load.run(&settings.folder, settings.seconds * work.length())?;
        let cpu = server.cpu()? - cpu;
        let database = match (cluster, database) {
            (Some(cluster), Some(before)) => Some(cluster.cpu()? - before),
            _ => None,
        };
        self.failed
            .fetch_add(failed(work, answers_all, &figures), Ordering::Relaxed);
        // What counts as one: a first load is several files.
        let files = if work == Work::FirstLoad {
            load.requests.len()
        } else {
            1
        };
        let size = f64::from(u32::try_from(files)?);
        let count = f64::from(figures.count) / size;
        Ok(Sample {
            rate: figures.rate / size,
            p50: Some(figures.p50),
            p99: Some(figures.p99),
            cpu: cpu.micros_per(count),
            database: database.and_then(|cpu| cpu.micros_per(count)),
        })
    }
}

impl Node {
    /// A build of the server on each database that is measured, whose files begin with that name.
    fn on_each(settings: &Settings, binary: &Path, name: &str) -> Result<ByDatabase<Self>> {
        let start = |database: &Database| {
            let node = match database {
                Database::Sqlite => Self::on_sqlite(settings, binary, name)?,
                Database::Postgres => Self::on_postgres(settings, binary, name)?,
            };
            Ok((*database, node))
        };
        settings.databases.iter().map(start).collect()
    }

    fn on_sqlite(settings: &Settings, binary: &Path, name: &str) -> Result<Self> {
        let file = settings.folder.join(format!("{name}taskward.db"));
        let copy = settings.folder.join(format!("{name}copy.db"));
        let url = server::sqlite_url(&file);
        let people = people::register(&Server::start(binary, &url)?)?;
        limits::fill(&file)?;
        fs::copy(&file, &copy).context("copying the database")?;
        Ok(Self {
            server: Server::start(binary, &url)?,
            people,
            binary: binary.to_owned(),
            start: server::sqlite_url(&copy),
            cluster: None,
        })
    }

    fn on_postgres(settings: &Settings, binary: &Path, name: &str) -> Result<Self> {
        let cluster = Cluster::start(&settings.folder.join(format!("{name}postgres")))?;
        let url = cluster.url();
        let people = people::register(&Server::start(binary, &url)?)?;
        people::fill(&cluster)?;
        Ok(Self {
            server: Server::start(binary, &url)?,
            people,
            binary: binary.to_owned(),
            start: url,
            cluster: Some(cluster),
        })
    }

    /// How long it takes from starting the build until it is ready.
    pub(super) fn time_to_ready(&self) -> Result<Duration> {
        Server::time_to_ready(&self.binary, &self.start)
    }
}

/// How many password hashes a second all cores could do, if each were as quick as one is when so many are made at a time.
fn hashes(settings: &Settings, at_a_time: u32) -> Result<Sample> {
    let milliseconds = limits::hash(at_a_time)?;
    Ok(Sample {
        rate: f64::from(settings.cores) * 1e3 / milliseconds,
        p50: Some(milliseconds),
        cpu: Some(milliseconds * 1e3),
        ..Sample::default()
    })
}

/// How many answers were not what they should be.
fn failed(work: Work, answers_all: bool, figures: &Figures) -> u32 {
    let wrong = if work == Work::Rejected && !answers_all {
        figures.count.saturating_sub(figures.refused)
    } else {
        figures.refused
    };
    wrong + figures.broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_token_should_be_refused_and_nothing_else() {
        let figures = Figures {
            count: 10,
            refused: 8,
            broken: 1,
            ..Figures::default()
        };
        assert_eq!(failed(Work::Rejected, false, &figures), 3);
        assert_eq!(failed(Work::List, false, &figures), 9);
        assert_eq!(failed(Work::Rejected, true, &figures), 9);
    }
}
