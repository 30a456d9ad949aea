//! Rules on what the documents and the rules themselves say about the code.

use crate::tidy::project::Project;
use crate::tidy::rule::Rule;
use crate::tidy::source::{Source, Token};
use crate::tidy::violation::Violation;
use std::collections::BTreeSet;

const CONFIG: &str = "crates/api/src/config";
const README: &str = "README.md";
const ARCHITECTURE: &str = "ARCHITECTURE.md";

pub(super) const VARIABLES: Rule = Rule {
    name: "variables",
    says: "README.md names every environment variable that config.rs reads",
    reason: "a setting that is not documented does not exist for whoever runs the server",
    check: variables,
};

pub(super) const GLOSSARY: Rule = Rule {
    name: "glossary",
    says: "each file that the glossary of ARCHITECTURE.md names is there, and uses the term",
    reason: "whoever searches for the field's term must find the place",
    check: glossary,
};

pub(super) const SUBJECTS: Rule = Rule {
    name: "subjects",
    says: "the files and folders that the other rules are about are there",
    reason: "a rule about a file that was renamed would hold for ever, and check nothing",
    check: subjects,
};

/// What the rules name. A path without extension is a module or a folder.
const NAMED: [&str; 23] = [
    "crates/api/src/auth",
    "crates/api/src/auth/password.rs",
    "crates/api/src/auth/token.rs",
    "crates/api/src/config.rs",
    "crates/api/src/db",
    "crates/api/src/db/conn.rs",
    "crates/api/src/db/tasks.rs",
    "crates/api/src/http/error.rs",
    "crates/api/src/http/handlers",
    "crates/api/src/http/routes.rs",
    "crates/api/src/tasks",
    "crates/frontend/src/api",
    "crates/frontend/src/model",
    "crates/frontend/src/pages",
    "crates/frontend/src/session.rs",
    "crates/frontend/src/shell",
    "crates/frontend/src/store",
    "crates/frontend/src/tasks",
    "crates/frontend/src/ui",
    "crates/frontend/src/ui/icon.rs",
    "crates/shared/src",
    "migrations/postgres",
    "migrations/sqlite",
];

fn variables(project: &Project) -> Vec<Violation> {
    let Some(readme) = project.text(README) else {
        return Vec::new();
    };
    let known: BTreeSet<&str> = readme
        .split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        .collect();
    let read: Vec<(&str, usize, String)> = project
        .sources(CONFIG)
        .flat_map(|source| {
            let variables = variables_of(source).into_iter();
            variables.map(|(line, name)| (source.path.as_str(), line, name))
        })
        .collect();
    if read.is_empty() {
        return vec![Violation::new(
            &format!("{CONFIG}.rs"),
            1,
            "reads no variable that this program can see",
        )];
    }
    read.into_iter()
        .filter(|(_, _, name)| !known.contains(name.as_str()))
        .map(|(path, line, name)| Violation::new(path, line, format!("reads `{name}`, which {README} does not name")))
        .collect()
}

/// The variables of clap's `#[arg(env)]` and `#[arg(env = "NAME")]`.
fn variables_of(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate().filter(|(_, token)| token.is("env")) {
        let rest = source.tokens.get(at + 1..).unwrap_or_default();
        match rest {
            [equals, name, ..] if equals.is_sign('=') => {
                let name = name.literal().map(|name| name.trim_matches('"').to_owned());
                found.extend(name.map(|name| (token.line, name)));
            }
            [end, ..] if end.is_sign(',') || end.is_sign(')') => {
                let name = field_behind(rest).map(str::to_uppercase);
                found.extend(name.map(|name| (token.line, name)));
            }
            _ => {}
        }
    }
    found
}

/// The field whose attribute ends in `tokens`.
fn field_behind(tokens: &[Token]) -> Option<&str> {
    let end = tokens.iter().position(|token| token.is_sign(']'))?;
    let rest = tokens.get(end + 1..)?;
    if rest.first()?.is_sign('#') {
        return field_behind(rest);
    }
    rest.windows(2).find_map(|pair| match pair {
        [name, colon] if colon.is_sign(':') => name.name(),
        _ => None,
    })
}

fn glossary(project: &Project) -> Vec<Violation> {
    let lines = project.text(ARCHITECTURE).unwrap_or_default().lines().zip(1..);
    let section = lines.skip_while(|(line, _)| *line != "## Glossary").skip(1);
    let rows = section.take_while(|(line, _)| !line.starts_with("## "));
    rows.flat_map(|(row, line)| {
        let terms = row.split('|').nth(1).unwrap_or_default();
        let paths = row.split('`').skip(1).step_by(2).filter(|code| code.contains('/'));
        paths.filter_map(move |path| {
            let missing = match project.text(path) {
                None => format!("names `{path}`, which is not there"),
                Some(text) => format!("names `{path}`, which does not say {}", absent(terms, text)?),
            };
            Some(Violation::new(ARCHITECTURE, line, missing))
        })
    })
    .collect()
}

/// The first of these terms, separated by commas, that the text has in no spelling.
fn absent<'a>(terms: &'a str, text: &str) -> Option<&'a str> {
    let text = words(text);
    let mut terms = terms.split(',').map(str::trim);
    terms.find(|term| !text.contains(&words(term)))
}

/// In lower case, with a space before each word: a term is found in `group_commit` and across the lines of a comment alike.
fn words(text: &str) -> String {
    let letters = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    letters.flat_map(|word| [" ", word]).collect::<String>().to_lowercase()
}

fn subjects(project: &Project) -> Vec<Violation> {
    NAMED
        .iter()
        .filter(|named| {
            let folder = format!("{named}/");
            !project
                .files()
                .any(|(path, _)| path == **named || path.starts_with(&folder))
        })
        .map(|named| {
            Violation::new(
                named,
                1,
                "is not there; if it was renamed, the rules in xtask/src/tidy have to follow",
            )
        })
        .collect()
}
