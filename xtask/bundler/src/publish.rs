//! Puts a finished app where the server takes it from, while a server may be reading.

use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Makes `into` hold what `folder` holds. The page comes last, so that it never names a file that is not there; a file that is the
/// same already is left alone, and its date with it; what the app no longer has goes away.
/// What changes gets `date`.
pub(crate) fn publish(folder: &Path, into: &Path, date: SystemTime) -> Result<()> {
    fs::create_dir_all(into).with_context(|| format!("making {}", into.display()))?;
    let relative = |folder: &Path| -> Result<BTreeSet<PathBuf>> {
        let files = crate::folder::files(folder)?;
        files
            .iter()
            .map(|file| Ok(file.strip_prefix(folder)?.to_path_buf()))
            .collect()
    };
    let names = relative(folder)?;
    let is_page = |name: &PathBuf| name.to_string_lossy().starts_with("index.html");
    let (pages, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_page(name));
    for name in others.into_iter().chain(pages) {
        let (from, to) = (folder.join(name), into.join(name));
        let bytes = fs::read(&from).with_context(|| format!("reading {}", from.display()))?;
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        // Renamed into place, so that nobody reads a half of it.
        let part = into.join(".part");
        fs::write(&part, bytes)
            .and_then(|()| fs::File::options().write(true).open(&part)?.set_modified(date))
            .and_then(|()| fs::rename(&part, &to))
            .with_context(|| format!("writing {}", to.display()))?;
    }
    for name in relative(into)?.difference(&names) {
        fs::remove_file(into.join(name)).with_context(|| format!("removing {}", name.display()))?;
    }
    // A folder cannot be opened everywhere; only how soon the next build is done depends on its date.
    let _ = fs::File::open(into).and_then(|folder| folder.set_modified(date));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::tests::app;
    use std::time::Duration;

    #[test]
    fn what_changed_is_replaced_and_what_is_gone_removed() {
        let old = app(&[
            ("index.html", "a-1"),
            ("index.html.br", "…"),
            ("a-1.js", "1"),
            ("icon.svg", "same"),
        ]);
        let past = SystemTime::UNIX_EPOCH;
        let icon = fs::File::options()
            .write(true)
            .open(old.path().join("icon.svg"))
            .unwrap();
        icon.set_modified(past).unwrap();
        let new = app(&[("index.html", "a-2"), ("a-2.js", "2"), ("icon.svg", "same")]);

        let date = past + Duration::from_secs(1);
        publish(new.path(), old.path(), date).unwrap();
        let files = crate::folder::files(old.path()).unwrap();
        let names: Vec<_> = files
            .iter()
            .map(|file| file.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["a-2.js", "icon.svg", "index.html"]);
        assert_eq!(fs::read_to_string(old.path().join("index.html")).unwrap(), "a-2");
        let icon = fs::metadata(old.path().join("icon.svg")).unwrap();
        assert_eq!(icon.modified().unwrap(), past, "it was the same already");
        for changed in ["a-2.js", ""] {
            assert_eq!(
                fs::metadata(old.path().join(changed)).unwrap().modified().unwrap(),
                date
            );
        }
    }
}
