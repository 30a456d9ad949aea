//! One stylesheet instead of many.

use anyhow::{Context as _, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

/// Makes one stylesheet of those that the page names, in their order: each answer costs its header fields.
pub(super) fn bundle(folder: &Path) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stylesheets_become_one_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let page =
            "<meta><link href=/b-1.css rel=stylesheet><link href=/a-2.css rel=stylesheet><link href=/x.svg rel=icon>";
        fs::write(folder.path().join("index.html"), page).unwrap();
        fs::write(folder.path().join("b-1.css"), "b{}").unwrap();
        fs::write(folder.path().join("a-2.css"), "a{}").unwrap();
        bundle(folder.path()).unwrap();
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
}
