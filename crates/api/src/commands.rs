//! What the program does: serve, and what the person who runs it needs beside that.
//!
//! A command prints what it was asked for on standard output, and nothing else there; what happens goes to the log.

mod backup;
mod check;
mod generate;
mod health;
mod migrate;
mod print;
mod server;
mod user;

use crate::config::{Config, LogFormat};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Taskward: a to-do list that you host yourself.
///
/// Without a command it serves. Every setting is an environment variable and a flag, before or behind the command; the flag
/// wins. Durations are seconds, or a number with a unit: 90, 90s, 15m, 1h, 7d.
#[derive(Parser, Debug)]
#[command(name = "taskward", version = env!("TASKWARD_VERSION"), max_term_width = 120, disable_help_subcommand = true)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten, next_help_heading = "Settings")]
    config: Config,
}

/// What to do instead of serving.
#[derive(Subcommand, Debug)]
enum Command {
    /// Say whether the settings, the secret, the database and its schema are right; changes nothing
    Check,
    /// Ask the server that runs with these settings on this machine whether it is healthy
    Health,
    /// Bring the database's schema up to date; the server does so by itself when it starts
    Migrate,
    /// Copy the embedded database into a new file, while the server runs
    Backup {
        /// Where to put the copy; nothing may be there
        file: PathBuf,
    },
    /// Look after accounts
    #[command(subcommand)]
    User(user::Command),
    /// Print a script that makes a shell complete commands and settings
    Completions {
        /// The shell it is for
        shell: Shell,
    },
    /// Print the manual page, for man(1)
    Man,
}

impl CommandLine {
    /// The command line of this process. Ends it with a message if that is none.
    #[must_use]
    pub fn of_process() -> Self {
        let mut command = Self::definition();
        let matches = command.get_matches_mut();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit())
    }

    /// All that may stand on a command line: settings may stand behind the command, too.
    fn definition() -> clap::Command {
        Self::command().mut_args(|setting| setting.global(true))
    }

    /// Does what it says, to its end. The status is the process's.
    ///
    /// Must be called on an Actix runtime.
    ///
    /// # Errors
    /// If the server does not start, or the command cannot be carried out.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.config;
        start_logging(&config)?;
        match self.command {
            None => server::run(config).await?,
            Some(Command::Check) => return check::run(&config).await,
            Some(Command::Health) => health::run(&config).await?,
            Some(Command::Migrate) => migrate::run(&config).await?,
            Some(Command::Backup { file }) => backup::run(&config, &file).await?,
            Some(Command::User(command)) => user::run(&config, command).await?,
            Some(Command::Completions { shell }) => generate::completions(shell, Self::definition())?,
            Some(Command::Man) => generate::manual_page(Self::command())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn start_logging(config: &Config) -> anyhow::Result<()> {
    // Whoever asks for warnings only still wants to know who signed in.
    let log = if config.log == "off" || config.log.contains("audit") {
        config.log.clone()
    } else {
        format!("{},audit=info", config.log)
    };
    let filter = EnvFilter::try_new(&log).map_err(|error| anyhow::anyhow!("LOG: {error}"))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Pretty => lines.with_ansi(io::stderr().is_terminal()).init(),
    }
    Ok(())
}
