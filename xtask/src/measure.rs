//! `cargo xtask measure`: what a person waits for, on the server and the app as they ship.

use crate::setup::{self, Purpose};
use crate::{process, spa, tools, workspace};
use anyhow::Result;

/// Measures how long questions about ten thousand tasks take on either database, and moving them out and in, how soon those are on the screen, and how
/// long the app is busy with a letter and a tick. Fails if anything takes longer than it may.
pub(crate) fn measure() -> Result<()> {
    setup::ensure(Purpose::Test)?;
    spa::build()?;
    let profile = workspace::build_server(false)?;
    let server = workspace::built(profile, "taskward")?;
    let measurements = |tests: &str, only: &str| {
        let mut command = workspace::cargo();
        command
            .args([
                "test",
                "--workspace",
                "--all-features",
                "--test",
                tests,
                "--",
                "--ignored",
                "--nocapture",
            ])
            // One after the other, or each would be in the others' way.
            .args(["--test-threads=1", only])
            .env("TASKWARD_BIN", &server)
            .env("TASKWARD_DIST", workspace::dist());
        command
    };
    process::run(measurements("api", "speed::").env("TASKWARD_TEST_DATABASE", "sqlite"))?;
    let mut on_postgres = measurements("api", "speed::");
    process::run(tools::with_postgres(&mut on_postgres)?.env("TASKWARD_TEST_DATABASE", "postgres"))?;
    process::run(tools::with_browser(&mut measurements("browser", "frame::"))?)
}
