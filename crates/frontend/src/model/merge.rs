//! Three-way merge: what two people have made of the same thing.

use std::ops::Range;

/// What becomes of a member that was `base` when both began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// Only this side has changed it, or neither, or both in the same way.
    Mine,
    /// Only the other side has changed it.
    Theirs,
    /// Both have, and each in another way: somebody has to decide.
    Ask,
}

/// What becomes of a member that was `base` when both began.
pub fn merge<T: PartialEq + ?Sized>(base: &T, mine: &T, theirs: &T) -> Merged {
    if mine == theirs || base == theirs {
        Merged::Mine
    } else if base == mine {
        Merged::Theirs
    } else {
        Merged::Ask
    }
}

/// Both texts, in at most `max` characters: the one that has the other in it, else one after the other.
pub fn join(mine: &str, theirs: &str, between: &str, max: usize) -> Option<String> {
    let (short_mine, short_theirs) = (mine.trim(), theirs.trim());
    let joined = if mine.contains(short_theirs) {
        mine.to_owned()
    } else if theirs.contains(short_mine) {
        theirs.to_owned()
    } else {
        format!("{short_mine}{between}{short_theirs}")
    };
    (joined.chars().count() <= max).then_some(joined)
}

/// The part of `text` that `other` has not, in whole words.
pub fn changed(text: &str, other: &str) -> Range<usize> {
    let before = ends(text, other).rfind(|at| is_between_words(text, *at) && is_between_words(other, *at));
    let before = before.unwrap_or(0);
    let (rest, other) = (
        text.get(before..).unwrap_or_default(),
        other.get(before..).unwrap_or_default(),
    );
    let from_end = |text: &str, length| is_between_words(text, text.len() - length);
    let behind = lengths(rest, other).rfind(|length| from_end(rest, *length) && from_end(other, *length));
    before..text.len() - behind.unwrap_or(0)
}

/// The places up to which both texts are the same.
fn ends(one: &str, other: &str) -> impl DoubleEndedIterator<Item = usize> {
    same(one.chars(), other.chars())
}

/// The lengths, in bytes, of the ends that both texts have.
fn lengths(one: &str, other: &str) -> impl DoubleEndedIterator<Item = usize> {
    same(one.chars().rev(), other.chars().rev())
}

fn same(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> std::vec::IntoIter<usize> {
    let mut all = vec![0];
    let mut at = 0;
    for (c, _) in one.zip(other).take_while(|(one, other)| one == other) {
        at += c.len_utf8();
        all.push(at);
    }
    all.into_iter()
}

fn is_between_words(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    before.is_empty()
        || after.is_empty()
        || before.ends_with(char::is_whitespace)
        || after.starts_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_both_have_changed_differently_is_asked() {
        for (base, mine, theirs, expected) in [
            ("a", "a", "a", Merged::Mine),
            ("a", "b", "a", Merged::Mine),
            ("a", "a", "b", Merged::Theirs),
            ("a", "b", "b", Merged::Mine),
            ("a", "b", "c", Merged::Ask),
        ] {
            assert_eq!(merge(base, mine, theirs), expected, "{base} {mine} {theirs}");
        }
    }

    #[test]
    fn both_texts_are_kept_once() {
        assert_eq!(join("milk", "eggs", "\n\n", 20).as_deref(), Some("milk\n\neggs"));
        assert_eq!(join("milk and eggs", "eggs", " ", 20).as_deref(), Some("milk and eggs"));
        assert_eq!(join("", "eggs", " ", 20).as_deref(), Some("eggs"));
        assert_eq!(join("milk", "eggs", " ", 8), None);
    }

    #[test]
    fn the_words_that_differ_are_found() {
        for (text, other, expected) in [
            ("buy oat milk now", "buy soy milk now", "oat"),
            ("buy milk", "buy milk now", ""),
            ("buy milk now", "buy milk", " now"),
            ("all new", "completely other", "all new"),
            ("a a a", "a a", " a"),
            ("größer", "größte", "größer"),
        ] {
            assert_eq!(text.get(changed(text, other)), Some(expected), "{text} / {other}");
        }
    }
}
