//! The app's page runs its own program and nothing else.

use crate::case::{Case, cases};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use shared::paths;
use std::collections::BTreeMap;
use std::path::Path;
use tests::{Ask, TestApp};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_page_allows_nothing_inline_but_its_loader,
        the_page_allows_no_evaluation_but_of_the_program,
        the_page_loads_nothing_from_elsewhere,
        the_page_holds_no_style_and_no_handler_of_its_own,
        the_documentation_loads_nothing_from_elsewhere,
        files_that_never_change_are_told_apart_from_the_page,
        a_page_cannot_be_made_to_say_something_else,
    ]
}

/// The directives of a policy, by their names.
fn directives(policy: &str) -> BTreeMap<String, Vec<String>> {
    let directives = policy.split(';').map(|directive| {
        let mut words = directive.split_ascii_whitespace().map(str::to_owned);
        (words.next().expect("a name"), words.collect())
    });
    directives.collect()
}

async fn page(app: &TestApp) -> (String, BTreeMap<String, Vec<String>>) {
    let answer = app.get("/").ask().await.expect(200);
    (answer.text(), directives(answer.header("content-security-policy")))
}

/// The texts of the page's inline scripts.
fn inline_scripts(page: &str) -> Vec<&str> {
    let scripts = page.split("<script").skip(1);
    let texts = scripts.filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(text)
    });
    texts.collect()
}

async fn the_page_allows_nothing_inline_but_its_loader() {
    let app = TestApp::spawn().await;
    let (page, policy) = page(&app).await;
    for (name, sources) in &policy {
        for source in sources {
            assert_ne!(source, "'unsafe-inline'", "{name}: {policy:?}");
            assert_ne!(source, "'unsafe-hashes'", "{name}: {policy:?}");
            assert_ne!(source, "'strict-dynamic'", "{name}: {policy:?}");
        }
    }
    let mut allowed: Vec<_> = policy["script-src"]
        .iter()
        .filter(|source| source.starts_with("'sha"))
        .cloned()
        .collect();
    let mut expected: Vec<_> = inline_scripts(&page)
        .into_iter()
        .map(|text| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text))))
        .collect();
    allowed.sort();
    expected.sort();
    assert!(!expected.is_empty(), "the loader is in there: {page}");
    assert_eq!(allowed, expected);
}

async fn the_page_allows_no_evaluation_but_of_the_program() {
    let app = TestApp::spawn().await;
    let (_, policy) = page(&app).await;
    let mut script: Vec<_> = policy["script-src"]
        .iter()
        .filter(|source| !source.starts_with("'sha256-"))
        .map(String::as_str)
        .collect();
    script.sort_unstable();
    assert_eq!(script, ["'self'", "'wasm-unsafe-eval'"]);
}

async fn the_page_loads_nothing_from_elsewhere() {
    let app = TestApp::spawn().await;
    let (page, policy) = page(&app).await;
    assert_eq!(policy["default-src"], ["'none'"]);
    assert_eq!(policy["base-uri"], ["'none'"]);
    assert_eq!(policy["frame-ancestors"], ["'none'"]);
    assert_eq!(policy["form-action"], ["'self'"]);
    assert_eq!(policy["connect-src"], ["'self'"]);
    for (name, sources) in &policy {
        for source in sources {
            let known = ["'none'", "'self'", "'wasm-unsafe-eval'"].contains(&source.as_str())
                || source.starts_with("'sha256-")
                || (name == "img-src" && source == "data:");
            assert!(known, "{name} {source}");
        }
    }
    for address in ["http://", "https://", "src=\"//", "href=\"//"] {
        assert!(!page.contains(address), "{address}: {page}");
    }
}

async fn the_page_holds_no_style_and_no_handler_of_its_own() {
    let app = TestApp::spawn().await;
    let (page, _) = page(&app).await;
    for inline in ["<style", " style=", " onload=", " onerror=", " onclick=", "javascript:"] {
        assert!(!page.contains(inline), "{inline}: {page}");
    }
}

async fn the_documentation_loads_nothing_from_elsewhere() {
    let app = TestApp::spawn().await;
    let answer = app.get(paths::DOCS).ask().await.expect(200);
    let policy = directives(answer.header("content-security-policy"));
    assert_eq!(policy["default-src"], ["'none'"]);
    assert_eq!(policy["script-src"], ["'self'"]);
    assert_eq!(policy["connect-src"], ["'self'"]);
    assert_eq!(policy["base-uri"], ["'none'"]);
    assert_eq!(policy["frame-ancestors"], ["'none'"]);
    assert!(!answer.text().contains("src=\"http"), "{answer:?}");
}

async fn files_that_never_change_are_told_apart_from_the_page() {
    let app = TestApp::spawn().await;
    let answer = app.get("/").ask().await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-cache");
    let text = answer.text();
    let script = text
        .split(['"', '\'', '=', ' ', '>'])
        .find(|text| text.contains('-') && Path::new(text).extension().is_some_and(|ending| ending == "js"));
    let path = format!("/{}", script.expect("a script").trim_start_matches(['.', '/']));
    let answer = app.get(&path).ask().await.expect(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.cookies(), []);
}

async fn a_page_cannot_be_made_to_say_something_else() {
    let app = TestApp::spawn().await;
    let usual = app.get("/").ask().await.expect(200).body;
    for path in [
        "/?x=<script>alert(1)</script>",
        "/sign-in?from=javascript:alert(1)",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/a%0d%0aSet-Cookie:%20x=y",
    ] {
        for name in [
            "x-forwarded-host",
            "x-forwarded-proto",
            "referer",
            "user-agent",
            "accept-language",
        ] {
            let answer = app.get(path).header(name, "\"><script>alert(1)</script>").ask().await;
            assert_eq!(answer.expect(200).body, usual, "{path} {name}");
        }
    }
}
