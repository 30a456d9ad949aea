//! The schema's history, embedded in the binary.

use super::schema::__diesel_schema_migrations;
use diesel::Connection;
use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::sql_types::Bool;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::error::Error;

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The versions of migrations, in the order in which they are applied.
pub(super) type Versions = Vec<String>;

/// Held while migrating, so that nodes which start together do it one after the other. The transaction's and not the
/// session's: behind pgbouncer a session is nobody's, and its locks would stay. The number is arbitrary.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7226001)";

/// Whether every migration that this program knows has been applied. A standby, which could apply none, never says so.
pub(super) async fn are_applied(conn: &mut AsyncPgConnection) -> Result<bool, Box<dyn Error + Send + Sync>> {
    let versions = __diesel_schema_migrations::table
        .select(__diesel_schema_migrations::version)
        .filter(sql::<Bool>("NOT pg_is_in_recovery()"));
    // In a new database there is no such table.
    let Ok(applied) = versions.load::<String>(conn).await else {
        return Ok(false);
    };
    Ok(known::<Pg>(&POSTGRES)?.iter().all(|version| applied.contains(version)))
}

/// Does as [`run`] does while no other node does.
pub(super) fn run_alone(
    conn: &mut (impl MigrationHarness<Pg> + Connection<Backend = Pg>),
    migrations: EmbeddedMigrations,
) -> Result<Versions, Box<dyn Error + Send + Sync>> {
    conn.transaction(|conn| {
        conn.batch_execute(MIGRATION_LOCK)?;
        run(conn, migrations)
    })
}

/// Applies the migrations that the database has not seen yet, and gives their versions. Blocks.
pub(super) fn run<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<Versions, Box<dyn Error + Send + Sync>> {
    let versions = conn.run_pending_migrations(migrations)?;
    for version in &versions {
        tracing::info!(%version, "migrated the database");
    }
    Ok(versions.iter().map(ToString::to_string).collect())
}

/// The versions that this program knows.
pub(super) fn known<DB: Backend>(migrations: &EmbeddedMigrations) -> Result<Versions, Box<dyn Error + Send + Sync>> {
    let migrations = MigrationSource::<DB>::migrations(migrations)?;
    let mut versions: Versions = migrations
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    versions.sort_unstable();
    Ok(versions)
}
