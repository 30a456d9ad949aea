//! The programs of `bench/limits`: what this machine can do at best.

use super::Settings;
use super::people::{self, Person};
use super::sample::Sample;
use super::server::Server;
use crate::{process, workspace};
use anyhow::{Context as _, Result};
use std::path::Path;
use std::process::Command;

/// The actix server that does nothing.
pub(super) fn handler() -> Result<Server> {
    Server::starting(program()?.arg("handler"))
}

/// A loop over SQLite, on one core, on a copy of the server's database.
pub(super) fn sqlite(settings: &Settings, command: &str, file: &Path) -> Result<Sample> {
    let mut program = program()?;
    // The first person's list is read, and has to stay as long as it is.
    let number = usize::from(command == "sqlite-create");
    program.arg(command).arg(file).arg(Person::email(number));
    program.args(["--seconds", &settings.seconds.to_string()]);
    let text = run(&mut program)?;
    Ok(Sample {
        rate: figure(&text, "per_second")?,
        cpu: Some(figure(&text, "cpu_micros")?),
        ..Sample::default()
    })
}

/// Puts other people's rows into SQLite.
pub(super) fn fill(file: &Path) -> Result<()> {
    let mut program = program()?;
    program.arg("sqlite-fill").arg(file);
    program.args([people::OTHERS.to_string(), people::TASKS.to_string()]);
    process::run(&mut program)
}

/// The time of one password hash at the product's cost, when so many are made at a time (ms).
pub(super) fn hash(threads: u32) -> Result<f64> {
    let mut program = program()?;
    program.args(["hash", "--cost", "12", "--threads", &threads.to_string()]);
    figure(&run(&mut program)?, "milliseconds")
}

fn program() -> Result<Command> {
    Ok(Command::new(workspace::built("release", "limits")?))
}

fn run(command: &mut Command) -> Result<String> {
    process::output(command).with_context(|| format!("`{}` failed", process::line(command)))
}

/// The figure of that name.
fn figure(text: &str, name: &str) -> Result<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok())
        .with_context(|| format!("there is no `{name}` in `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_by_name() {
        let text = "per_second 12.5\ncpu_micros 80\n";
        assert!((figure(text, "cpu_micros").unwrap() - 80.0).abs() < f64::EPSILON);
        assert!(figure(text, "cpu").is_err());
    }
}
