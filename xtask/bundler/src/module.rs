//! The app's WebAssembly module: given its script by wasm-bindgen, made small by wasm-opt, and looked through for what it must not
//! tell.

use crate::assets::App;
use crate::folder::{files, has_extension, kilobytes};
use crate::tables;
use anyhow::{Context as _, Result, bail};
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use wasm_bindgen_cli_support::Bindgen;

/// What the compiler may emit today, which wasm-opt before version 110 refuses unless told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Makes the app of the linker's module as a whole.
pub(crate) fn bind(linked: Vec<u8>, program: &str, folder: &Path, release: bool) -> Result<App> {
    if release {
        println!("The app is one module: it was built without --features split.");
    }
    let app = App::unnamed(program, false);
    bindgen(linked, &app.stem, folder, release)?;
    Ok(app)
}

/// Has wasm-bindgen make the module that browsers take, and the script between it and them.
pub(crate) fn bindgen(module: Vec<u8>, stem: &str, folder: &Path, release: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)?
        .typescript(false)
        .debug(!release)
        .keep_lld_exports(release)
        .input_bytes(stem, module)
        .out_name(stem);
    let mut output = bindgen.generate_output().context("wasm-bindgen refuses the module")?;
    let has_scripts = output.snippets().values().any(|scripts| !scripts.is_empty());
    if has_scripts || !output.local_modules().is_empty() {
        bail!("a crate brings scripts of its own, which would have to be named by their contents first");
    }
    output.emit(folder).context("writing what wasm-bindgen made")
}

/// Whether wasm-opt did its work on every module.
pub(crate) fn optimise_all(folder: &Path) -> Result<bool> {
    let mut all = true;
    for module in modules(folder)? {
        all &= optimise(Path::new("wasm-opt"), &module)?;
    }
    Ok(all)
}

/// Replaces `module` by what wasm-opt makes of it. If it fails or gains nothing, the module stays as it is.
fn optimise(wasm_opt: &Path, module: &Path) -> Result<bool> {
    let optimised = module.with_extension("wasm-opt");
    let outcome = Command::new(wasm_opt)
        // Nothing of Rust's lies in the first 1024 bytes: the stack ends there.
        .args(["-Oz", "--converge", "--low-memory-unused"])
        .args(FEATURES)
        .args(["--strip-debug", "--strip-producers"])
        .arg(module)
        .arg("-o")
        .arg(&optimised)
        .stdin(Stdio::null())
        .status();
    if outcome
        .as_ref()
        .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    {
        println!("wasm-opt is not there: the app works, but is a larger download. (Debian: apt-get install binaryen)");
        return Ok(false);
    }
    let size = |file: &Path| fs::metadata(file).map(|file| file.len());
    let before = size(module)?;
    match outcome.and_then(|status| if status.success() { size(&optimised) } else { Ok(0) }) {
        Ok(after) if after > 0 => {
            println!("wasm-opt: {} → {}", kilobytes(before), kilobytes(after));
            if after < before {
                let mended = tables::restore_exports(&fs::read(module)?, &fs::read(&optimised)?)?;
                fs::write(module, mended)?;
            }
            fs::remove_file(&optimised)?;
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

/// Fails if a module tells where on this machine it was built: a panic's message names its source file, and
/// `cargo xtask` has the compiler shorten those names.
pub(crate) fn refuse_paths(folder: &Path) -> Result<()> {
    let private = private_folders();
    for module in modules(folder)? {
        let bytes = fs::read(&module).with_context(|| format!("reading {}", module.display()))?;
        if let Some(found) = private.iter().find(|path| contains(&bytes, path)) {
            bail!(
                "{} tells that it was built below {found}: the compiler's flags of xtask/src/spa.rs should have prevented that",
                module.display()
            );
        }
    }
    Ok(())
}

/// The folders whose names are nobody else's business: the home folder, and where Cargo keeps sources.
fn private_folders() -> Vec<String> {
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    [env::home_dir(), cargo]
        .into_iter()
        .flatten()
        // Of the root folder every path begins with its name.
        .filter(|folder| folder.parent().is_some())
        .map(|folder| format!("{}/", folder.display()))
        .collect()
}

pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    !text.is_empty() && bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn modules(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = files(folder)?;
    files.retain(|file| has_extension(file, &["wasm"]));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::tests::app;

    #[test]
    fn a_module_that_wasm_opt_refuses_stays_as_it_is() {
        let folder = app(&[("app_bg.wasm", "not a module")]);
        let module = folder.path().join("app_bg.wasm");
        assert!(!optimise(Path::new("false"), &module).unwrap());
        assert!(!optimise(Path::new("no-such-program-anywhere"), &module).unwrap());
        assert_eq!(fs::read_to_string(&module).unwrap(), "not a module");
        assert_eq!(files(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_module_that_tells_where_it_was_built_is_refused() {
        let home = env::home_dir().unwrap();
        let path = home.join(".cargo/registry/src/leptos/lib.rs");
        let folder = app(&[("app_bg.wasm", &format!("\0asm…{}…", path.display()))]);
        let error = refuse_paths(folder.path()).unwrap_err().to_string();
        assert!(error.contains(home.to_str().unwrap()), "{error}");

        let folder = app(&[("app_bg.wasm", "\0asm…cargo/registry/src/leptos/lib.rs…")]);
        assert!(refuse_paths(folder.path()).is_ok());
    }
}
