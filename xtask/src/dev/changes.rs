//! Notices which part of the project has changed.

use anyhow::{Context as _, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How long nothing must have changed until a build begins: editors and git write many files, each several times (debounce).
const QUIET: Duration = Duration::from_millis(100);

/// What is watched, from the workspace's root, and which parts are built from it.
const WATCHED: [(&str, Parts); 8] = [
    (".cargo", Parts::ALL),
    ("Cargo.lock", Parts::ALL),
    ("Cargo.toml", Parts::ALL),
    ("crates/api", Parts::SERVER),
    ("crates/frontend", Parts::APP),
    ("crates/shared", Parts::ALL),
    ("migrations/postgres", Parts::SERVER),
    ("migrations/sqlite", Parts::SERVER),
];

/// What is to be built anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) server: bool,
    pub(super) app: bool,
}

impl Parts {
    pub(super) const ALL: Self = Self {
        server: true,
        app: true,
    };
    const SERVER: Self = Self {
        server: true,
        app: false,
    };
    const APP: Self = Self {
        server: false,
        app: true,
    };

    fn and(self, other: Self) -> Self {
        Self {
            server: self.server || other.server,
            app: self.app || other.app,
        }
    }

    fn are_some(self) -> bool {
        self != Self::default()
    }
}

/// Changes since the last look.
pub(super) struct Changes {
    root: PathBuf,
    events: Receiver<notify::Result<Event>>,
    // It watches as long as it is kept.
    _watcher: RecommendedWatcher,
}

impl Changes {
    pub(super) fn watch(root: &Path) -> Result<Self> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender).context("watching for changes")?;
        for (path, _) in WATCHED {
            let path = root.join(path);
            // A file is replaced by editors, and its watch with it: its folder is watched instead.
            let (path, mode) = match path.parent() {
                Some(folder) if path.is_file() => (folder.to_path_buf(), RecursiveMode::NonRecursive),
                _ => (path, RecursiveMode::Recursive),
            };
            watcher
                .watch(&path, mode)
                .with_context(|| format!("watching {}", path.display()))?;
        }
        Ok(Self {
            root: root.to_path_buf(),
            events,
            _watcher: watcher,
        })
    }

    /// What has changed, if something does within `time`; only once all is quiet again.
    pub(super) fn wait(&self, time: Duration) -> Result<Option<Parts>> {
        let mut parts = Parts::default();
        loop {
            let patience = if parts.are_some() { QUIET } else { time };
            match self.events.recv_timeout(patience) {
                Ok(event) => parts = parts.and(self.of(&event.context("watching for changes")?)),
                Err(RecvTimeoutError::Timeout) => return Ok(parts.are_some().then_some(parts)),
                Err(error) => return Err(error).context("watching for changes"),
            }
        }
    }

    fn of(&self, event: &Event) -> Parts {
        if matches!(event.kind, EventKind::Access(_)) {
            return Parts::default();
        }
        let paths = event.paths.iter().filter_map(|path| path.strip_prefix(&self.root).ok());
        paths.map(built_from).fold(Parts::default(), Parts::and)
    }
}

/// What is built from a file.
fn built_from(path: &Path) -> Parts {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // What editors put beside a file while they write it.
    if name.starts_with('.') || name.ends_with('~') || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Parts::default();
    }
    WATCHED
        .iter()
        .find(|(watched, _)| path.starts_with(watched))
        .map_or(Parts::default(), |(_, parts)| *parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_of_the_server_of_the_app_or_of_both() {
        let of = |path: &str| built_from(Path::new(path));
        assert_eq!(of("crates/api/src/main.rs"), Parts::SERVER);
        assert_eq!(of("migrations/sqlite/2026_a/up.sql"), Parts::SERVER);
        assert_eq!(of("crates/frontend/style/base.css"), Parts::APP);
        assert_eq!(of("crates/shared/src/text.rs"), Parts::ALL);
        assert_eq!(of("Cargo.lock"), Parts::ALL);
        for nobodys in [
            "README.md",
            "dist/index.html",
            "crates/api/src/.main.rs.swp",
            "crates/api/src/main.rs~",
            "crates/api/4913",
        ] {
            assert_eq!(of(nobodys), Parts::default(), "{nobodys}");
        }
    }

    #[test]
    fn a_change_is_noticed_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for (path, _) in WATCHED {
            let file = root.join(path);
            if path.contains("Cargo.") {
                fs::write(file, "").unwrap();
            } else {
                fs::create_dir_all(file.join("src")).unwrap();
            }
        }
        let changes = Changes::watch(&root).unwrap();
        fs::write(root.join("README.md"), "of neither").unwrap();
        fs::write(root.join("crates/frontend/src/main.rs"), "a").unwrap();
        fs::write(root.join("crates/frontend/src/main.rs"), "b").unwrap();
        assert_eq!(changes.wait(Duration::from_secs(20)).unwrap(), Some(Parts::APP));
        // Replaced by another file of the same name, as editors do it.
        fs::write(root.join("Cargo.toml.new"), "c").unwrap();
        fs::rename(root.join("Cargo.toml.new"), root.join("Cargo.toml")).unwrap();
        assert_eq!(changes.wait(Duration::from_secs(20)).unwrap(), Some(Parts::ALL));
        assert_eq!(changes.wait(Duration::ZERO).unwrap(), None);
    }
}
