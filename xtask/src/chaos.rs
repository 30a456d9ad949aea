//! `cargo xtask chaos`: breaks a whole installation under load, again and again, and counts what that cost.
//!
//! The cases are those of `tests/chaos`, which `cargo xtask test` runs once each, and shortly.

use crate::setup::{self, Purpose};
use crate::{process, tools, workspace};
use anyhow::{Context as _, Result};
use clap::Args;
use std::fs;

/// Where the table is kept, and the lines that it stands between.
const DOCUMENT: &str = "docs/scaling.md";
const BEGIN: &str = "<!-- chaos: the table that `cargo xtask chaos --write` puts here -->";
const END: &str = "<!-- chaos: end -->";

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
    let (profile, build): (&str, &[&str]) = if options.debug {
        ("debug", &["build", "--workspace", "--all-features", "--bin=taskward"])
    } else {
        ("release", &["build", "--release", "--package=api", "--bin=taskward"])
    };
    println!("Building the server …");
    process::run(workspace::cargo().args(build))?;

    let table = workspace::built(profile, "chaos-table.md")?;
    let mut tests = workspace::cargo();
    tests
        .args(["test", "--workspace", "--all-features", "--test=chaos"])
        .env("TASKWARD_BIN", workspace::built(profile, "taskward")?)
        .env(
            "TASKWARD_POSTGRES_BIN",
            tools::postgres().context("PostgreSQL's initdb was not found")?,
        )
        .env("TASKWARD_CHAOS_ROUNDS", options.rounds.to_string())
        .env("TASKWARD_CHAOS_TABLE", &table);
    if let Some(filter) = &options.filter {
        tests.args(["--", filter]);
    }
    process::run(&mut tests)?;
    if options.write {
        let document = workspace::root().join(DOCUMENT);
        let text = fs::read_to_string(&document).context("reading docs/scaling.md")?;
        let table = fs::read_to_string(table).context("reading the table")?;
        fs::write(document, with_table(&text, &table)?).context("writing docs/scaling.md")?;
        println!("The table is in {DOCUMENT}.");
    }
    Ok(())
}

/// The text with another table between the two lines.
fn with_table(text: &str, table: &str) -> Result<String> {
    let parts = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.with_context(|| format!("{DOCUMENT} has no place for the table: {BEGIN} … {END}"))?;
    Ok(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", table.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_replaces_the_one_before() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let new = with_table(&text, "| x |\n").unwrap();
        assert_eq!(new, format!("a\n{BEGIN}\n\n| x |\n\n{END}\nb\n"));
        assert_eq!(with_table(&new, "| x |\n").unwrap(), new);
        assert!(with_table("nothing", "| x |").is_err());
    }

    #[test]
    fn the_document_has_a_place_for_it() {
        let text = fs::read_to_string(workspace::root().join(DOCUMENT)).unwrap();
        assert!(with_table(&text, "").is_ok());
    }
}
