//! The single-page app, out of the binary: its page for every navigation, its files by their names.
//!
//! In a debug build the files are read from the disk at each request, so that a rebuilt app shows at once.

use crate::http::error::ApiError;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, EntityTag, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use shared::paths;
use std::borrow::Cow;

/// What the bundler (`xtask/bundler`) has made, with compressed copies (`.br`, `.gz`) beside the files where they are smaller.
#[derive(RustEmbed)]
#[folder = "$TASKWARD_DIST_FOLDER"]
#[allow_missing = true]
struct Dist;

/// Encodings in the order of preference, with the ending of the copy.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Serves what is no route of the API.
///
/// # Errors
/// 404 for an unknown path of the API and for a file that there is not.
pub async fn serve(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    if path == paths::METRICS {
        return Err(ApiError::NotFound);
    }
    let in_api = path == paths::API || path.strip_prefix(paths::API).is_some_and(|rest| rest.starts_with('/'));
    if in_api {
        return Err(ApiError::NotFound);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = actix_web::http::header::HeaderValue::from_static("GET, HEAD");
        return Err(ApiError::MethodNotAllowed(allow));
    }
    let name = path.trim_start_matches('/');
    let is_page = name.is_empty() || name == "index.html";
    let is_file = !is_page && !is_copy(name);
    if let Some(file) = is_file.then(|| Dist::get(name)).flatten() {
        return Ok(send(&request, name, file, None));
    }
    if !is_page && is_file_name(name) {
        return Err(ApiError::NotFound);
    }
    let Some(page) = Dist::get("index.html") else {
        return Err(ApiError::NotBuilt);
    };
    let policy = policy(&String::from_utf8_lossy(&page.data));
    Ok(send(&request, "index.html", page, Some(policy)))
}

fn send(request: &HttpRequest, name: &str, file: EmbeddedFile, policy: Option<String>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((VARY, "Accept-Encoding"));
    let cache = if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response.insert_header((CACHE_CONTROL, cache));
    if let Some(policy) = policy {
        response.insert_header((CONTENT_SECURITY_POLICY, policy));
    }

    let accepted = request
        .headers()
        .get(ACCEPT_ENCODING)
        .and_then(|header| header.to_str().ok())
        .unwrap_or_default();
    let copy = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|(encoding, ending)| Some((*encoding, Dist::get(&format!("{name}{ending}"))?)));
    let tag = tag(&file, copy.as_ref().map_or("", |(encoding, _)| encoding));
    response.insert_header((ETAG, EntityTag::new_strong(tag.clone())));
    if request
        .headers()
        .get_all(IF_NONE_MATCH)
        .any(|header| names(header.as_bytes(), &tag))
    {
        return response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish();
    }

    response.content_type(content_type(name));
    match copy {
        Some((encoding, copy)) => {
            response.insert_header((CONTENT_ENCODING, encoding));
            response.body(bytes(copy.data))
        }
        None => response.body(bytes(file.data)),
    }
}

fn bytes(data: Cow<'static, [u8]>) -> web::Bytes {
    match data {
        Cow::Borrowed(data) => web::Bytes::from_static(data),
        Cow::Owned(data) => web::Bytes::from(data),
    }
}

/// Media types of text say their charset.
fn content_type(name: &str) -> String {
    let essence = mime_guess::from_path(name).first_or_octet_stream();
    match essence.type_() {
        mime_guess::mime::TEXT => format!("{essence}; charset=utf-8"),
        _ => essence.to_string(),
    }
}

/// What the app's page may do: its own files and requests to this server. Its only inline script is the loader, by hash.
fn policy(page: &str) -> String {
    let hashes = inline_scripts(page).fold(String::new(), |all, script| {
        format!("{all} 'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
    });
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// The texts of the scripts that the page holds itself.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=") && !script.is_empty()).then_some(script)
    })
}

/// Whether the path asks for a file rather than for a page: its last part has an ending that files of sites have.
fn is_file_name(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("assets/") || is_copy(last) || last.contains('.') && mime_guess::from_path(last).first().is_some()
}

/// Whether it is the name of a compressed copy, which is never sent under its own name.
fn is_copy(name: &str) -> bool {
    ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending))
}

/// Whether the name holds a hash of the contents (`app-0123456789abcdef.js`), so that it never changes.
fn is_hashed(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    // After it comes which of the app's files it is: `_bg`, `_link`, `_second`.
    let hash = stem
        .rsplit_once('-')
        .map(|(_, hash)| hash.split('_').next().unwrap_or_default());
    hash.is_some_and(|hash| hash.len() >= 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether `Accept-Encoding` takes the encoding (RFC 9110 §12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    let quality = |wanted: &str| {
        header.split(',').find_map(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, ""));
            let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then_some(weight.unwrap_or(0.0) > 0.0)
        })
    };
    quality(encoding).or_else(|| quality("*")).unwrap_or(false)
}

/// The representation's tag: of the file, and of how it is encoded.
fn tag(file: &EmbeddedFile, encoding: &str) -> String {
    let hash = URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash());
    if encoding.is_empty() {
        hash
    } else {
        format!("{hash}-{encoding}")
    }
}

/// Whether `If-None-Match` names the tag (RFC 9110 §13.1.2).
fn names(header: &[u8], tag: &str) -> bool {
    let header = std::str::from_utf8(header).unwrap_or_default();
    header
        .split(',')
        .map(str::trim)
        .any(|each| each == "*" || each.strip_prefix("W/").unwrap_or(each).trim_matches('"') == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let page = r#"<script src="a.js"></script><script type="module">init();</script><link href="x">"#;
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["init();"]);
        // printf 'init();' | openssl dgst -sha256 -binary | base64
        assert!(
            policy(page).contains("'sha256-GEnM5q1nYY/iACnyMTdov+tNp9OFcBnnDgNXUXaVNXc='"),
            "{}",
            policy(page)
        );
    }

    #[test]
    fn encodings_are_negotiated() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(accepts("*", "gzip"));
        assert!(!accepts("br;q=0, *", "br"));
        assert!(!accepts("", "br"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn hashed_names_are_told_apart() {
        assert!(is_hashed("taskward-0123456789abcdef.js"));
        // Without its leading zeros, as Trunk has it.
        assert!(is_hashed("task_list-47f3a6f00732164.css"));
        assert!(is_hashed("taskward-0123456789abcdef_bg.wasm"));
        assert!(is_hashed("taskward-0123456789abcdef_second.wasm"));
        assert!(!is_hashed("favicon.svg"));
        assert!(!is_hashed("well-known.txt"));
    }

    #[test]
    fn files_and_pages_are_told_apart() {
        assert!(is_file_name("missing.js"));
        assert!(is_file_name("assets/missing"));
        assert!(is_file_name("missing.js.br"));
        assert!(!is_file_name("tasks"));
        assert!(!is_file_name("tag/v1.2"));
        assert!(!is_file_name(""));
    }
}
