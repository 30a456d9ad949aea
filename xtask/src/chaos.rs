//! `cargo xtask chaos`: breaks a whole installation under load, again and again, and counts what that cost.
//!
//! The cases are those of `tests/chaos`, which `cargo xtask test` runs once each, and shortly.

use crate::setup::{self, Purpose};
use crate::{document, process, tools, workspace};
use anyhow::Result;
use clap::Args;

/// How much to break.
#[derive(Args)]
pub(crate) struct Options {
    /// How often each fault is tried
    #[arg(long, default_value_t = 3)]
    rounds: u16,
    /// Only the faults whose name contains this
    #[arg(long, value_name = "TEXT", conflicts_with = "write")]
    filter: Option<String>,
    /// Take the server as the tests have it, and not as it ships, which takes long to build
    #[arg(long)]
    debug: bool,
    /// Put the table into docs/scaling.md
    #[arg(long)]
    write: bool,
}

/// Runs the cases and prints their table.
pub(crate) fn chaos(options: &Options) -> Result<()> {
    setup::ensure(Purpose::Chaos)?;
    let profile = workspace::build_server(options.debug)?;
    let table = workspace::built(profile, "chaos-table.md")?;
    let mut tests = workspace::cargo();
    tests
        .args(["test", "--workspace", "--all-features", "--test=chaos"])
        .env("TASKWARD_BIN", workspace::built(profile, "taskward")?)
        .env("TASKWARD_CHAOS_ROUNDS", options.rounds.to_string())
        .env("TASKWARD_CHAOS_TABLE", &table);
    if let Some(filter) = &options.filter {
        tests.args(["--", filter]);
    }
    process::run(tools::with_postgres(&mut tests)?)?;
    if options.write {
        document::put("chaos", &table)?;
    }
    Ok(())
}
