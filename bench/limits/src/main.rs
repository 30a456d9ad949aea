//! The limits that the server is compared with. Each command does one thing as fast as this machine can, and prints what
//! came of it as lines of `name value`.

#![expect(clippy::print_stdout, reason = "its figures are what this program is for")]

mod clock;
mod hash;
mod http;
mod sqlite;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// What this machine can do at best.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer every request with an empty 200, on as many threads as the server has
    Handler,
    /// Load one account's tasks again and again: a statement prepared once, its rows read into values
    SqliteList(Loop),
    /// The same through diesel, as the server has it
    SqliteListDiesel(Loop),
    /// Load one task again and again
    SqliteOne(Loop),
    /// Add a task in a transaction of its own, again and again, each on the disk before the next one
    SqliteCreate(Loop),
    /// Put other people's accounts and tasks into a database
    SqliteFill {
        /// The database
        file: PathBuf,
        /// How many accounts
        accounts: u32,
        /// How many tasks each of them has
        tasks: u32,
    },
    /// Compare a password with a hash of this cost, on so many threads
    Hash {
        /// bcrypt's work factor
        #[arg(long, default_value_t = 12)]
        cost: u32,
        /// Threads
        #[arg(long, default_value_t = 1)]
        threads: usize,
        /// How often each thread does it
        #[arg(long, default_value_t = 5)]
        times: u32,
    },
}

#[derive(clap::Args)]
struct Loop {
    /// The database, made by the server
    file: PathBuf,
    /// The account, by its email
    email: String,
    /// For how long
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

impl Loop {
    fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Handler => http::serve()?,
        Command::SqliteList(it) => sqlite::list(&it.file, &it.email, it.time())?.print(),
        Command::SqliteListDiesel(it) => sqlite::diesel::list(&it.file, &it.email, it.time())?.print(),
        Command::SqliteOne(it) => sqlite::one(&it.file, &it.email, it.time())?.print(),
        Command::SqliteCreate(it) => sqlite::create(&it.file, &it.email, it.time())?.print(),
        Command::SqliteFill { file, accounts, tasks } => sqlite::fill(&file, accounts, tasks)?,
        Command::Hash { cost, threads, times } => hash::verify(cost, threads, times)?,
    }
    Ok(())
}
