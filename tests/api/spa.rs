//! The single-page app as the server hands it out. The files are those that the bundler has put into `dist`.

use shared::error::ErrorCode;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use tests::{Answer, Ask, TestApp, assert_problem};

/// The files of the app by their paths, with their contents; compressed copies among them. `None` if there is no app,
/// which is an error if `TASKWARD_DIST` says that there is a complete one.
fn dist() -> Option<BTreeMap<String, Vec<u8>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    let complete = env::var_os("TASKWARD_DIST");
    if let Some(complete) = &complete {
        let same = fs::canonicalize(&root).ok() == fs::canonicalize(complete).ok();
        assert!(
            same,
            "a debug build of the server reads the app from {}",
            root.display()
        );
    }
    if !root.join("index.html").is_file() {
        assert!(complete.is_none(), "there is no app in {}", root.display());
        println!("nothing to test here: the app is not built (`cargo xtask test --only spa`)");
        return None;
    }
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    if complete.is_some() {
        for ending in ["br", "gz"] {
            let name = format!("index.html.{ending}");
            assert!(files.contains_key(&name), "a release build has {name}");
        }
    }
    Some(files)
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn is_copy(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "br" || ending == "gz")
}

#[track_caller]
fn assert_page(answer: &Answer, page: &[u8]) {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(answer.body, page);
}

#[tokio::test]
async fn every_navigation_gets_the_app() {
    let app = TestApp::spawn().await;
    let Some(files) = dist() else { return };
    for path in [
        "/",
        "/tasks",
        "/sign-in",
        "/account?from=tasks",
        "/some/deep/page",
        "/tasks/",
        "/index.html",
        "/apiary",
        "/tag/v1.2",
    ] {
        let answer = app.get(path).header("accept", "text/html").ask().await;
        assert_page(&answer, &files["index.html"]);
    }
}

#[tokio::test]
async fn the_app_may_run_its_own_code_and_nothing_else() {
    let app = TestApp::spawn().await;
    let Some(files) = dist() else { return };
    let answer = app.get("/").ask().await.expect(200);
    let policy = answer.header("content-security-policy").to_owned();
    let directives: BTreeMap<_, _> = policy
        .split(';')
        .filter_map(|each| each.trim().split_once(' '))
        .collect();
    assert_eq!(directives["default-src"], "'none'");
    assert_eq!(directives["frame-ancestors"], "'none'");
    assert_eq!(directives["base-uri"], "'none'");
    assert_eq!(directives["connect-src"], "'self'");
    assert_eq!(directives["style-src"], "'self'");
    assert_eq!(directives["form-action"], "'self'");
    for forbidden in ["'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*"] {
        assert!(!policy.contains(forbidden), "{policy}");
    }
    // Each script of the page itself is allowed by its hash, and by nothing else.
    let page = String::from_utf8(files["index.html"].clone()).unwrap();
    let mut inline = 0;
    for script in page.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').unwrap();
        let text = rest.split_once("</script>").unwrap().0;
        if !attributes.contains("src=") && !text.is_empty() {
            inline += 1;
            assert!(
                directives["script-src"].contains(&format!("'sha256-{}'", sha256(text))),
                "{policy}"
            );
        }
    }
    assert_eq!(directives["script-src"].matches("'sha256-").count(), inline, "{policy}");
    assert!(!page.contains("style=\""), "the policy would block it");
}

fn sha256(text: &str) -> String {
    use base64::Engine;
    use sha2::Digest;
    base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(text))
}

#[tokio::test]
async fn every_file_comes_as_it_was_built_with_its_type() {
    let app = TestApp::spawn().await;
    let Some(files) = dist() else { return };
    let mut seen = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| !is_copy(name) && *name != "index.html") {
        let answer = app.get(&format!("/{name}")).ask().await.expect(200);
        assert_eq!(answer.header("content-encoding"), "", "nothing was asked for: {name}");
        assert!(answer.body == *bytes, "{name}");
        let expected = match name.rsplit('.').next().unwrap() {
            "wasm" => "application/wasm",
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "webmanifest" => "application/manifest+json",
            _ => answer.header("content-type"),
        };
        assert_eq!(answer.header("content-type"), expected, "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        seen += 1;
    }
    assert!(seen >= 3, "script, wasm and style at least: {:?}", files.keys());
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_are_kept_for_ever_and_others_are_asked_about() {
    let app = TestApp::spawn().await;
    let Some(files) = dist() else { return };
    let wasm = files.keys().find(|name| name.ends_with(".wasm")).unwrap();
    let answer = app.get(&format!("/{wasm}")).ask().await.expect(200);
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable",
        "{wasm}"
    );
    for name in files
        .keys()
        .filter(|name| ["favicon.svg", "theme.js", "site.webmanifest"].contains(&name.as_str()))
    {
        let answer = app.get(&format!("/{name}")).ask().await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-cache", "{name}");
    }
    let page = app.get("/").ask().await.expect(200);
    let tag = page.header("etag");
    assert!(!tag.is_empty());
    let again = app.get("/").header("if-none-match", tag).ask().await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    app.get("/")
        .header("if-none-match", "\"other\"")
        .ask()
        .await
        .expect(200);
}

#[tokio::test]
async fn compressed_copies_go_to_those_who_take_them() {
    let app = TestApp::spawn().await;
    let Some(files) = dist() else { return };
    for (name, bytes) in files.iter().filter(|(name, _)| !is_copy(name)) {
        let (brotli, gzip) = (format!("{name}.br"), format!("{name}.gz"));
        for (accepted, encoding) in [
            ("br", "br"),
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("identity", ""),
            ("br;q=0, gzip;q=0", ""),
            ("zstd", ""),
        ] {
            let built = match encoding {
                "br" => files.contains_key(&brotli),
                "gzip" => files.contains_key(&gzip),
                _ => true,
            };
            if !built {
                continue;
            }
            let path = if name == "index.html" {
                "/".to_owned()
            } else {
                format!("/{name}")
            };
            let answer = app
                .get(&path)
                .header("accept-encoding", accepted)
                .ask()
                .await
                .expect(200);
            assert_eq!(answer.header("content-encoding"), encoding, "{name}: {accepted}");
            assert!(
                answer.header("vary").to_lowercase().contains("accept-encoding"),
                "{answer:?}"
            );
            assert!(decode(&answer) == *bytes, "{name}: {accepted}");
        }
        // The copies are no pages of their own.
        for copy in [brotli, gzip].iter().filter(|copy| files.contains_key(*copy)) {
            app.get(&format!("/{copy}")).ask().await.expect(404);
        }
    }
}

fn decode(answer: &Answer) -> Vec<u8> {
    let mut decoded = Vec::new();
    match answer.header("content-encoding") {
        "br" => brotli_decompressor::Decompressor::new(&*answer.body, 4096)
            .read_to_end(&mut decoded)
            .unwrap(),
        "gzip" => flate2::read::GzDecoder::new(&*answer.body)
            .read_to_end(&mut decoded)
            .unwrap(),
        _ => return answer.body.clone(),
    };
    decoded
}

#[tokio::test]
async fn a_file_that_is_not_there_is_404_and_never_the_app() {
    let app = TestApp::spawn().await;
    for path in [
        "/assets/missing",
        "/assets/missing.js",
        "/missing.js",
        "/missing.wasm",
        "/taskward-0123456789abcdef.js",
        "/favicon.ico",
        "/robots.txt",
        "/.env.txt",
        "/deep/missing.css",
        "/missing.js.br",
        "/index.html.gz",
    ] {
        let answer = app.get(path).header("accept", "text/html").ask().await;
        assert_problem(&answer, 404, ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn pages_are_only_read() {
    let app = TestApp::spawn().await;
    for path in ["/", "/tasks", "/anything"] {
        for method in [reqwest::Method::POST, reqwest::Method::PUT, reqwest::Method::DELETE] {
            let answer = app.request(method, path).ask().await;
            assert_problem(&answer, 405, ErrorCode::MethodNotAllowed);
            assert_eq!(answer.header("allow"), "GET, HEAD");
        }
    }
}
