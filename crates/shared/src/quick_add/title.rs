//! What is left of a line.

use super::understood::Understood;

/// Punctuation that belongs to the words before it.
const CLOSING: [char; 7] = [',', ';', ':', '.', '!', '?', '…'];
/// Punctuation that only makes sense if more words follow.
const OPEN: [char; 4] = [',', ';', ':', '…'];

/// The words between what was understood, joined by one space. Punctuation that was beside it does not pile up.
pub(super) fn title(line: &str, understood: &[Understood]) -> String {
    let mut title = String::new();
    let mut at = 0;
    let starts = understood.iter().map(|part| part.range.start);
    let ends = understood.iter().map(|part| part.range.end);
    for (end, next) in starts.chain([line.len()]).zip(ends.chain([line.len()])) {
        let words = line.get(at..end).unwrap_or_default();
        push(&mut title, words.trim(), at > 0);
        at = next;
    }
    // Words that end so by themselves keep it.
    if understood
        .last()
        .is_some_and(|part| nothing_follows(line, part.range.end))
    {
        let length = title
            .trim_end_matches(|c: char| OPEN.contains(&c) || c.is_whitespace())
            .len();
        title.truncate(length);
    }
    title
}

/// Whether nothing but punctuation follows.
fn nothing_follows(line: &str, at: usize) -> bool {
    line.get(at..)
        .is_some_and(|rest| rest.chars().all(|c| c.is_whitespace() || CLOSING.contains(&c)))
}

fn push(title: &mut String, words: &str, after_a_chip: bool) {
    let words = if after_a_chip && (title.is_empty() || title.ends_with(OPEN)) {
        words.trim_start_matches(CLOSING).trim_start()
    } else {
        words
    };
    if words.is_empty() {
        return;
    }
    let closes = after_a_chip && words.starts_with(CLOSING);
    if !closes && !title.is_empty() {
        title.push(' ');
    }
    title.push_str(words);
}
