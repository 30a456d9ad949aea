//! The program.

use api::commands::CommandLine;
use std::process::ExitCode;

#[actix_web::main]
async fn main() -> anyhow::Result<ExitCode> {
    CommandLine::of_process().run().await
}
