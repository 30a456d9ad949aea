//! The schema's history, embedded in the binary.

use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::error::Error;

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The versions of migrations, in the order in which they are applied.
pub(super) type Versions = Vec<String>;

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
