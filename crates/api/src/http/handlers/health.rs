//! Whether the server is up.

use crate::app::App;
use crate::http::error::ApiError;
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `healthy`, `ready`
    status: &'static str,
}

/// The process is up. Does not touch the database.
pub async fn health() -> impl Responder {
    HttpResponse::Ok().json(Health { status: "healthy" })
}

/// The process can serve, and will go on to: the database answers, and nobody has told the server to stop.
pub async fn ready(app: Data<App>) -> Result<HttpResponse, ApiError> {
    if app.is_draining() {
        return Err(ApiError::Unavailable("the server is about to stop".into()));
    }
    app.db()
        .ping()
        .await
        .map_err(|error| ApiError::Unavailable(error.into()))?;
    Ok(HttpResponse::Ok().json(Health { status: "ready" }))
}
