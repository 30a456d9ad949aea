//! Building the single-page app with Trunk, and telling whether that is needed.

use crate::{process, tools, workspace};
use anyhow::{Context as _, Result};
use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use toml::Table;
use walkdir::WalkDir;

/// What the app is built from, relative to the workspace.
const INPUTS: [&str; 9] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/frontend",
    "crates/shared",
    "xtask/src/assets",
    "xtask/src/assets.rs",
    "xtask/src/spa.rs",
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
    process::run(trunk("build")?.args(["--release", "--features", "split"]))?;
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
        .env("PATH", tools::path()?)
        .env(COMPILER_FLAGS, compiler_flags()?);
    // Trunk takes the usual `NO_COLOR=1` for an error.
    if env::var_os("NO_COLOR").is_some() {
        command.env_remove("NO_COLOR").args(["--color", "never"]);
    }
    Ok(command)
}

/// Where Cargo takes the compiler's flags from before it looks anywhere else.
pub(crate) const COMPILER_FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// The flags that the app is compiled with, in the form of `CARGO_ENCODED_RUSTFLAGS`: those of `.cargo/config.toml`,
/// which any variable would otherwise replace, those of `RUSTFLAGS`, and those that keep this machine's paths out of the
/// app, where a panic's message would show them.
fn compiler_flags() -> Result<String> {
    let config =
        fs::read_to_string(workspace::root().join(".cargo/config.toml")).context("reading .cargo/config.toml")?;
    let home = env::home_dir();
    let cargo = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(home.as_ref()?.join(".cargo")));
    // The compiler goes by the last one that fits.
    let folders = [(home, "~"), (cargo, "cargo"), (Some(workspace::root()), ".")];
    let renamed = folders.into_iter().filter_map(|(folder, name)| {
        let folder = folder.filter(|folder| folder.parent().is_some())?;
        Some(format!("--remap-path-prefix={}={name}", folder.display()))
    });
    let asked = env::var("RUSTFLAGS").unwrap_or_default();
    let all = flags_in(&config)?
        .into_iter()
        .chain(asked.split_whitespace().map(str::to_owned))
        .chain(renamed);
    Ok(all.collect::<Vec<_>>().join("\u{1f}"))
}

/// The flags for WebAssembly in Cargo's configuration.
fn flags_in(config: &str) -> Result<Vec<String>> {
    let config: Table = config.parse().context("reading .cargo/config.toml")?;
    let flags = config
        .get("target")
        .and_then(|targets| targets.get("wasm32-unknown-unknown")?.get("rustflags")?.as_array())
        .context(".cargo/config.toml has no rustflags for the app")?;
    Ok(flags
        .iter()
        .filter_map(|flag| flag.as_str())
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn the_app_is_compiled_with_the_configured_flags_and_without_the_machines_paths() {
        let flags = compiler_flags().unwrap();
        let flags: Vec<&str> = flags.split('\u{1f}').collect();
        assert_eq!(flags.get(..2), Some(["--cfg", "erase_components"].as_slice()));
        let cargo = format!("{}=cargo", env::home_dir().unwrap().join(".cargo").display());
        if env::var_os("CARGO_HOME").is_none() {
            assert!(flags.iter().any(|flag| flag.ends_with(&cargo)), "{flags:?}");
        }
        assert!(flags_in("[target.x]").is_err());
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
