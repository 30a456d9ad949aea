//! `cargo xtask tidy`: the directions of ARCHITECTURE.md, as far as a program can check them.

mod project;
mod rule;
mod rules;
mod source;
mod violation;

use crate::workspace;
use anyhow::{Result, bail};
use clap::Args;
use project::Project;
use rule::Rule;
use rules::RULES;
use std::io::Write as _;
use std::process::ExitCode;
use violation::Violation;

/// What to do with the rules.
#[derive(Args)]
pub(crate) struct Options {
    /// Print the rules and their reasons instead of checking them
    #[arg(long)]
    list: bool,
}

/// Checks or lists the rules.
pub(crate) fn tidy(options: &Options) -> ExitCode {
    if options.list {
        list();
        return ExitCode::SUCCESS;
    }
    match check() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn list() {
    let mut out = std::io::stdout().lock();
    for Rule { name, says, reason, .. } in RULES {
        // Whoever stops reading (`| head`) has seen enough.
        if writeln!(out, "{name}\n    {says}\n    Why: {reason}").is_err() {
            return;
        }
    }
}

/// Checks every rule on the workspace's files and prints what breaks them.
pub(crate) fn check() -> Result<()> {
    let project = Project::load(&workspace::root())?;
    let mut broken = 0;
    for rule in RULES {
        let violations = (rule.check)(&project);
        for violation in &violations {
            let Violation { path, line, text } = violation;
            println!("{path}:{line}: {text} [{}]", rule.name);
        }
        if !violations.is_empty() {
            println!("    {}: {}\n    Why: {}\n", rule.name, rule.says, rule.reason);
        }
        broken += violations.len();
    }
    for (path, lines) in rules::files::long(&project) {
        println!("note: {path} has {lines} lines; perhaps it is about two things");
    }
    match broken {
        0 => println!("tidy: {} rules hold in {} files", RULES.len(), project.count()),
        1 => bail!("1 thing breaks a rule"),
        _ => bail!("{broken} things break a rule"),
    }
    Ok(())
}
