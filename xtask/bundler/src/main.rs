//! Makes the app's files of `index.html`, what the page names, and the module that the linker made of the crate.
//!
//! `index.html` is Trunk's: its `data-trunk` elements say what the app is made of, to `trunk serve` as well as to this program.

#![expect(
    clippy::print_stdout,
    reason = "telling a person in a terminal what happens is this program's purpose"
)]

mod assets;
mod compress;
mod folder;
mod module;
mod names;
mod page;
mod publish;
mod sections;
mod shrink;
mod split;
mod tables;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use compress::Sizes;
use folder::{has_extension, kilobytes};
use page::{Asset, Part};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// What the first visit may cost over the wire before a build fails, in bytes.
const FIRST_LOAD_AT_MOST: u64 = 300 * 1000;

/// What a browser fetches before the app is there.
const FIRST_LOAD: [&str; 4] = ["html", "js", "wasm", "css"];

/// How the name of what is fetched later ends.
const LATER: &str = "_second.wasm";

/// Bundles the app: the page, its stylesheets and scripts, and the WebAssembly modules. `cargo xtask` calls this.
#[derive(Parser)]
struct Options {
    /// The page, which names what the app is made of
    #[arg(long)]
    page: PathBuf,
    /// The module as the linker made it
    #[arg(long)]
    module: PathBuf,
    /// The folder for the app's files; what else is in it is removed
    #[arg(long)]
    into: PathBuf,
    /// How old what changes is to be, in nanoseconds since 1970
    #[arg(long)]
    date: u64,
    /// Small, compressed and checked, as it ships
    #[arg(long)]
    release: bool,
}

fn main() -> ExitCode {
    match bundle(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(options: &Options) -> Result<()> {
    let source = options.page.parent().context("the page lies in no folder")?;
    let html = fs::read_to_string(&options.page).with_context(|| format!("reading {}", options.page.display()))?;
    let parts = page::read(&html).with_context(|| format!("reading {}", options.page.display()))?;
    let program = check_module(&parts, options)?;

    // Beside the module, so that nobody serves what is not done yet.
    let folder = options.module.with_extension("bundle");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;

    let linked = fs::read(&options.module).with_context(|| format!("reading {}", options.module.display()))?;
    let app = if options.release && split::is_wanted(&linked) {
        split::split(&linked, program, &folder)?
    } else {
        module::bind(linked, program, &folder, options.release)?
    };
    let optimised = options.release && module::optimise_all(&folder)?;
    let app = app.named_by_contents(&folder)?;
    assets::write(&parts, &app, source, &folder, options.release)?;
    if options.release {
        module::refuse_paths(&folder)?;
        let sizes = compress::compress_all(&folder)?;
        compress::print_sizes(&sizes);
        let later = sizes.iter().find(|file| file.name.ends_with(LATER));
        if let Some(later) = later {
            println!("Fetched later: {}", kilobytes(later.sent()));
        }
        check_size(first_load(&sizes), optimised && later.is_some())?;
    }
    publish::publish(
        &folder,
        &options.into,
        SystemTime::UNIX_EPOCH + Duration::from_nanos(options.date),
    )?;
    fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))
}

/// The app's program. Fails if the page means another one, or another profile of Cargo's, than the module is of.
fn check_module<'a>(parts: &[Part<'a>], options: &Options) -> Result<&'a str> {
    let apps = parts.iter().filter_map(|part| match part {
        Part::Asset(Asset::App { program, profile }) => Some((*program, *profile)),
        _ => None,
    });
    let [(program, profile)] = apps.collect::<Vec<_>>()[..] else {
        bail!("the page must have exactly one <link data-trunk rel=\"rust\">");
    };
    let profile = if options.release { profile } else { "debug" };
    let meant = Path::new(profile).join(program).with_extension("wasm");
    if !options.module.ends_with(&meant) {
        bail!(
            "the page means {}, and not {}",
            meant.display(),
            options.module.display()
        );
    }
    Ok(program)
}

fn first_load(files: &[Sizes]) -> u64 {
    files
        .iter()
        .filter(|file| has_extension(Path::new(&file.name), &FIRST_LOAD) && !file.name.ends_with(LATER))
        .map(Sizes::sent)
        .sum()
}

fn check_size(first_load: u64, whole: bool) -> Result<()> {
    println!(
        "First load: {} of at most {}",
        kilobytes(first_load),
        kilobytes(FIRST_LOAD_AT_MOST)
    );
    if first_load == 0 {
        bail!("there is nothing to load: the app has no files");
    }
    if first_load > FIRST_LOAD_AT_MOST {
        if whole {
            bail!(
                "the first load is too large; find out what made it so, before raising the limit in xtask/bundler/src/main.rs"
            );
        }
        println!("This is too large; with wasm-opt and --features split it may not be.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(check_size(FIRST_LOAD_AT_MOST, true).is_ok());
        assert!(check_size(FIRST_LOAD_AT_MOST + 1, true).is_err());
        assert!(check_size(FIRST_LOAD_AT_MOST + 1, false).is_ok());
        assert!(check_size(0, true).is_err());
    }

    #[test]
    fn a_module_of_another_profile_is_refused() {
        let parts =
            page::read(r#"<link data-trunk rel="rust" data-bin="a" data-cargo-profile-release="small">"#).unwrap();
        let of = |module: &str, release| {
            let options = Options {
                page: PathBuf::new(),
                module: PathBuf::from(module),
                into: PathBuf::new(),
                date: 0,
                release,
            };
            check_module(&parts, &options).is_ok()
        };
        assert!(of("target/wasm32/small/a.wasm", true));
        assert!(of("target/wasm32/debug/a.wasm", false));
        assert!(!of("target/wasm32/debug/a.wasm", true));
        assert!(!of("target/wasm32/small/b.wasm", true));
        assert!(
            check_module(
                &[],
                &Options::parse_from(["", "--page=a", "--module=b", "--into=c", "--date=0"])
            )
            .is_err()
        );
    }
}
