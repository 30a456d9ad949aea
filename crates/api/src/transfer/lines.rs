//! The numbers of lines in a file.

/// Whether a quotation mark is not closed: a table that is whole has two of each.
pub(super) fn has_open_quote(file: &[u8]) -> bool {
    file.iter().fold(false, |open, byte| open ^ (*byte == b'"'))
}

/// Tells the lines of places that are asked for from the first to the last, in one go through the file.
pub(super) struct Lines<'a> {
    file: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        Self { file, at: 0, line: 1 }
    }

    /// The line, from 1, of what begins at this byte, or behind the line breaks there.
    pub(super) fn of(&mut self, byte: usize) -> u64 {
        if byte < self.at {
            (self.at, self.line) = (0, 1);
        }
        let behind = self.file.get(byte..).unwrap_or_default();
        let breaks = behind.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let between = self.file.get(self.at..byte.saturating_add(breaks)).unwrap_or_default();
        self.line += between.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.at = byte.saturating_add(breaks);
        self.line
    }
}
