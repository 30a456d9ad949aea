//! What the name of a file says: some programs write a project's name nowhere else.

use super::text;
use shared::text::Name;

/// What a file is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// The name without its ending, and without what a browser appends to a second one of that name.
    pub(super) stem: String,
    /// The list that is called so; none for the Inbox.
    pub(super) list: Option<Name>,
    /// What is behind the last dot.
    pub(super) ending: String,
}

impl FileName {
    /// Takes a name such as `Work [123] (1).csv`: of the project “Work”, which has the id 123, downloaded twice. `None` if
    /// nothing is left of it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if ending.len() <= 5 && !stem.is_empty() => (stem, ending),
            _ => (name, ""),
        };
        let stem = without_number(stem, '(', ')').trim();
        let list = text::name(without_number(stem, '[', ']'));
        let inbox = list
            .as_ref()
            .is_some_and(|list| list.as_str().eq_ignore_ascii_case("inbox"));
        (!stem.is_empty()).then(|| Self {
            stem: stem.to_owned(),
            list: list.filter(|_| !inbox),
            ending: ending.to_owned(),
        })
    }
}

/// The text without a number in such brackets at its end.
fn without_number(text: &str, open: char, close: char) -> &str {
    let text = text.trim_end();
    let inner = text.strip_suffix(close).and_then(|text| text.rsplit_once(open));
    match inner {
        Some((before, number)) if !before.trim().is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => text,
    }
}
