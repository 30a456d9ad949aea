//! Rules on who may know what inside the server.

use crate::tidy::project::{Project, is_in};
use crate::tidy::rule::{Forbidden, Rule, find_all};
use crate::tidy::source::Name;
use crate::tidy::violation::Violation;

const API: &[&str] = &["crates/api/src"];

pub(super) const LAYERS: Rule = Rule {
    name: "api-layers",
    says: "in crates/api: routes → handlers → auth, tasks → db, and never back",
    reason: "what lies below can be read, tested and changed without what lies above",
    check: layers,
};

pub(super) const DIESEL: Rule = Rule {
    name: "diesel",
    says: "in crates/api only db/ names diesel",
    reason: "a query is written once, beside its table, and the rest of the server does not know which database it is",
    check: |project| {
        Forbidden {
            within: API,
            except: &["crates/api/src/db"],
            names: &[&["diesel"], &["diesel_async"], &["diesel_migrations"]],
        }
        .find(project)
    },
};

pub(super) const BCRYPT: Rule = Rule {
    name: "bcrypt",
    says: "only auth/password.rs names bcrypt",
    reason: "bcrypt's limits (72 bytes, NUL, cost, seconds of CPU) are dealt with in one place",
    check: |project| {
        Forbidden {
            within: API,
            except: &["crates/api/src/auth/password"],
            names: &[&["bcrypt"]],
        }
        .find(project)
    },
};

pub(super) const SIGNATURES: Rule = Rule {
    name: "signatures",
    says: "only auth/token/keys.rs names ring",
    reason: "there a key knows its algorithm, so that no token can have it taken for a key of another",
    check: |project| {
        Forbidden {
            within: API,
            except: &["crates/api/src/auth/token/keys"],
            names: &[&["ring"]],
        }
        .find(project)
    },
};

pub(super) const ENVIRONMENT: Rule = Rule {
    name: "environment",
    says: "in crates/api only config.rs reads the environment",
    reason: "every setting is known to --help and to the README, and two servers live in one process in tests",
    check: |project| {
        Forbidden {
            within: API,
            except: &["crates/api/src/config"],
            names: &[
                &["std", "env"],
                &["env", "var"],
                &["env", "var_os"],
                &["env", "vars"],
                &["env", "vars_os"],
            ],
        }
        .find(project)
    },
};

pub(super) const STATUS: Rule = Rule {
    name: "status",
    says: "in crates/api only http/error.rs names a status for a failure",
    reason: "every failure has the one body of the contract, and its cause stays in the log",
    check: status,
};

fn layers(project: &Project) -> Vec<Violation> {
    find_all(
        project,
        &[
            Forbidden {
                within: &["crates/api/src/db"],
                except: &[],
                names: &[
                    &["crate", "app"],
                    &["crate", "auth"],
                    &["crate", "http"],
                    &["crate", "tasks"],
                ],
            },
            Forbidden {
                within: &["crates/api/src/auth", "crates/api/src/tasks"],
                except: &[],
                names: &[&["crate", "http", "handlers"], &["crate", "http", "routes"]],
            },
            Forbidden {
                within: &["crates/api/src/http/handlers"],
                except: &[],
                names: &[&["crate", "http", "routes"]],
            },
        ],
    )
}

fn status(project: &Project) -> Vec<Violation> {
    project
        .sources("crates/api/src")
        .filter(|source| !is_in(&source.path, "crates/api/src/http/error"))
        .flat_map(|source| {
            let found = source.names.iter().filter(|name| is_failure(name));
            found.map(|name| Violation::new(&source.path, name.line, format!("names `{}`", name.display())))
        })
        .collect()
}

/// The failures of RFC 9110 §15.5–15.6 that the contract uses, without the joints of their names.
const FAILURES: [&str; 20] = [
    "badgateway",
    "badrequest",
    "conflict",
    "forbidden",
    "gatewaytimeout",
    "gone",
    "internalservererror",
    "lengthrequired",
    "methodnotallowed",
    "notacceptable",
    "notfound",
    "notimplemented",
    "payloadtoolarge",
    "preconditionfailed",
    "requesttimeout",
    "serviceunavailable",
    "toomanyrequests",
    "unauthorized",
    "unprocessableentity",
    "unsupportedmediatype",
];

fn is_failure(name: &Name) -> bool {
    let Some(last) = name.segments.last() else {
        return false;
    };
    // actix_web::error::ErrorNotFound
    if let Some(rest) = last.strip_prefix("Error")
        && FAILURES.contains(&rest.to_lowercase().as_str())
    {
        return true;
    }
    let of_status = name.segments.iter().rev().nth(1);
    let of_status = of_status.is_some_and(|owner| owner == "StatusCode" || owner.starts_with("HttpResponse"));
    of_status && FAILURES.contains(&last.replace('_', "").to_lowercase().as_str())
}
