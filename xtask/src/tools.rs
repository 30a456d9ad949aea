//! The programs that the project needs, and where they are.

use crate::process;
use anyhow::{Context as _, Result};
use std::env;
use std::fs;
use std::path::{self, Path, PathBuf};
use std::process::Command;

/// The project's own cache, which all clones share.
pub(crate) fn cache() -> Result<PathBuf> {
    let from = |name| env::var_os(name).filter(|value| !value.is_empty());
    let folder = from("TASKWARD_CACHE")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(from("XDG_CACHE_HOME")?).join("taskward")))
        .or_else(|| Some(env::home_dir()?.join(".cache/taskward")))
        .context("there is no home folder; say in TASKWARD_CACHE where tools may be kept")?;
    // It is also used from other folders than the one it is relative to.
    path::absolute(&folder).with_context(|| format!("finding {}", folder.display()))
}

/// The first program of that name on `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A program that runs as a service. Their folder is on `PATH` for root only.
pub(crate) fn service(program: &str) -> Option<PathBuf> {
    let places = ["/usr/sbin", "/usr/local/sbin"].map(|folder| Path::new(folder).join(program));
    on_path(program).or_else(|| places.into_iter().find(|file| file.is_file()))
}

/// The folder of PostgreSQL's server programs. Distributions keep it off `PATH`.
pub(crate) fn postgres() -> Option<PathBuf> {
    postgres_with(&["initdb", "postgres", "pg_ctl"])
}

/// The same, if it also has the programs that talk to a server and measure it.
pub(crate) fn postgres_and_clients() -> Option<PathBuf> {
    postgres_with(&["initdb", "postgres", "pg_isready", "psql", "pgbench"])
}

fn postgres_with(programs: &[&str]) -> Option<PathBuf> {
    let given = env::var_os("TASKWARD_POSTGRES_BIN").map(PathBuf::from);
    let path = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    let reported = || {
        let printed = process::output(Command::new("pg_config").arg("--bindir"))?;
        Some(PathBuf::from(printed.trim()))
    };
    let complete = |folder: &PathBuf| programs.iter().all(|program| folder.join(program).is_file());
    given
        .into_iter()
        .chain(path)
        .chain(versions_in("/usr/lib/postgresql"))
        .find(complete)
        .or_else(|| reported().filter(complete))
}

/// `<folder>/<version>/bin`, the highest version first.
fn versions_in(folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// Tells tests where PostgreSQL's programs are.
pub(crate) fn with_postgres(tests: &mut Command) -> Result<&mut Command> {
    let folder = postgres().context("PostgreSQL's initdb was not found")?;
    Ok(tests.env("TASKWARD_POSTGRES_BIN", folder))
}

/// Tells tests where the browser and its driver are.
pub(crate) fn with_browser(tests: &mut Command) -> Result<&mut Command> {
    let (chrome, driver) = (
        chrome().context("Chromium was not found")?,
        chromedriver().context("chromedriver was not found")?,
    );
    Ok(tests.env("CHROME", chrome).env("CHROMEDRIVER", driver))
}

/// A Chromium or Chrome that can be driven.
pub(crate) fn chrome() -> Option<PathBuf> {
    browser_program(
        "CHROME",
        &[
            "chromium",
            "google-chrome",
            "google-chrome-stable",
            "chromium-browser",
            "chrome",
        ],
        &[
            "/snap/bin/chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ],
    )
}

/// The program that drives it.
pub(crate) fn chromedriver() -> Option<PathBuf> {
    browser_program(
        "CHROMEDRIVER",
        &["chromedriver", "chromium.chromedriver"],
        &[
            "/usr/lib/chromium-browser/chromedriver",
            "/snap/bin/chromium.chromedriver",
        ],
    )
}

fn browser_program(variable: &str, names: &[&str], places: &[&str]) -> Option<PathBuf> {
    if let Some(given) = env::var_os(variable).filter(|value| !value.is_empty()) {
        let given = PathBuf::from(given);
        return given.is_file().then_some(given);
    }
    names
        .iter()
        .filter_map(|name| on_path(name))
        .chain(places.iter().map(PathBuf::from))
        .find(|file| file.is_file() && !is_stub(file))
}

/// Ubuntu ships scripts in place of these programs, which only say that one should install a snap.
fn is_stub(program: &Path) -> bool {
    const SCRIPT_AT_MOST: u64 = 16 * 1024;
    let small = fs::metadata(program).is_ok_and(|file| file.len() <= SCRIPT_AT_MOST);
    small
        && fs::read_to_string(program).is_ok_and(|text| {
            text.starts_with("#!") && text.contains("snap") && !Path::new("/snap/bin/chromium").exists()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_postgresql_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9", "15", "17", "not-a-version"] {
            fs::create_dir_all(folder.path().join(version).join("bin")).unwrap();
        }
        let found = versions_in(folder.path().to_str().unwrap());
        let expected = ["17", "15", "9"].map(|version| folder.path().join(version).join("bin"));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_script_that_asks_for_a_snap_is_no_browser() {
        let folder = tempfile::tempdir().unwrap();
        let stub = folder.path().join("chromium-browser");
        fs::write(&stub, "#!/bin/sh\necho 'please run: snap install chromium'\n").unwrap();
        let wrapper = folder.path().join("chromium");
        fs::write(&wrapper, "#!/bin/sh\nexec /usr/lib/chromium/chromium \"$@\"\n").unwrap();
        assert_eq!(is_stub(&stub), !Path::new("/snap/bin/chromium").exists());
        assert!(!is_stub(&wrapper));
    }
}
