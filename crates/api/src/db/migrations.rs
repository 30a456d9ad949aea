//! The schema's history, embedded in the binary.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::error::Error;

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Applies the migrations that the database has not seen yet. Blocks.
pub(super) fn run<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    for version in conn.run_pending_migrations(migrations)? {
        tracing::info!(%version, "migrated the database");
    }
    Ok(())
}
