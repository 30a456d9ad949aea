//! Requests that a cookie authenticates must come from the site itself, not from a page of somebody else's.

use crate::app::App;
use crate::http::error::ApiError;
use actix_web::dev::Payload;
use actix_web::http::header::{HOST, ORIGIN};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};
use url::Url;

/// Proof that no foreign site caused the request.
///
/// Browsers say where a request comes from (`Sec-Fetch-Site`, Fetch Metadata §2.3; `Origin`, Fetch §3.2), and no page can
/// change what they say. A client that says nothing is no browser, and has no cookie that it was not given on purpose.
pub struct SameSite;

impl FromRequest for SameSite {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(if is_same_origin(request) {
            Ok(Self)
        } else {
            Err(ApiError::CrossSite)
        })
    }
}

/// Whether the request comes from the site itself, or from no browser.
pub(super) fn is_same_origin(request: &HttpRequest) -> bool {
    let headers = request.headers();
    if let Some(site) = headers.get("Sec-Fetch-Site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let Some(origin) = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok()) else {
        return false;
    };
    let public = request
        .app_data::<Data<App>>()
        .and_then(|app| app.config().public_url.as_ref());
    if let Some(public) = public {
        return origin.origin() == public.origin();
    }
    // Which scheme the site has, only a configured PUBLIC_URL knows; the host alone tells a foreign site apart.
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| {
        Url::parse(&format!("{}://{host}", origin.scheme())).is_ok_and(|own| own.origin() == origin.origin())
    })
}
