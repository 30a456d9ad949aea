//! The programs of `bench/limits`: what this machine can do at best.

use super::people::{self, Person};
use super::sample::Sample;
use super::server::Server;
use super::settings::Settings;
use crate::{process, workspace};
use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The actix server that does nothing.
pub(super) fn handler() -> Result<Server> {
    Server::starting(program()?.arg("handler"))
}

/// Loops over SQLite, so many at a time on as many cores, on a copy of the server's database. Gives the mean of one: a core
/// whose neighbours are idle would be quicker than the server, for which none is.
pub(super) fn sqlite(settings: &Settings, command: &str, file: &Path, loops: u32) -> Result<Sample> {
    // The first person's list is read, and has to stay as long as it is.
    let number = usize::from(command == "sqlite-create");
    let start = |_| {
        let mut program = program()?;
        program.arg(command).arg(file).arg(Person::email(number));
        program.args(["--seconds", &settings.seconds.to_string()]);
        let started = program.stdout(Stdio::piped()).spawn();
        started.with_context(|| format!("starting `{}`", process::line(&program)))
    };
    let running: Vec<Child> = (0..loops).map(start).collect::<Result<_>>()?;
    let (mut rate, mut cpu) = (0.0, 0.0);
    for program in running {
        let output = program.wait_with_output().context("waiting for a loop")?;
        if !output.status.success() {
            bail!("{command} failed ({})", output.status);
        }
        let text = String::from_utf8_lossy(&output.stdout);
        rate += figure(&text, "per_second")?;
        cpu += figure(&text, "cpu_micros")?;
    }
    let loops = f64::from(loops);
    Ok(Sample {
        rate: rate / loops,
        cpu: Some(cpu / loops),
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
