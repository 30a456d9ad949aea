//! Proving who one is with a password: how well the sender is known decides what is counted against whom, and who is served first.

use super::cross_site::is_same_origin;
use super::device::{self, Device};
use super::password::{PasswordHash, Turn, Verdict};
use super::session;
use crate::app::App;
use crate::db::users::{self, User};
use crate::db::{Conn, DbError};
use crate::http::client::Client;
use crate::http::error::ApiError;
use crate::http::extract::client;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::Utc;
use shared::text::PasswordAttempt;
use std::future::{Ready, ready};

/// Where a password comes from.
pub struct Source {
    /// The address.
    pub client: Client,
    /// The device cookie that came along, not verified yet.
    cookie: Option<String>,
    /// The session cookie that came along, not verified yet; none if another site has caused the request.
    pub session: Option<String>,
}

impl FromRequest for Source {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(App::of(request).and_then(|app| {
            Ok(Self {
                client: client(request)?,
                cookie: device::cookie_value(request, app.config()),
                session: Some(request)
                    .filter(|request| is_same_origin(request))
                    .and_then(|request| session::cookie_value(request, app.config())),
            })
        }))
    }
}

impl Source {
    /// The device, if the account of `email` has been signed in to on it.
    fn device(&self, app: &App, email: &str) -> Option<Device> {
        let value = self.cookie.as_deref()?;
        app.devices().recognise(value, email, Utc::now().timestamp())
    }
}

/// Lets a request with a password for `email` through, unless too many come from there.
///
/// # Errors
/// 429 if they do.
pub fn admit(app: &App, source: &Source, email: &str) -> Result<(), ApiError> {
    app.throttle().admit_password(source.client, source.device(app, email))
}

/// The account, if the password is its own, and the place in the queue, to hash another one for it. Takes as long, and says
/// the same, if there is no account.
///
/// # Errors
/// 401 if it is not; 429 or 503 if it was not looked at.
pub async fn verify(
    app: &App,
    source: &Source,
    email: &str,
    user: Option<User>,
    password: &PasswordAttempt,
) -> Result<(User, Turn), ApiError> {
    let known = app
        .throttle()
        .recognise(app.db(), user.as_ref(), source.client, source.device(app, email))
        .await?;
    // Before anything is counted: whom the queue has no place for has not tried anything.
    let turn = app.hasher().enter(known.standing(), source.client.site())?;
    let epoch = user.as_ref().map_or(0, |user| user.epoch);
    let attempt = app
        .throttle()
        .begin(app.db(), email, epoch, source.client, known)
        .await?;
    // An account that is kept out looks like one that is not there.
    let enabled = user.as_ref().filter(|user| user.disabled_at.is_none());
    let hash = enabled.and_then(|user| user.password_hash.clone());
    let stored = hash.clone().map(PasswordHash::from_stored);
    let verdict = match turn.verify(password.reveal(), stored).await {
        Ok(verdict) => verdict,
        Err(error) => {
            app.throttle().withdraw(app.db(), attempt).await?;
            return Err(error.into());
        }
    };
    let (Some(user), Some(seen)) = (user, hash) else {
        return Err(ApiError::InvalidCredentials);
    };
    match verdict {
        Verdict::Wrong => return Err(ApiError::InvalidCredentials),
        Verdict::Right => {}
        Verdict::RightButOutdated(renewed) => {
            let id = user.id;
            let rehash = async move |conn: &mut Conn| {
                users::rehash_password(conn, id, &seen, renewed.as_str()).await?;
                Ok::<_, DbError>(())
            };
            app.db().write(rehash).await?;
        }
    }
    app.throttle().succeed(app.db(), attempt, user.id).await?;
    Ok((user, turn))
}
