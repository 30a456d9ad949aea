//! `cargo xtask scale`: how the cost of a request grows with a million accounts and twenty million tasks.

use crate::setup::{self, Purpose};
use crate::{document, process, tools, workspace};
use anyhow::Result;
use clap::Args;

/// How many to make.
#[derive(Args)]
pub(crate) struct Options {
    /// Numbers of accounts, each with twenty tasks; a million takes some ten minutes and eight gigabytes
    #[arg(long, default_value = "1000,100000,1000000")]
    users: String,
    /// Take the server as the tests have it, and not as it ships, which takes long to build
    #[arg(long)]
    debug: bool,
    /// Put the figures into docs/scaling.md
    #[arg(long)]
    write: bool,
}

/// Makes the accounts in a PostgreSQL that is thrown away, and measures.
pub(crate) fn scale(options: &Options) -> Result<()> {
    setup::ensure(Purpose::Chaos)?;
    let profile = workspace::build_server(options.debug)?;
    let table = workspace::built(profile, "scale-table.md")?;
    let mut tests = workspace::cargo();
    tests
        .args(["test", "--workspace", "--all-features", "--test=scale"])
        .env("TASKWARD_BIN", workspace::built(profile, "taskward")?)
        .env("TASKWARD_SCALE_USERS", &options.users)
        .env("TASKWARD_SCALE_TABLE", &table);
    process::run(tools::with_postgres(&mut tests)?)?;
    if options.write {
        document::put("scale", &table)?;
    }
    Ok(())
}
