//! Cuts the app's WebAssembly module in two, where `crates/frontend/src/lazy.rs` says: what the first page needs, and what
//! is fetched later.
//!
//! Trunk cannot do this by itself, so that what it made of the linker's module is made again here from the two halves.

use super::{module, names};
use crate::{process, tools, workspace};
use anyhow::{Context as _, Result, anyhow, bail};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_split_cli_support::{Options, transform};

/// Where Cargo leaves the linker's module, below its target folder.
const LINKED: &str = "wasm32-unknown-unknown/wasm-release/frontend.wasm";

/// What only a module that is to be cut has in it.
const MARK: &str = "__wasm_split_load_";

/// Cuts the app in the folder that Trunk names. Leaves one alone that was compiled without the feature `split`.
pub(super) fn split(folder: &Path) -> Result<()> {
    let linked = workspace::target()?.join(LINKED);
    let input = fs::read(&linked).with_context(|| format!("reading {}", linked.display()))?;
    if !module::contains(&input, MARK) {
        println!("The app is one module: it was built without --features split.");
        return Ok(());
    }
    let page = folder.join("index.html");
    let html = fs::read_to_string(&page).context("reading index.html")?;
    let stem = stem(&html).context("index.html loads no module that Trunk has named")?;
    let scratch = folder.join("halves");
    fs::create_dir_all(&scratch).context("making a folder for the halves")?;

    let (link, script) = (format!("{stem}_link.js"), format!("{stem}.js"));
    let mut options = Options::new(&input);
    let first = scratch.join("first.wasm");
    let (from_script, from_link) = (format!("./{link}"), format!("./{script}"));
    options.output_dir = &scratch;
    options.main_out_path = &first;
    options.link_name = &from_script;
    options.main_module = &from_link;
    let halves = transform(options).map_err(|report| anyhow!("cutting the module: {report:#}"))?;

    process::run(
        Command::new(tools::on_path("wasm-bindgen").context("wasm-bindgen is not on PATH")?)
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name"])
            .arg(stem)
            .arg("--out-dir")
            .arg(&scratch)
            .arg(&first),
    )?;
    if scratch.join("snippets").exists() {
        bail!("a crate brings scripts of its own, which Trunk has placed by other names than wasm-bindgen does");
    }
    names::shorten(&scratch.join(format!("{stem}_bg.wasm")), &scratch.join(&script))?;

    let mut loader = fs::read_to_string(scratch.join(&link)).context("reading the script between the halves")?;
    for half in &halves.split_modules {
        let name = half.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let hashed = format!("{stem}_{}", name.trim_start_matches("split_"));
        loader = loader.replace(name, &hashed);
        rename(half, &folder.join(hashed))?;
    }
    fs::write(folder.join(&link), loader).with_context(|| format!("writing {link}"))?;
    for name in [format!("{stem}_bg.wasm"), script] {
        rename(&scratch.join(&name), &folder.join(&name))?;
    }
    fs::remove_dir_all(&scratch).context("removing the folder of the halves")?;
    fs::write(&page, preloading(&html, stem, &link)?).context("writing index.html")
}

/// What Trunk calls the app's files: `frontend-0123456789abcdef` of `frontend-0123456789abcdef_bg.wasm`.
fn stem(html: &str) -> Option<&str> {
    let (before, _) = html.split_once("_bg.wasm")?;
    let (_, stem) = before.rsplit_once('/')?;
    Some(stem)
}

/// The page, asking for the script between the halves as early as for the others.
fn preloading(html: &str, stem: &str, link: &str) -> Result<String> {
    let script = format!("<link crossorigin href=/{stem}.js rel=modulepreload>");
    if !html.contains(&script) {
        bail!("index.html does not preload its script as Trunk 0.21 has it: {script}");
    }
    let both = format!("{script}<link crossorigin href=/{link} rel=modulepreload>");
    Ok(html.replacen(&script, &both, 1))
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("moving {} to {}", from.display(), to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<script type=module>import init from '/app-0a.js';init('/app-0a_bg.wasm')</script>\
                        <link crossorigin href=/app-0a.js rel=modulepreload>";

    #[test]
    fn the_page_names_the_apps_files() {
        assert_eq!(stem(PAGE), Some("app-0a"));
        assert_eq!(stem("<p>nothing"), None);
    }

    #[test]
    fn the_script_between_the_halves_is_fetched_early() {
        let page = preloading(PAGE, "app-0a", "app-0a_link.js").unwrap();
        assert!(
            page.ends_with("<link crossorigin href=/app-0a_link.js rel=modulepreload>"),
            "{page}"
        );
        assert!(preloading("<p>", "app-0a", "app-0a_link.js").is_err());
    }
}
