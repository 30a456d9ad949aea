//! What happens to every request: an id, limits, a log line, security headers, and one form for every failure.

use crate::app::App;
use crate::auth::refusal;
use crate::error_chain::error_chain;
use crate::http::error::ApiError;
use crate::http::trace::TraceContext;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Path, ServiceRequest, ServiceResponse, Url};
use actix_web::error::InternalError;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{ConnectionType, Method, Uri};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, rt};
use futures_util::FutureExt as _;
use shared::error::ErrorCode;
use std::error::Error as StdError;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tracing::Instrument as _;
use uuid::Uuid;

/// Longer URLs are refused (bytes).
const MAX_URL: usize = 8 * 1024;

/// More header fields are refused (bytes, all names and values together).
const MAX_HEADERS: usize = 24 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Runs the request to its end, whatever becomes of the client, and answers every failure in the contract's form.
///
/// # Errors
/// Never but with an answer inside: a handler that panicked.
pub async fn handle(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let id = Uuid::now_v7();
    let context = TraceContext::of(id, request.headers());
    let span = tracing::error_span!(
        "request",
        %id,
        trace_id = %context.trace_id,
        span_id = %context.span_id,
        parent_span_id = context.parent_id.map(tracing::field::display),
    );
    let app = request.app_data::<Data<App>>().cloned();
    let method = request.method().clone();
    if let Some(app) = &app {
        app.metrics().begin();
    }

    let result = match refuse(&request) {
        Some(error) => Ok(request.into_response(error.respond(id))),
        None => {
            run(request, next, app.as_ref().map(|app| app.config().request_timeout))
                .instrument(span.clone())
                .await
        }
    };
    let https = app.as_ref().is_some_and(|app| app.config().is_https());
    let (answer, route, status) = match result {
        Ok(response) => {
            let mut response = span.in_scope(|| in_form(response, id));
            secure(response.headers_mut(), id, https);
            if app.as_ref().is_some_and(|app| app.is_draining()) {
                // The client's next request comes on another connection, and so to another server.
                response
                    .response_mut()
                    .head_mut()
                    .set_connection_type(ConnectionType::Close);
            }
            let route = response
                .request()
                .match_pattern()
                .unwrap_or_else(|| "unmatched".to_owned());
            let status = response.status().as_u16();
            (Ok(forget_request(response)), route, status)
        }
        Err(error) => {
            let mut response = span.in_scope(|| match error.as_error::<ApiError>() {
                Some(known) => answer_failure(known, id),
                None => answer_failure(&ApiError::Internal(format!("{error:?}").into()), id),
            });
            secure(response.headers_mut(), id, https);
            let status = response.status().as_u16();
            (
                Err(InternalError::from_response(error, response).into()),
                "unmatched".to_owned(),
                status,
            )
        }
    };
    let took = began.elapsed();
    if let Some(app) = &app {
        app.metrics().end(label(&method), &route, status, took);
    }
    span.in_scope(|| tracing::info!(%method, route, status, micros = took.as_micros(), "answered"));
    answer
}

/// Empties the request that this answers. Actix keeps 256 of them on each thread to use them again, and each would keep the
/// buffer that it was read into: after a thousand requests at once that is a quarter of the server's memory.
///
/// Nobody else may hold the request any more: this panics if a handler has given a clone of it to a task.
fn forget_request<B>(response: ServiceResponse<B>) -> ServiceResponse<B> {
    let (request, response) = response.into_parts();
    let mut request = ServiceRequest::from_request(request);
    *request.match_info_mut() = Path::new(Url::default());
    let head = request.head_mut();
    head.uri = Uri::default();
    head.headers = HeaderMap::new();
    let (request, _) = request.into_parts();
    ServiceResponse::new(request, response)
}

/// What may change something gets a task of its own: a handler whose client has gone would else be dropped in the middle
/// of it. For the same reason it goes on when its time is over, and only the client is told. What only reads may be dropped.
async fn run(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    limit: Option<Duration>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let answer = async move { next.call(request).await.map(ServiceResponse::map_into_boxed_body) };
    let limit = limit.unwrap_or(Duration::MAX);
    let ended = if reads {
        let ended = timeout(limit, AssertUnwindSafe(answer).catch_unwind()).await;
        ended.map(|answer| answer.unwrap_or_else(|_| Err(ApiError::Internal("a handler panicked".into()).into())))
    } else {
        let ended = timeout(limit, rt::spawn(answer.in_current_span())).await;
        ended.map(|answer| answer.unwrap_or_else(|panic| Err(ApiError::Internal(panic.into()).into())))
    };
    ended.unwrap_or_else(|elapsed| Err(ApiError::Unavailable(elapsed.into()).into()))
}

/// The method, if it is one that we serve: the counters must stay few, whatever clients invent.
fn label(method: &Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    }
}

/// What is refused before anything looks at it.
fn refuse(request: &ServiceRequest) -> Option<ApiError> {
    let uri = request
        .head()
        .uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if uri > MAX_URL {
        return Some(ApiError::UriTooLong);
    }
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if headers > MAX_HEADERS {
        return Some(ApiError::HeadersTooLarge);
    }
    None
}

/// Gives a failure its body, with the request's id.
fn in_form(response: ServiceResponse<BoxBody>, id: Uuid) -> ServiceResponse<BoxBody> {
    let failure = match response.response().error() {
        Some(error) => match error.as_error::<ApiError>() {
            Some(known) => {
                count(known, &response);
                answer_failure(known, id)
            }
            None => framework_failure(&response, id),
        },
        None if response.status().is_client_error() || response.status().is_server_error() => {
            framework_failure(&response, id)
        }
        None => return response,
    };
    // What another middleware has said of the answer, such as who may read it, holds for this one too.
    let said: Vec<_> = response
        .headers()
        .iter()
        .filter(|(name, _)| **name == VARY || name.as_str().starts_with("access-control-"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut response = response.into_response(failure);
    for (name, value) in said {
        response.headers_mut().append(name, value);
    }
    response
}

/// A failure that the framework answered by itself.
fn framework_failure(response: &ServiceResponse<BoxBody>, id: Uuid) -> HttpResponse {
    let known = match response.status().as_u16() {
        404 => ApiError::NotFound,
        405 => ApiError::MethodNotAllowed(HeaderValue::from_static("")),
        413 => ApiError::TooLarge(crate::http::extract::MAX_BODY),
        414 => ApiError::UriTooLong,
        415 => ApiError::UnsupportedMediaType,
        431 => ApiError::HeadersTooLarge,
        400..500 => ApiError::malformed(crate::http::error::sentence(ErrorCode::InvalidInput)),
        _ => ApiError::Internal(format!("{:?}", response.response().error()).into()),
    };
    answer_failure(&known, id)
}

/// Counts and logs who was refused.
fn count(failure: &ApiError, response: &ServiceResponse<BoxBody>) {
    let Ok(app) = App::of(response.request()) else {
        return;
    };
    if matches!(failure, ApiError::Unauthorized { token_sent: true }) {
        app.metrics().token_rejected();
    }
    refusal::log(app, response.request(), failure);
}

fn answer_failure(failure: &ApiError, id: Uuid) -> HttpResponse {
    log(failure);
    failure.respond(id)
}

fn log(error: &ApiError) {
    let cause = error.source().map(error_chain);
    match error.code() {
        ErrorCode::InternalError => tracing::error!(cause, code = ?error.code(), "failed"),
        ErrorCode::Unavailable => tracing::warn!(cause, code = ?error.code(), "failed"),
        _ => tracing::debug!(code = ?error.code(), "refused"),
    }
}

/// Sets what the handler has not set otherwise.
fn secure(headers: &mut HeaderMap, id: Uuid, https: bool) {
    let mut text = Uuid::encode_buffer();
    if let Ok(id) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut text)) {
        headers.insert(REQUEST_ID, id);
    }
    let mut default = |name: HeaderName, value| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(REFERRER_POLICY, "no-referrer");
    default(OPENER_POLICY, "same-origin");
    default(RESOURCE_POLICY, "same-origin");
    default(CACHE_CONTROL, "no-store");
    default(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if https {
        default(STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn an_answered_request_keeps_nothing_of_what_was_read() {
        let request = TestRequest::with_uri("/api/ada/tasks?limit=20")
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .param("user_id", "ada")
            .to_srv_request();
        let response = forget_request(request.into_response(HttpResponse::Ok().body("[]")));
        assert_eq!(response.status(), 200);
        let request = response.request();
        assert_eq!(request.uri(), &Uri::default());
        assert!(request.headers().is_empty());
        assert_eq!(request.match_info().unprocessed(), "/");
        assert_eq!(request.match_info().iter().count(), 0);
    }
}
