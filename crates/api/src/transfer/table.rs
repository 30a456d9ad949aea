//! Tables (CSV) whose first row names the columns, read row by row.

use super::lines::{Lines, has_open_quote};
use super::notes::{Notes, Place};
use csv::{Reader, ReaderBuilder, StringRecord};
use std::collections::HashMap;

/// A table that is being read.
pub(super) struct Table<'a> {
    file: &'a [u8],
    start: usize,
    reader: Reader<&'a [u8]>,
    columns: HashMap<String, usize>,
    lines: Lines<'a>,
    row: StringRecord,
    line: Option<u64>,
}

impl<'a> Table<'a> {
    /// Begins with the row at this byte. `None` if it is no row of a table in UTF-8.
    pub(super) fn open(file: &'a [u8], start: usize) -> Option<Self> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(file.get(start..)?);
        let header = reader.headers().ok()?;
        let columns = header.iter().enumerate();
        let columns = columns
            .map(|(at, name)| (name.trim().to_ascii_lowercase(), at))
            .collect();
        Some(Self {
            file,
            start,
            reader,
            columns,
            lines: Lines::new(file),
            row: StringRecord::new(),
            line: None,
        })
    }

    /// Whether there is a column of this name, in lower case.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// Goes on to the next row, if there is one. Rows that are no text are noted, and a file that ends within one.
    pub(super) fn next(&mut self, notes: &mut Notes) -> bool {
        loop {
            let read = self.reader.read_record(&mut self.row);
            let position = match &read {
                Ok(_) => self.row.position(),
                Err(error) => error.position(),
            };
            let byte = position.and_then(|at| usize::try_from(at.byte()).ok());
            match read {
                Ok(true) => {
                    self.line = byte.map(|byte| self.lines.of(byte + self.start));
                    return true;
                }
                Ok(false) => {
                    if has_open_quote(self.file) {
                        notes.add(
                            &self.place(""),
                            "The file is cut off: a quotation mark is not closed here",
                        );
                    }
                    return false;
                }
                Err(_) => {
                    self.line = byte.map(|byte| self.lines.of(byte + self.start));
                    notes.add(&self.place(""), "The row is not UTF-8 text");
                }
            }
        }
    }

    /// A cell of the row, as it is.
    pub(super) fn cell(&self, column: &str) -> &str {
        let at = self.columns.get(column);
        at.and_then(|at| self.row.get(*at)).unwrap_or_default()
    }

    /// All of the row.
    pub(super) fn whole(&self) -> String {
        self.row.iter().collect::<Vec<_>>().join("\u{1f}")
    }

    /// Where the row is, whose item is called so.
    pub(super) fn place(&self, item: &str) -> Place {
        Place {
            line: self.line,
            item: Some(item.to_owned()).filter(|item| !item.is_empty()),
        }
    }
}
