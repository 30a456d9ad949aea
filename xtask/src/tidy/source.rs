//! A Rust file as its words: comments and the insides of strings are not mistaken for code, and macros are read, too.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::str::FromStr as _;

/// A word of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Name(String),
    Literal(String),
    Sign(char),
}

/// A word, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: Word,
    pub(super) line: usize,
}

impl Token {
    pub(super) fn is(&self, name: &str) -> bool {
        matches!(&self.word, Word::Name(word) if word == name)
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.word == Word::Sign(sign)
    }

    pub(super) fn name(&self) -> Option<&str> {
        match &self.word {
            Word::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn literal(&self) -> Option<&str> {
        match &self.word {
            Word::Literal(literal) => Some(literal),
            _ => None,
        }
    }
}

/// A name with its qualification, as in `diesel::prelude::*` or `std::env::var`.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// With `self` and `super` resolved to `crate::…`. A glob ends in `*`.
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    /// Whether it is passed on: `pub use`.
    pub(super) exported: bool,
    /// What an import makes it known as in its module.
    pub(super) import: Option<String>,
}

impl Name {
    /// Whether the name is `path` or lies below it.
    pub(super) fn starts_with(&self, path: &[&str]) -> bool {
        self.segments.len() >= path.len() && self.segments.iter().zip(path).all(|(a, b)| a == b)
    }

    pub(super) fn display(&self) -> String {
        self.segments.join("::")
    }
}

/// A Rust file.
pub(super) struct Source {
    pub(super) path: String,
    /// The code, without what is compiled for tests only.
    pub(super) tokens: Vec<Token>,
    pub(super) names: Vec<Name>,
    /// Why the file cannot be read, if it cannot.
    pub(super) error: Option<String>,
}

impl Source {
    pub(super) fn read(path: &str, text: &str) -> Self {
        let mut tokens = Vec::new();
        let error = match TokenStream::from_str(text) {
            Ok(stream) => {
                // A `mod tests;` has its `#[cfg(test)]` in the file above it.
                if !path.ends_with("/tests.rs") {
                    flatten(stream, &mut tokens);
                }
                None
            }
            Err(error) => Some(error.to_string()),
        };
        let names = names(&tokens, &module(path));
        Self {
            path: path.to_owned(),
            tokens,
            names,
            error,
        }
    }

    /// The names that are `path` or lie below it.
    pub(super) fn naming(&self, path: &'static [&'static str]) -> impl Iterator<Item = &Name> {
        self.names.iter().filter(move |name| name.starts_with(path))
    }
}

/// `crate::db::tasks` for `crates/api/src/db/tasks.rs`, and `crate::lists` for `tests/api/lists.rs`.
fn module(path: &str) -> Vec<String> {
    let of_tests = || path.strip_prefix("tests/")?.split_once('/');
    let inside = path
        .split_once("src/")
        .or_else(of_tests)
        .map_or("", |(_, inside)| inside);
    let inside = inside.strip_suffix(".rs").unwrap_or(inside);
    let parts = inside
        .split('/')
        .filter(|part| !matches!(*part, "" | "main" | "lib"))
        .map(str::to_owned);
    std::iter::once("crate".to_owned()).chain(parts).collect()
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut rest = trees.as_slice();
    while let Some((tree, after)) = rest.split_first() {
        if let Some(after) = after_test_item(rest) {
            rest = after;
            continue;
        }
        rest = after;
        let line = tree.span().start().line;
        let mut push = |word| tokens.push(Token { word, line });
        match tree {
            TokenTree::Ident(name) => push(Word::Name(name.to_string())),
            TokenTree::Punct(sign) => push(Word::Sign(sign.as_char())),
            TokenTree::Literal(literal) => push(Word::Literal(literal.to_string())),
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::None => (' ', ' '),
                };
                push(Word::Sign(open));
                flatten(group.stream(), tokens);
                tokens.push(Token {
                    word: Word::Sign(close),
                    line: group.span_close().start().line,
                });
            }
        }
    }
}

/// What follows an item behind `#[cfg(test)]`, if `trees` begin with one.
fn after_test_item(trees: &[TokenTree]) -> Option<&[TokenTree]> {
    let [TokenTree::Punct(sign), TokenTree::Group(attribute), item @ ..] = trees else {
        return None;
    };
    if sign.as_char() != '#' || attribute.stream().to_string().replace(' ', "") != "cfg(test)" {
        return None;
    }
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(sign) => sign.as_char() == ';',
        _ => false,
    };
    let end = item.iter().position(ends)?;
    item.get(end + 1..)
}

fn names(tokens: &[Token], module: &[String]) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = 0;
    let mut module = module.to_vec();
    // How many braces are open, and how many were where each module began that stands in this file.
    let (mut depth, mut inline) = (0_usize, Vec::new());
    while let Some(token) = tokens.get(at) {
        let first = names.len();
        // `impl Trait + use<'a>` is not an import.
        if token.is("use") && !tokens.get(at + 1).is_some_and(|next| next.is_sign('<')) {
            let mut tree = Tree {
                tokens,
                at: at + 1,
                exported: is_exported(tokens, at),
                names: Vec::new(),
            };
            tree.read(&[]);
            at = tree.at;
            names.extend(tree.names);
        } else if is_visibility(tokens, at) {
            at = tokens
                .iter()
                .skip(at)
                .position(|token| token.is_sign(')'))
                .map_or(tokens.len(), |end| at + end);
        } else if let Some(name) = inline_module(tokens, at) {
            module.push(name.to_owned());
            inline.push(depth);
            at += 2;
        } else if token.name().is_some() {
            let (name, next) = qualified(tokens, at);
            names.push(name);
            at = next;
        } else {
            if token.is_sign('{') {
                depth += 1;
            } else if token.is_sign('}') {
                depth = depth.saturating_sub(1);
                if inline.last() == Some(&depth) {
                    inline.pop();
                    module.pop();
                }
            }
            at += 1;
        }
        for name in names.iter_mut().skip(first) {
            resolve(&mut name.segments, &module);
        }
    }
    names
}

/// Whether `at` is where `pub(in a::b)` says where to: nothing is used there.
fn is_visibility(tokens: &[Token], at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at));
    let is_in = tokens.get(at).is_some_and(|token| token.is("in"));
    is_in && before(1).is_some_and(|token| token.is_sign('(')) && before(2).is_some_and(|token| token.is("pub"))
}

/// The name of the module that begins at `at` and stands in this file.
fn inline_module(tokens: &[Token], at: usize) -> Option<&str> {
    let [keyword, name, brace] = tokens.get(at..at + 3)? else {
        return None;
    };
    (keyword.is("mod") && brace.is_sign('{')).then(|| name.name())?
}

fn is_exported(tokens: &[Token], at: usize) -> bool {
    let mut before = tokens.get(..at).unwrap_or_default().iter().rev();
    match before.next() {
        Some(token) if token.is("pub") => true,
        // `pub(crate) use`
        Some(token) if token.is_sign(')') => {
            before.find(|token| token.is_sign('(')).is_some() && before.next().is_some_and(|token| token.is("pub"))
        }
        _ => false,
    }
}

/// The name at `at`, and where it ends.
fn qualified(tokens: &[Token], mut at: usize) -> (Name, usize) {
    let mut segments = Vec::new();
    let line = tokens.get(at).map_or(0, |token| token.line);
    while let Some(name) = tokens.get(at).and_then(Token::name) {
        segments.push(name.to_owned());
        at += 1;
        if !is_separator(tokens, at) || tokens.get(at + 2).and_then(Token::name).is_none() {
            break;
        }
        at += 2;
    }
    let name = Name {
        segments,
        line,
        exported: false,
        import: None,
    };
    (name, at)
}

fn is_separator(tokens: &[Token], at: usize) -> bool {
    let colon = |at: usize| tokens.get(at).is_some_and(|token| token.is_sign(':'));
    colon(at) && colon(at + 1)
}

/// What stands behind `use`.
struct Tree<'a> {
    tokens: &'a [Token],
    at: usize,
    exported: bool,
    names: Vec<Name>,
}

impl Tree<'_> {
    fn read(&mut self, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        let mut alias = None;
        while let Some(token) = self.tokens.get(self.at) {
            match &token.word {
                Word::Name(name) if name == "as" => {
                    alias = self.tokens.get(self.at + 1).and_then(Token::name);
                    self.at += 2;
                }
                Word::Name(name) => {
                    segments.push(name.clone());
                    self.at += 1;
                }
                Word::Sign('*') => {
                    segments.push("*".to_owned());
                    self.at += 1;
                }
                Word::Sign(':') => self.at += 1,
                Word::Sign('{') => {
                    self.at += 1;
                    while self.tokens.get(self.at).is_some_and(|token| !token.is_sign('}')) {
                        let before = self.at;
                        self.read(&segments);
                        if self.tokens.get(self.at).is_some_and(|token| token.is_sign(',')) || self.at == before {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                _ => break,
            }
        }
        if segments.len() > prefix.len() {
            let own = segments.iter().rev().find(|segment| *segment != "self");
            let import = alias.map(str::to_owned).or_else(|| own.cloned());
            self.names.push(Name {
                segments,
                line,
                exported: self.exported,
                import,
            });
        }
    }
}

fn resolve(segments: &mut Vec<String>, module: &[String]) {
    let mut base = module.to_vec();
    let mut relative = 0;
    for segment in segments.iter() {
        match segment.as_str() {
            "self" => {}
            "super" => {
                base.pop();
            }
            _ => break,
        }
        relative += 1;
    }
    // `self` alone is a value.
    if relative > 0 && segments.len() > relative {
        segments.splice(..relative, base);
    }
    // `use a::b::{self}` is `a::b`.
    if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
        segments.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    fn names_in(text: &str) -> Vec<String> {
        let source = Source::read("crates/api/src/db/tasks.rs", text);
        assert_eq!(source.error, None);
        source.names.iter().map(Name::display).collect()
    }

    #[test]
    fn imports_are_taken_apart() {
        assert_eq!(
            names_in("use std::{env::{self, var}, fs as files, io::*}; use super::users::User; use crate::a; use b;"),
            [
                "std::env",
                "std::env::var",
                "std::fs",
                "std::io::*",
                "crate::db::users::User",
                "crate::a",
                "b"
            ]
        );
    }

    #[test]
    fn a_visibility_is_no_use() {
        assert_eq!(
            names_in("pub(in crate::db) use super::a; pub(in super::b) fn f() {}"),
            ["pub", "crate::db::a", "pub", "fn", "f"]
        );
    }

    #[test]
    fn an_import_is_known_by_its_last_name_or_by_another_one() {
        let source = Source::read("a/src/b.rs", "use a::{self, b::C, d as e};");
        let known: Vec<_> = source.names.iter().map(|name| name.import.as_deref()).collect();
        assert_eq!(known, [Some("a"), Some("C"), Some("e")]);
    }

    #[test]
    fn what_stands_in_a_module_of_the_same_file_is_relative_to_it() {
        assert_eq!(
            names_in("mod inner { use super::A; fn f() { if a {} } mod deep { use super::B; } } use super::C;"),
            [
                "crate::db::tasks::A",
                "fn",
                "f",
                "if",
                "a",
                "crate::db::tasks::inner::B",
                "crate::db::C"
            ]
        );
    }

    #[test]
    fn names_in_code_and_in_macros_are_found() {
        let names = names_in("fn f() { view! { <p on:click=move |_| std::env::var(\"X\")>{a::b}</p> } }");
        assert!(names.contains(&"std::env::var".to_owned()), "{names:?}");
        assert!(names.contains(&"a::b".to_owned()), "{names:?}");
    }

    #[test]
    fn comments_strings_and_tests_are_no_code() {
        let names = names_in(
            "/* diesel */ // diesel\n/// diesel\nconst A: &str = \"diesel\"; const B: &str = r#\"diesel\"#;\n\
             #[cfg(test)] mod tests { use diesel; } #[cfg(test)] use diesel; fn after() {}",
        );
        assert!(!names.iter().any(|name| name.contains("diesel")), "{names:?}");
        assert!(names.contains(&"after".to_owned()));
    }

    #[test]
    fn a_file_of_tests_is_no_code() {
        assert!(
            Source::read("crates/api/src/db/tests.rs", "use diesel::a;")
                .names
                .is_empty()
        );
        assert!(Source::read("crates/api/src/db/tests.rs", "fn f( {").error.is_some());
    }

    #[test]
    fn what_is_exported_is_known() {
        let source = Source::read("a/src/lib.rs", "pub use a::*; pub(crate) use b::C; use d::E;");
        let exported: Vec<bool> = source
            .names
            .iter()
            .filter(|name| name.segments.len() > 1)
            .map(|name| name.exported)
            .collect();
        assert_eq!(exported, [true, true, false]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let source = Source::read("a/src/lib.rs", "\n\nuse a::b;");
        assert_eq!(source.names.first().map(|name| name.line), Some(3));
    }

    #[test]
    fn a_file_that_is_no_rust_says_so() {
        assert!(Source::read("a/src/lib.rs", "fn f( {").error.is_some());
    }

    #[test]
    fn incomplete_imports_do_not_hang() {
        let (sender, names) = mpsc::channel();
        thread::spawn(move || sender.send(names_in("use a::{b, , = c}; use ::d::{e};")));
        let names = names.recv_timeout(Duration::from_secs(30)).expect("an end");
        assert_eq!(names, ["a::b", "a::c", "d::e"]);
    }
}
