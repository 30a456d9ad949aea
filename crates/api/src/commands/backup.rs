//! `taskward backup FILE`: a copy of the embedded database that is whole, whatever the server does meanwhile.

use super::print::say;
use crate::config::{Config, Target};
use crate::db::maintenance;
use anyhow::bail;
use std::path::Path;

pub(super) async fn run(config: &Config, file: &Path) -> anyhow::Result<()> {
    let Target::Sqlite(database) = config.database()? else {
        bail!("PostgreSQL has a backup of its own: use pg_dump --format=custom, or archive its WAL");
    };
    maintenance::back_up(&database, file).await?;
    say(format_args!("{} is a copy of {}", file.display(), database.display()))?;
    Ok(())
}
