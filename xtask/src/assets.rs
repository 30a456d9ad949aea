//! `cargo xtask assets`: what Trunk calls after a build. Makes the app small, and says how small it is.

mod compress;
mod module;
mod names;
mod sections;
mod split;
mod styles;
mod tables;

use self::compress::Sizes;
use crate::spa;
use anyhow::{Context as _, Result, bail};
use std::env;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What the first visit may cost over the wire before a build fails, in bytes.
const FIRST_LOAD_AT_MOST: u64 = 300 * 1000;

/// What a browser fetches before the app is there.
const FIRST_LOAD: [&str; 4] = ["html", "js", "wasm", "css"];

/// How the name of what is fetched later ends.
const LATER: &str = "_second.wasm";

/// Shrinks and compresses the app in the folder that Trunk names. Does nothing for a development build.
pub(crate) fn assets() -> Result<()> {
    let profile = env::var("TRUNK_PROFILE").context("TRUNK_PROFILE is not set: Trunk calls this")?;
    if profile != "release" {
        return Ok(());
    }
    let folder = env::var_os("TRUNK_STAGING_DIR").context("TRUNK_STAGING_DIR is not set")?;
    let folder = PathBuf::from(folder);

    styles::bundle(&folder)?;
    split::split(&folder)?;
    let optimised = module::optimise_all(&folder)?;
    let told = module::refuse_paths(&folder);
    // Whoever runs Trunk by hand has an app that works, but is not for others.
    if env::var_os(spa::COMPILER_FLAGS).is_some() {
        told?;
    } else if let Err(error) = told {
        println!("warning: {error:#}");
    }
    let files = compress::compress_all(&folder)?;
    compress::print_sizes(&files);
    let later = files.iter().find(|file| file.name.ends_with(LATER));
    if let Some(later) = later {
        println!("Fetched later: {}", kilobytes(later.sent()));
    }
    check(first_load(&files), optimised && later.is_some())
}

fn first_load(files: &[Sizes]) -> u64 {
    files
        .iter()
        .filter(|file| has_extension(Path::new(&file.name), &FIRST_LOAD) && !file.name.ends_with(LATER))
        .map(Sizes::sent)
        .sum()
}

fn check(first_load: u64, whole: bool) -> Result<()> {
    println!(
        "First load: {} of at most {}",
        kilobytes(first_load),
        kilobytes(FIRST_LOAD_AT_MOST)
    );
    if first_load == 0 {
        bail!("there is nothing to load: Trunk's staging folder has no app in it");
    }
    if first_load > FIRST_LOAD_AT_MOST {
        if whole {
            bail!(
                "the first load is too large; find out what made it so, before raising the limit in xtask/src/assets.rs"
            );
        }
        println!("This is too large; with wasm-opt and --features split it may not be.");
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "for people, with one decimal")]
fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extensions.contains(&extension))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter(|entry| entry.as_ref().map_or(true, |entry| entry.file_type().is_file()))
        .map(|entry| Ok(entry?.into_path()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder with these files.
    pub(super) fn app(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder
    }

    #[test]
    fn the_first_load_is_page_script_module_and_style_as_sent() {
        let file = |name: &str, plain, brotli| Sizes {
            name: name.to_owned(),
            plain,
            brotli,
            gzip: Some(1),
        };
        let files = [
            file("index.html", 100, Some(50)),
            file("app.js", 100, None),
            file("app_bg.wasm", 1000, Some(300)),
            file("app_second.wasm", 500, Some(150)),
            file("app.css", 40, Some(7)),
            file("icon.svg", 9000, Some(9000)),
        ];
        assert_eq!(first_load(&files), 457);
    }

    #[test]
    fn the_limit_holds() {
        assert!(check(FIRST_LOAD_AT_MOST, true).is_ok());
        assert!(check(FIRST_LOAD_AT_MOST + 1, true).is_err());
        assert!(check(FIRST_LOAD_AT_MOST + 1, false).is_ok());
        assert!(check(0, true).is_err());
    }
}
