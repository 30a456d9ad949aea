//! Rules on what types derive.

use crate::tidy::project::Project;
use crate::tidy::rule::Rule;
use crate::tidy::source::{Source, Token};
use crate::tidy::violation::Violation;

pub(super) const WIRE_AND_ROWS: Rule = Rule {
    name: "wire-and-rows",
    says: "a wire type derives no diesel trait, and a row derives neither Serialize nor Deserialize",
    reason: "a column that is added never reaches a client by itself, nor a member of a request a column",
    check: wire_and_rows,
};

pub(super) const SECRETS: Rule = Rule {
    name: "secrets",
    says: "passwords, tokens and secrets derive neither Serialize nor Debug nor Display",
    reason: "what prints nothing cannot end up in a log or in an answer by accident",
    check: secrets,
};

const OF_DIESEL: [&str; 9] = [
    "AsChangeset",
    "AsExpression",
    "Associations",
    "FromSqlRow",
    "HasQuery",
    "Identifiable",
    "Insertable",
    "Queryable",
    "Selectable",
];

/// A type and what it derives.
struct Derives<'a> {
    name: &'a str,
    traits: Vec<&'a str>,
    line: usize,
}

fn wire_and_rows(project: &Project) -> Vec<Violation> {
    let wire = [
        "crates/shared/src",
        "crates/frontend/src",
        "crates/api/src/http/handlers",
    ];
    let mut violations = deriving(project, &wire, |_| true, &OF_DIESEL);
    let rows = ["crates/api/src/db"];
    violations.extend(deriving(project, &rows, |_| true, &["Serialize", "Deserialize"]));
    violations
}

fn secrets(project: &Project) -> Vec<Violation> {
    let all = ["crates/shared/src", "crates/api/src", "crates/frontend/src"];
    deriving(project, &all, is_secret, &["Serialize", "Debug", "Display"])
}

fn is_secret(name: &str) -> bool {
    let endings = [
        "Password",
        "PasswordAttempt",
        "PasswordHash",
        "Secret",
        "AccessToken",
        "SessionToken",
        "PlainToken",
    ];
    endings.iter().any(|ending| name.ends_with(ending))
}

fn deriving(project: &Project, modules: &[&str], of: fn(&str) -> bool, traits: &[&str]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in modules.iter().flat_map(|module| project.sources(module)) {
        for derives in derives(source).iter().filter(|derives| of(derives.name)) {
            for found in derives.traits.iter().filter(|name| traits.contains(name)) {
                let text = format!("`{}` derives `{found}`", derives.name);
                violations.push(Violation::new(&source.path, derives.line, text));
            }
        }
    }
    violations
}

fn derives(source: &Source) -> Vec<Derives<'_>> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let rest = source.tokens.get(at + 1..).unwrap_or_default();
        if !token.is("derive") || !rest.first().is_some_and(|next| next.is_sign('(')) {
            continue;
        }
        let inside = rest.iter().take_while(|token| !token.is_sign(')'));
        let mut after = rest.iter().skip_while(|token| !token.is("struct") && !token.is("enum"));
        let name = after.nth(1).and_then(Token::name).unwrap_or("a type");
        found.push(Derives {
            name,
            traits: inside.filter_map(Token::name).collect(),
            line: token.line,
        });
    }
    found
}
