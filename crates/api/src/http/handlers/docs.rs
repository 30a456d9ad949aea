//! `/api/openapi.json` and `/api/docs`: the description of the API, and the page to read and try it.

use crate::http::error::ApiError;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder};
use shared::paths;
use std::sync::Arc;
use utoipa_swagger_ui::SwaggerFile;

/// What the docs page may do: its own scripts and styles, and requests to this server.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where the description is made: on the page of routes, when it is first asked for.
pub struct Description(pub fn() -> &'static str);

/// The description.
pub async fn get_openapi(description: Data<Description>) -> impl Responder {
    HttpResponse::Ok()
        .content_type("application/json")
        .body((description.0)())
}

/// The page to read and try it.
pub async fn get_docs() -> Result<HttpResponse, ApiError> {
    let page = file("index.html")?.ok_or(ApiError::NotFound)?;
    // The page refers to its files as if its own address ended in a slash.
    let html = String::from_utf8_lossy(&page.bytes).replace("\"./", &format!("\"{}/", paths::DOCS));
    let html = html.replace("href=\"index.css\"", &format!("href=\"{}/index.css\"", paths::DOCS));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, DOCS_POLICY))
        .content_type("text/html; charset=utf-8")
        .body(html))
}

/// One of the files of that page.
pub async fn get_docs_file(name: Path<String>) -> Result<HttpResponse, ApiError> {
    let file = file(&name)?.ok_or(ApiError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .body(file.bytes.into_owned()))
}

fn file(name: &str) -> Result<Option<SwaggerFile<'static>>, ApiError> {
    let config = utoipa_swagger_ui::Config::from(paths::OPENAPI);
    utoipa_swagger_ui::serve(name, Arc::new(config)).map_err(|error| ApiError::Internal(error.to_string().into()))
}
