//! Rules on files as such.

use crate::tidy::project::{Project, extension};
use crate::tidy::rule::Rule;
use crate::tidy::violation::Violation;

pub(super) const READABLE: Rule = Rule {
    name: "readable",
    says: "every Rust file can be read by this program",
    reason: "a file that it cannot read is one that it does not check",
    check: readable,
};

pub(super) const NO_MOD_RS: Rule = Rule {
    name: "no-mod-rs",
    says: "a module with children is `foo.rs` beside `foo/`",
    reason: "an editor full of tabs called mod.rs helps nobody",
    check: no_mod_rs,
};

pub(super) const NO_GLOB_EXPORTS: Rule = Rule {
    name: "no-glob-exports",
    says: "no `pub use …::*`",
    reason: "what a module offers can be read from it, and a new item is not published by accident",
    check: no_glob_exports,
};

pub(super) const LENGTH: Rule = Rule {
    name: "length",
    says: "no Rust file or stylesheet has more than 500 lines; from 400 on there is a note",
    reason: "a file is about one thing, and somebody reads it from top to bottom",
    check: length,
};

const NOTED: usize = 400;
const AT_MOST: usize = 500;

fn readable(project: &Project) -> Vec<Violation> {
    project
        .sources("crates")
        .chain(project.sources("bench"))
        .chain(project.sources("tests"))
        .chain(project.sources("xtask"))
        .filter_map(|source| Some(Violation::new(&source.path, 1, source.error.clone()?)))
        .collect()
}

fn no_mod_rs(project: &Project) -> Vec<Violation> {
    project
        .files()
        .filter(|(path, _)| path.ends_with("/mod.rs"))
        .map(|(path, _)| Violation::new(path, 1, "is a mod.rs"))
        .collect()
}

fn no_glob_exports(project: &Project) -> Vec<Violation> {
    let all = ["bench", "crates", "tests", "xtask"];
    all.iter()
        .flat_map(|folder| project.sources(folder))
        .flat_map(|source| {
            let exports = source.names.iter().filter(|name| name.exported);
            let globs = exports.filter(|name| name.segments.last().is_some_and(|last| last == "*"));
            globs.map(|name| Violation::new(&source.path, name.line, format!("exports `{}`", name.display())))
        })
        .collect()
}

fn length(project: &Project) -> Vec<Violation> {
    lengths(project)
        .filter(|(_, lines)| *lines > AT_MOST)
        .map(|(path, lines)| Violation::new(path, AT_MOST + 1, format!("has {lines} lines")))
        .collect()
}

/// The files that are long, but not yet too long, and their lines.
pub(in crate::tidy) fn long(project: &Project) -> impl Iterator<Item = (&str, usize)> {
    lengths(project).filter(|(_, lines)| (NOTED + 1..=AT_MOST).contains(lines))
}

fn lengths(project: &Project) -> impl Iterator<Item = (&str, usize)> {
    project
        .files()
        .filter(|(path, _)| matches!(extension(path), "rs" | "css"))
        .map(|(path, text)| (path, text.lines().count()))
}
