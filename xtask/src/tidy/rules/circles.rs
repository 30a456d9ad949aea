//! Circles of files: `a.rs` uses `b.rs`, which uses `a.rs` again, perhaps by way of others.

use crate::tidy::project::Project;
use crate::tidy::rule::Rule;
use crate::tidy::source::{Name, Source};
use crate::tidy::violation::Violation;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

pub(super) const CIRCLES: Rule = Rule {
    name: "circles",
    says: "no files of one crate use each other in a circle",
    reason: "files in a circle can only be read, tested and moved all together, as if they were one",
    check: find,
};

/// How many imports of imports are followed.
const FOLLOWED: usize = 8;

/// A circle for each knot of files, the shortest one there is through its first file.
fn find(project: &Project) -> Vec<Violation> {
    let mut crates: BTreeMap<&str, BTreeMap<String, &Source>> = BTreeMap::new();
    for source in project.all_sources() {
        if let Some((root, module)) = placed(project, &source.path) {
            crates.entry(root).or_default().insert(module, source);
        }
    }
    crates.values().flat_map(circles).collect()
}

/// The folder of the crate that a file belongs to, and the file's module in it: `db::tasks`; nothing for the crate's root.
fn placed<'a>(project: &Project, path: &'a str) -> Option<(&'a str, String)> {
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/') {
        folder = above;
        // A program beside a library is another crate: it uses the library, and the library cannot use it.
        let roots = ["lib.rs", "main.rs"].map(|name| format!("{folder}/{name}"));
        let mut there = roots.iter().filter(|root| project.text(root).is_some());
        if let Some(root) = there.next() {
            let is_other = there.any(|other| other == path);
            let inside = path.get(folder.len() + 1..)?.strip_suffix(".rs")?;
            let module = if root == path {
                String::new()
            } else {
                inside.replace('/', "::")
            };
            return (!is_other).then_some((folder, module));
        }
    }
    None
}

/// A use of another file: where it is, and which file it is of.
type Uses<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

fn circles(modules: &BTreeMap<String, &Source>) -> Vec<Violation> {
    let uses = uses(modules);
    let mut seen = BTreeSet::new();
    let mut violations = Vec::new();
    for &module in uses.keys() {
        let Some(circle) = shortest(&uses, module).filter(|_| !seen.contains(module)) else {
            continue;
        };
        seen.extend(knot(&uses, module));
        let of = |module: &str| modules.get(module).map_or("", |source| source.path.as_str());
        let mut text = "uses itself in a circle".to_owned();
        for pair in circle.windows(2) {
            let [from, to] = pair else { continue };
            let line = uses
                .get(from)
                .and_then(|uses| uses.get(to))
                .copied()
                .unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = write!(text, "\n      {}:{line} uses {}", of(from), of(to));
        }
        let line = circle.get(1).and_then(|next| uses.get(module)?.get(next).copied());
        violations.push(Violation::new(of(module), line.unwrap_or(1), text));
    }
    violations
}

fn uses<'a>(modules: &'a BTreeMap<String, &Source>) -> Uses<'a> {
    let mut uses = Uses::new();
    for (module, source) in modules {
        for name in &source.names {
            let Some(target) = target(modules, module, &name.segments, FOLLOWED) else {
                continue;
            };
            // A parent that passes on what its child has makes no use of it; whoever takes it from there, does.
            let passed_on = name.exported && is_below(target, module);
            if target != module && !passed_on {
                let lines = uses.entry(module.as_str()).or_default();
                lines.entry(target).or_insert(name.line);
            }
        }
    }
    uses
}

fn is_below(module: &str, parent: &str) -> bool {
    parent.is_empty() || module.strip_prefix(parent).is_some_and(|rest| rest.starts_with("::"))
}

/// The module whose file has what a name means, if that is one of this crate's. `from` is where the name stands.
fn target<'a>(
    modules: &'a BTreeMap<String, &Source>,
    from: &str,
    segments: &[String],
    followed: usize,
) -> Option<&'a str> {
    let (first, mut rest) = segments.split_first()?;
    // Two names at least, or it may be a variable that is called like a module, or the `crate` of `pub(crate)`.
    rest.first()?;
    let mut at = if first == "crate" {
        String::new()
    } else {
        let child = joined(from, first);
        modules.contains_key(&child).then_some(child)?
    };
    while let Some((next, after)) = rest.split_first() {
        let child = joined(&at, next);
        if modules.contains_key(&child) {
            (at, rest) = (child, after);
            continue;
        }
        let import = modules.get(&at).and_then(|source| imported(source, next));
        if let Some(import) = import.filter(|_| followed > 0) {
            let path: Vec<String> = import.segments.iter().chain(after).cloned().collect();
            if let Some(target) = target(modules, &at, &path, followed - 1) {
                return Some(target);
            }
        }
        break;
    }
    modules.get_key_value(&at).map(|(module, _)| module.as_str())
}

/// The import that makes `known` known in a file.
fn imported<'a>(source: &'a Source, known: &str) -> Option<&'a Name> {
    source.names.iter().find(|name| name.import.as_deref() == Some(known))
}

fn joined(parent: &str, child: &str) -> String {
    if parent.is_empty() {
        child.to_owned()
    } else {
        format!("{parent}::{child}")
    }
}

/// The shortest way from a module back to it, with it at both ends.
fn shortest<'a>(uses: &Uses<'a>, module: &'a str) -> Option<Vec<&'a str>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([module]);
    while let Some(at) = queue.pop_front() {
        for &next in uses.get(at).into_iter().flat_map(BTreeMap::keys) {
            if next == module {
                let mut way = vec![module, at];
                while let Some(&earlier) = way.last().and_then(|last| before.get(last)) {
                    way.push(earlier);
                }
                if at == module {
                    way.pop();
                }
                way.reverse();
                return Some(way);
            }
            if next != module && !before.contains_key(next) {
                before.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    None
}

/// All modules that a module uses and that use it, by whatever way.
fn knot<'a>(uses: &Uses<'a>, module: &'a str) -> BTreeSet<&'a str> {
    let reached = |from: &'a str| {
        let mut reached = BTreeSet::from([from]);
        let mut queue = vec![from];
        while let Some(at) = queue.pop() {
            let next = uses.get(at).into_iter().flat_map(BTreeMap::keys).copied();
            queue.extend(next.filter(|next| reached.insert(next)).collect::<Vec<_>>());
        }
        reached
    };
    let from_here = reached(module);
    from_here
        .into_iter()
        .filter(|other| reached(other).contains(module))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let mut project = Project::default();
        for (path, text) in files {
            project.add(path, (*text).to_owned());
        }
        find(&project)
            .into_iter()
            .map(|circle| format!("{}:{}: {}", circle.path, circle.line, circle.text))
            .collect()
    }

    #[test]
    fn a_circle_is_named_with_each_of_its_uses() {
        let files = [
            ("a/src/lib.rs", "mod x; mod y; mod z;"),
            ("a/src/x.rs", "\nuse crate::y::Y;"),
            ("a/src/y.rs", "fn f() { super::z::z() }"),
            ("a/src/z.rs", "use crate::{x::{self, X}};"),
        ];
        let text = "a/src/x.rs:2: uses itself in a circle\n      a/src/x.rs:2 uses a/src/y.rs\n      a/src/y.rs:1 uses a/src/z.rs\n      \
                    a/src/z.rs:1 uses a/src/x.rs";
        assert_eq!(found(&files), [text]);
    }

    #[test]
    fn a_parent_that_uses_its_child_is_not_to_be_used_by_it() {
        let child = ("a/src/x/y.rs", "use super::X;");
        for parent in [
            "mod y; use y::Y;",
            "mod y; fn f() { y::g() }",
            "mod y; fn f(y: self::y::Y) {}",
        ] {
            assert_eq!(
                found(&[("a/src/lib.rs", ""), ("a/src/x.rs", parent), child]).len(),
                1,
                "{parent}"
            );
        }
        for parent in [
            "mod y;",
            "mod y; pub use y::Y;",
            "mod y; pub(crate) use self::y::{Y};",
            "mod y; fn f(y: u8) { y }",
        ] {
            assert_eq!(
                found(&[("a/src/lib.rs", ""), ("a/src/x.rs", parent), child]).len(),
                0,
                "{parent}"
            );
        }
    }

    #[test]
    fn what_a_parent_passes_on_is_its_childs() {
        let files = |last| {
            [
                ("a/src/lib.rs", "pub use x::Y;"),
                ("a/src/x.rs", "mod y; mod z; pub use y::Y as Other; pub use y::Y;"),
                ("a/src/x/y.rs", "use super::z::Z;"),
                ("a/src/x/z.rs", last),
            ]
        };
        assert_eq!(found(&files("use super::Other;")).len(), 1);
        assert_eq!(found(&files("use crate::Y;")).len(), 1);
        assert_eq!(found(&files("use super::X;")).len(), 0);
    }

    #[test]
    fn a_program_may_use_its_library_and_crates_do_not_mix() {
        let files = [
            ("a/src/lib.rs", "mod x; use x::X;"),
            ("a/src/main.rs", "use crate::x;"),
            ("a/src/x.rs", "#[cfg(test)] mod tests { use crate::A; }"),
            ("b/src/main.rs", "mod x; use x::X;"),
            ("b/src/x.rs", "use a::x::X; use std::fs; pub(crate) fn f() {}"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn each_knot_is_reported_once() {
        let files = [
            ("a/src/lib.rs", ""),
            ("a/src/p.rs", "use crate::q::Q; use crate::r::R;"),
            ("a/src/q.rs", "use crate::p::P;"),
            ("a/src/r.rs", "use crate::p::P;"),
            ("a/src/s.rs", "use crate::t::T; use crate::p::P;"),
            ("a/src/t.rs", "use crate::s::S;"),
        ];
        assert_eq!(found(&files).len(), 2);
    }

    #[test]
    fn imports_of_imports_end() {
        let files = [
            ("a/src/lib.rs", ""),
            ("a/src/p.rs", "pub use crate::q::A; fn f() { crate::q::A::b() }"),
            ("a/src/q.rs", "pub use crate::p::A;"),
        ];
        assert_eq!(found(&files).len(), 1);
    }
}
