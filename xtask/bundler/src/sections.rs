//! WebAssembly modules, section by section.

use anyhow::{Context as _, Result};
use wasm_encoder::{Module, RawSection, Section};
use wasmparser::{Parser, Payload};

/// The module with other sections where `other` has one; the rest stays as it is, byte by byte.
///
/// # Errors
/// If the bytes are no module, or `other` fails.
pub(crate) fn replace<S: Section>(
    bytes: &[u8],
    mut other: impl FnMut(&Payload<'_>) -> Result<Option<S>>,
) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        if let Some(section) = other(&payload)? {
            module.section(&section);
        } else if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = bytes.get(range).context("a section ends beyond its module")?;
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}
