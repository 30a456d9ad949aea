//! The caller of a protected route, as an argument of its handler: it cannot be forgotten, and it cannot be forged.

use super::session::{Session, cookie_named};
use super::{cross_site, foreign};
use crate::app::App;
use crate::client::Client;
use crate::db::sessions;
use crate::db::types::{SessionId, UserId};
use crate::error::ApiError;
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use chrono::Utc;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// Who sent the request, by an access token that is good and whose session has not been ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user_id: UserId,
    /// The account's id as the token and the URLs have it.
    pub subject: String,
    /// The session that the token belongs to.
    pub session_id: SessionId,
    /// The account's epoch, now as when the token was issued.
    pub epoch: i64,
}

/// A [`Caller`] who is the `{user_id}` of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(pub Caller);

/// Two arguments, the second of which is looked at only once the first has been accepted: whoever has no token learns
/// nothing about what is wrong with the rest of the request.
pub struct Then<A, B>(pub A, pub B);

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = App::of(&request)?;
            let client = Client::of(&request)?;
            if let Some(token) = bearer(&request)? {
                return accept(app, token, client)
                    .await?
                    .ok_or(ApiError::Unauthorized { token_sent: true });
            }
            // The other issuer's session cookie, if the configuration accepts it.
            let find = |name: &str| cookie_named(&request, name);
            let Some(token) = app.foreign().and_then(|foreign| foreign.cookie(find)) else {
                return Err(ApiError::Unauthorized { token_sent: false });
            };
            let caller = foreign::accept(app, &token, client, Utc::now().timestamp()).await?;
            let caller = caller.ok_or(ApiError::Unauthorized { token_sent: true })?;
            if cross_site::is_same_origin(&request) {
                Ok(caller)
            } else {
                Err(ApiError::CrossSite)
            }
        })
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
            match request.match_info().get("user_id") {
                Some(user_id) if user_id == caller.subject => Ok(Self(caller)),
                _ => Err(ApiError::Forbidden),
            }
        })
    }
}

impl<A, B> FromRequest for Then<A, B>
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
    let Some(claims) = app.tokens().verify_access(token, now) else {
        return foreign::accept(app, token, client, now).await;
    };
    let Ok(user_id) = claims.sub.parse::<Uuid>() else {
        return Ok(None);
    };
    let caller = Caller {
        user_id: user_id.into(),
        subject: claims.sub,
        session_id: claims.sid.into(),
        epoch: claims.epoch,
    };
    let mut conn = app.db().conn().await?;
    let alive = sessions::is_alive(&mut conn, caller.user_id, caller.session_id, caller.epoch).await?;
    Ok(alive.then_some(caller))
}

/// The session of the request's cookie, if it is accepted.
///
/// # Errors
/// If the database cannot say.
pub async fn accept_cookie(app: &App, request: &HttpRequest) -> Result<Option<Session>, ApiError> {
    let Some(token) = super::session::cookie_value(request, app.config()) else {
        return Ok(None);
    };
    let claims = app.tokens().verify_session(&token, Utc::now().timestamp());
    let Some(session) = claims.as_ref().and_then(Session::from_claims) else {
        return Ok(None);
    };
    let mut conn = app.db().conn().await?;
    let alive = sessions::is_alive(&mut conn, session.user_id, session.id, session.epoch).await?;
    Ok(alive.then_some(session))
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
    let header = header
        .to_str()
        .map_err(|_| ApiError::Unauthorized { token_sent: true })?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("Bearer") && !token.trim_matches(' ').is_empty() => {
            Ok(Some(token.trim_matches(' ')))
        }
        _ => Err(ApiError::Unauthorized { token_sent: false }),
    }
}
