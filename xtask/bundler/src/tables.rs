//! Mends what wasm-opt does to a module with two tables.

use crate::sections;
use anyhow::Result;
use std::collections::HashMap;
use wasm_encoder::ExportSection;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasmparser::{ExternalKind, Parser, Payload};

/// The optimised module, exporting the tables that it exported before: wasm-opt 108, which Debian 12 has, writes that
/// every exported table is the first one.
pub(crate) fn restore_exports(before: &[u8], after: &[u8]) -> Result<Vec<u8>> {
    let tables = exported_tables(before)?;
    sections::replace(after, |payload| {
        let Payload::ExportSection(section) = payload else {
            return Ok(None);
        };
        let mut exports = ExportSection::new();
        for export in section.clone() {
            let export = export?;
            let index = match export.kind {
                ExternalKind::Table => tables.get(export.name).copied().unwrap_or(export.index),
                _ => export.index,
            };
            exports.export(export.name, RoundtripReencoder.export_kind(export.kind)?, index);
        }
        Ok(Some(exports))
    })
}

/// The exported tables by their names.
fn exported_tables(bytes: &[u8]) -> Result<HashMap<String, u32>> {
    let mut tables = HashMap::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                let export = export?;
                if export.kind == ExternalKind::Table {
                    tables.insert(export.name.to_owned(), export.index);
                }
            }
        }
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{ExportKind, Module, RefType, TableSection, TableType};

    /// A module of two tables, of which the second one is exported under this number.
    fn module(index: u32) -> Vec<u8> {
        let mut tables = TableSection::new();
        for element_type in [RefType::FUNCREF, RefType::EXTERNREF] {
            tables.table(TableType {
                element_type,
                table64: false,
                minimum: 1,
                maximum: None,
                shared: false,
            });
        }
        let mut exports = ExportSection::new();
        exports.export("functions", ExportKind::Table, 0);
        exports.export("references", ExportKind::Table, index);
        Module::new().section(&tables).section(&exports).clone().finish()
    }

    #[test]
    fn a_table_is_exported_as_before() {
        assert_eq!(restore_exports(&module(1), &module(0)).unwrap(), module(1));
        assert_eq!(restore_exports(&module(1), &module(1)).unwrap(), module(1));
    }
}
