//! Starting other programs.

use anyhow::{Context as _, Result, bail};
use std::process::{Command, Stdio};

/// Runs `command` to its end, its output going where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("starting `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// What `command` prints, or nothing if it cannot be run or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `command` as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or(&program).to_owned();
    command
        .get_args()
        .map(|argument| argument.to_string_lossy())
        .fold(name, |line, argument| line + " " + &argument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().contains("sh -c exit 3"), "{error}");
        assert!(run(&mut Command::new("no-such-program-anywhere")).is_err());
        assert!(run(Command::new("sh").args(["-c", "true"])).is_ok());
    }

    #[test]
    fn output_is_there_only_after_success() {
        let printed = output(Command::new("sh").args(["-c", "echo yes"]));
        assert_eq!(printed.as_deref(), Some("yes\n"));
        assert_eq!(output(Command::new("sh").args(["-c", "echo no; false"])), None);
    }
}
