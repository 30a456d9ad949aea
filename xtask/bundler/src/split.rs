//! Cuts the app's WebAssembly module in two, where `crates/frontend/src/lazy.rs` says: what the first page needs, and what
//! is fetched later.

use crate::assets::App;
use crate::{module, names};
use anyhow::{Context as _, Result, anyhow};
use std::fs;
use std::path::Path;
use wasm_split_cli_support::{Options, transform};

/// What only a module that is to be cut has in it.
const MARK: &str = "__wasm_split_load_";

/// Whether the module was compiled with the feature `split`.
pub(crate) fn is_wanted(linked: &[u8]) -> bool {
    module::contains(linked, MARK)
}

/// Makes the app of the linker's module in two halves, with a script between them.
pub(crate) fn split(linked: &[u8], program: &str, folder: &Path) -> Result<App> {
    let app = App::unnamed(program, true);
    let scratch = folder.join("halves");
    fs::create_dir_all(&scratch).context("making a folder for the halves")?;

    let first = scratch.join("first.wasm");
    let (from_script, from_link) = (format!("./{}", app.link()), format!("./{}", app.script()));
    let mut options = Options::new(linked);
    options.output_dir = &scratch;
    options.main_out_path = &first;
    options.link_name = &from_script;
    options.main_module = &from_link;
    let halves = transform(options).map_err(|report| anyhow!("cutting the module: {report:#}"))?;

    let first = fs::read(&first).context("reading the first half")?;
    module::bindgen(first, &app.stem, folder, true)?;
    names::shorten(&folder.join(app.module()), &folder.join(app.script()))?;

    let mut loader = fs::read_to_string(scratch.join(app.link())).context("reading the script between the halves")?;
    for half in &halves.split_modules {
        let name = half.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let hashed = format!("{}_{}", app.stem, name.trim_start_matches("split_"));
        loader = loader.replace(name, &hashed);
        fs::rename(half, folder.join(&hashed)).with_context(|| format!("moving {name} to {hashed}"))?;
    }
    fs::write(folder.join(app.link()), loader).context("writing the script between the halves")?;
    fs::remove_dir_all(&scratch).context("removing the folder of the halves")?;
    Ok(app)
}
