//! A database for one test alone, on the system that `TASKWARD_TEST_DATABASE` names.

use crate::postgres::{self, Cluster};
use crate::{config, pgbouncer};
use actix_web::rt::System;
use api::App;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread;
use tempfile::TempDir;
use uuid::Uuid;

/// The database systems that the product runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// The shared one.
    Postgres,
}

impl Backend {
    /// What the tests run on this time.
    pub fn current() -> Self {
        match std::env::var("TASKWARD_TEST_DATABASE").as_deref() {
            Err(_) | Ok("" | "sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("TASKWARD_TEST_DATABASE is sqlite or postgres, not {other:?}"),
        }
    }
}

/// The database of a cluster that has the product's tables and no rows.
const TEMPLATE: &str = "template_migrated";

/// A database that nobody else uses. It goes away when it is dropped.
#[derive(Debug)]
pub struct Database {
    url: String,
    dir: TempDir,
    server: Option<Server>,
}

/// A database of a PostgreSQL cluster.
#[derive(Debug)]
struct Server {
    cluster: &'static Cluster,
    name: String,
}

impl Database {
    /// A database with the product's tables in it, or, on SQLite, one that gets them when a server starts.
    pub fn migrated() -> Arc<Self> {
        Self::new(Some(TEMPLATE))
    }

    /// A database without anything in it.
    pub fn empty() -> Arc<Self> {
        Self::new(None)
    }

    fn new(template: Option<&str>) -> Arc<Self> {
        let dir = tempfile::Builder::new()
            .prefix("taskward-test-")
            .tempdir()
            .expect("a folder");
        let (url, server) = match Backend::current() {
            Backend::Sqlite => (format!("sqlite://{}", dir.path().join("taskward.db").display()), None),
            Backend::Postgres => {
                let cluster = if template.is_some() {
                    with_template()
                } else {
                    postgres::shared()
                };
                let name = format!("test_{}", Uuid::new_v4().simple());
                let template = template.unwrap_or("template0");
                cluster.execute("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
                let url = match pgbouncer::shared(cluster) {
                    Some(pooler) => format!("{}?pgbouncer=true", pooler.url(&name)),
                    None => cluster.url(&name),
                };
                (url, Some(Server { cluster, name }))
            }
        };
        Arc::new(Self { url, dir, server })
    }

    /// What `DATABASE_URL` is for this database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL for a test's own connection, which goes through no pooler.
    pub fn direct_url(&self) -> String {
        match &self.server {
            None => self.url.clone(),
            Some(server) => server.cluster.url(&server.name),
        }
    }

    /// The name of the PostgreSQL database.
    pub fn name(&self) -> &str {
        &self.server.as_ref().expect("a PostgreSQL database").name
    }

    /// A folder for this test alone.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// How many rows the table has.
    pub fn count(&self, table: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }

        let query = format!("SELECT COUNT(*) AS count FROM {table}");
        match &self.server {
            None => {
                let row: Count = diesel::sql_query(query)
                    .get_result(&mut self.sqlite())
                    .unwrap_or_else(|error| panic!("{table}: {error}"));
                row.count
            }
            Some(server) => server.cluster.value(&server.name, &query),
        }
    }

    /// All rows of these tables of a PostgreSQL database, as text.
    pub fn rows(&self, tables: &[&str]) -> String {
        let Server { cluster, name } = self.server.as_ref().expect("a PostgreSQL database");
        let tables = tables.iter().map(|table| {
            let query = format!("SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} AS t");
            cluster.value::<String>(name, &query)
        });
        tables.collect()
    }

    /// Runs statements that return nothing, on a connection of their own.
    pub fn execute(&self, sql: &str) {
        match &self.server {
            None => self.sqlite().batch_execute(sql).expect(sql),
            Some(server) => server.cluster.execute(&server.name, sql),
        }
    }

    /// From now on no statement can do this to the task of this title (`INSERT`, `DELETE`): what does more than that is cut off.
    pub fn refuse(&self, verb: &str, title: &str) {
        let row = if verb == "DELETE" { "OLD" } else { "NEW" };
        self.execute(&match &self.server {
            None => format!(
                "CREATE TRIGGER refused BEFORE {verb} ON tasks WHEN {row}.title = '{title}'
                 BEGIN SELECT RAISE(ABORT, 'refused'); END"
            ),
            Some(_) => format!(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
                 CREATE TRIGGER refused BEFORE {verb} ON tasks FOR EACH ROW WHEN ({row}.title = '{title}')
                     EXECUTE FUNCTION refuse()"
            ),
        });
    }

    /// Undoes [`Database::refuse`].
    pub fn allow(&self) {
        self.execute(match &self.server {
            None => "DROP TRIGGER refused",
            Some(_) => "DROP TRIGGER refused ON tasks; DROP FUNCTION refuse()",
        });
    }

    /// A connection to the SQLite file.
    pub fn sqlite(&self) -> SqliteConnection {
        let path = self.url.strip_prefix("sqlite://").expect("an SQLite database");
        let mut connection = SqliteConnection::establish(path).expect("the database's file");
        // A server that has just stopped may still be closing it.
        connection
            .batch_execute("PRAGMA busy_timeout = 10000")
            .expect("a setting");
        connection
    }

    /// Cuts the server off the PostgreSQL database: connections are closed, and no new ones come about.
    pub fn disconnect(&self) {
        let Server { cluster, name } = self.server.as_ref().expect("a PostgreSQL database");
        cluster.execute("postgres", &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        cluster.execute(
            "postgres",
            &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
        );
    }

    /// Undoes [`Database::disconnect`].
    pub fn reconnect(&self) {
        let Server { cluster, name } = self.server.as_ref().expect("a PostgreSQL database");
        cluster.execute("postgres", &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(Server { cluster, name }) = self.server.take() {
            // Nobody waits for it: what is left at the end goes with the cluster.
            thread::spawn(move || cluster.execute("postgres", &format!("DROP DATABASE {name} WITH (FORCE)")));
        }
    }
}

/// The cluster of this test process, with [`TEMPLATE`] in it.
fn with_template() -> &'static Cluster {
    static MIGRATED: OnceLock<&'static Cluster> = OnceLock::new();
    MIGRATED.get_or_init(|| {
        let database = Database::empty();
        let config = config::config(database.url(), database.dir(), &[]);
        // On a thread of its own, since a test's runtime is already running on this one. All connections end with it.
        let migrate = move || {
            System::new().block_on(async {
                App::start(config).await.expect("the app starts, and migrates");
            });
        };
        thread::spawn(migrate).join().expect("the migrations run");
        let name = database.name();
        let cluster = postgres::shared();
        // A pooler keeps its connections, and a database that somebody uses is no template.
        cluster.execute(
            "postgres",
            &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
        );
        cluster.execute("postgres", &format!("CREATE DATABASE {TEMPLATE} TEMPLATE {name}"));
        cluster
    })
}
