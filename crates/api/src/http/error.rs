//! Every failure: one enum, one body, one machine code. The only place that names a status for a failure.
//!
//! A cause is logged where the failure is answered, and never reaches the client.

use crate::auth::password::HashError;
use crate::auth::token::SignError;
use crate::bulkhead::Refused;
use crate::db::{DbError, QueryError, ReadError};
use crate::tasks::error::ChangeError;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_ENCODING, ALLOW, ETAG, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use shared::error::{ErrorBody, ErrorCode, PROBLEM_JSON, Problem};
use shared::field_error::FieldError;
use shared::input::InputError;
use shared::rule::RuleViolation;
use std::error::Error;
use std::time::Duration;
use uuid::Uuid;

/// Seconds after which a client may try again when the server was too busy.
const RETRY_SECONDS: u32 = 1;

const NOT_BUILT: &str = "This server was built without the app. `cargo xtask run` builds both, and `cargo xtask \
    dev` while developing";

/// Why a request fails.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 400: what is wrong, and with which members.
    #[error("invalid input: {0}")]
    InvalidInput(#[from] InputError),
    /// 401: no token, or one that is not accepted, for whatever reason.
    #[error("unauthorized")]
    Unauthorized {
        /// Whether a token was there at all (RFC 6750 §3.1).
        token_sent: bool,
    },
    /// 401: wrong password or unknown email.
    #[error("invalid credentials")]
    InvalidCredentials,
    /// 403: the path names somebody else, or nobody.
    #[error("forbidden")]
    Forbidden,
    /// 403: a cookie-authenticated request that a foreign site caused.
    #[error("cross-site request")]
    CrossSite,
    /// 404.
    #[error("not found")]
    NotFound,
    /// 404: the server was built without the app.
    #[error("not built")]
    NotBuilt,
    /// 405, with the methods that there are.
    #[error("method not allowed")]
    MethodNotAllowed(HeaderValue),
    /// 409: the email is registered.
    #[error("email exists")]
    EmailExists,
    /// 409: the account has as many as it may have, of what the member of the request says.
    #[error("limit reached: {}", .0.sentence())]
    LimitReached(FieldError),
    /// 412: `If-Match` names a version that is no longer current.
    #[error("precondition failed")]
    PreconditionFailed(Box<Current>),
    /// 413, with the limit in bytes.
    #[error("body too large")]
    TooLarge(usize),
    /// 414.
    #[error("URL too long")]
    UriTooLong,
    /// 415.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// 415: the body is compressed, by what this names.
    #[error("unsupported content encoding: {0}")]
    UnsupportedEncoding(String),
    /// 431.
    #[error("header fields too large")]
    HeadersTooLarge,
    /// 429: too many tries; the next one may come after so long.
    #[error("rate limited")]
    RateLimited(Duration),
    /// 503: the server cannot take the request now.
    #[error("unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// 500: the server's fault.
    #[error("internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
    /// Any of these, of an import that had added something before.
    #[error("cut off after {created} tasks and {lists_created} lists")]
    CutOff {
        /// Why it ended.
        #[source]
        cause: Box<ApiError>,
        /// Tasks that were added.
        created: u64,
        /// Lists that were added.
        lists_created: u64,
    },
}

/// What a request wanted to change in another version than it is in.
#[derive(Clone, Debug)]
pub struct Current {
    /// Its `ETag`.
    pub etag: String,
    /// It, as the wire has it.
    pub body: serde_json::Value,
}

impl ApiError {
    /// The failure of a request that names another version of this.
    #[must_use]
    pub fn outdated(version: i64, current: &impl Serialize) -> Self {
        match serde_json::to_value(current) {
            Ok(body) => Self::PreconditionFailed(Box::new(Current {
                etag: format!("\"{version}\""),
                body,
            })),
            Err(error) => Self::Internal(error.into()),
        }
    }

    /// The failure of a change; of one that expected another version, what `outdated` says of the row as it is.
    #[must_use]
    pub fn of_change<R>(error: ChangeError<R>, outdated: impl FnOnce(R) -> Self) -> Self {
        match error {
            ChangeError::Missing => Self::NotFound,
            ChangeError::Outdated(row) => outdated(*row),
            ChangeError::Invalid(error) => Self::InvalidInput(error),
            ChangeError::LimitReached(field) => Self::LimitReached(field),
            ChangeError::AccountGone => Self::Unauthorized { token_sent: true },
            ChangeError::Db(error) => error.into(),
        }
    }

    /// The failure that one wrong member of the request is.
    #[must_use]
    pub fn field(field: &str, violation: RuleViolation) -> Self {
        Self::InvalidInput(InputError::Fields(vec![FieldError::new(field, violation)]))
    }

    /// The failure of a request that does not parse.
    #[must_use]
    pub fn malformed(message: &str) -> Self {
        Self::InvalidInput(InputError::Syntax(message.to_owned()))
    }

    /// The failure of an import that had added so much before. Of an account that is gone nothing is said.
    #[must_use]
    pub fn cut_off(cause: Self, created: u64, lists_created: u64) -> Self {
        match cause {
            Self::Unauthorized { .. } => cause,
            _ if created == 0 && lists_created == 0 => cause,
            _ => Self::CutOff {
                cause: Box::new(cause),
                created,
                lists_created,
            },
        }
    }

    /// The machine code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::CutOff { cause, .. } => cause.code(),
            Self::InvalidInput(_) => ErrorCode::InvalidInput,
            Self::Unauthorized { .. } => ErrorCode::Unauthorized,
            Self::InvalidCredentials => ErrorCode::InvalidCredentials,
            Self::Forbidden => ErrorCode::Forbidden,
            Self::CrossSite => ErrorCode::CrossSite,
            Self::NotFound | Self::NotBuilt => ErrorCode::NotFound,
            Self::MethodNotAllowed(_) => ErrorCode::MethodNotAllowed,
            Self::EmailExists => ErrorCode::EmailExists,
            Self::LimitReached(_) => ErrorCode::LimitReached,
            Self::PreconditionFailed(_) => ErrorCode::PreconditionFailed,
            Self::TooLarge(_) => ErrorCode::TooLarge,
            Self::UriTooLong => ErrorCode::UriTooLong,
            Self::UnsupportedMediaType | Self::UnsupportedEncoding(_) => ErrorCode::UnsupportedMediaType,
            Self::HeadersTooLarge => ErrorCode::HeadersTooLarge,
            Self::RateLimited(_) => ErrorCode::RateLimited,
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Internal(_) => ErrorCode::InternalError,
        }
    }

    /// What went wrong, for people.
    fn detail(&self) -> String {
        match self {
            Self::CutOff { cause, .. } => cause.detail(),
            Self::InvalidInput(error) => error.to_string(),
            Self::LimitReached(field) => field.sentence(),
            Self::TooLarge(limit) => format!("Request body larger than {limit} bytes"),
            Self::NotBuilt => NOT_BUILT.to_owned(),
            Self::UnsupportedEncoding(encoding) => {
                format!("The body is encoded ({encoding}): send it as it is, without Content-Encoding")
            }
            other => sentence(other.code()).to_owned(),
        }
    }

    /// The answer, whole.
    #[must_use]
    pub fn respond(&self, request_id: Uuid) -> HttpResponse {
        let (this, added) = match self {
            Self::CutOff {
                cause,
                created,
                lists_created,
            } => (&**cause, Some((*created, *lists_created))),
            whole => (whole, None),
        };
        let fields = match this {
            Self::InvalidInput(InputError::Fields(fields)) => fields.clone(),
            Self::LimitReached(field) => vec![field.clone()],
            _ => Vec::new(),
        };
        let mut response = HttpResponse::build(this.status_code());
        match this {
            Self::Unauthorized { token_sent: true } => {
                response.insert_header((WWW_AUTHENTICATE, r#"Bearer realm="taskward", error="invalid_token""#));
            }
            Self::Unauthorized { token_sent: false } | Self::InvalidCredentials => {
                response.insert_header((WWW_AUTHENTICATE, r#"Bearer realm="taskward""#));
            }
            Self::MethodNotAllowed(allow) => {
                response.insert_header((ALLOW, allow.clone()));
            }
            Self::RateLimited(wait) => {
                // Whole seconds, and not too few of them (RFC 9110 §10.2.3).
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                response.insert_header((RETRY_AFTER, seconds.max(1)));
            }
            Self::Unavailable(_) => {
                response.insert_header((RETRY_AFTER, RETRY_SECONDS));
            }
            // What it would take instead (RFC 9110 §15.5.16).
            Self::UnsupportedEncoding(_) => {
                response.insert_header((ACCEPT_ENCODING, "identity"));
            }
            _ => {}
        }
        let mut problem = problem(this.status_code(), this.code(), this.detail(), fields, request_id);
        (problem.created, problem.lists_created) = added.unzip();
        if let Self::PreconditionFailed(current) = this {
            response.insert_header((ETAG, current.etag.as_str()));
            problem.current = Some(current.body.clone());
        }
        write(response, &problem)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status(self.code())
    }

    /// A placeholder. Only the middleware knows the request's id: it answers by [`ApiError::respond`].
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        if let DbError::Refused(refused) = error {
            refused.into()
        } else if error.is_temporary() {
            Self::Unavailable(error.into())
        } else {
            Self::Internal(error.into())
        }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooMany => Self::RateLimited(Duration::from_secs(1)),
            Refused::Busy => Self::Unavailable(refused.into()),
        }
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        DbError::from(error).into()
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::SessionEnded => Self::Unauthorized { token_sent: true },
            ReadError::Db(error) => error.into(),
        }
    }
}

impl From<HashError> for ApiError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::QueueFull(_) => Self::Unavailable(error.into()),
            HashError::Bcrypt(_) | HashError::Thread(_) => Self::Internal(error.into()),
        }
    }
}

impl From<SignError> for ApiError {
    fn from(error: SignError) -> Self {
        Self::Internal(error.into())
    }
}

/// The status that goes with a code.
#[must_use]
pub fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidInput => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthorized | ErrorCode::InvalidCredentials => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::CrossSite => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::EmailExists | ErrorCode::LimitReached => StatusCode::CONFLICT,
        ErrorCode::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UriTooLong => StatusCode::URI_TOO_LONG,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What a code means, in words that never change.
#[must_use]
pub fn sentence(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidInput => "Invalid input",
        ErrorCode::Unauthorized => "A valid access token is required",
        ErrorCode::InvalidCredentials => "Wrong email or password",
        ErrorCode::Forbidden => "Access denied",
        ErrorCode::CrossSite => "Cross-site request refused",
        ErrorCode::NotFound => "Not found",
        ErrorCode::MethodNotAllowed => "Method not allowed",
        ErrorCode::EmailExists => "This email is already registered",
        ErrorCode::LimitReached => "The account has as many as it may have",
        ErrorCode::PreconditionFailed => "Precondition failed: changed since the version in If-Match",
        ErrorCode::TooLarge => "Request body too large",
        ErrorCode::UriTooLong => "URL too long",
        ErrorCode::UnsupportedMediaType => {
            "Unsupported media type: the body must be JSON, with Content-Type: application/json"
        }
        ErrorCode::RateLimited => "Too many requests; try again later",
        ErrorCode::HeadersTooLarge => "Request header fields too large",
        ErrorCode::Unavailable => "Service unavailable; try again in a moment",
        _ => "Internal server error",
    }
}

fn problem(status: StatusCode, code: ErrorCode, detail: String, fields: Vec<FieldError>, request_id: Uuid) -> Problem {
    Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        detail: detail.clone(),
        success: false,
        error: ErrorBody {
            code,
            message: detail,
            fields,
        },
        request_id: request_id.to_string(),
        current: None,
        created: None,
        lists_created: None,
    }
}

fn write(mut response: HttpResponseBuilder, problem: &Problem) -> HttpResponse {
    let body = serde_json::to_vec(problem).unwrap_or_default();
    response.content_type(PROBLEM_JSON).body(body)
}
