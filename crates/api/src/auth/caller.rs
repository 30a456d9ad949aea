//! The caller of a protected route, as an argument of its handler: it cannot be forgotten, and it cannot be forged.

use super::session::{Session, cookie_named};
use super::{Caller, better_auth, cross_site};
use crate::app::App;
use crate::db::{Conn, DbError, ReadScope, sessions};
use crate::http::client::Client;
use crate::http::error::ApiError;
use crate::http::extract::client;
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use chrono::Utc;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// A [`Caller`] who is the `{user_id}` of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(pub Caller);

/// Two arguments, the second of which is looked at only once the first has been accepted: whoever has no token learns
/// nothing about what is wrong with the rest of the request.
pub struct InOrder<A, B>(pub A, pub B);

/// What an [`Owner`] sends who only wants to read, and its other arguments.
///
/// Whether the session has been ended since the token was issued is asked of the database together with what is to be read,
/// not before it: whatever is read takes the [scope](Reader::scope).
pub struct Reading<A>(pub Reader, pub A);

/// The owner, by a token that is good as far as the token itself can tell.
pub struct Reader {
    /// The account's id as the token and the URLs have it.
    pub subject: String,
    /// What may be read, and what is to be proven with it.
    pub scope: ReadScope,
}

/// Whose a token is.
enum Claim {
    /// It is one of ours. Its session may have been ended.
    Unproven(Caller),
    /// It has been looked up already.
    Proven(Caller),
}

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

impl From<Claim> for Reader {
    fn from(claim: Claim) -> Self {
        match claim {
            Claim::Unproven(caller) => Self {
                scope: ReadScope::unproven(caller.user_id, caller.session_id, caller.epoch),
                subject: caller.subject,
            },
            Claim::Proven(caller) => Self {
                scope: ReadScope::proven(caller.user_id),
                subject: caller.subject,
            },
        }
    }
}

impl Claim {
    async fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let app = App::of(request)?;
        let now = Utc::now().timestamp();
        if let Some(token) = bearer(request)? {
            if let Some(caller) = ours(app, token, now) {
                return Ok(Self::Unproven(caller));
            }
            // Where the request comes from is asked only for who may be new here.
            let caller = match app.better_auth() {
                Some(_) => better_auth::accept(app, token, client(request)?, now).await?,
                None => None,
            };
            return caller
                .map(Self::Proven)
                .ok_or(ApiError::Unauthorized { token_sent: true });
        }
        // The other issuer's session cookie, if the configuration accepts it.
        let find = |name: &str| cookie_named(request, name);
        let Some(token) = app.better_auth().and_then(|issuer| issuer.cookie(find)) else {
            return Err(ApiError::Unauthorized { token_sent: false });
        };
        let caller = better_auth::accept(app, &token, client(request)?, now).await?;
        let caller = caller.ok_or(ApiError::Unauthorized { token_sent: true })?;
        if cross_site::is_same_origin(request) {
            Ok(Self::Proven(caller))
        } else {
            Err(ApiError::CrossSite)
        }
    }

    fn caller(&self) -> &Caller {
        match self {
            Self::Unproven(caller) | Self::Proven(caller) => caller,
        }
    }

    async fn prove(self, app: &App) -> Result<Caller, ApiError> {
        match self {
            Self::Proven(caller) => Ok(caller),
            Self::Unproven(caller) if is_alive(app, &caller).await? => Ok(caller),
            Self::Unproven(_) => Err(ApiError::Unauthorized { token_sent: true }),
        }
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Claim::of(&request).await?.prove(App::of(&request)?).await })
    }
}

impl FromRequest for Owner {
    type Error = ApiError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let caller = caller.await?;
            owns(&request, &caller)?;
            Ok(Self(caller))
        })
    }
}

impl<A: FromRequest<Error = ApiError> + 'static> FromRequest for Reading<A> {
    type Error = ApiError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let claim = Claim::of(&request).await?;
            let rest = match owns(&request, claim.caller()) {
                Ok(()) => A::from_request(&request, &mut payload).await,
                Err(error) => Err(error),
            };
            match rest {
                Ok(rest) => Ok(Self(claim.into(), rest)),
                // Whoever's session has been ended learns nothing else.
                Err(error) => Err(claim
                    .prove(App::of(&request)?)
                    .await
                    .map_or_else(|ended| ended, |_| error)),
            }
        })
    }
}

/// Whether the `{user_id}` of the path is the caller.
fn owns(request: &HttpRequest, caller: &Caller) -> Result<(), ApiError> {
    match request.match_info().get("user_id") {
        Some(user_id) if user_id == caller.subject => Ok(()),
        _ => Err(ApiError::Forbidden),
    }
}

impl<A, B> FromRequest for InOrder<A, B>
where
    A: FromRequest<Error = ApiError> + 'static,
    B: FromRequest<Error = ApiError> + 'static,
{
    type Error = ApiError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let first = A::from_request(&request, &mut payload).await?;
            let second = B::from_request(&request, &mut payload).await?;
            Ok(Self(first, second))
        })
    }
}

/// Whoever a presented access token is of, if it is accepted.
///
/// # Errors
/// If the database cannot say.
pub async fn accept(app: &App, token: &str, client: Client) -> Result<Option<Caller>, ApiError> {
    let now = Utc::now().timestamp();
    match ours(app, token, now) {
        Some(caller) => Ok(is_alive(app, &caller).await?.then_some(caller)),
        None => better_auth::accept(app, token, client, now).await,
    }
}

/// Whom an access token of this server's own is of. Its session may have been ended.
fn ours(app: &App, token: &str, now: i64) -> Option<Caller> {
    let claims = app.tokens().verify_access(token, now)?;
    Some(Caller {
        user_id: claims.sub.parse::<Uuid>().ok()?.into(),
        subject: claims.sub,
        session_id: claims.sid.into(),
        epoch: claims.epoch,
        expires_at: claims.exp,
    })
}

async fn is_alive(app: &App, caller: &Caller) -> Result<bool, DbError> {
    let alive = async |conn: &mut Conn| sessions::is_alive(conn, caller.user_id, caller.session_id, caller.epoch).await;
    app.db().read(alive).await
}

/// The session of the request's cookie, if it is accepted.
///
/// # Errors
/// If the database cannot say.
pub async fn accept_cookie(app: &App, request: &HttpRequest) -> Result<Option<Session>, ApiError> {
    match super::session::cookie_value(request, app.config()) {
        Some(token) => accept_session(app, &token).await,
        None => Ok(None),
    }
}

/// The session that a cookie's value is of, if it is accepted.
///
/// # Errors
/// If the database cannot say.
pub async fn accept_session(app: &App, token: &str) -> Result<Option<Session>, ApiError> {
    let claims = app.tokens().verify_session(token, Utc::now().timestamp());
    let Some(session) = claims.as_ref().and_then(Session::from_claims) else {
        return Ok(None);
    };
    let alive = async |conn: &mut Conn| sessions::is_alive(conn, session.user_id, session.id, session.epoch).await;
    Ok(app.db().read(alive).await?.then_some(session))
}

/// The bearer token of the request (RFC 6750 §2.1): from one `Authorization` header, and from nowhere else.
///
/// # Errors
/// If there is a header that holds no such token, or more than one.
pub fn bearer(request: &HttpRequest) -> Result<Option<&str>, ApiError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let Some(header) = headers.next() else {
        return Ok(None);
    };
    if headers.next().is_some() {
        return Err(ApiError::Unauthorized { token_sent: true });
    }
    // As `HeaderValue::to_str` does, but not byte by byte: that is a thirtieth of what it takes to refuse a token.
    let header = std::str::from_utf8(header.as_bytes())
        .ok()
        .filter(|header| header.is_ascii());
    let header = header.ok_or(ApiError::Unauthorized { token_sent: true })?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("Bearer") && !token.trim_matches(' ').is_empty() => {
            Ok(Some(token.trim_matches(' ')))
        }
        _ => Err(ApiError::Unauthorized { token_sent: false }),
    }
}
