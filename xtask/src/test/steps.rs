//! The steps of `cargo xtask test`: what each runs, and what it needs to have run.
//!
//! Cargo compiles a dependency once for each set of features that is asked of it, and which features are asked depends
//! on the packages that a command selects. So every command here that can selects the whole workspace, even where it
//! wants one package's tests: what one step has compiled, the next one finds.

use crate::setup::{self, Purpose};
use crate::{deny, spa, tidy, tools, workspace};
use anyhow::Result;
use clap::ValueEnum;
use std::process::Command;

/// Cases that each property of the verifier is tried with, where a plain `cargo test` tries 256: about a minute.
const FUZZ_CASES: u32 = 100_000;

/// A part of the whole, in the order in which they run: what is quick to say no comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Step {
    /// Install what is missing
    Setup,
    /// Formatting
    Fmt,
    /// The rules of the architecture
    Tidy,
    /// The licences, versions and sources of what others wrote
    Deny,
    /// Clippy, warnings being errors
    Clippy,
    /// Clippy for what runs in the browser
    ClippyWasm,
    /// The documentation's links and examples
    Docs,
    /// Unit tests and documentation tests
    Unit,
    /// A minute of hostile input for the verifier of tokens
    Fuzz,
    /// Build the server, its tests, and what builds the app
    Server,
    /// Build the app for release
    Spa,
    /// The API's tests on SQLite
    ApiSqlite,
    /// The API's tests on PostgreSQL
    ApiPostgres,
    /// The API's tests on PostgreSQL behind pgbouncer
    ApiPgbouncer,
    /// The attack suite on SQLite
    AttackSqlite,
    /// The attack suite on PostgreSQL
    AttackPostgres,
    /// The tests in a real browser
    Browser,
    /// Every failure that an installation of several nodes has to survive, once each
    Chaos,
}

/// Something that a step does.
pub(super) enum Work {
    /// A command that succeeds or fails.
    Check(Command),
    /// A command whose output counts tests.
    Tests(Command),
    /// A part of this program.
    Own(fn() -> Result<()>),
}

/// The chosen steps and those that they need, in order. All of them if none is chosen.
pub(super) fn chosen(only: &[Step], filtered: bool) -> Vec<Step> {
    let wanted: Vec<Step> = if !only.is_empty() {
        only.to_vec()
    } else if filtered {
        all().filter(|step| step.has_tests()).collect()
    } else {
        all().collect()
    };
    all()
        .filter(|step| wanted.contains(step) || wanted.iter().any(|other| other.needs().contains(step)))
        .collect()
}

fn all() -> impl Iterator<Item = Step> {
    Step::value_variants().iter().copied()
}

impl Step {
    /// The name on the command line and in the table.
    pub(super) fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What is done, for somebody who watches.
    pub(super) fn title(self) -> String {
        self.to_possible_value()
            .and_then(|value| value.get_help().map(ToString::to_string))
            .unwrap_or_default()
    }

    /// Whether the step has to run at least one test.
    pub(super) fn has_tests(self) -> bool {
        !matches!(
            self,
            Self::Setup
                | Self::Fmt
                | Self::Tidy
                | Self::Deny
                | Self::Clippy
                | Self::ClippyWasm
                | Self::Docs
                | Self::Spa
                | Self::Server
        )
    }

    /// Whether the step itself leaves tests out of those that there are: what is about another database.
    pub(super) fn leaves_tests_out(self) -> bool {
        matches!(self, Self::ApiSqlite | Self::ApiPostgres | Self::ApiPgbouncer)
    }

    fn needs(self) -> &'static [Self] {
        match self {
            Self::Setup | Self::Tidy | Self::Deny => &[],
            Self::Spa => &[Self::Setup, Self::Server],
            Self::ApiSqlite
            | Self::ApiPostgres
            | Self::ApiPgbouncer
            | Self::AttackSqlite
            | Self::AttackPostgres
            | Self::Browser
            | Self::Chaos => &[Self::Setup, Self::Server, Self::Spa],
            _ => &[Self::Setup],
        }
    }

    /// What the step does, with only the tests whose name contains `filter`.
    pub(super) fn work(self, filter: Option<&str>) -> Result<Vec<Work>> {
        let work = match self {
            Self::Setup => vec![Work::Own(|| setup::ensure(Purpose::Test))],
            Self::Fmt => vec![Work::Check(cargo(&["fmt", "--all", "--check"]))],
            Self::Tidy => vec![Work::Own(tidy::check)],
            Self::Deny => vec![Work::Own(deny::check)],
            Self::Clippy => vec![Work::Check(cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--",
                "--deny=warnings",
            ]))],
            Self::ClippyWasm => vec![Work::Check(cargo(&[
                "clippy",
                "--package=frontend",
                "--package=shared",
                "--target=wasm32-unknown-unknown",
                "--",
                "--deny=warnings",
            ]))],
            Self::Docs => {
                let mut command = cargo(&["doc", "--workspace", "--all-features", "--no-deps"]);
                command.env("RUSTDOCFLAGS", "--deny=warnings");
                vec![Work::Check(command)]
            }
            Self::Unit => vec![
                Work::Tests(cargo_test(&["--lib", "--bins"], filter)),
                Work::Tests(cargo_test(&["--doc"], filter)),
            ],
            Self::Fuzz => {
                let mut command = cargo_test(&["--lib"], Some(filter.unwrap_or("auth::token::jws")));
                command.env("PROPTEST_CASES", FUZZ_CASES.to_string());
                vec![Work::Tests(command)]
            }
            Self::Spa => vec![Work::Own(spa::build_with_bundler)],
            Self::Server => vec![Work::Check(cargo(&[
                "build",
                "--workspace",
                "--all-features",
                "--bin=bundler",
                "--bin=taskward",
                // Not only since they come next: naming a test makes Cargo ask for the features that tests ask for.
                "--test=api",
                "--test=attack",
                "--test=browser",
                "--test=chaos",
            ]))],
            Self::ApiSqlite => vec![Work::Tests(api("sqlite", filter)?)],
            Self::ApiPostgres => vec![Work::Tests(api("postgres", filter)?)],
            Self::ApiPgbouncer => {
                let mut command = api("postgres", filter)?;
                command.env("TASKWARD_TEST_POOLER", "pgbouncer");
                vec![Work::Tests(command)]
            }
            Self::AttackSqlite => vec![Work::Tests(on_database("sqlite", "attack", filter)?)],
            Self::AttackPostgres => vec![Work::Tests(on_database("postgres", "attack", filter)?)],
            Self::Browser => vec![Work::Tests(browser_tests(filter)?)],
            Self::Chaos => vec![Work::Tests(on_database("postgres", "chaos", filter)?)],
        };
        Ok(work)
    }
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = workspace::cargo();
    command.args(arguments);
    command
}

fn cargo_test(targets: &[&str], filter: Option<&str>) -> Command {
    let mut command = cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"]);
    command.args(targets);
    if let Some(filter) = filter {
        command.args(["--", filter]);
    }
    command
}

/// The API's tests on this database. Those in modules named `sqlite_only` and `postgres_only` are marked as ignored, so that
/// a plain `cargo test` says that it leaves them out; here those of this database run. So would what only measures.
fn api(database: &str, filter: Option<&str>) -> Result<Command> {
    let other = match database {
        "sqlite" => "postgres_only::",
        _ => "sqlite_only::",
    };
    let mut command = on_database(database, "api", filter)?;
    if filter.is_none() {
        command.arg("--");
    }
    command.args(["--include-ignored", "--skip", other, "--skip", "speed::"]);
    Ok(command)
}

fn on_database(database: &str, binary: &str, filter: Option<&str>) -> Result<Command> {
    let mut command = black_box(binary, filter)?;
    command.env("TASKWARD_TEST_DATABASE", database);
    if database == "postgres" {
        tools::with_postgres(&mut command)?;
    }
    Ok(command)
}

fn browser_tests(filter: Option<&str>) -> Result<Command> {
    let mut command = black_box("browser", filter)?;
    tools::with_browser(&mut command)?;
    Ok(command)
}

/// The tests of one binary of the package `tests`, and where they find what they test.
fn black_box(binary: &str, filter: Option<&str>) -> Result<Command> {
    let mut command = cargo_test(&["--test", binary], filter);
    command
        .env("TASKWARD_BIN", workspace::built("debug", "taskward")?)
        .env("TASKWARD_DIST", workspace::dist());
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_steps_run_unless_some_are_chosen() {
        assert_eq!(chosen(&[], false).len(), Step::value_variants().len());
    }

    #[test]
    fn a_chosen_step_brings_what_it_needs_before_it() {
        assert_eq!(
            chosen(&[Step::Browser], false),
            [Step::Setup, Step::Server, Step::Spa, Step::Browser]
        );
        assert_eq!(chosen(&[Step::Tidy], false), [Step::Tidy]);
    }

    #[test]
    fn a_filter_leaves_the_checks_out() {
        let steps = chosen(&[], true);
        assert!(steps.contains(&Step::Unit) && steps.contains(&Step::Browser));
        assert!(!steps.contains(&Step::Clippy) && !steps.contains(&Step::Fmt));
    }

    #[test]
    fn every_step_has_a_name_and_a_title() {
        for step in all() {
            assert!(!step.name().is_empty() && !step.title().is_empty(), "{step:?}");
        }
    }

    #[test]
    fn what_is_about_the_other_database_is_left_out_and_counted_as_skipped() {
        for (database, filter, expected) in [
            (
                "sqlite",
                None,
                "-- --include-ignored --skip postgres_only:: --skip speed::",
            ),
            (
                "postgres",
                Some("a"),
                "-- a --include-ignored --skip sqlite_only:: --skip speed::",
            ),
        ] {
            // Where PostgreSQL is not installed, there is nothing to be asked about it.
            let Ok(command) = api(database, filter) else { continue };
            let line: Vec<_> = command.get_args().map(|each| each.to_string_lossy()).collect();
            assert!(line.join(" ").ends_with(expected), "{line:?}");
        }
        assert!(Step::ApiSqlite.leaves_tests_out() && !Step::Fuzz.leaves_tests_out());
    }

    #[test]
    fn a_filter_reaches_the_test_programs() {
        let command = cargo_test(&["--doc"], Some("needle"));
        let arguments: Vec<_> = command.get_args().collect();
        assert!(arguments.ends_with(&["--".as_ref(), "needle".as_ref()]));
    }
}
