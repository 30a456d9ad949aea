//! Rules on the folder `db/` and on the migrations.

use crate::tidy::project::{Project, is_in};
use crate::tidy::rule::{Forbidden, Rule};
use crate::tidy::source::{Source, Token};
use crate::tidy::violation::Violation;
use std::collections::BTreeSet;

const TASKS: &str = "crates/api/src/db/tasks";

pub(super) const NO_HTTP: Rule = Rule {
    name: "db-knows-no-http",
    says: "db/ names neither actix nor serde",
    reason: "what a row is and what a client sees change for different reasons",
    check: |project| {
        Forbidden {
            within: &["crates/api/src/db"],
            except: &[],
            names: &[&["actix_web"], &["actix_http"], &["serde"], &["serde_json"]],
        }
        .find(project)
    },
};

pub(super) const OWNER: Rule = Rule {
    name: "owner",
    says: "every public function in db/tasks.rs takes the owner: a `UserId`, a `ReadScope`, or a row that has one",
    reason: "there is no way to reach a task by its id alone, so that a forgotten check cannot leak one",
    check: owner,
};

pub(super) const TRANSACTIONS: Rule = Rule {
    name: "transactions",
    says: "functions in db/ open no transaction; flows do, with what db/conn.rs offers",
    reason: "only then can two of them be put into one transaction",
    check: transactions,
};

pub(super) const MIGRATIONS: Rule = Rule {
    name: "migrations",
    says: "every migration exists for both databases under the same name, up and down",
    reason: "a schema that only one database has is found by whoever uses the other",
    check: migrations,
};

fn owner(project: &Project) -> Vec<Violation> {
    let mut violations = Vec::new();
    let rows: Vec<&str> = project
        .sources("crates/api/src/db")
        .flat_map(|source| structs_with(source, "UserId"))
        .collect();
    for source in project.sources(TASKS) {
        for (at, token) in source.tokens.iter().enumerate() {
            if !token.is("fn") || !is_public(&source.tokens, at) {
                continue;
            }
            let rest = source.tokens.get(at + 1..).unwrap_or_default();
            let name = rest.first().and_then(Token::name).unwrap_or_default();
            let has_owner = parameters(rest)
                .filter_map(Token::name)
                .any(|name| name == "UserId" || rows.contains(&name));
            if !has_owner {
                violations.push(Violation::new(
                    &source.path,
                    token.line,
                    format!("`{name}` does not take the owner"),
                ));
            }
        }
    }
    violations
}

/// The structs of a file that mention `field_type` in their fields.
fn structs_with<'a>(source: &'a Source, field_type: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let rest = source.tokens.get(at + 1..).unwrap_or_default();
        if !token.is("struct") {
            continue;
        }
        let body = rest
            .iter()
            .skip_while(|token| !token.is_sign('{') && !token.is_sign(';'));
        let mut body = body.take_while(|token| !token.is_sign('}') && !token.is_sign(';'));
        if body.any(|token| token.is(field_type)) {
            found.extend(rest.first().and_then(Token::name));
        }
    }
    found
}

/// Whether the item whose keyword is at `at` begins with `pub`, of whatever reach.
fn is_public(tokens: &[Token], at: usize) -> bool {
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    before
        .take_while(|token| !(token.is_sign('}') || token.is_sign(';') || token.is_sign(']') || token.is_sign('{')))
        .any(|token| token.is("pub"))
}

/// What stands between the parentheses behind a function's name.
fn parameters(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    let mut depth = 0;
    tokens
        .iter()
        .skip_while(|token| !token.is_sign('('))
        .take_while(move |token| {
            depth += i32::from(token.is_sign('(')) - i32::from(token.is_sign(')'));
            depth > 0
        })
}

fn transactions(project: &Project) -> Vec<Violation> {
    const NAMES: [&str; 4] = [
        "transaction",
        "immediate_transaction",
        "exclusive_transaction",
        "begin_transaction",
    ];
    let exempt = [
        "crates/api/src/db/conn",
        "crates/api/src/db/database",
        "crates/api/src/db/migrations",
        "crates/api/src/db/postgres",
        "crates/api/src/db/sqlite",
    ];
    project
        .sources("crates/api/src/db")
        .filter(|source| !exempt.iter().any(|module| is_in(&source.path, module)))
        .flat_map(|source| {
            let found = source.tokens.windows(2).filter(|pair| match pair {
                [name, next] => next.is_sign('(') && name.name().is_some_and(|name| NAMES.contains(&name)),
                _ => false,
            });
            found
                .filter_map(|pair| pair.first())
                .map(|token| Violation::new(&source.path, token.line, "opens a transaction"))
        })
        .collect()
}

fn migrations(project: &Project) -> Vec<Violation> {
    const DATABASES: [&str; 2] = ["sqlite", "postgres"];
    let names: BTreeSet<&str> = project
        .files()
        .filter_map(|(path, _)| path.strip_prefix("migrations/")?.split('/').nth(1))
        .collect();
    let mut violations = Vec::new();
    for name in names {
        for database in DATABASES {
            for file in ["up.sql", "down.sql"] {
                let path = format!("migrations/{database}/{name}/{file}");
                let does_something = project.text(&path).is_some_and(|text| {
                    let mut lines = text.lines().map(str::trim);
                    lines.any(|line| !line.is_empty() && !line.starts_with("--"))
                });
                if !does_something {
                    violations.push(Violation::new(&path, 1, "is not there, or does nothing"));
                }
            }
        }
    }
    violations
}
