//! The content lines of an iCalendar file (RFC 5545 §3.1), unfolded as bytes: a writer may fold inside a character.

use std::borrow::Cow;

/// Goes through a file line by line, and knows on which one each begins.
pub(super) struct ContentLines<'a> {
    rest: &'a [u8],
    line: u64,
}

impl<'a> ContentLines<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        Self {
            rest: file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file),
            line: 1,
        }
    }

    /// A line as the file has it, without its end.
    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let (line, rest) = match end {
            Some(end) => (
                self.rest.get(..end).unwrap_or_default(),
                self.rest.get(end + 1..).unwrap_or_default(),
            ),
            None => (self.rest, [].as_slice()),
        };
        self.rest = rest;
        self.line += 1;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

impl<'a> Iterator for ContentLines<'a> {
    type Item = (u64, Cow<'a, [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        let number = self.line;
        let mut line = Cow::Borrowed(self.physical()?);
        while matches!(self.rest.first(), Some(b' ' | b'\t')) {
            let folded = self.physical()?;
            line.to_mut().extend_from_slice(folded.get(1..).unwrap_or_default());
        }
        Some((number, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_was_folded_is_whole_again() {
        let file = "A:1\r\nB:gr\u{fc}n\nC:\u{20ac}".as_bytes();
        // Folded between the two bytes of the ü, and within the three of the €.
        let (u, euro) = (file.iter().position(|b| *b == 0xc3).unwrap(), file.len() - 2);
        let folded = [&file[..=u], b"\r\n ", &file[u + 1..euro], b"\n\t", &file[euro..]].concat();
        let lines: Vec<_> = ContentLines::new(&folded)
            .map(|(number, line)| (number, String::from_utf8(line.into_owned()).unwrap()))
            .collect();
        assert_eq!(
            lines,
            [
                (1, "A:1".to_owned()),
                (2, "B:gr\u{fc}n".to_owned()),
                (4, "C:\u{20ac}".to_owned())
            ]
        );
    }
}
