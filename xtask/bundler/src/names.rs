//! Short names between the app's module and its script.
//!
//! wasm-bindgen gives each of the browser's functions a name that ends in a hash, and the name stands in both files. Nothing
//! makes random digits smaller: they were a fiftieth of the first load.

use crate::sections;
use anyhow::{Context as _, Result};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use wasm_encoder::ImportSection;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasmparser::Payload;

/// What all names begin with that wasm-bindgen makes up.
const MADE_UP: &str = "__wb";

/// Gives what `module` takes from `script` short names, in both of them.
pub(crate) fn shorten(module: &Path, script: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let text = fs::read_to_string(script).with_context(|| format!("reading {}", script.display()))?;
    let (bytes, names) = shorten_imports(&bytes).with_context(|| format!("renaming in {}", module.display()))?;
    fs::write(module, bytes).with_context(|| format!("writing {}", module.display()))?;
    fs::write(script, replace_words(&text, &names)).with_context(|| format!("writing {}", script.display()))
}

/// The module with other names for its imports, and which name became which.
fn shorten_imports(bytes: &[u8]) -> Result<(Vec<u8>, HashMap<String, String>)> {
    let mut names = HashMap::new();
    let module = sections::replace(bytes, |payload| {
        let Payload::ImportSection(section) = payload else {
            return Ok(None);
        };
        let mut imports = ImportSection::new();
        for import in section.clone().into_imports() {
            let import = import?;
            let kind = RoundtripReencoder.entity_type(import.ty)?;
            let mut name = import.name;
            if name.starts_with(MADE_UP) {
                let short = format!("_{}", names.len());
                name = names.entry(name.to_owned()).or_insert(short);
            }
            imports.import(import.module, name, kind);
        }
        Ok(Some(imports))
    })?;
    Ok((module, names))
}

/// The script with other words for those in `names`.
fn replace_words(script: &str, names: &HashMap<String, String>) -> String {
    let is_inner = |character: char| character.is_ascii_alphanumeric() || "_$".contains(character);
    let mut replaced = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_inner) {
        let (before, from_word) = rest.split_at(start);
        let end = from_word
            .find(|character| !is_inner(character))
            .unwrap_or(from_word.len());
        let (word, after) = from_word.split_at(end);
        replaced.push_str(before);
        replaced.push_str(names.get(word).map_or(word, String::as_str));
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, Module, TypeSection};
    use wasmparser::Parser;

    #[test]
    fn a_module_and_its_script_agree_on_shorter_names() {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./app.js", "__wbg_log_0123456789abcdef", EntityType::Function(0));
        imports.import("./app.js", "__wbg_log_0123456789abcdef0", EntityType::Function(0));
        imports.import("./app.js", "theirs", EntityType::Function(0));
        module.section(&types).section(&imports);
        let script = "const imports = { __wbg_log_0123456789abcdef: f, __wbg_log_0123456789abcdef0() {}, theirs };";

        let (bytes, names) = shorten_imports(&module.finish()).unwrap();
        let taken: Vec<_> = Parser::new(0)
            .parse_all(&bytes)
            .filter_map(|payload| match payload.unwrap() {
                Payload::ImportSection(section) => Some(section),
                _ => None,
            })
            .flat_map(|section| section.into_imports().map(|import| import.unwrap().name.to_owned()))
            .collect();
        assert_eq!(taken, ["_0", "_1", "theirs"]);
        assert_eq!(
            replace_words(script, &names),
            "const imports = { _0: f, _1() {}, theirs };"
        );
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(shorten_imports(b"not a module").is_err());
    }
}
