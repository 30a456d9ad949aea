//! Every rule holds on a good project and is broken by each of its own counterexamples.

use super::*;
use crate::tidy::project::Project;
use crate::tidy::violation::Violation;

/// A small project that breaks no rule.
const GOOD: &[(&str, &str)] = &[
    (
        "ARCHITECTURE.md",
        "`a/b.rs`\n## Glossary\n| No serde json, Actix | none | `crates/api/src/db.rs` |\n## Other\n| x | `c/d.rs` |",
    ),
    ("README.md", "| `JWT_SECRET` | `PORT` |"),
    (
        "crates/api/Cargo.toml",
        "[package]\nname = \"api\"\n[dependencies]\nshared = {}\ndiesel = \"2\"\n[lints]\nworkspace = true",
    ),
    (
        "crates/api/src/auth/password.rs",
        "use bcrypt::hash; pub struct PasswordHash(String);",
    ),
    (
        "crates/api/src/auth/token/keys.rs",
        "use ring::hmac; use crate::db::users;",
    ),
    (
        "crates/api/src/config.rs",
        "use std::env; struct Config { #[arg(long, env = \"JWT_SECRET\")] secret: String, \
         #[arg(env, long)] #[doc(hidden)] pub port: u16 }",
    ),
    (
        "crates/api/src/db.rs",
        "//! No actix, no serde_json.\npub use conn::Conn;",
    ),
    (
        "crates/api/src/db/conn.rs",
        "impl Conn { pub async fn transaction(&mut self) { self.0.transaction(|c| c) } }",
    ),
    (
        "crates/api/src/db/tasks.rs",
        "use diesel::prelude::*; use super::users; #[derive(Insertable)] pub struct NewTask<'a> { pub owner: UserId, title: &'a str }\n\
         pub async fn find(conn: &mut Conn, owner: UserId, id: TaskId) {} pub(crate) fn create(conn: &mut Conn, new: &NewTask<'_>) {}\n\
         fn helper(id: TaskId) {} #[cfg(test)] mod tests { pub fn free() {} }",
    ),
    (
        "crates/api/src/http/error.rs",
        "fn status() -> StatusCode { StatusCode::NOT_FOUND }",
    ),
    (
        "crates/api/src/http/handlers/tasks.rs",
        "use crate::auth::token; fn created() { HttpResponse::Created(); StatusCode::OK; ErrorCode::NotFound; }",
    ),
    (
        "crates/api/src/http/routes.rs",
        "use crate::http::handlers::tasks; const VERSION: &str = env!(\"CARGO_PKG_VERSION\");",
    ),
    (
        "crates/frontend/Cargo.toml",
        "[package]\nname = \"frontend\"\n[dependencies]\nshared = {}\n[lints]\nworkspace = true",
    ),
    (
        "crates/frontend/index.html",
        "<link data-trunk rel=\"css\" href=\"style/base.css\">",
    ),
    ("crates/frontend/src/api/tasks.rs", "use gloo_net::http::Request;"),
    (
        "crates/frontend/src/ui/row.rs",
        "fn row() { let style = 1; view! { <p style:width=w data-style=\"a\" on:click=go on_done=go>\"style=\"</p> } }",
    ),
    (
        "crates/frontend/src/pages/tasks.rs",
        "use crate::{api, ui::row, session};",
    ),
    (
        "crates/frontend/src/model/entry.rs",
        "use super::merge; use chrono::NaiveDate; use shared::due::Due; fn f() { crate::model::replica::now() }",
    ),
    ("crates/api/src/auth/token.rs", "mod keys;"),
    ("crates/api/src/tasks/complete.rs", "use crate::db::tasks;"),
    ("crates/frontend/src/session.rs", "use crate::api;"),
    (
        "crates/frontend/src/shell/frame.rs",
        "//! For people.\n#![expect(a, reason = \"It is {so}.\")]\nuse crate::{session, tasks}; /// Why it is.\nconst SAVE: &str = \"Save\";",
    ),
    (
        "crates/frontend/src/words/session.rs",
        "pub const SIGNED_OUT: &str = \"You have signed out.\";",
    ),
    ("crates/frontend/src/store/sync.rs", "use crate::{api, model};"),
    ("crates/frontend/src/tasks/row.rs", "use crate::{store, ui};"),
    (
        "crates/frontend/src/ui/icon.rs",
        "fn icon() { view! { <svg inner_html=drawing/> } }",
    ),
    ("crates/frontend/style/base.css", "a { background: url(a.svg) }"),
    (
        "crates/shared/Cargo.toml",
        "[package]\nname = \"shared\"\n[dependencies]\nserde = \"1\"\n[lints]\nworkspace = true",
    ),
    (
        "crates/shared/src/text.rs",
        "#[derive(Clone)] pub struct Password(String); #[derive(Debug, Serialize)] pub struct Title(String);",
    ),
    ("migrations/postgres/2026-01-01_a/down.sql", "DROP TABLE a;"),
    ("migrations/postgres/2026-01-01_a/up.sql", "-- why\nCREATE TABLE a ();"),
    ("migrations/sqlite/2026-01-01_a/down.sql", "DROP TABLE a;"),
    ("migrations/sqlite/2026-01-01_a/up.sql", "CREATE TABLE a (b);"),
    (
        "xtask/Cargo.toml",
        "[package]\nname = \"xtask\"\n[lints]\nworkspace = true",
    ),
];

/// What breaks which rule, if it is put into the good project in place of the file of that name.
const BAD: &[(&str, &str, &str)] = &[
    (
        "dependencies",
        "crates/api/Cargo.toml",
        "[dev-dependencies]\nfrontend = {}",
    ),
    (
        "dependencies",
        "crates/frontend/Cargo.toml",
        "[target.'cfg(unix)'.dependencies]\nserver = { package = \"api\" }\n[package]\nname = \"frontend\"",
    ),
    (
        "dependencies",
        "crates/other/Cargo.toml",
        "[build-dependencies]\nxtask = {}",
    ),
    ("dependencies", "crates/other/Cargo.toml", "not a manifest"),
    (
        "shared-is-pure",
        "crates/shared/Cargo.toml",
        "[dependencies]\ndiesel-async = \"1\"",
    ),
    (
        "shared-is-pure",
        "crates/shared/src/text.rs",
        "fn f() { std::fs::read(\"a\"); }",
    ),
    ("lints", "crates/shared/Cargo.toml", "[package]\nname = \"shared\""),
    ("api-layers", "crates/api/src/db/users.rs", "use crate::auth::password;"),
    (
        "api-layers",
        "crates/api/src/db/users.rs",
        "use super::super::http::handlers;",
    ),
    (
        "api-layers",
        "crates/api/src/auth/caller.rs",
        "use crate::{http::handlers::tasks};",
    ),
    (
        "api-layers",
        "crates/api/src/http/handlers/tasks.rs",
        "fn f() { crate::http::routes::all() }",
    ),
    (
        "diesel",
        "crates/api/src/http/handlers/tasks.rs",
        "use diesel::prelude::*;",
    ),
    (
        "diesel",
        "crates/api/src/http/error.rs",
        "impl From<diesel::result::Error> for Error {}",
    ),
    ("diesel", "crates/api/src/app.rs", "use diesel_async as database;"),
    (
        "bcrypt",
        "crates/api/src/http/handlers/auth.rs",
        "fn f() { bcrypt::verify(a, b) }",
    ),
    ("signatures", "crates/api/src/auth/session.rs", "use ring::hmac;"),
    (
        "environment",
        "crates/api/src/app.rs",
        "fn f() { std::env::var(\"A\") }",
    ),
    ("environment", "crates/api/src/app.rs", "use std::{env, fs};"),
    ("environment", "crates/api/src/app.rs", "use std::env::*;"),
    (
        "status",
        "crates/api/src/http/handlers/tasks.rs",
        "fn f() { StatusCode::NOT_FOUND }",
    ),
    (
        "status",
        "crates/api/src/http/spa.rs",
        "fn f() { actix_web::http::StatusCode::SERVICE_UNAVAILABLE }",
    ),
    (
        "status",
        "crates/api/src/http/handlers/tasks.rs",
        "fn f() { HttpResponse::BadRequest() }",
    ),
    (
        "status",
        "crates/api/src/http/handlers/tasks.rs",
        "use actix_web::error::ErrorInternalServerError;",
    ),
    ("db-knows-no-http", "crates/api/src/db/users.rs", "use actix_web::web;"),
    (
        "db-knows-no-http",
        "crates/api/src/db.rs",
        "fn f() { serde_json::to_string(a) }",
    ),
    (
        "owner",
        "crates/api/src/db/tasks.rs",
        "pub async fn find(conn: &mut Conn, id: TaskId) {}",
    ),
    (
        "owner",
        "crates/api/src/db/tasks.rs",
        "pub(crate) fn all(conn: &mut Conn) -> Vec<UserId> {}",
    ),
    (
        "owner",
        "crates/api/src/db/tasks.rs",
        "pub struct New { id: TaskId } pub fn create(new: &New, f: impl Fn(u8)) { let a: UserId; }",
    ),
    (
        "transactions",
        "crates/api/src/db/tasks.rs",
        "pub async fn f(c: &mut C, o: UserId) { c.transaction(|c| c) }",
    ),
    (
        "migrations",
        "migrations/sqlite/2026-02-02_b/up.sql",
        "CREATE TABLE b (c);",
    ),
    ("migrations", "migrations/postgres/2026-01-01_a/down.sql", "-- later\n"),
    (
        "wire-and-rows",
        "crates/shared/src/tasks.rs",
        "#[cfg_attr(feature = \"db\", derive(diesel::Queryable))] pub struct Task {}",
    ),
    (
        "wire-and-rows",
        "crates/api/src/db/tasks.rs",
        "#[derive(Queryable, serde::Serialize)] pub struct Task {}",
    ),
    (
        "secrets",
        "crates/shared/src/text.rs",
        "#[derive(Clone, Debug)] pub struct Password(String);",
    ),
    (
        "secrets",
        "crates/api/src/auth/secret.rs",
        "#[derive(Serialize)] #[serde(transparent)] pub(crate) struct SigningSecret(String);",
    ),
    (
        "frontend-layers",
        "crates/frontend/src/ui/row.rs",
        "use crate::api::tasks;",
    ),
    (
        "frontend-layers",
        "crates/frontend/src/ui/row.rs",
        "use super::super::session::Session;",
    ),
    (
        "frontend-layers",
        "crates/frontend/src/api/tasks.rs",
        "use crate::session;",
    ),
    (
        "frontend-layers",
        "crates/frontend/src/session.rs",
        "use crate::pages::tasks;",
    ),
    (
        "frontend-layers",
        "crates/frontend/src/pages/tasks.rs",
        "use crate::app::App;",
    ),
    (
        "frontend-layers",
        "crates/frontend/src/store/sync.rs",
        "use crate::tasks::quick_add;",
    ),
    (
        "frontend-layers",
        "crates/frontend/src/words/session.rs",
        "use crate::session::Notice;",
    ),
    (
        "model-is-pure",
        "crates/frontend/src/model/entry.rs",
        "use leptos::prelude::*;",
    ),
    (
        "model-is-pure",
        "crates/frontend/src/model/entry.rs",
        "fn f() { js_sys::encode_uri_component(a) }",
    ),
    (
        "model-is-pure",
        "crates/frontend/src/model/entry.rs",
        "use super::super::browser;",
    ),
    (
        "fetch",
        "crates/frontend/src/pages/tasks.rs",
        "fn f() { gloo_net::http::Request::get(a) }",
    ),
    (
        "paths",
        "crates/frontend/src/pages/tasks.rs",
        "fn f() { get(\"/api/auth/me\") }",
    ),
    (
        "content-security",
        "crates/frontend/src/pages/tasks.rs",
        "fn f() { view! { <p style=\"color: red\"/> } }",
    ),
    (
        "content-security",
        "crates/frontend/src/pages/tasks.rs",
        "fn f() { view! { <Row attr:style=move || s.get()/> } }",
    ),
    (
        "content-security",
        "crates/frontend/src/pages/tasks.rs",
        "fn f() { view! { <p><a onclick=\"go()\"/></p> } }",
    ),
    (
        "raw-html",
        "crates/frontend/src/pages/tasks.rs",
        "fn f() { view! { <p inner_html=text/> } }",
    ),
    (
        "raw-html",
        "crates/frontend/src/pages/tasks.rs",
        "fn f() { element.set_inner_html(title) }",
    ),
    (
        "content-security",
        "crates/frontend/index.html",
        "<body style=\"margin: 0\">",
    ),
    ("content-security", "crates/frontend/index.html", "<style>"),
    ("content-security", "crates/frontend/index.html", "<body onload='go()'>"),
    (
        "content-security",
        "crates/frontend/index.html",
        "<script src=\"https://example.org/a.js\">",
    ),
    (
        "content-security",
        "crates/frontend/style/base.css",
        "@import 'https://example.org/a.css';",
    ),
    (
        "words",
        "crates/frontend/src/tasks/row.rs",
        "fn f() { view! { <p>\"Nobody was signed out.\"</p> } }",
    ),
    (
        "words",
        "crates/frontend/src/store/sync.rs",
        "fn f() { format!(\"{count} tasks\") }",
    ),
    ("readable", "crates/api/src/app.rs", "fn f( {"),
    ("no-mod-rs", "crates/api/src/auth/mod.rs", ""),
    ("no-glob-exports", "crates/api/src/db.rs", "pub use tasks::*;"),
    ("no-glob-exports", "tests/src/lib.rs", "pub(crate) use a::{b, c::*};"),
    ("variables", "README.md", "`PORT` `JWT_SECRET_OLD`"),
    ("variables", "README.md", "`JWT_SECRET`, the port"),
    ("variables", "crates/api/src/config.rs", "struct Config;"),
    (
        "glossary",
        "ARCHITECTURE.md",
        "## Glossary\n| term | what | where |\n|---|---|---|\n| actix | a framework | `crates/api/src/absent.rs` |",
    ),
    (
        "glossary",
        "ARCHITECTURE.md",
        "## Glossary\n| actix, group commit | several | `crates/api/src/db.rs` |\n## Other",
    ),
];

fn project(change: Option<(&str, &str)>) -> Project {
    let mut project = Project::default();
    for (path, text) in GOOD.iter().copied().chain(change) {
        project.add(path, text.to_owned());
    }
    project
}

fn rule(name: &str) -> &'static Rule {
    RULES
        .iter()
        .find(|rule| rule.name == name)
        .expect("a rule of that name")
}

#[test]
fn a_good_project_breaks_no_rule() {
    let project = project(None);
    for rule in RULES {
        assert_eq!((rule.check)(&project), [], "{}", rule.name);
    }
}

#[test]
fn an_empty_project_breaks_only_the_rule_that_things_are_there() {
    for rule in RULES {
        let broken = !(rule.check)(&Project::default()).is_empty();
        assert_eq!(broken, rule.name == "subjects", "{}", rule.name);
    }
}

#[test]
fn every_counterexample_is_caught() {
    for (name, path, text) in BAD {
        let found = (rule(name).check)(&project(Some((path, text))));
        assert!(!found.is_empty(), "{name} lets through: {path}: {text}");
    }
}

#[test]
fn every_rule_has_a_counterexample() {
    let elsewhere = ["circles", "length", "subjects"];
    for rule in RULES {
        let has_one = BAD.iter().any(|(name, _, _)| *name == rule.name);
        assert!(has_one || elsewhere.contains(&rule.name), "{}", rule.name);
    }
}

#[test]
fn a_violation_says_where() {
    let project = project(Some(("crates/api/src/app.rs", "\n\nuse diesel::prelude;")));
    let expected = Violation::new("crates/api/src/app.rs", 3, "names `diesel::prelude`");
    assert_eq!((rule("diesel").check)(&project), [expected]);
}

#[test]
fn long_files_are_noted_and_longer_ones_refused() {
    let of = |lines: usize| project(Some(("crates/api/src/app.rs", &"\n".repeat(lines))));
    let refused = |project: &Project| (rule("length").check)(project).len();
    assert_eq!((refused(&of(400)), files::long(&of(400)).count()), (0, 0));
    assert_eq!((refused(&of(401)), files::long(&of(401)).count()), (0, 1));
    assert_eq!((refused(&of(500)), files::long(&of(500)).count()), (0, 1));
    assert_eq!((refused(&of(501)), files::long(&of(501)).count()), (1, 0));
}

#[test]
fn a_renamed_subject_is_missed() {
    let mut project = Project::default();
    for (path, text) in GOOD {
        project.add(&path.replace("db/tasks", "db/todos"), (*text).to_owned());
    }
    let missed = (rule("subjects").check)(&project);
    assert_eq!(
        missed.first().map(|found| found.path.as_str()),
        Some("crates/api/src/db/tasks.rs")
    );
}
