//! `/metrics`: what Prometheus asks for, on an address of its own.

use crate::app::App;
use crate::http::error::ApiError;
use actix_web::HttpResponse;
use actix_web::web::Data;

/// The counters, as text.
pub async fn get_metrics(app: Data<App>) -> Result<HttpResponse, ApiError> {
    let text = app
        .metrics()
        .text(&app.load())
        .map_err(|error| ApiError::Internal(error.into()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text))
}
