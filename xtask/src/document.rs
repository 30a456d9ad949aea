//! Putting what was measured into `docs/scaling.md`.

use crate::workspace;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

const DOCUMENT: &str = "docs/scaling.md";

/// Puts the text of a file where the document has what this verb measures.
pub(crate) fn put(verb: &str, file: &Path) -> Result<()> {
    let document = workspace::root().join(DOCUMENT);
    let text = fs::read_to_string(&document).context("reading docs/scaling.md")?;
    let measured = fs::read_to_string(file).context("reading what was measured")?;
    fs::write(document, replaced(&text, verb, &measured)?).context("writing docs/scaling.md")?;
    println!("What was measured is in {DOCUMENT}.");
    Ok(())
}

/// The document with another text between the two lines of this verb.
fn replaced(text: &str, verb: &str, measured: &str) -> Result<String> {
    let begin = format!("<!-- {verb}: what `cargo xtask {verb} --write` puts here -->");
    let end = format!("<!-- {verb}: end -->");
    let parts = text
        .split_once(&begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.with_context(|| format!("{DOCUMENT} has no place for it: {begin} … {end}"))?;
    Ok(format!("{before}{begin}\n\n{}\n\n{end}{after}", measured.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_replaces_what_was_before() {
        let begin = "<!-- x: what `cargo xtask x --write` puts here -->";
        let text = format!("a\n{begin}\nold\n<!-- x: end -->\nb\n");
        let new = replaced(&text, "x", "| x |\n").unwrap();
        assert_eq!(new, format!("a\n{begin}\n\n| x |\n\n<!-- x: end -->\nb\n"));
        assert_eq!(replaced(&new, "x", "| x |\n").unwrap(), new);
        assert!(replaced(&text, "y", "| x |").is_err());
    }

    #[test]
    fn the_document_has_places_for_both() {
        let text = fs::read_to_string(workspace::root().join(DOCUMENT)).unwrap();
        for verb in ["chaos", "scale"] {
            assert!(replaced(&text, verb, "").is_ok(), "{verb}");
        }
    }
}
