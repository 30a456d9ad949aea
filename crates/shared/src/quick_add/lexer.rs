//! The lexer: a line as tokens (its words), and what of it is left alone.

use super::vocabulary::{Word, classify};
use std::ops::Range;

/// A word of the line, without the punctuation after it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) range: Range<usize>,
    /// What stands between the word and the next white space.
    pub(super) trail: Trail,
    pub(super) word: Word,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trail {
    None,
    Comma,
    Bang,
    Other,
}

/// Splits a line. What is quoted, and what touches one of `as_words`, means nothing.
pub(super) fn tokens(line: &str, as_words: &[Range<usize>]) -> Vec<Token> {
    let mut barred = merged(as_words).into_iter().peekable();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..) {
        let Some(skipped) = rest.find(|c: char| !c.is_whitespace()) else {
            break;
        };
        let start = at + skipped;
        let end = start + line.get(start..).map_or(0, chunk_length);
        let mut token = line
            .get(start..end)
            .map_or_else(|| plain(start..end), |chunk| token(chunk, start));
        while barred.next_if(|range| range.end <= at).is_some() {}
        if barred.peek().is_some_and(|range| range.start < start)
            && let Some(before) = tokens.last_mut()
        {
            // A range of white space: no phrase goes across it.
            before.trail = Trail::Other;
        }
        while barred.next_if(|range| range.end <= start).is_some() {}
        if barred.peek().is_some_and(|range| range.start < end) {
            token = plain(start..end);
        }
        if tokens
            .last()
            .is_some_and(|before| before.trail == Trail::None && is_cited(before.word, token.word))
        {
            token.word = Word::Plain;
        }
        tokens.push(token);
        at = end;
    }
    tokens
}

/// `chapter 3/4`, `John 3:16`. Times that people write have round minutes more often than verses have.
fn is_cited(before: Word, word: Word) -> bool {
    match word {
        Word::Clock(clock) if clock.pm.is_none() => {
            before == Word::Cited || before == Word::CitedName && clock.minute % 5 != 0
        }
        Word::Slashed(..) => before == Word::Cited,
        _ => false,
    }
}

fn plain(range: Range<usize>) -> Token {
    Token {
        range,
        trail: Trail::None,
        word: Word::Plain,
    }
}

/// Sorted and without overlaps, so that one sweep along the line sees them all.
fn merged(ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    // Put in place one by one: they are few, and a sort would be 1 kB of the app's download.
    let mut sorted: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        let place = sorted.partition_point(|before| before.start <= range.start);
        sorted.insert(place, range.clone());
    }
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The bytes up to the next white space outside of quotes. A quote opens where a word does (`6"` is a length), and one
/// that is not closed yet reaches to the end: whoever types it is about to close it.
fn chunk_length(text: &str) -> usize {
    let inner = text.trim_start_matches(['(', '[', '#', '@']);
    let closing = match inner.chars().next() {
        Some('"') => Some('"'),
        Some('“') => Some('”'),
        Some('„') => Some('“'),
        Some('«') => Some('»'),
        _ => None,
    };
    let quoted = closing.map_or(0, |closing| {
        let opened = text.len() - inner.len() + inner.chars().next().map_or(0, char::len_utf8);
        text.get(opened..)
            .and_then(|rest| rest.find(closing))
            .map_or(text.len(), |length| opened + length + closing.len_utf8())
    });
    text.get(quoted..)
        .and_then(|rest| rest.find(char::is_whitespace))
        .map_or(text.len(), |length| quoted + length)
}

fn token(chunk: &str, start: usize) -> Token {
    let mut core = chunk.trim_end_matches([',', ';', '.', '!', '?', ':', '…']);
    let word = classify(core);
    let abbreviated = matches!(word, Word::Meridiem { .. }) || matches!(word, Word::Month(_)) && core.len() <= 4;
    if let Some(dotted) = chunk
        .get(..=core.len())
        .filter(|dotted| abbreviated && dotted.ends_with('.'))
    {
        core = dotted;
    }
    let trail = match chunk.get(core.len()..) {
        None | Some("") => Trail::None,
        Some(",") => Trail::Comma,
        Some("!") => Trail::Bang,
        Some(_) => Trail::Other,
    };
    Token {
        range: start..start + core.len(),
        trail,
        word,
    }
}
