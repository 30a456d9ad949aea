//! `taskward migrate`: so that whoever upgrades can do it once, before the first new server starts.

use super::print::say;
use crate::app::make_folder;
use crate::config::{Config, Target};
use crate::db::maintenance;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let target = config.database()?;
    if let Target::Sqlite(file) = &target {
        make_folder(file)?;
    }
    let applied = maintenance::migrate(&target).await?;
    if applied.is_empty() {
        say("The schema is up to date already")?;
    } else {
        say(format_args!(
            "The schema is up to date; applied: {}",
            applied.join(", ")
        ))?;
    }
    Ok(())
}
