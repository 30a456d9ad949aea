//! `cargo xtask assets`: what Trunk calls after a build. Makes the app small, and says how small it is.

use crate::{process, tools};
use anyhow::{Context as _, Result, bail};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use walkdir::WalkDir;

/// What the first visit may cost over the wire, in bytes: 200 kB (of 1024 bytes). About a second of a slow phone's
/// connection, and twice a bare Leptos app, so that there is room to grow and an alarm when something large slips in.
const FIRST_LOAD_AT_MOST: u64 = 200 * 1024;

/// What a browser fetches before the app is there.
const FIRST_LOAD: [&str; 4] = ["html", "js", "wasm", "css"];

/// What compression makes smaller. Images and fonts are compressed already.
const COMPRESSIBLE: [&str; 10] = [
    "css",
    "html",
    "ico",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// What the compiler may emit today, which wasm-opt before version 110 refuses unless told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Shrinks and compresses the app in the folder that Trunk names. Does nothing for a development build.
pub(crate) fn assets() -> Result<()> {
    let profile = env::var("TRUNK_PROFILE").context("TRUNK_PROFILE is not set: Trunk calls this")?;
    if profile != "release" {
        return Ok(());
    }
    let folder = env::var_os("TRUNK_STAGING_DIR").context("TRUNK_STAGING_DIR is not set")?;
    let folder = PathBuf::from(folder);

    bundle_styles(&folder)?;
    let optimised = optimise_all(&folder)?;
    let files = compress_all(&folder)?;
    print_sizes(&files);
    check(first_load(&files), optimised)
}

/// Makes one stylesheet of those that the page names, in their order: each answer costs its header fields.
fn bundle_styles(folder: &Path) -> Result<()> {
    let page = folder.join("index.html");
    let Ok(mut html) = fs::read_to_string(&page) else {
        return Ok(());
    };
    let mut bundle = String::new();
    let mut place = None;
    for name in styles(&html) {
        let file = folder.join(&name);
        let Some(link) = html.find(&format!("<link href=/{name} rel=stylesheet>")) else {
            continue;
        };
        bundle.push_str(&fs::read_to_string(&file).with_context(|| format!("reading {name}"))?);
        bundle.push('\n');
        html = html.replacen(&format!("<link href=/{name} rel=stylesheet>"), "", 1);
        place.get_or_insert(link);
        fs::remove_file(&file).with_context(|| format!("removing {name}"))?;
    }
    if let Some(place) = place {
        let mut hasher = DefaultHasher::new();
        bundle.hash(&mut hasher);
        let name = format!("style-{:016x}.css", hasher.finish());
        fs::write(folder.join(&name), bundle).with_context(|| format!("writing {name}"))?;
        html.insert_str(place, &format!("<link href=/{name} rel=stylesheet>"));
        fs::write(&page, html).context("writing index.html")?;
    }
    Ok(())
}

/// The stylesheets that a page names, in its order.
fn styles(html: &str) -> Vec<String> {
    html.split("<link href=/")
        .skip(1)
        .filter_map(|rest| rest.split_once(" rel=stylesheet>"))
        .map(|(name, _)| name.to_owned())
        .filter(|name| !name.contains([' ', '>', '/']))
        .collect()
}

/// A file of the app, and what it is in each form.
#[derive(Debug, PartialEq, Eq)]
struct Sizes {
    name: String,
    plain: u64,
    brotli: Option<u64>,
    gzip: Option<u64>,
}

impl Sizes {
    /// Bytes over the wire, to a browser of today.
    fn sent(&self) -> u64 {
        self.brotli.unwrap_or(self.plain)
    }
}

/// Whether wasm-opt did its work on every module.
fn optimise_all(folder: &Path) -> Result<bool> {
    let Some(wasm_opt) = tools::on_path("wasm-opt") else {
        println!("wasm-opt is not there: the app works, but is a larger download. (Debian: apt-get install binaryen)");
        return Ok(false);
    };
    if fs::read_to_string(folder.join("index.html"))?.contains("integrity=") {
        bail!("index.html pins what its files are, and wasm-opt would change them: set no_sri in Trunk.toml");
    }
    let mut all = true;
    for module in files(folder)?.iter().filter(|file| has_extension(file, &["wasm"])) {
        all &= optimise(&wasm_opt, module)?;
    }
    Ok(all)
}

/// Replaces `module` by what wasm-opt makes of it. If it fails or gains nothing, the module stays as it is.
fn optimise(wasm_opt: &Path, module: &Path) -> Result<bool> {
    let optimised = module.with_extension("wasm-opt");
    let outcome = process::run(
        Command::new(wasm_opt)
            .arg("-Oz")
            .args(FEATURES)
            .args(["--strip-debug", "--strip-producers"])
            .arg(module)
            .arg("-o")
            .arg(&optimised),
    );
    let size = |file: &Path| fs::metadata(file).map(|file| file.len());
    let before = size(module)?;
    match outcome.and_then(|()| Ok(size(&optimised)?)) {
        Ok(after) if after > 0 => {
            println!("wasm-opt: {} → {}", kilobytes(before), kilobytes(after));
            if after < before {
                fs::rename(&optimised, module)?;
            } else {
                fs::remove_file(&optimised)?;
            }
            Ok(true)
        }
        failed => {
            println!("wasm-opt failed, so that the app is a larger download: {failed:?}");
            // It may not have come as far as writing it.
            let _ = fs::remove_file(&optimised);
            Ok(false)
        }
    }
}

/// Writes `<file>.br` and `<file>.gz` beside each file that becomes smaller by that.
fn compress_all(folder: &Path) -> Result<Vec<Sizes>> {
    let mut sizes = Vec::new();
    for file in files(folder)? {
        if has_extension(&file, &["br", "gz"]) {
            continue;
        }
        let plain = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        let (mut brotli, mut gzip) = (None, None);
        if has_extension(&file, &COMPRESSIBLE) {
            brotli = keep_if_smaller(&file, "br", &plain, &brotli_of(&plain)?)?;
            gzip = keep_if_smaller(&file, "gz", &plain, &gzip_of(&plain)?)?;
        }
        let name = file.strip_prefix(folder)?.display().to_string();
        sizes.push(Sizes {
            name,
            plain: length(&plain),
            brotli,
            gzip,
        });
    }
    Ok(sizes)
}

fn keep_if_smaller(file: &Path, ending: &str, plain: &[u8], packed: &[u8]) -> Result<Option<u64>> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    if packed.len() >= plain.len() {
        // An earlier call's, if it is there at all: of another content.
        let _ = fs::remove_file(&name);
        return Ok(None);
    }
    fs::write(&name, packed).with_context(|| format!("writing {}", Path::new(&name).display()))?;
    Ok(Some(length(packed)))
}

fn brotli_of(plain: &[u8]) -> Result<Vec<u8>> {
    const BUFFER: usize = 64 * 1024;
    const QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let mut packed = Vec::new();
    CompressorWriter::new(&mut packed, BUFFER, QUALITY, WINDOW).write_all(plain)?;
    Ok(packed)
}

fn gzip_of(plain: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?)
}

fn first_load(files: &[Sizes]) -> u64 {
    files
        .iter()
        .filter(|file| has_extension(Path::new(&file.name), &FIRST_LOAD))
        .map(Sizes::sent)
        .sum()
}

fn check(first_load: u64, optimised: bool) -> Result<()> {
    println!(
        "First load: {} of at most {}",
        kilobytes(first_load),
        kilobytes(FIRST_LOAD_AT_MOST)
    );
    if first_load == 0 {
        bail!("there is nothing to load: Trunk's staging folder has no app in it");
    }
    if first_load > FIRST_LOAD_AT_MOST {
        if optimised {
            bail!(
                "the first load is too large; find out what made it so, before raising the limit in xtask/src/assets.rs"
            );
        }
        println!("This is too large; with wasm-opt it may not be.");
    }
    Ok(())
}

fn print_sizes(files: &[Sizes]) {
    let cell = |size: Option<u64>| size.map_or_else(|| "–".to_owned(), kilobytes);
    println!("{:<44} {:>10} {:>10} {:>10}", "file", "plain", "brotli", "gzip");
    for file in files {
        println!(
            "{:<44} {:>10} {:>10} {:>10}",
            file.name,
            kilobytes(file.plain),
            cell(file.brotli),
            cell(file.gzip)
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people, with one decimal")]
fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1024.0)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
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
    use std::io::Read as _;

    fn app(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder
    }

    #[test]
    fn stylesheets_become_one_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let page =
            "<meta><link href=/b-1.css rel=stylesheet><link href=/a-2.css rel=stylesheet><link href=/x.svg rel=icon>";
        fs::write(folder.path().join("index.html"), page).unwrap();
        fs::write(folder.path().join("b-1.css"), "b{}").unwrap();
        fs::write(folder.path().join("a-2.css"), "a{}").unwrap();
        bundle_styles(folder.path()).unwrap();
        let html = fs::read_to_string(folder.path().join("index.html")).unwrap();
        let names = styles(&html);
        assert_eq!(names.len(), 1);
        assert!(
            html.starts_with("<meta><link href=/style-") && html.ends_with("<link href=/x.svg rel=icon>"),
            "{html}"
        );
        assert_eq!(fs::read_to_string(folder.path().join(&names[0])).unwrap(), "b{}\na{}\n");
        assert!(!folder.path().join("a-2.css").exists());
    }

    #[test]
    fn both_forms_hold_what_the_file_holds() {
        let text = "function hello() { return 'hello'; }\n".repeat(50);
        let folder = app(&[("a/app-0123.js", &text)]);
        let sizes = compress_all(folder.path()).unwrap();

        let read = |ending: &str| fs::read(folder.path().join(format!("a/app-0123.js.{ending}"))).unwrap();
        let (brotli, gzip) = (read("br"), read("gz"));
        let mut unpacked = String::new();
        brotli::Decompressor::new(brotli.as_slice(), 4096)
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        unpacked.clear();
        flate2::read::GzDecoder::new(gzip.as_slice())
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        assert_eq!(
            sizes,
            [Sizes {
                name: "a/app-0123.js".to_owned(),
                plain: length(text.as_bytes()),
                brotli: Some(length(&brotli)),
                gzip: Some(length(&gzip)),
            }]
        );
    }

    #[test]
    fn what_gains_nothing_is_not_written() {
        let long = "a".repeat(1000);
        let folder = app(&[("tiny.css", "a"), ("photo.png", &long)]);
        fs::write(folder.path().join("tiny.css.br"), "of an earlier build").unwrap();
        let sizes = compress_all(folder.path()).unwrap();
        assert!(sizes.iter().all(|file| file.brotli.is_none() && file.gzip.is_none()));
        assert_eq!(files(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn a_second_call_compresses_no_compressed_file() {
        let long = "a".repeat(1000);
        let folder = app(&[("app.css", &long)]);
        let first = compress_all(folder.path()).unwrap();
        assert_eq!(compress_all(folder.path()).unwrap(), first);
        assert_eq!(files(folder.path()).unwrap().len(), 3);
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

    #[test]
    fn a_module_that_wasm_opt_refuses_stays_as_it_is() {
        let folder = app(&[("app_bg.wasm", "not a module")]);
        let module = folder.path().join("app_bg.wasm");
        assert!(!optimise(Path::new("false"), &module).unwrap());
        assert!(!optimise(Path::new("no-such-program-anywhere"), &module).unwrap());
        assert_eq!(fs::read_to_string(&module).unwrap(), "not a module");
        assert_eq!(files(folder.path()).unwrap().len(), 1);
    }
}
