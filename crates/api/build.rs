//! Puts the list of common passwords into a form that is searched where it lies, and builds the server anew when the app
//! that goes into it has changed, or the schema. Says which revision a release is of.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter};
use std::path::Path;
use std::process::Command;

const PASSWORDS: &str = "data/common_passwords.txt.gz";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../migrations");
    println!("cargo::rerun-if-changed={PASSWORDS}");
    // Without links and `..`: what reads the app in a debug build compares paths to the letter, and can only make them so
    // itself if the folder is there already. In a fresh clone it is not.
    let dist = fs::canonicalize("../..")?.join("dist");
    println!("cargo::rustc-env=TASKWARD_DIST_FOLDER={}", dist.display());
    let release = std::env::var("PROFILE")? == "release";
    println!("cargo::rerun-if-env-changed=TASKWARD_REVISION");
    let revision = std::env::var("TASKWARD_REVISION").ok();
    // A debug build is not made anew for each commit.
    let revision = revision.or_else(|| release.then(git_revision).flatten());
    let version = std::env::var("CARGO_PKG_VERSION")?;
    let revision = revision.filter(|revision| !revision.is_empty());
    let version = revision.map_or(version.clone(), |revision| format!("{version} ({revision})"));
    println!("cargo::rustc-env=TASKWARD_VERSION={version}");
    // A debug build reads the app from the disk while it runs.
    if release {
        // Cargo takes a missing path for one that has always just changed.
        fs::create_dir_all(&dist)?;
        // Whoever builds the app has it locked. Where a folder cannot be locked, the app has to be built before.
        let _ = File::open(&dist).and_then(|folder| folder.lock());
        println!("cargo::rerun-if-changed={}", dist.display());
    }
    let out = std::env::var("OUT_DIR")?;
    build_passwords(&Path::new(&out).join("common_passwords.fst"))
}

/// The commit that is checked out, if this is a repository and git is there.
fn git_revision() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        let text = output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).ok())??;
        Some(text.trim().to_owned())
    };
    // What is appended to whenever another commit is checked out, or made. Cargo takes a missing path for one that has changed.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).exists() {
        println!("cargo::rerun-if-changed={log}");
    }
    git(&["rev-parse", "--short=10", "HEAD"])
}

fn build_passwords(out: &Path) -> Result<(), Box<dyn Error>> {
    let lines = BufReader::new(flate2::read::GzDecoder::new(File::open(PASSWORDS)?)).lines();
    let mut set = fst::SetBuilder::new(BufWriter::new(File::create(out)?))?;
    for password in lines {
        set.insert(password?)?;
    }
    set.finish()?;
    Ok(())
}
