//! `cargo xtask`: what the project does to itself. One file per verb.

#![expect(
    clippy::print_stdout,
    reason = "telling a person in a terminal what happens is this program's purpose"
)]

#[cfg(target_os = "linux")]
mod bench;
mod builds;
mod chaos;
mod deny;
mod dev;
mod dist;
mod document;
mod measure;
mod metadata;
mod process;
mod run;
mod scale;
mod setup;
mod spa;
mod test;
mod tidy;
mod tools;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, runs and checks Taskward. What is missing for that is installed on the way.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Build the app and the server as they ship, and start them
    Run(run::Options),
    /// Run every check and every test, in order
    Test(test::Options),
    /// Start the server with the app for development; each is rebuilt when a file of its own changes
    Dev,
    /// Measure the server as it ships, beside what this machine can do at best (Linux)
    #[cfg(target_os = "linux")]
    Bench(bench::Options),
    /// Measure what a person waits for: questions about ten thousand tasks, opening them, typing and ticking
    Measure,
    /// Break a whole installation under load, and count what that costs
    Chaos(chaos::Options),
    /// Measure with a million accounts and twenty million tasks in PostgreSQL
    Scale(scale::Options),
    /// Put together what a release consists of: the binary, licences, bill of materials, checksums, completions, manual page
    Dist,
    /// Check the rules of the architecture
    Tidy(tidy::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().verb {
        Verb::Run(options) => run::run(&options),
        Verb::Test(options) => return test::test(&options),
        Verb::Dev => dev::dev(),
        #[cfg(target_os = "linux")]
        Verb::Bench(options) => bench::bench(&options),
        Verb::Measure => measure::measure(),
        Verb::Chaos(options) => chaos::chaos(&options),
        Verb::Scale(options) => scale::scale(&options),
        Verb::Dist => dist::dist(),
        Verb::Tidy(options) => return tidy::tidy(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
