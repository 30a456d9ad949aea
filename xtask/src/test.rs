//! `cargo xtask test`: every check and every test there is, in order, and what came of it.

mod report;
mod steps;

use crate::process;
use anyhow::{Context as _, Result, bail};
use clap::Args;
use report::{Counts, Report};
use std::io::{BufRead as _, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;
use steps::{Step, Work};

/// Which tests to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only the tests whose name contains this, and no other checks
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Run only this step, and what it needs; may be repeated
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
    /// Go on after a step has failed
    #[arg(long)]
    keep_going: bool,
}

/// Runs the steps and prints the counts, on the very last line all of them together.
pub(crate) fn test(options: &Options) -> ExitCode {
    let steps = steps::chosen(&options.only, options.filter.is_some());
    let count = steps.len();
    let mut report = Report::default();
    for (index, step) in steps.into_iter().enumerate() {
        let place = format!("[{}/{count}]", index + 1);
        println!("\n{place} {}", step.title());
        let start = Instant::now();
        let mut counts = Counts::default();
        let outcome = perform(step, options.filter.as_deref(), &mut counts);
        let seconds = start.elapsed().as_secs_f64();
        match &outcome {
            Ok(()) => println!("{place} {}: good, {seconds:.1} s", step.name()),
            Err(error) => println!("{place} {}: FAILED, {seconds:.1} s: {error:#}", step.name()),
        }
        report.add(step.name(), seconds, counts, outcome.is_ok());
        if outcome.is_err() && !options.keep_going {
            println!("Stopping here; with --keep-going the other steps would run, too.");
            break;
        }
    }
    println!("\n{report}");
    if report.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn perform(step: Step, filter: Option<&str>, counts: &mut Counts) -> Result<()> {
    let mut failures = Vec::new();
    for work in step.work(filter)? {
        let outcome = match work {
            Work::Check(mut command) => process::run(&mut command),
            Work::Tests(mut command) => count(&mut command, &mut std::io::stdout().lock(), counts),
            Work::Own(function) => function(),
        };
        if let Err(error) = outcome {
            failures.push(format!("{error:#}"));
        }
    }
    if filter.is_none() && step.leaves_tests_out() {
        counts.skipped += counts.filtered;
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("; "));
    }
    if step.has_tests() && filter.is_none() && counts.ran() == 0 {
        bail!("no test ran: there must be some");
    }
    Ok(())
}

/// Runs `cargo test`, passing on to `out` what it prints and adding up what it counts.
fn count(command: &mut Command, out: &mut impl Write, counts: &mut Counts) -> Result<()> {
    let line = process::line(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting `{line}`"))?;
    let output = child.stdout.take().context("its output is piped")?;
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    while output.read_until(b'\n', &mut bytes)? > 0 {
        out.write_all(&bytes)?;
        out.flush()?;
        counts.read(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn results_are_counted_also_when_the_command_fails() {
        let mut counts = Counts::default();
        let script = "echo 'test result: FAILED. 2 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out'; exit 101";
        assert!(count(&mut shell(script), &mut Vec::new(), &mut counts).is_err());
        assert_eq!((counts.passed, counts.failed, counts.skipped), (2, 1, 3));
    }

    #[test]
    fn output_that_is_no_utf8_does_no_harm() {
        let mut counts = Counts::default();
        let script = "printf '\\377\\n'; echo 'test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured'";
        let mut out = Vec::new();
        assert!(count(&mut shell(script), &mut out, &mut counts).is_ok());
        assert_eq!(counts.ran(), 1);
        assert!(
            out.starts_with(b"\xff\ntest result: ok."),
            "what is printed is passed on as it is"
        );
    }
}
