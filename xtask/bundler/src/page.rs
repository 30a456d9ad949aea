//! Reads `index.html`: plain HTML, and between it the elements that Trunk replaces, marked `data-trunk`.
//!
//! It knows of Trunk's elements those that the page has, and refuses every other one: what `trunk serve` would take into the app,
//! and this program not, would be missing only where it ships.

use anyhow::{Context as _, Result, bail};

/// A piece of the page, in its order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// HTML that stays.
    Html(&'a str),
    /// An element that something else takes the place of.
    Asset(Asset<'a>),
}

/// Something that the app is made of. Paths are relative to the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asset<'a> {
    /// A stylesheet.
    Style { path: &'a str },
    /// A script that runs as it is, with its element's further attributes.
    Script { path: &'a str, attributes: Attributes<'a> },
    /// The page's icon, with its element's further attributes.
    Icon { path: &'a str, attributes: Attributes<'a> },
    /// A file that keeps its name.
    Copy { path: &'a str },
    /// The crate: its program, and the profile of Cargo's that ships.
    App { program: &'a str, profile: &'a str },
}

/// Names and values as the page has them.
pub(crate) type Attributes<'a> = Vec<(&'a str, &'a str)>;

const MARK: &str = "data-trunk";

/// The page in its pieces.
pub(crate) fn read(html: &str) -> Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    // What was not handed out yet, and within it what was not looked at yet.
    let (mut begin, mut at) = (0, 0);
    while let Some(found) = html.get(at..).and_then(|rest| rest.find('<')) {
        let open = at + found;
        let rest = html.get(open..).unwrap_or_default();
        if rest.starts_with("<!--") {
            at = open + rest.find("-->").context("a comment has no end")? + "-->".len();
            continue;
        }
        if !rest
            .get(1..)
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()))
        {
            at = open + 1;
            continue;
        }
        let tag = Tag::read(rest)
            .with_context(|| format!("line {}", html.get(..open).unwrap_or_default().lines().count()))?;
        at = open + tag.length;
        if tag.get(MARK).is_some() {
            parts.push(Part::Html(html.get(begin..open).unwrap_or_default()));
            parts.push(Part::Asset(tag.asset()?));
            if tag.name == "script" {
                let end = "</script>";
                if !html.get(at..).is_some_and(|rest| rest.starts_with(end)) {
                    bail!("a script marked {MARK} has a text of its own");
                }
                at += end.len();
            }
            begin = at;
        }
    }
    parts.push(Part::Html(html.get(begin..).unwrap_or_default()));
    Ok(parts)
}

/// The beginning of an element.
struct Tag<'a> {
    name: &'a str,
    attributes: Attributes<'a>,
    length: usize,
}

impl<'a> Tag<'a> {
    fn read(html: &'a str) -> Result<Self> {
        let is_space = |character: char| character.is_ascii_whitespace() || character == '/';
        let inner = html.strip_prefix('<').context("no element begins here")?;
        let (name, mut rest) = split_before(inner, |c| is_space(c) || c == '>');
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(is_space);
            if let Some(after) = rest.strip_prefix('>') {
                return Ok(Self {
                    name,
                    attributes,
                    length: html.len() - after.len(),
                });
            }
            let (attribute, after) = split_before(rest, |c| is_space(c) || c == '>' || c == '=');
            if attribute.is_empty() {
                bail!("<{name} has no end");
            }
            rest = after;
            let mut value = "";
            if let Some(after) = rest.trim_start().strip_prefix('=') {
                let after = after.trim_start();
                (value, rest) = match after.chars().next() {
                    Some(quote @ ('"' | '\'')) => after
                        .get(1..)
                        .and_then(|inner| inner.split_once(quote))
                        .with_context(|| format!("the value of {attribute} has no end"))?,
                    _ => split_before(after, |c| c.is_ascii_whitespace() || c == '>'),
                };
            }
            attributes.push((attribute, value));
        }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let attribute = self.attributes.iter().find(|(attribute, _)| *attribute == name);
        attribute.map(|(_, value)| *value)
    }

    fn need(&self, name: &str) -> Result<&'a str> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .with_context(|| format!("<{} {MARK}> has no {name}", self.name))
    }

    fn asset(&self) -> Result<Asset<'a>> {
        let rel = self.get("rel").unwrap_or_default();
        let (asset, known): (_, &[&str]) = match (self.name, rel) {
            ("link", "css") => (
                Asset::Style {
                    path: self.need("href")?,
                },
                &["rel", "href"],
            ),
            ("link", "copy-file") => (
                Asset::Copy {
                    path: self.need("href")?,
                },
                &["rel", "href"],
            ),
            ("link", "icon") => {
                let attributes = self.without(&[MARK, "href"]);
                let path = self.need("href")?;
                (Asset::Icon { path, attributes }, &["rel", "href", "type", "sizes"])
            }
            ("link", "rust") => {
                let (program, profile) = (self.need("data-bin")?, self.need("data-cargo-profile-release")?);
                // Whether Trunk shall call wasm-opt, which is done here.
                let known = &["rel", "data-bin", "data-cargo-profile-release", "data-wasm-opt"];
                (Asset::App { program, profile }, known)
            }
            ("script", "") => {
                let attributes = self.without(&[MARK, "src"]);
                let path = self.need("src")?;
                (Asset::Script { path, attributes }, &["src", "type", "async", "defer"])
            }
            (name, rel) => bail!("<{name} {MARK} rel=\"{rel}\"> is nothing that this program knows"),
        };
        let mut names = self.attributes.iter().map(|(name, _)| *name);
        if let Some(unknown) = names.find(|name| *name != MARK && !known.contains(name)) {
            bail!(
                "<{} {MARK} rel=\"{rel}\"> has {unknown}, which this program does not know",
                self.name
            );
        }
        Ok(asset)
    }

    fn without(&self, names: &[&str]) -> Attributes<'a> {
        let kept = self.attributes.iter().filter(|(name, _)| !names.contains(name));
        kept.copied().collect()
    }
}

/// The text before the first character that fits, and the rest.
fn split_before(text: &str, fits: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(fits).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_taken_out_in_its_order() {
        let html = "<head><script data-trunk src=\"a.js\"></script>\n<link data-trunk rel=css href='b.css'/>\
                    <link rel=\"manifest\" href=\"/c\"><link data-trunk rel=\"icon\" type=\"image/svg+xml\" href=\"d.svg\">\
                    <link data-trunk rel=\"copy-file\" href=\"e\"><link data-trunk rel=\"rust\" data-bin=\"f\" \
                    data-cargo-profile-release=\"g\" data-wasm-opt=\"0\"></head>";
        let parts = read(html).unwrap();
        let expected = [
            Part::Html("<head>"),
            Part::Asset(Asset::Script {
                path: "a.js",
                attributes: vec![],
            }),
            Part::Html("\n"),
            Part::Asset(Asset::Style { path: "b.css" }),
            Part::Html("<link rel=\"manifest\" href=\"/c\">"),
            Part::Asset(Asset::Icon {
                path: "d.svg",
                attributes: vec![("rel", "icon"), ("type", "image/svg+xml")],
            }),
            Part::Html(""),
            Part::Asset(Asset::Copy { path: "e" }),
            Part::Html(""),
            Part::Asset(Asset::App {
                program: "f",
                profile: "g",
            }),
            Part::Html("</head>"),
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn a_page_without_marks_stays_as_it_is() {
        for html in ["", "<p>1 < 2</p>", "<!-- <link data-trunk rel=\"css\"> --><p class=a>"] {
            assert_eq!(read(html).unwrap(), [Part::Html(html)]);
        }
    }

    #[test]
    fn what_trunk_knows_and_this_program_does_not_is_refused() {
        for html in [
            "<link data-trunk rel=\"sass\" href=\"a.scss\">",
            "<link data-trunk rel=\"css\" href=\"a.css\" data-inline>",
            "<link data-trunk rel=\"css\">",
            "<link data-trunk rel=\"rust\" data-bin=\"a\">",
            "<script data-trunk src=\"a.js\">go()</script>",
            "<script data-trunk>go()</script>",
            "<link data-trunk rel=\"css\" href=\"a.css",
            "<link data-trunk rel=\"css\"",
            "<!-- no end",
        ] {
            assert!(read(html).is_err(), "{html}");
        }
    }
}
