//! Sessions, one for each device that somebody signs in on: what signing in hands out, and how long it is good.

use super::token::{SESSION_AUDIENCE, SignError, Tokens};
use crate::config::Config;
use crate::db::types::{SessionId, UserId, UtcTime};
use crate::db::users::User;
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::header::COOKIE;
use chrono::{DateTime, Utc};
use shared::auth::AuthResponse;
use shared::claims::{AccessClaims, SessionClaims};
use std::time::Duration;
use uuid::Uuid;

/// A session: which one it is, whose, and when the person proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session's id, the same in all of its tokens.
    pub id: SessionId,
    /// Whose session it is.
    pub user_id: UserId,
    /// The account's epoch when the token was issued.
    pub epoch: i64,
    /// When the person signed in, in seconds since 1970.
    pub auth_time: i64,
}

/// What a session hands out.
pub struct Grant {
    /// For the body.
    pub response: AuthResponse,
    /// For the browser to keep.
    pub cookie: Cookie<'static>,
}

impl Session {
    /// A new session of somebody who has just proved who they are.
    #[must_use]
    pub fn begin(user: &User) -> Self {
        Self {
            id: SessionId::generate(),
            user_id: user.id,
            epoch: user.epoch,
            auth_time: Utc::now().timestamp(),
        }
    }

    /// The session that an accepted session cookie is of. `None`: its ids are not of this server's making.
    #[must_use]
    pub fn from_claims(claims: &SessionClaims) -> Option<Self> {
        Some(Self {
            id: claims.sid.into(),
            user_id: claims.sub.parse::<Uuid>().ok()?.into(),
            epoch: claims.epoch,
            auth_time: claims.auth_time,
        })
    }

    /// New tokens of this session. `None`: it has reached its greatest age.
    ///
    /// # Errors
    /// If they cannot be signed.
    pub fn grant(&self, user: &User, tokens: &Tokens, config: &Config) -> Result<Option<Grant>, SignError> {
        let now = Utc::now().timestamp();
        let end = self.auth_time.saturating_add(seconds(config.session_max_age));
        if end <= now {
            return Ok(None);
        }
        let session_exp = end.min(now.saturating_add(seconds(config.session_ttl)));
        let access_exp = end.min(now.saturating_add(seconds(config.access_token_ttl)));
        let access = AccessClaims {
            sub: self.user_id.to_string(),
            user_id: self.user_id.to_string(),
            email: user.email.clone(),
            iat: now,
            exp: access_exp,
            iss: tokens.issuer().to_owned(),
            aud: tokens.access_audience().to_owned(),
            sid: self.id.into(),
            epoch: self.epoch,
        };
        let session = SessionClaims {
            sub: self.user_id.to_string(),
            sid: self.id.into(),
            epoch: self.epoch,
            auth_time: self.auth_time,
            iat: now,
            exp: session_exp,
            iss: tokens.issuer().to_owned(),
            aud: SESSION_AUDIENCE.to_owned(),
        };
        let token = tokens.sign_session(&session)?;
        Ok(Some(Grant {
            response: AuthResponse {
                access_token: tokens.sign_access(&access)?,
                token_type: "bearer".to_owned(),
                expires_in: access_exp - now,
                expires_at: DateTime::from_timestamp(access_exp, 0).unwrap_or(DateTime::<Utc>::MAX_UTC),
                user: account(user, self.user_id.to_string()),
            },
            cookie: cookie(
                config,
                cookie_name(config),
                token.reveal().to_owned(),
                session_exp - now,
            ),
        }))
    }
}

/// An account, as its owner sees it. `subject` is the id that its tokens and URLs have.
#[must_use]
pub fn account(user: &User, subject: String) -> shared::auth::User {
    shared::auth::User {
        id: subject,
        email: user.email.clone(),
        name: user.name.clone(),
        created_at: user.created_at.into(),
    }
}

/// From when on no token of a session that is signed out now can still be good, by a token that is good until `expires_at`, in
/// seconds since 1970: of our own sessions the greatest age says so, and of another issuer's only the token itself.
#[must_use]
pub fn forgotten_after(config: &Config, expires_at: Option<i64>) -> UtcTime {
    let seconds = expires_at.and_then(|seconds| u64::try_from(seconds).ok());
    let expiry = Duration::from_secs(seconds.unwrap_or_default());
    UtcTime::now()
        .after(config.session_max_age)
        .max(UtcTime::EPOCH.after(expiry))
}

/// The value of the request's session cookie.
#[must_use]
pub fn cookie_value(request: &HttpRequest, config: &Config) -> Option<String> {
    cookie_named(request, cookie_name(config))
}

/// The value of the request's cookie of exactly this name. The framework would decode names: `%5f%5fHost-…` would get past
/// what browsers promise about the prefix `__Host-`.
#[must_use]
pub fn cookie_named(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get_all(COOKIE).find_map(|header| {
        // A byte that is no ASCII makes nonsense of its own cookie, not of those beside it.
        let header = String::from_utf8_lossy(header.as_bytes());
        let mut cookies = header.split(';').filter_map(|cookie| Cookie::parse(cookie.trim()).ok());
        cookies
            .find(|cookie| cookie.name() == name)
            .map(|cookie| cookie.value().to_owned())
    })
}

/// A cookie that makes the browser forget the session's.
#[must_use]
pub fn cleared_cookie(config: &Config) -> Cookie<'static> {
    cookie(config, cookie_name(config), String::new(), 0)
}

/// A cookie that no script and no other site sees, for so many seconds.
pub(super) fn cookie(config: &Config, name: &'static str, value: String, max_age: i64) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(config.is_https())
        .max_age(time::Duration::seconds(max_age))
        .finish()
}

/// With the `__Host-` prefix a browser takes the cookie only from this very host, over https (RFC 6265bis §4.1.3).
fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() {
        "__Host-taskward_session"
    } else {
        "taskward_session"
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
