//! Every file in the forms that browsers take it in, and how large it is in each.

use crate::folder::{files, has_extension, kilobytes};
use anyhow::{Context as _, Result};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write as _;
use std::path::Path;

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

/// A file of the app, and what it is in each form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) name: String,
    pub(crate) plain: u64,
    pub(crate) brotli: Option<u64>,
    pub(crate) gzip: Option<u64>,
}

impl Sizes {
    /// Bytes over the wire, to a browser of today.
    pub(crate) fn sent(&self) -> u64 {
        self.brotli.unwrap_or(self.plain)
    }
}

/// Writes `<file>.br` and `<file>.gz` beside each file that becomes smaller by that.
pub(crate) fn compress_all(folder: &Path) -> Result<Vec<Sizes>> {
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

/// Prints a table.
pub(crate) fn print_sizes(files: &[Sizes]) {
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

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::tests::app;
    use std::io::Read as _;

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
}
