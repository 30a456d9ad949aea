//! What has to be there of Rust itself: the WebAssembly target, and for the checks rustfmt and Clippy.

use super::step::{Purpose, Step};
use crate::process;
use crate::tools;
use anyhow::{Context as _, Result};
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn missing(purpose: Purpose) -> Result<Vec<Step>> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let printed = process::output(Command::new(rustc).args([
        "--print",
        "sysroot",
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]));
    let printed = printed.context("rustc does not say where its libraries are")?;
    let mut lines = printed.lines().map(Path::new);
    let sysroot = lines.next().context("rustc printed nothing")?;
    let libraries = lines.next().context("rustc printed one line only")?;

    let mut steps = Vec::new();
    if !has_core(libraries) {
        steps.push(step(format!("Rust's {TARGET} target"), ["target", "add", TARGET]));
    }
    if purpose == Purpose::Test {
        for (component, program) in [("rustfmt", "rustfmt"), ("clippy", "cargo-clippy")] {
            let there = sysroot.join("bin").join(program).is_file();
            // A Rust that rustup does not manage has them elsewhere.
            if !there && (has_rustup() || tools::on_path(program).is_none()) {
                steps.push(step(component.to_owned(), ["component", "add", component]));
            }
        }
    }
    Ok(steps)
}

fn has_core(libraries: &Path) -> bool {
    fs::read_dir(libraries).into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    })
}

fn has_rustup() -> bool {
    tools::on_path("rustup").is_some()
}

fn step(what: String, arguments: [&'static str; 3]) -> Step {
    Step {
        what,
        takes: "some seconds",
        by_hand: format!(
            "rustup {}\n    (a Rust from elsewhere than rustup: see its own documentation, or use https://rustup.rs)",
            arguments.join(" ")
        ),
        install: Box::new(move || process::run(Command::new("rustup").args(arguments))),
        optional: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_there_when_its_core_library_is() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_core(folder.path()));
        assert!(!has_core(&folder.path().join("absent")));
        fs::write(folder.path().join("libcore-0123.rlib"), "").unwrap();
        assert!(has_core(folder.path()));
    }
}
