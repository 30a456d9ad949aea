//! The files of the workspace, as the rules see them.

use super::source::Source;
use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use toml::Table;
use walkdir::{DirEntry, WalkDir};

/// What is made by a build, by the server or by others.
const NOT_OURS: [&str; 5] = ["target", "dist", "data", "node_modules", "fixtures"];

/// What the rules read.
const READ: [&str; 7] = ["css", "html", "js", "md", "rs", "sql", "toml"];

/// Every text file, by its path from the workspace's root, with `/` on every system.
#[derive(Default)]
pub(super) struct Project {
    files: BTreeMap<String, String>,
    sources: BTreeMap<String, Source>,
}

impl Project {
    pub(super) fn load(root: &Path) -> Result<Self> {
        let mut project = Self::default();
        let ours = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !(name.starts_with('.') || NOT_OURS.contains(&name.as_ref()))
        };
        for entry in WalkDir::new(root).into_iter().filter_entry(ours) {
            let entry = entry?;
            let path = entry.path().strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            if !entry.file_type().is_file() || !READ.contains(&extension(&path)) {
                continue;
            }
            let text = fs::read_to_string(entry.path()).with_context(|| format!("reading {path}"))?;
            project.add(&path, text);
        }
        Ok(project)
    }

    pub(super) fn add(&mut self, path: &str, text: String) {
        if extension(path) == "rs" {
            self.sources.insert(path.to_owned(), Source::read(path, &text));
        }
        self.files.insert(path.to_owned(), text);
    }

    pub(super) fn count(&self) -> usize {
        self.files.len()
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust files of a module or folder, given without its extension: `crates/api/src/db` means `db.rs` and `db/`.
    pub(super) fn sources(&self, module: &str) -> impl Iterator<Item = &Source> {
        self.sources.values().filter(move |source| is_in(&source.path, module))
    }

    /// Every Rust file, by its path.
    pub(super) fn all_sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// The manifest of a package, if it is there and can be read.
    pub(super) fn manifest(&self, package: &str) -> Option<Table> {
        self.text(&format!("{package}/Cargo.toml"))?.parse().ok()
    }

    /// The folders of the packages.
    pub(super) fn packages(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| path.strip_suffix("/Cargo.toml"))
    }
}

/// The extension of a file, or nothing.
pub(super) fn extension(path: &str) -> &str {
    Path::new(path)
        .extension()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

/// Whether `path` is of `module`, which is a path without its extension.
pub(super) fn is_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module)
        .is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_its_file_and_its_folder() {
        assert!(is_in("crates/api/src/db.rs", "crates/api/src/db"));
        assert!(is_in("crates/api/src/db/tasks.rs", "crates/api/src/db"));
        assert!(!is_in("crates/api/src/dbx.rs", "crates/api/src/db"));
        assert!(!is_in("crates/api/src/auth.rs", "crates/api/src/db"));
    }

    #[test]
    fn what_a_build_makes_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/a.rs", "target/b.rs", "dist/c.js", ".git/d.md", "e.png"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let project = Project::load(folder.path()).unwrap();
        assert_eq!(project.files().map(|(path, _)| path).collect::<Vec<_>>(), ["src/a.rs"]);
    }
}
