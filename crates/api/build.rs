//! Puts the list of common passwords into a form that is searched where it lies, and builds the server anew when the app
//! that goes into it has changed, or the schema.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter};
use std::path::Path;

const PASSWORDS: &str = "data/common_passwords.txt.gz";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../migrations");
    println!("cargo::rerun-if-changed={PASSWORDS}");
    // Without links and `..`: what reads the app in a debug build compares paths to the letter, and can only make them so
    // itself if the folder is there already. In a fresh clone it is not.
    let dist = fs::canonicalize("../..")?.join("dist");
    println!("cargo::rustc-env=TASKWARD_DIST_FOLDER={}", dist.display());
    // A debug build reads the app from the disk while it runs.
    if std::env::var("PROFILE")? == "release" {
        // Cargo takes a missing path for one that has always just changed.
        fs::create_dir_all(&dist)?;
        // Whoever builds the app has it locked. Where a folder cannot be locked, the app has to be built before.
        let _ = File::open(&dist).and_then(|folder| folder.lock());
        println!("cargo::rerun-if-changed={}", dist.display());
    }
    let out = std::env::var("OUT_DIR")?;
    build_passwords(&Path::new(&out).join("common_passwords.fst"))
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
