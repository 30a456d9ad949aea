//! What the program does beside serving, for the person who runs it.

mod backup;
mod check;
mod generate;
mod health;
mod migrate;
mod user;

use std::io::Write;
use std::process::{Command, Output, Stdio};
use tests::{Binary, Database};

/// What a command came to.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    /// What was asked for.
    stdout: String,
    /// What happened.
    stderr: String,
}

impl Ended {
    #[track_caller]
    fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// It failed, with a message and not a panic.
    #[track_caller]
    fn badly(self) -> Self {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(!self.stderr.contains("panicked"), "{self:?}");
        self
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs `taskward` with these arguments on this database.
fn taskward(database: &Database, arguments: &[&str]) -> Ended {
    run(&mut Binary::command(database, arguments), "")
}

/// Runs a command that ends by itself, with this on its standard input.
fn run(command: &mut Command, input: &str) -> Ended {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Whoever does not read its input may have closed it already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap().into()
}

#[test]
fn settings_may_stand_before_a_command_and_behind_it() {
    let database = Database::empty();
    for arguments in [
        &["check", "--jwt-secret", "short"][..],
        &["--jwt-secret", "short", "check"],
    ] {
        let ended = taskward(&database, arguments).badly();
        assert!(ended.stdout.contains("JWT_SECRET"), "{ended:?}");
    }
}

#[test]
fn an_unknown_command_is_refused() {
    let database = Database::empty();
    for arguments in [
        &["chekc"][..],
        &["backup"],
        &["user"],
        &["user", "promote", "ada@example.org"],
        &["user", "disable"],
        &["migrate", "now"],
    ] {
        let ended = taskward(&database, arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        assert_eq!(ended.stdout, "", "{arguments:?}: {ended:?}");
    }
}

#[test]
fn help_names_every_command() {
    let database = Database::empty();
    let help = taskward(&database, &["--help"]).well().stdout;
    for command in ["check", "health", "migrate", "backup", "user"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}: {help}");
    }
    let help = taskward(&database, &["user", "--help"]).well().stdout;
    for command in ["list", "reset-password", "disable", "enable"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}: {help}");
    }
}
