//! What is said of a file: what was not understood, and where.

use shared::transfer::NotUnderstood;

/// What was not understood of a file: the first of it, and how much it was.
#[derive(Debug, Default)]
pub struct Notes {
    first: Vec<NotUnderstood>,
    total: u64,
}

/// Where something stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The title or id of the item.
    pub item: Option<String>,
}

impl Notes {
    /// How many are kept.
    pub const KEPT: usize = 200;

    /// Notes something.
    pub fn add(&mut self, place: &Place, message: impl Into<String>) {
        self.total += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(NotUnderstood {
                line: place.line,
                item: place.item.as_deref().map(|item| shortened(item, 100)),
                message: message.into(),
            });
        }
    }

    /// The first ones.
    #[must_use]
    pub fn first(&self) -> &[NotUnderstood] {
        &self.first
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// At most so many characters; what is longer ends with an ellipsis, behind a whole word if there is one near.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let cut: String = text.chars().take(max.saturating_sub(1)).collect();
    let word = cut.rfind(char::is_whitespace).filter(|end| *end > cut.len() / 2);
    let kept = cut.get(..word.unwrap_or(cut.len())).unwrap_or(&cut);
    format!("{}…", kept.trim_end())
}
