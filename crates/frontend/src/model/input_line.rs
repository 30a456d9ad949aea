//! The input line of quick add, and what of it is to stay words while it is typed on.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What stands in the field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InputLine {
    text: String,
    /// Bytes of the text that mean nothing, since the person has said so.
    as_words: Vec<Range<usize>>,
}

impl InputLine {
    /// A line that nobody has said anything about.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            as_words: Vec::new(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts that stay words, as `shared::quick_add::parse` takes them.
    pub fn as_words(&self) -> &[Range<usize>] {
        &self.as_words
    }

    /// Nothing that would be missed.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The person says that these bytes are words.
    pub fn keep_as_words(&mut self, range: Range<usize>) {
        if self.text.get(range.clone()).is_some_and(|part| !part.is_empty()) {
            self.as_words.push(range);
        }
    }

    /// The person types. What stays words moves along with its text, and is forgotten when that is gone.
    pub fn edit(&mut self, text: String) {
        if !self.as_words.is_empty() {
            let change = change(&self.text, &text);
            self.as_words = self
                .as_words
                .drain(..)
                .filter_map(|range| change.moved(range))
                .collect();
        }
        self.text = text;
    }
}

/// The part in which two texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

impl Change {
    fn moved(&self, range: Range<usize>) -> Option<Range<usize>> {
        let after = |at: usize| at - self.old.end + self.new.end;
        let start = match range.start {
            start if start < self.old.start => start,
            start if start >= self.old.end => after(start),
            // Its beginning was written anew.
            _ => self.new.end,
        };
        let end = match range.end {
            end if end <= self.old.start => end,
            end if end >= self.old.end => after(end),
            _ => self.new.start,
        };
        (start < end).then_some(start..end)
    }
}

/// The smallest change that makes `new` of `old`, in whole characters.
fn change(old: &str, new: &str) -> Change {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let before: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let (old_rest, new_rest) = (
        old.get(before..).unwrap_or_default(),
        new.get(before..).unwrap_or_default(),
    );
    let behind = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same);
    let behind: usize = behind.map(|(c, _)| c.len_utf8()).sum();
    Change {
        old: before..old.len() - behind,
        new: before..new.len() - behind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks the first occurrence of `part`, types, and returns what is marked then.
    fn typed(text: &str, part: &str, then: &str) -> Vec<String> {
        let mut line = InputLine::new(text);
        let at = text.find(part).unwrap();
        line.keep_as_words(at..at + part.len());
        line.edit(then.to_owned());
        line.as_words
            .iter()
            .map(|range| line.text[range.clone()].to_owned())
            .collect()
    }

    #[test]
    fn what_stays_words_moves_with_its_text() {
        for (text, part, then, expected) in [
            ("call tom", "tom", "call tom now", Some("tom")),
            ("call tom", "tom", "please call tom", Some("tom")),
            ("call tom", "tom", "call Ömer, tom", Some("tom")),
            ("see 9am tom", "9am", "see 9:30am tom", Some("9:30am")),
            ("buy sun cream", "sun", "buy sunny cream", Some("sun")),
            ("buy sun cream", "sun", "buy cream", None),
            ("buy sun cream", "sun", "", None),
            ("buy sun cream", "sun", "sell un cream", Some("un")),
            ("buy sun cream", "sun", "buy su", Some("su")),
        ] {
            let expected: Vec<String> = expected.map(str::to_owned).into_iter().collect();
            assert_eq!(typed(text, part, then), expected, "{text} → {then}");
        }
    }

    #[test]
    fn no_edit_leaves_a_range_that_is_none() {
        let texts = [
            "",
            "ä",
            "aä",
            "äa",
            "tom äb tom",
            "tom 🎉 tom",
            "🎉🎊",
            "🎊🎉",
            "tom tom tom",
        ];
        for old in texts {
            for new in texts {
                let mut line = InputLine::new(old);
                for (start, _) in old.char_indices() {
                    line.keep_as_words(start..old.len());
                    line.keep_as_words(0..start);
                }
                line.edit(new.to_owned());
                for range in &line.as_words {
                    assert!(
                        new.get(range.clone()).is_some(),
                        "{range:?} of {new:?}, which was {old:?}"
                    );
                }
            }
        }
    }
}
