//! `cargo xtask dist`: a folder with everything that somebody needs who installs Taskward without building it.

mod licenses;
mod sbom;

use crate::metadata::{Metadata, Package};
use crate::setup::{self, Purpose};
use crate::{process, spa, workspace};
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is copied as it is.
const DOCUMENTS: [&str; 4] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "SECURITY.md"];

/// Packages of ours that are in the binary: the server, and the app that it serves.
const SHIPPED: [&str; 2] = ["api", "frontend"];

/// What a shell calls the file of its completions.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "taskward.bash"),
    ("fish", "taskward.fish"),
    ("zsh", "_taskward"),
];

/// Builds the binary as it ships, and puts the folder together.
pub(crate) fn dist() -> Result<()> {
    setup::ensure(Purpose::Build)?;
    spa::build()?;
    let profile = workspace::build_server(false)?;
    let binary = workspace::built(profile, "taskward")?;
    let metadata = Metadata::load()?;
    let packages = metadata.reached(&SHIPPED);
    let server = packages
        .iter()
        .find(|package| package.name == "api")
        .context("there is no server")?;

    let folder = workspace::target()?
        .join("dist")
        .join(format!("taskward-{}-{}", server.version, host()?));
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let name = binary.file_name().context("the binary has no name")?;
    fs::copy(&binary, folder.join(name)).context("copying the binary")?;
    for document in DOCUMENTS {
        fs::copy(workspace::root().join(document), folder.join(document))
            .with_context(|| format!("copying {document}"))?;
    }
    if has_pages(&binary) {
        fs::create_dir(folder.join("completions")).context("making a folder for the completions")?;
        for (shell, file) in COMPLETIONS {
            let printed = printed_by(&binary, &["completions", shell])?;
            write(&folder.join("completions").join(file), &printed)?;
        }
        write(&folder.join("taskward.1"), &printed_by(&binary, &["man"])?)?;
    }
    let foreign: Vec<&Package> = packages
        .iter()
        .copied()
        .filter(|package| package.source.is_some())
        .collect();
    write(&folder.join("THIRD-PARTY-LICENSES.txt"), &licenses::of(&foreign)?)?;
    write(&folder.join("sbom.cdx.json"), &sbom::of(server, &packages, &metadata)?)?;
    write(&folder.join("SHA256SUMS"), &checksums(&folder)?)?;
    println!(
        "{} packages of others are in it. The release is in {}",
        foreign.len(),
        folder.display()
    );
    Ok(())
}

/// Whether the binary can print its manual page and its completions.
fn has_pages(binary: &Path) -> bool {
    let has = |command| process::output(Command::new(binary).args([command, "--help"])).is_some();
    has("completions") && has("man")
}

fn printed_by(binary: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(binary);
    command.args(arguments);
    process::output(&mut command).with_context(|| format!("`{}` failed", process::line(&command)))
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

/// What this machine's programs are built for: `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let printed = process::output(Command::new("rustc").arg("-vV")).context("`rustc -vV` failed")?;
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say what it builds for")?.to_owned())
}

/// The digest of every file below a folder, as `sha256sum --check` takes them.
fn checksums(folder: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    let mut lines = String::new();
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        let name = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        let digest = Sha256::digest(bytes);
        for byte in digest {
            write!(lines, "{byte:02x}")?;
        }
        writeln!(lines, "  {name}")?;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_as_sha256sum_takes_them() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("a"), "abc").unwrap();
        fs::write(folder.path().join("b/c"), "").unwrap();
        // FIPS 180-4's own examples.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n\
                        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b/c\n";
        assert_eq!(checksums(folder.path()).unwrap(), expected);
    }

    #[test]
    fn the_documents_are_there() {
        for document in DOCUMENTS {
            assert!(workspace::root().join(document).is_file(), "{document}");
        }
    }
}
