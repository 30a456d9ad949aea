//! Rules on the single-page app.

use crate::tidy::project::{Project, extension};
use crate::tidy::rule::{Forbidden, Rule, find_all};
use crate::tidy::source::{Source, Token};
use crate::tidy::violation::Violation;

pub(super) const LAYERS: Rule = Rule {
    name: "frontend-layers",
    says: "app → pages → shell → tasks → store → api, and ui below them: what shows things imports neither api nor session; \
           words know none of them",
    reason: "a component that gets its data as props can be used and understood anywhere",
    check: layers,
};

pub(super) const MODEL: Rule = Rule {
    name: "model-is-pure",
    says: "in crates/frontend model/ uses shared, std, chrono, uuid and serde: nothing that draws, no browser, no other module",
    reason: "what becomes of a task, whatever is clicked and answered, is understood and tested without a browser",
    check: model,
};

pub(super) const FETCH: Rule = Rule {
    name: "fetch",
    says: "in crates/frontend only api.rs and api/ name gloo_net",
    reason: "every request goes through the one wrapper that attaches the token, renews it and repeats",
    check: |project| {
        Forbidden {
            within: &["crates/frontend/src"],
            except: &["crates/frontend/src/api"],
            names: &[
                &["gloo_net"],
                &["reqwest"],
                &["web_sys", "Request"],
                &["web_sys", "XmlHttpRequest"],
            ],
        }
        .find(project)
    },
};

pub(super) const PATHS: Rule = Rule {
    name: "paths",
    says: "crates/frontend has no path of the API in a string; shared::paths has them",
    reason: "the client and the router cannot disagree",
    check: paths,
};

pub(super) const CONTENT_SECURITY: Rule = Rule {
    name: "content-security",
    says: "no style attributes or elements, no inline handlers, nothing from other origins",
    reason: "the server's Content-Security-Policy refuses them, since they are what an injection would use",
    check: content_security,
};

pub(super) const RAW_HTML: Rule = Rule {
    name: "raw-html",
    says: "in crates/frontend only ui/icon.rs and ui/brand.rs write raw HTML",
    reason: "theirs is drawn at compile time; anywhere else it is a place where a task's title could become markup",
    check: |project| {
        Forbidden {
            within: &["crates/frontend/src"],
            except: &["crates/frontend/src/ui/icon", "crates/frontend/src/ui/brand"],
            names: &[
                &["inner_html"],
                &["set_inner_html"],
                &["set_outer_html"],
                &["insert_adjacent_html"],
            ],
        }
        .find(project)
    },
};

fn layers(project: &Project) -> Vec<Violation> {
    find_all(
        project,
        &[
            Forbidden {
                within: &["crates/frontend/src/ui"],
                except: &[],
                names: &[
                    &["crate", "api"],
                    &["crate", "app"],
                    &["crate", "model"],
                    &["crate", "pages"],
                    &["crate", "session"],
                    &["crate", "shell"],
                    &["crate", "store"],
                    &["crate", "tasks"],
                ],
            },
            Forbidden {
                within: &["crates/frontend/src/tasks"],
                except: &[],
                names: &[
                    &["crate", "api"],
                    &["crate", "app"],
                    &["crate", "pages"],
                    &["crate", "session"],
                ],
            },
            Forbidden {
                within: &["crates/frontend/src/shell"],
                except: &[],
                names: &[&["crate", "app"], &["crate", "pages"]],
            },
            Forbidden {
                within: &["crates/frontend/src/pages"],
                except: &[],
                names: &[&["crate", "app"]],
            },
            Forbidden {
                within: &["crates/frontend/src/store", "crates/frontend/src/session"],
                except: &[],
                names: &[
                    &["crate", "app"],
                    &["crate", "pages"],
                    &["crate", "shell"],
                    &["crate", "tasks"],
                ],
            },
            Forbidden {
                within: &["crates/frontend/src/words"],
                except: &[],
                names: &[
                    &["crate", "api"],
                    &["crate", "app"],
                    &["crate", "model"],
                    &["crate", "pages"],
                    &["crate", "session"],
                    &["crate", "shell"],
                    &["crate", "store"],
                    &["crate", "tasks"],
                    &["crate", "ui"],
                ],
            },
            Forbidden {
                within: &["crates/frontend/src/api"],
                except: &[],
                names: &[
                    &["crate", "app"],
                    &["crate", "pages"],
                    &["crate", "session"],
                    &["crate", "shell"],
                    &["crate", "store"],
                    &["crate", "tasks"],
                    &["crate", "ui"],
                ],
            },
        ],
    )
}

fn model(project: &Project) -> Vec<Violation> {
    let crates = [
        "futures_util",
        "gloo_net",
        "js_sys",
        "leptos",
        "leptos_router",
        "send_wrapper",
        "serde_json",
        "wasm_bindgen",
        "wasm_bindgen_futures",
        "web_sys",
    ];
    project
        .sources("crates/frontend/src/model")
        .flat_map(|source| {
            let found = source.names.iter().filter(|name| match name.segments.as_slice() {
                [first, second, ..] if first == "crate" => second != "model",
                [first, ..] => crates.contains(&first.as_str()),
                [] => false,
            });
            found.map(|name| Violation::new(&source.path, name.line, format!("names `{}`", name.display())))
        })
        .collect()
}

fn paths(project: &Project) -> Vec<Violation> {
    project
        .sources("crates/frontend/src")
        .flat_map(|source| {
            let is_path = |token: &&Token| token.literal().is_some_and(|text| text.contains("\"/api"));
            let found = source.tokens.iter().filter(is_path);
            found.map(|token| Violation::new(&source.path, token.line, "writes out a path of the API"))
        })
        .collect()
}

fn content_security(project: &Project) -> Vec<Violation> {
    let mut violations: Vec<Violation> = project.sources("crates/frontend/src").flat_map(in_views).collect();
    for (path, text) in project.files().filter(|(path, _)| path.starts_with("crates/frontend/")) {
        for (index, line) in text.lines().enumerate() {
            let found = match extension(path) {
                "html" => in_html(line),
                "css" => in_css(line),
                _ => None,
            };
            violations.extend(found.map(|found| Violation::new(path, index + 1, found)));
        }
    }
    violations
}

/// What Leptos' `view!` would write into the page as an attribute.
fn in_views(source: &Source) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut depth = 0_u32;
    for (at, token) in source.tokens.iter().enumerate() {
        let back = |steps: usize| at.checked_sub(steps).and_then(|at| source.tokens.get(at));
        let sign = |steps, sign| back(steps).is_some_and(|token| token.is_sign(sign));
        let opens = token.is_sign('{') || token.is_sign('(') || token.is_sign('[');
        let closes = token.is_sign('}') || token.is_sign(')') || token.is_sign(']');
        let begins = opens && sign(1, '!') && back(2).is_some_and(|token| token.is("view"));
        if begins || (opens && depth > 0) {
            depth += 1;
        } else if closes {
            depth = depth.saturating_sub(1);
        }
        let Some(name) = token.name().filter(|_| depth > 0) else {
            continue;
        };
        let assigned = source.tokens.get(at + 1).is_some_and(|next| next.is_sign('='));
        // `style:width=` sets a property from script, which is allowed; `attr:style=` writes the attribute.
        let directive = sign(1, ':') && !back(2).is_some_and(|token| token.is("attr"));
        if assigned && !directive && !sign(1, '-') && is_refused(name) {
            violations.push(Violation::new(&source.path, token.line, format!("sets `{name}`")));
        }
    }
    violations
}

fn is_refused(attribute: &str) -> bool {
    const EVENTS: [&str; 14] = [
        "blur",
        "change",
        "click",
        "error",
        "focus",
        "input",
        "keydown",
        "keyup",
        "load",
        "mousedown",
        "mouseover",
        "pointerdown",
        "submit",
        "toggle",
    ];
    let handler = attribute
        .strip_prefix("on")
        .is_some_and(|event| EVENTS.contains(&event));
    handler || attribute == "style"
}

fn in_html(line: &str) -> Option<String> {
    let line = line.to_lowercase();
    for word in line.split(|c: char| c.is_whitespace() || c == '<' || c == '>') {
        if let Some((attribute, value)) = word.split_once('=') {
            let remote = value.trim_matches(['"', '\'']).starts_with("http") || value.contains("\"//");
            if is_refused(attribute) || (remote && matches!(attribute, "src" | "href")) {
                return Some(format!("has `{word}`"));
            }
        }
    }
    line.contains("<style").then(|| "has a style element".to_owned())
}

fn in_css(line: &str) -> Option<String> {
    let remote = [
        "url(http",
        "url(\"http",
        "url('http",
        "url(//",
        "@import \"http",
        "@import 'http",
    ];
    remote
        .iter()
        .find(|remote| line.contains(*remote))
        .map(|remote| format!("loads from another origin: `{remote}…`"))
}
