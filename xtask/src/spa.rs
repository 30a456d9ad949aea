//! Building the single-page app, and telling whether that is needed: Cargo compiles it, and the bundler (`xtask/bundler`) makes of
//! the linker's module and index.html the files that are served.

use crate::{process, workspace};
use anyhow::{Context as _, Result};
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use toml::Table;
use walkdir::WalkDir;

/// What the app is built from, relative to the workspace.
const INPUTS: [&str; 7] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "crates/frontend",
    "crates/shared",
    "xtask/bundler",
    "xtask/src/spa.rs",
];

/// A file that only a whole release build leaves behind: a development build sweeps it away.
const MARK: &str = "index.html.br";

const TARGET: &str = "wasm32-unknown-unknown";

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

/// How the app is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Quickly, and able to be debugged.
    Development,
    /// As it ships.
    Release,
}

impl Kind {
    /// The folder of Cargo's for the profile. The bundler compares it with what index.html says.
    fn folder(self) -> &'static str {
        match self {
            Self::Development => "debug",
            Self::Release => "wasm-release",
        }
    }
}

/// Builds the app for release, unless that is done. Needs the set-up.
pub(crate) fn build() -> Result<()> {
    if is_fresh() {
        println!("The app in dist is up to date.");
        return Ok(());
    }
    process::run(workspace::cargo().args(["build", "--package", "bundler"]))?;
    build_with_bundler()
}

/// The same, if the bundler is built already.
pub(crate) fn build_with_bundler() -> Result<()> {
    if is_fresh() {
        println!("The app in dist is up to date.");
        return Ok(());
    }
    println!("Building the app (a minute or two; the first time several) …");
    let app = Unfinished::begin()?;
    process::run(&mut compile(Kind::Release)?)?;
    app.finish()
}

/// Builds the app quickly. Needs the bundler.
pub(crate) fn build_for_development() -> Result<()> {
    process::run(&mut compile(Kind::Development)?)?;
    bundle(Kind::Development, SystemTime::now())
}

/// A release build that is under way. As long as it is, `dist` is locked: the build script of a server that takes the app in waits
/// for that.
pub(crate) struct Unfinished {
    start: SystemTime,
    _lock: File,
}

impl Unfinished {
    /// Locks `dist`.
    pub(crate) fn begin() -> Result<Self> {
        let dist = workspace::dist();
        fs::create_dir_all(&dist).with_context(|| format!("making {}", dist.display()))?;
        let lock = File::open(&dist).with_context(|| format!("opening {}", dist.display()))?;
        lock.lock().context("waiting for another build of the app")?;
        let start = SystemTime::now();
        // The folder changes, or Cargo would take a server with the app as it was for one that is up to date.
        let trace = dist.join(".building");
        fs::write(&trace, "")
            .and_then(|()| fs::remove_file(&trace))
            .context("changing dist")?;
        Ok(Self { start, _lock: lock })
    }

    /// Bundles what was compiled.
    pub(crate) fn finish(self) -> Result<()> {
        // What was changed during the build may not be in it: the app is as old as the build's beginning. So does Cargo not take it
        // for newer than a server that has waited for it.
        bundle(Kind::Release, self.start)?;
        let mark = workspace::dist().join(MARK);
        let dated = File::options()
            .write(true)
            .open(&mark)
            .and_then(|file| file.set_modified(self.start));
        dated.with_context(|| format!("dating {}", mark.display()))
    }
}

/// What has Cargo compile the app.
pub(crate) fn compile(kind: Kind) -> Result<Command> {
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--package", "frontend", "--target", TARGET]);
    if kind == Kind::Release {
        cargo.args(["--profile", kind.folder(), "--features", "split"]);
    }
    cargo.env(COMPILER_FLAGS, compiler_flags()?);
    Ok(cargo)
}

/// Makes of what was compiled the files that the server serves, as old as `date`.
fn bundle(kind: Kind, date: SystemTime) -> Result<()> {
    let date = date
        .duration_since(SystemTime::UNIX_EPOCH)
        .context("the clock is before 1970")?;
    let module = workspace::target()?
        .join(TARGET)
        .join(kind.folder())
        .join("frontend.wasm");
    let mut bundler = Command::new(workspace::built("debug", "bundler")?);
    bundler
        .current_dir(workspace::root())
        .args(["--page", "crates/frontend/index.html", "--into", "dist"])
        .arg("--module")
        .arg(module)
        .arg("--date")
        .arg(date.as_nanos().to_string());
    if kind == Kind::Release {
        bundler.arg("--release");
    }
    process::run(&mut bundler)
}

/// Where Cargo takes the compiler's flags from before it looks anywhere else.
const COMPILER_FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

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
