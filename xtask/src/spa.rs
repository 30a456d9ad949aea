//! Building the single-page app with Trunk, and telling whether that is needed.

use crate::{process, tools, workspace};
use anyhow::{Context as _, Result};
use std::env;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use walkdir::WalkDir;

/// What the app is built from, relative to the workspace.
const INPUTS: [&str; 6] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/frontend",
    "crates/shared",
    "xtask/src/assets.rs",
];

/// A file that only a whole release build leaves behind: a development build of Trunk's sweeps it away.
const MARK: &str = "index.html.br";

/// Whether the app in `dist` is a release build of the files as they are now.
pub(crate) fn is_fresh() -> bool {
    is_fresh_in(&workspace::root())
}

fn is_fresh_in(root: &Path) -> bool {
    let Ok(built) = fs::metadata(root.join("dist").join(MARK)).and_then(|mark| mark.modified()) else {
        return false;
    };
    INPUTS
        .iter()
        .map(|input| newest(&root.join(input)))
        .all(|changed| changed.is_ok_and(|changed| changed < built))
}

/// The time of the last change below `path`. Folders count, since a file that is gone changes only them.
fn newest(path: &Path) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in WalkDir::new(path) {
        newest = newest.max(entry?.metadata()?.modified()?);
    }
    Ok(newest)
}

/// Builds the app for release, unless that is done. Needs the set-up.
pub(crate) fn build() -> Result<()> {
    if is_fresh() {
        println!("The app in dist is up to date.");
        return Ok(());
    }
    println!("Building the app (a minute or two; the first time several) …");
    let start = SystemTime::now();
    process::run(trunk("build")?.arg("--release"))?;
    // What was changed during the build may not be in it: the mark is as old as the build's beginning.
    let mark = workspace::dist().join(MARK);
    let dated = File::options()
        .write(true)
        .open(&mark)
        .and_then(|file| file.set_modified(start));
    match dated {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error)
            .context("Trunk built the app, but did not call `cargo xtask assets`: see [[hooks]] in Trunk.toml"),
        other => other.with_context(|| format!("dating {}", mark.display())),
    }
}

/// `trunk <verb>` at the workspace's root, with the pinned tools.
pub(crate) fn trunk(verb: &str) -> Result<Command> {
    let [trunk, _] = tools::all()?;
    let folder = trunk.folder().context("Trunk is not installed")?;
    let mut command = Command::new(folder.join(trunk.program));
    command
        .current_dir(workspace::root())
        .arg(verb)
        .arg("--skip-version-check")
        .env("PATH", tools::path()?);
    // Trunk takes the usual `NO_COLOR=1` for an error.
    if env::var_os("NO_COLOR").is_some() {
        command.env_remove("NO_COLOR").args(["--color", "never"]);
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::time::Duration;

    fn project() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_path_buf();
        for input in INPUTS {
            let path = root.join(input);
            let file = if path.extension().is_some() {
                path
            } else {
                path.join("src/main.rs")
            };
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        fs::create_dir_all(root.join("dist")).unwrap();
        (folder, root)
    }

    fn mark(root: &Path, time: SystemTime) {
        let file = File::create(root.join("dist").join(MARK)).unwrap();
        file.set_modified(time).unwrap();
    }

    #[test]
    fn an_app_that_was_never_built_for_release_is_stale() {
        let (_folder, root) = project();
        fs::write(root.join("dist/index.html"), "").unwrap();
        assert!(!is_fresh_in(&root));
    }

    #[test]
    fn every_input_makes_the_app_stale() {
        let (_folder, root) = project();
        let later = SystemTime::now() + Duration::from_mins(1);
        mark(&root, later);
        assert!(is_fresh_in(&root));
        for input in INPUTS {
            let path = root.join(input);
            let file = File::open(&path).unwrap();
            let before = file.metadata().unwrap().modified().unwrap();
            file.set_modified(later + Duration::from_secs(1)).unwrap();
            assert!(!is_fresh_in(&root), "{input}");
            file.set_modified(before).unwrap();
        }
        assert!(is_fresh_in(&root));
    }

    #[test]
    fn a_removed_file_makes_the_app_stale() {
        let (_folder, root) = project();
        let gone = root.join("crates/frontend/src/gone.rs");
        fs::write(&gone, "").unwrap();
        let now = SystemTime::now();
        mark(&root, now + Duration::from_millis(1));
        assert!(is_fresh_in(&root));
        std::thread::sleep(Duration::from_millis(50));
        fs::remove_file(gone).unwrap();
        assert!(!is_fresh_in(&root));
    }
}
