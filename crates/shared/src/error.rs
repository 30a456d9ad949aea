//! The wire form of a failure: RFC 9457 problem details, with the product's own members as extensions.

use crate::field_error::FieldError;
use serde::{Deserialize, Serialize};

/// The media type of every failure's body (RFC 9457 §3).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, for programs. The name never changes once it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ErrorCode {
    /// 400: a body, path or query that does not parse or breaks a rule.
    InvalidInput,
    /// 401: no token, or one that is not accepted.
    Unauthorized,
    /// 401: wrong password or unknown email.
    InvalidCredentials,
    /// 403: the path names somebody else.
    Forbidden,
    /// 403: a cookie-authenticated request that a foreign site caused.
    CrossSite,
    /// 404: no such route or resource.
    NotFound,
    /// 405: the route exists, but not with this method.
    MethodNotAllowed,
    /// 409: the email is registered.
    EmailExists,
    /// 409: the account has as many as it may have; `fields` names of what, and its limit.
    LimitReached,
    /// 412: `If-Match` names a version that is no longer current.
    PreconditionFailed,
    /// 413: the body is larger than the server takes.
    TooLarge,
    /// 414: the URL is longer than the server takes.
    UriTooLong,
    /// 415: the body is not JSON.
    UnsupportedMediaType,
    /// 429: too many tries; `Retry-After` says when to come back.
    RateLimited,
    /// 431: the header fields are larger than the server takes.
    HeadersTooLarge,
    /// 500: the server's fault; its log has the cause under the same request id.
    InternalError,
    /// 503: the server cannot take the request now.
    Unavailable,
    /// A code this build does not know: a newer server may send one.
    #[serde(other)]
    Unknown,
}

/// The `error` member of a [`Problem`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What went wrong, for people.
    pub message: String,
    /// The members that broke a rule: as many as are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

/// What `current` is, for the description.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    clippy::large_enum_variant,
    reason = "read and written as any JSON, so that a newer server may send more"
)]
enum Current {
    /// Of a task's URL.
    Task(crate::tasks::Task),
    /// Of a list's URL.
    List(crate::lists::List),
}

/// The body of every failure (RFC 9457 §3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Always `about:blank`: the status and the code say it all.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// What went wrong, for people.
    pub detail: String,
    /// Always `false`.
    pub success: bool,
    /// The failure in the form of the founding contract.
    pub error: ErrorBody,
    /// The id under which the server's log has this request.
    pub request_id: String,
    /// Of a 412: the task or the list as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Current>))]
    pub current: Option<serde_json::Value>,
    /// Of an import that was cut off: tasks that were added before. The same file, sent again, adds the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<u64>,
    /// Of an import that was cut off: lists that were added before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lists_created: Option<u64>,
}
