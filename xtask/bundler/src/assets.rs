//! The files that the page names, under names that hold a hash of their contents, and the page that names them so.

use crate::page::{Asset, Attributes, Part};
use crate::shrink;
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

/// Stands for the hash in the names of the app's own files, which name each other, until all of them are done.
const PLACEHOLDER: &str = "THEHASHOFTHEFILE";

/// The names of the app's own files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct App {
    /// What they all begin with: `frontend-0123456789abcdef`.
    pub(crate) stem: String,
    /// Whether there is a script between two halves of the module.
    pub(crate) is_split: bool,
}

impl App {
    /// An app whose contents are not known yet.
    pub(crate) fn unnamed(program: &str, is_split: bool) -> Self {
        let stem = format!("{program}-{PLACEHOLDER}");
        Self { stem, is_split }
    }

    /// The script that loads the module.
    pub(crate) fn script(&self) -> String {
        format!("{}.js", self.stem)
    }

    /// The module, or its first half.
    pub(crate) fn module(&self) -> String {
        format!("{}_bg.wasm", self.stem)
    }

    /// The script between the halves.
    pub(crate) fn link(&self) -> String {
        format!("{}_link.js", self.stem)
    }

    /// Puts the hash of all of the app's files into their names, and wherever one of them names another one.
    pub(crate) fn named_by_contents(self, folder: &Path) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        let mut contents = Vec::new();
        for file in crate::folder::files(folder)? {
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            bytes.hash(&mut hasher);
            contents.push((file, bytes));
        }
        let hash = format!("{:016x}", hasher.finish());
        for (file, bytes) in contents {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let renamed = file.with_file_name(name.replace(PLACEHOLDER, &hash));
            // Of the same length, so that no number in a module has to change.
            fs::write(&renamed, replace(bytes, PLACEHOLDER.as_bytes(), hash.as_bytes()))
                .with_context(|| format!("writing {}", renamed.display()))?;
            if renamed != file {
                fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))?;
            }
        }
        let stem = self.stem.replace(PLACEHOLDER, &hash);
        Ok(Self { stem, ..self })
    }
}

/// The bytes with `new` wherever they have `old`, which is as long.
fn replace(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut at = 0;
    while let Some(window) = bytes.get_mut(at..at + old.len()) {
        if window == old {
            window.copy_from_slice(new);
        }
        at += 1;
    }
    bytes
}

/// Writes the page into `folder`, and what it names in `source` beside it.
///
/// All stylesheets become one, where the first of them is named: each answer costs its header fields.
pub(crate) fn write(parts: &[Part], app: &App, source: &Path, folder: &Path, release: bool) -> Result<()> {
    let writer = Writer {
        source,
        folder,
        release,
    };
    let mut html = String::new();
    let mut is_styled = false;
    for part in parts {
        match part {
            Part::Html(text) => html += text,
            Part::Asset(Asset::Style { .. }) if is_styled => {}
            Part::Asset(Asset::Style { .. }) => {
                let name = writer.styles(parts)?;
                write!(html, "<link rel=\"stylesheet\" href=\"/{name}\">")?;
                is_styled = true;
            }
            Part::Asset(Asset::Script { path, attributes }) => {
                let text = writer.read(path)?;
                let text = if release { shrink::script(&text) } else { text };
                let name = writer.hashed(path, &text)?;
                write!(html, "<script src=\"/{name}\"{}></script>", written(attributes))?;
            }
            Part::Asset(Asset::Icon { path, attributes }) => {
                let name = writer.hashed(path, &writer.read(path)?)?;
                write!(html, "<link href=\"/{name}\"{}>", written(attributes))?;
            }
            Part::Asset(Asset::Copy { path }) => {
                let to = folder.join(Path::new(path).file_name().context("a file to copy has no name")?);
                fs::copy(source.join(path), to).with_context(|| format!("copying {path}"))?;
            }
            Part::Asset(Asset::App { .. }) => html += &loader(app),
        }
    }
    let html = if release { shrink::html(&html) } else { html };
    fs::write(folder.join("index.html"), html).context("writing index.html")
}

/// What fetches the app's files, all at once, and starts it.
fn loader(app: &App) -> String {
    let (script, module) = (app.script(), app.module());
    let mut html = format!(
        "<link rel=\"preload\" href=\"/{module}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\
         <link rel=\"modulepreload\" href=\"/{script}\" crossorigin>"
    );
    if app.is_split {
        // Writing to a string cannot fail.
        let _ = write!(
            html,
            "<link rel=\"modulepreload\" href=\"/{}\" crossorigin>",
            app.link()
        );
    }
    html + &format!(
        "<script type=\"module\">import init from '/{script}';init({{module_or_path:'/{module}'}})</script>"
    )
}

fn written(attributes: &Attributes) -> String {
    let each = attributes.iter().map(|(name, value)| format!(" {name}=\"{value}\""));
    each.collect()
}

struct Writer<'a> {
    source: &'a Path,
    folder: &'a Path,
    release: bool,
}

impl Writer<'_> {
    fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.source.join(path)).with_context(|| format!("reading {path}"))
    }

    /// Writes all of the page's stylesheets into one file; its name.
    fn styles(&self, parts: &[Part]) -> Result<String> {
        let mut bundle = String::new();
        for part in parts {
            if let Part::Asset(Asset::Style { path }) = part {
                let text = self.read(path)?;
                bundle += &if self.release { shrink::css(&text) } else { text };
                bundle.push('\n');
            }
        }
        self.hashed("style.css", &bundle)
    }

    /// Writes a file under a name that holds a hash of its contents; the name.
    fn hashed(&self, path: &str, text: &str) -> Result<String> {
        let file = Path::new(path)
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(path);
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "txt"));
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let name = format!("{stem}-{:016x}.{extension}", hasher.finish());
        fs::write(self.folder.join(&name), text).with_context(|| format!("writing {name}"))?;
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::tests::app;
    use crate::page;

    /// The names of the files in a folder.
    fn names(folder: &Path) -> Vec<String> {
        let files = crate::folder::files(folder).unwrap();
        files
            .iter()
            .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn an_apps_files_are_named_by_what_all_of_them_hold() {
        let name = |text: &str| {
            let unnamed = App::unnamed("app", true);
            let folder = app(&[
                (&unnamed.script(), &format!("import './{}'; {text}", unnamed.link())),
                (&unnamed.link(), "go()"),
                (&unnamed.module(), &format!("\0asm{PLACEHOLDER}")),
            ]);
            let named = unnamed.named_by_contents(folder.path()).unwrap();
            let script = fs::read_to_string(folder.path().join(named.script())).unwrap();
            assert!(script.contains(&format!("import './{}'", named.link())), "{script}");
            assert_eq!(names(folder.path()).len(), 3);
            assert!(
                fs::read_to_string(folder.path().join(named.module()))
                    .unwrap()
                    .ends_with(&named.stem[4..])
            );
            named.stem
        };
        assert_eq!(name("one"), name("one"));
        assert_ne!(name("one"), name("two"));
        assert_eq!(name("one").len(), "app-0123456789abcdef".len());
    }

    #[test]
    fn the_page_names_what_was_made_of_its_parts() {
        let source = app(&[
            ("theme.js", "// why\ngo();\n"),
            ("style/b.css", "b { c: d; }"),
            ("style/a.css", "a { c: d; }"),
            ("icon.svg", "<svg/>"),
        ]);
        let html = "<head>\n  <script data-trunk src=\"theme.js\"></script>\n  <link data-trunk rel=\"css\" href=\"style/b.css\">\n  \
                    <link data-trunk rel=\"css\" href=\"style/a.css\">\n  <link data-trunk rel=\"icon\" href=\"icon.svg\">\n  \
                    <link data-trunk rel=\"copy-file\" href=\"icon.svg\">\n  \
                    <link data-trunk rel=\"rust\" data-bin=\"app\" data-cargo-profile-release=\"small\">\n</head>";
        let folder = tempfile::tempdir().unwrap();
        let whole = App {
            stem: "app-0a".to_owned(),
            is_split: true,
        };
        write(&page::read(html).unwrap(), &whole, source.path(), folder.path(), true).unwrap();

        let names = names(folder.path());
        let [icon, copy, page, style, script] = &names[..] else {
            panic!("{names:?}");
        };
        assert_eq!((copy.as_str(), page.as_str()), ("icon.svg", "index.html"));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read(style), "b{c:d}\na{c:d}\n");
        assert_eq!(read(script), "go();");
        let expected = format!(
            "<head>\n<script src=\"/{script}\"></script>\n<link rel=\"stylesheet\" href=\"/{style}\">\n\
             <link href=\"/{icon}\" rel=\"icon\">\n{}\n</head>",
            loader(&whole)
        );
        assert_eq!(read("index.html"), expected);
    }

    #[test]
    fn all_of_an_apps_files_are_fetched_early() {
        let mut whole = App {
            stem: "app-0a".to_owned(),
            is_split: false,
        };
        let html = loader(&whole);
        assert!(
            html.contains("modulepreload\" href=\"/app-0a.js\" crossorigin>"),
            "{html}"
        );
        assert!(!html.contains("_link.js"), "{html}");
        whole.is_split = true;
        assert!(loader(&whole).contains("modulepreload\" href=\"/app-0a_link.js\" crossorigin>"));
    }
}
