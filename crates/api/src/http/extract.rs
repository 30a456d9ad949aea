//! Arguments of handlers that are parsed from the request, with the contract's errors.

use crate::app::App;
use crate::budget::Charge;
use crate::calendar;
use crate::db::types::{ListId, TaskId, UserId};
use crate::http::client::Client;
use crate::http::error::ApiError;
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use chrono_tz::Tz;
use futures_util::StreamExt as _;
use shared::due::Zone;
use shared::input::{self, Input};
use shared::rule::RuleViolation;
use std::future::{Future, Ready, ready};
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// Larger bodies are refused (bytes). The largest that a rule allows is a description of 10,000 characters, each escaped.
pub const MAX_BODY: usize = 256 * 1024;

/// Larger files are refused (bytes).
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// How long a client may take to send one.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body that keeps every rule.
pub struct Body<T>(pub T);

/// A file that is the body, whatever its media type says; not read yet.
pub struct File {
    request: HttpRequest,
    payload: Payload,
}

/// No argument: for who is only to be an owner.
pub struct Nothing;

/// The task that the path names; not looked up yet.
pub struct TaskPath(pub TaskId);

/// The list that the path names; not looked up yet.
pub struct ListPath(pub ListId);

/// The versions of the task that `If-Match` lets a change be made to (RFC 9110 §13.1.1), so that none is made to a stale one;
/// `None` is any.
pub struct IfMatch(pub Option<Vec<i64>>);

impl<T: Input + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            not_encoded(&request)?;
            if !is_json(&request) {
                return Err(ApiError::UnsupportedMediaType);
            }
            Ok(Self(input::parse(&read(&request, payload, MAX_BODY).await?)?))
        })
    }
}

impl FromRequest for File {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(not_encoded(request).map(|()| Self {
            request: request.clone(),
            payload: payload.take(),
        }))
    }
}

impl File {
    /// What is in it, and the memory that it takes, which this account is charged for.
    ///
    /// # Errors
    /// If it is too large, does not come in time, or there is no memory for it now.
    pub async fn read(self, app: &App, account: UserId) -> Result<(BytesMut, Charge), ApiError> {
        let Self { request, payload } = self;
        let length = claimed_length(&request).unwrap_or(MAX_FILE);
        let charge = app.budget().charge(account.into(), length.min(MAX_FILE))?;
        Ok((read(&request, payload, MAX_FILE).await?, charge))
    }
}

impl FromRequest for Nothing {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self))
    }
}

impl FromRequest for TaskPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(path_id(request).map(|id| Self(id.into())))
    }
}

impl FromRequest for ListPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(path_id(request).map(|id| Self(id.into())))
    }
}

fn path_id(request: &HttpRequest) -> Result<Uuid, ApiError> {
    let id = request.match_info().get("id").and_then(|id| id.parse().ok());
    id.ok_or_else(|| ApiError::field("id", RuleViolation::NotUuid))
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut versions = Vec::new();
        let mut headers = request.headers().get_all(IF_MATCH).peekable();
        if headers.peek().is_none() {
            return ready(Ok(Self(None)));
        }
        for header in headers {
            // A tag that is none of ours matches nothing, as one of a version long gone.
            for tag in header.to_str().unwrap_or_default().split(',').map(str::trim) {
                if tag == "*" {
                    return ready(Ok(Self(None)));
                }
                let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
                versions.extend(version.and_then(|version| version.parse::<i64>().ok()));
            }
        }
        ready(Ok(Self(Some(versions))))
    }
}

/// The zone that the query's `time_zone` says is the caller's; UTC if it says none.
pub struct LocalZone(pub Tz);

impl FromRequest for LocalZone {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut zones = url::form_urlencoded::parse(request.query_string().as_bytes())
            .filter(|(name, _)| name == "time_zone")
            .map(|(_, zone)| zone);
        let zone = match (zones.next(), zones.next()) {
            (None, _) => Ok(Tz::UTC),
            (Some(zone), None) => time_zone(&zone),
            (Some(_), Some(_)) => Err(ApiError::field("time_zone", RuleViolation::Repeated)),
        };
        ready(zone.map(Self))
    }
}

/// The zone of this name.
///
/// # Errors
/// A 400 on `time_zone` if there is none.
pub fn time_zone(name: &str) -> Result<Tz, ApiError> {
    let zone = Zone::parse(name).ok().and_then(|zone| calendar::zone(&zone));
    zone.ok_or_else(|| ApiError::field("time_zone", RuleViolation::NotZone))
}

/// Where the request comes from.
///
/// # Errors
/// If there is no application: a mistake of the server's own.
pub fn client(request: &HttpRequest) -> Result<Client, ApiError> {
    let app = App::of(request)?;
    let peer = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let headers = request.headers().get_all("X-Forwarded-For");
    // A byte that is no ASCII makes nonsense of its own hop, not of those that stand behind it.
    let headers: Vec<_> = headers
        .map(|header| String::from_utf8_lossy(header.as_bytes()))
        .collect();
    let forwarded = headers.iter().map(AsRef::as_ref);
    Ok(Client::new(peer, forwarded, &app.config().trusted_proxies))
}

impl FromRequest for Client {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(client(request))
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let header = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|header| header.to_str().ok());
    let essence = header.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Refuses a body that is compressed (RFC 9110 §8.4): none is unpacked, so that none can be a bomb.
fn not_encoded(request: &HttpRequest) -> Result<(), ApiError> {
    let mut encodings = request.headers().get_all(CONTENT_ENCODING);
    match encodings.find(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        None => Ok(()),
        Some(encoding) => {
            // A token, and no more of it than the names of encodings have.
            let name = encoding.to_str().unwrap_or_default().chars();
            let name = name.filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ',' | ' '));
            Err(ApiError::UnsupportedEncoding(name.take(40).collect()))
        }
    }
}

fn claimed_length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The whole body, if it is not too long and does not take too long.
async fn read(request: &HttpRequest, payload: Payload, max: usize) -> Result<BytesMut, ApiError> {
    if claimed_length(request).is_some_and(|length| length > max) {
        return Err(ApiError::TooLarge(max));
    }
    let body = timeout(BODY_TIMEOUT, read_up_to(payload, max)).await;
    body.map_err(|_| ApiError::malformed("The body did not come in time"))?
}

async fn read_up_to(mut payload: Payload, max: usize) -> Result<BytesMut, ApiError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| ApiError::malformed("The body ends before its end"))?;
        if body.len() + chunk.len() > max {
            return Err(ApiError::TooLarge(max));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
