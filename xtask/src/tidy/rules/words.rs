//! The rule that what a person reads in the app stands in one place.

use crate::tidy::project::{Project, is_in};
use crate::tidy::rule::Rule;
use crate::tidy::source::{Source, Token};
use crate::tidy::violation::Violation;

pub(super) const WORDS: Rule = Rule {
    name: "words",
    says: "in crates/frontend only words/ and dates/ have sentences; elsewhere a string that people read is a label: six words \
           at most, without the punctuation of a sentence, whole, and nothing is put into it",
    reason: "what the app says is read and corrected in one place, and plurals and quotes are done once",
    check: words,
};

/// Where a person's words are: sentences, and dates as people say them.
const HOME: [&str; 2] = ["crates/frontend/src/words", "crates/frontend/src/dates"];

/// How many words a label may have.
const LABEL: usize = 6;

fn words(project: &Project) -> Vec<Violation> {
    project
        .sources("crates/frontend/src")
        .filter(|source| !HOME.iter().any(|module| is_in(&source.path, module)))
        .flat_map(|source| {
            let strings = outside_attributes(source).filter_map(|token| Some((token.line, string(token.literal()?)?)));
            strings.filter_map(|(line, text)| {
                let why = why_no_label(&text)?;
                Some(Violation::new(&source.path, line, format!("“{}” {why}", text.trim())))
            })
        })
        .collect()
}

/// The code without its attributes, whose strings are for programmers: comments are among them.
fn outside_attributes(source: &Source) -> impl Iterator<Item = &Token> {
    let is_sign = |at: usize, sign| source.tokens.get(at).is_some_and(|token| token.is_sign(sign));
    let mut depth = 0_usize;
    source.tokens.iter().enumerate().filter_map(move |(at, token)| {
        let begins = token.is_sign('[') && (is_sign(at.wrapping_sub(1), '#') || inner(at, is_sign));
        if begins || (depth > 0 && token.is_sign('[')) {
            depth += 1;
        } else if depth > 0 && token.is_sign(']') {
            depth -= 1;
        }
        (depth == 0).then_some(token)
    })
}

/// Whether the bracket at `at` is that of `#![…]`.
fn inner(at: usize, is_sign: impl Fn(usize, char) -> bool) -> bool {
    is_sign(at.wrapping_sub(1), '!') && is_sign(at.wrapping_sub(2), '#')
}

/// What a string says, or nothing if the literal is none.
fn string(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        return Some(raw.trim_matches('#').trim_matches('"').to_owned());
    }
    let mut rest = literal.strip_prefix('"')?.strip_suffix('"')?.chars().peekable();
    let mut text = String::new();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            // The next line goes on where this one ends.
            (_, Some('\n')) => while rest.next_if(|c| c.is_whitespace()).is_some() {},
            (_, Some('n' | 'r' | 't')) => text.push(' '),
            // A letter by its number.
            (_, Some('u')) => {
                let number: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                text.extend(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32));
            }
            (_, Some(escaped)) => text.push(escaped),
            (c, None) => text.push(c),
        }
    }
    Some(text)
}

/// Why a string is more than a label, if it is.
fn why_no_label(text: &str) -> Option<&'static str> {
    let said: Vec<&str> = text.split_whitespace().collect();
    let has_word = said.iter().any(|said| is_word(said));
    if text.contains(['“', '”', '’']) {
        Some("has the punctuation of a sentence")
    } else if said.len() > 1 && has_word && text.trim_end().ends_with(['.', '!', '?', '…']) {
        Some("ends like a sentence")
    } else if has_word && text.contains('{') {
        Some("has something put into it")
    } else if has_word && text.trim() != text {
        Some("is a part of a sentence")
    } else if text.starts_with(char::is_uppercase) && said.len() > LABEL {
        Some("is too long for a label")
    } else {
        None
    }
}

/// A word of English, rather than one of code, such as the name of a class or what is put in for `{}`.
fn is_word(said: &str) -> bool {
    let word = said.trim_matches(['(', ')', ',', '.', ':', ';', '!', '?', '…', '*']);
    !word.is_empty() && word.chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_may_stand_beside_its_element() {
        for label in [
            "Save",
            "Name (optional)",
            "Sign out everywhere",
            "Loading…",
            "task-meta due-{tone}",
            "{weekday} {date}",
            "button button-secondary",
            ".task-check, .task-details a, input, select, textarea",
            "@{tag}",
            "[x] ",
            " · ",
        ] {
            assert_eq!(why_no_label(label), None, "{label}");
        }
    }

    #[test]
    fn a_sentence_is_known_by_its_punctuation_its_length_or_by_what_is_put_into_it() {
        for sentence in [
            "Nobody was signed out.",
            "Empty the trash…",
            "The search didn’t work",
            "“{}”",
            "{count} selected",
            "Edit {}",
            " to do",
            "New here? ",
            "Choose a file, or drop it here",
        ] {
            assert!(why_no_label(sentence).is_some(), "{sentence}");
        }
    }

    #[test]
    fn what_a_string_says_is_what_is_shown() {
        assert_eq!(string("\"a \\\n   b\\u{2026}\\\"\"").as_deref(), Some("a b…\""));
        assert_eq!(string("r#\"a\"#").as_deref(), Some("a"));
        assert_eq!(string("'a'"), None);
        assert_eq!(string("b\"a\""), None);
    }
}
