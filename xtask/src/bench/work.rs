//! What is measured: the requests, and who is measured with them.

use super::people::Person;
use super::server::Server;
use super::spa;
use super::wrk::{self, CONNECTIONS, Load};
use anyhow::{Result, bail};
use clap::ValueEnum;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Work {
    /// A list of 20 tasks
    List,
    /// One task
    One,
    /// A new task
    Create,
    /// A task done, or not done again
    Complete,
    /// A token that nobody signed
    Rejected,
    /// A sign-in
    SignIn,
    /// The page and all that it loads, compressed
    FirstLoad,
}

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// The server on SQLite.
    Sqlite,
    /// The build that it is compared with, on SQLite.
    SqliteBaseline,
    /// The limit of what SQLite does on one core.
    SqliteLoop,
    /// The same through diesel.
    SqliteDiesel,
    /// The server on PostgreSQL.
    Postgres,
    /// The build that it is compared with, on PostgreSQL.
    PostgresBaseline,
    /// The limit of what PostgreSQL does.
    Pgbench,
    /// The same, told to keep its plan.
    PgbenchPlannedOnce,
    /// The server that does nothing.
    Handler,
    /// bcrypt on every core.
    Hash,
    /// bcrypt on one of them, while the others are idle.
    HashAlone,
    /// The peer, on PostgreSQL.
    Peer,
}

impl Work {
    /// Whoever does this kind of thing, the limits beside what is limited by them.
    pub(super) fn subjects(self) -> &'static [Subject] {
        match self {
            Self::List => &[
                Subject::Sqlite,
                Subject::SqliteBaseline,
                Subject::SqliteLoop,
                Subject::SqliteDiesel,
                Subject::Postgres,
                Subject::PostgresBaseline,
                Subject::Pgbench,
                Subject::PgbenchPlannedOnce,
                Subject::Peer,
            ],
            Self::One | Self::Create => &[
                Subject::Sqlite,
                Subject::SqliteBaseline,
                Subject::SqliteLoop,
                Subject::Postgres,
                Subject::PostgresBaseline,
                Subject::Pgbench,
                Subject::Peer,
            ],
            Self::Complete => &[
                Subject::Sqlite,
                Subject::SqliteBaseline,
                Subject::Postgres,
                Subject::PostgresBaseline,
                Subject::Peer,
            ],
            Self::Rejected => &[
                Subject::Sqlite,
                Subject::SqliteBaseline,
                Subject::Postgres,
                Subject::PostgresBaseline,
                Subject::Handler,
                Subject::Peer,
            ],
            Self::SignIn => &[
                Subject::Sqlite,
                Subject::SqliteBaseline,
                Subject::Postgres,
                Subject::PostgresBaseline,
                Subject::Hash,
                Subject::HashAlone,
                Subject::Peer,
            ],
            Self::FirstLoad => &[
                Subject::Sqlite,
                Subject::SqliteBaseline,
                Subject::Postgres,
                Subject::PostgresBaseline,
            ],
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::List => "list of 20",
            Self::One => "one task",
            Self::Create => "create",
            Self::Complete => "complete",
            Self::Rejected => "rejected token",
            Self::SignIn => "sign-in",
            Self::FirstLoad => "first load of the app",
        }
    }

    /// How long a run takes, in runs of a usual length: a password takes as long as thousands of other requests.
    pub(super) fn length(self) -> f64 {
        if self == Self::SignIn { 5.0 } else { 1.0 }
    }

    /// Whether an answer is what it should be. One is looked at before they are counted.
    fn expects(self, answer: &str) -> bool {
        match self {
            Self::Create => answer.starts_with("HTTP/1.1 201 "),
            Self::Rejected => answer.starts_with("HTTP/1.1 401 "),
            _ => answer.starts_with("HTTP/1.1 200 "),
        }
    }

    /// The requests of this kind. Reads are one person's, sign-ins too; changes are everybody else's in turn, so that the list
    /// that is read stays as long as it is.
    pub(super) fn load(self, server: &Server, people: &[Person]) -> Result<Load> {
        let ask = |method, path: &str, headers: &[&str], body: Option<&str>| {
            wrk::request(&server.address, method, path, headers, body)
        };
        let [first, others @ ..] = people else {
            bail!("there is nobody");
        };
        let requests = match self {
            Self::List => vec![ask("GET", &first.tasks(), &[&first.authorization()], None)],
            Self::One => {
                let path = format!("{}/{}", first.tasks(), first.task);
                vec![ask("GET", &path, &[&first.authorization()], None)]
            }
            Self::Create => others
                .iter()
                .map(|person| {
                    let body = r#"{"title":"Buy milk"}"#;
                    ask("POST", &person.tasks(), &[&person.authorization()], Some(body))
                })
                .collect(),
            Self::Complete => others
                .iter()
                .map(|person| {
                    let path = format!("{}/{}/complete", person.tasks(), person.task);
                    ask("PATCH", &path, &[&person.authorization()], None)
                })
                .collect(),
            Self::Rejected => vec![ask("GET", &first.tasks(), &[&first.forged_authorization()], None)],
            Self::SignIn => vec![ask("POST", "/api/auth/login", &[], Some(&Person::credentials(0)))],
            Self::FirstLoad => {
                let paths = spa::files(&server.get("/", &["Accept: text/html"])?);
                let headers = ["Accept: text/html, */*", "Accept-Encoding: gzip, deflate, br"];
                paths.iter().map(|path| ask("GET", path, &headers, None)).collect()
            }
        };
        Ok(Load {
            address: server.address.clone(),
            requests,
            connections: CONNECTIONS,
        })
    }

    /// Fails if the server does not answer as it should: then nothing that is measured would mean anything.
    pub(super) fn check(self, server: &Server, load: &Load) -> Result<()> {
        for request in &load.requests {
            let answer = server.answer_to(request)?;
            if !self.expects(&answer) {
                let line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
                bail!("{} was answered {}", line(request), line(&answer));
            }
        }
        Ok(())
    }
}

impl Subject {
    pub(super) fn title(self, work: Work) -> &'static str {
        match (self, work) {
            (Self::Sqlite, _) => "Taskward, SQLite",
            (Self::Postgres, _) => "Taskward, PostgreSQL",
            (Self::SqliteBaseline, _) => "baseline, SQLite",
            (Self::PostgresBaseline, _) => "baseline, PostgreSQL",
            (Self::SqliteLoop, Work::Create) => "limit: SQLite, one transaction each",
            (Self::SqliteLoop, _) => "limit: SQLite in a loop, each core",
            (Self::SqliteDiesel, _) => "limit: the same through diesel",
            (Self::Pgbench, _) => "limit: pgbench, prepared",
            (Self::PgbenchPlannedOnce, _) => "limit: pgbench, planned once",
            (Self::Handler, _) => "limit: empty actix handler",
            (Self::Hash, _) => "limit: cores / one bcrypt hash",
            (Self::HashAlone, _) => "the same, the other cores idle",
            (Self::Peer, _) => "FastAPI, PostgreSQL",
        }
    }

    /// Whether it is the build that ours is compared with.
    pub(super) fn is_baseline(self) -> bool {
        matches!(self, Self::SqliteBaseline | Self::PostgresBaseline)
    }

    /// Whether it needs PostgreSQL, or SQLite, or neither.
    pub(super) fn database(self) -> Option<Database> {
        match self {
            Self::Sqlite | Self::SqliteBaseline | Self::SqliteLoop | Self::SqliteDiesel => Some(Database::Sqlite),
            Self::Postgres | Self::PostgresBaseline | Self::Pgbench | Self::PgbenchPlannedOnce | Self::Peer => {
                Some(Database::Postgres)
            }
            Self::Handler | Self::Hash | Self::HashAlone => None,
        }
    }
}

/// What the server keeps its data in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Database {
    /// The embedded one
    Sqlite,
    /// A server of its own
    Postgres,
}

impl Database {
    pub(super) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// The server on it.
    pub(super) fn subject(self) -> Subject {
        match self {
            Self::Sqlite => Subject::Sqlite,
            Self::Postgres => Subject::Postgres,
        }
    }

    /// The build that the server on it is compared with.
    pub(super) fn baseline(self) -> Subject {
        match self {
            Self::Sqlite => Subject::SqliteBaseline,
            Self::Postgres => Subject::PostgresBaseline,
        }
    }
}
