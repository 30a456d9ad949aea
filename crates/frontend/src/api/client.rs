//! Whoever speaks for somebody who is signed in. It attaches the access token, which lives in its memory and nowhere else,
//! and renews it when it is refused or about to be: once, however many requests are waiting for it.

use super::auth;
use super::call::{Answer, Call, Page};
use super::failure::Failure;
use super::fetch::{Way, decode, fetch_for};
use crate::browser;
use futures_util::future::LocalBoxFuture;
use futures_util::lock::Mutex;
use serde::de::DeserializeOwned;
use shared::auth::{AuthResponse, User};
use shared::text::AccessToken;
use std::sync::Arc;

/// Speaks for somebody who is signed in.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    user_id: String,
    /// Locked while it is being renewed: whoever needs a token meanwhile waits for the same renewal.
    credential: Mutex<Credential>,
    on_end: Box<dyn Fn(Ended) + Send + Sync>,
}

enum Credential {
    Token { token: AccessToken, renew_at: f64 },
    Ended,
}

/// Why a client can no longer speak for its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The session is over: signed out somewhere else, or too old.
    Expired,
    /// The browser's cookie is somebody else's by now: another tab changed the account.
    OtherAccount,
}

impl Client {
    /// `on_end` hears of it, once, when the session turns out to be over.
    pub fn new(auth: AuthResponse, on_end: impl Fn(Ended) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            user_id: auth.user.id.clone(),
            credential: Mutex::new(Credential::issued(auth)),
            on_end: Box::new(on_end),
        }))
    }

    /// Whom the client speaks for.
    pub fn user_id(&self) -> &str {
        &self.0.user_id
    }

    /// Goes on with a token that the server issued on another occasion than renewal.
    pub(super) async fn adopt(&self, auth: AuthResponse) -> User {
        let user = auth.user.clone();
        *self.0.credential.lock().await = Credential::issued(auth);
        user
    }

    pub(super) async fn send<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        decode(&self.answer(call).await?.body)
    }

    /// Sends a request for a part of a list.
    pub(super) async fn send_page<T: DeserializeOwned>(&self, call: &Call) -> Result<Page<T>, Failure> {
        let answer = self.answer(call).await?;
        Ok(Page {
            items: decode(&answer.body)?,
            next: answer.next,
        })
    }

    /// Sends a request whose answer has nothing to say that its status does not.
    pub(super) async fn send_only(&self, call: &Call) -> Result<(), Failure> {
        self.answer(call).await.map(drop)
    }

    /// Sends a request that was made before, and answers with the body that [`decode`] reads.
    pub async fn deliver(&self, call: &Call) -> Result<String, Failure> {
        Ok(self.answer(call).await?.body)
    }

    /// Sends a request, and once more if the token was refused and could be renewed.
    pub(super) fn answer<'a>(&'a self, call: &'a Call) -> LocalBoxFuture<'a, Result<Answer, Failure>> {
        // Boxed, or every endpoint would carry a copy of all this.
        Box::pin(self.send_and_renew(call, &fetch_for))
    }

    pub(super) async fn send_and_renew(&self, call: &Call, way: &Way) -> Result<Answer, Failure> {
        let token = self.token(None).await?;
        match way(call, &token).await {
            Err(failure) if failure.is_refused_token() => {
                let renewed = self.token(Some(&token)).await?;
                let second = way(call, &renewed).await;
                match second {
                    Err(failure) if failure.is_refused_token() => Err(self.end(Ended::Expired).await),
                    other => other,
                }
            }
            other => other,
        }
    }

    /// A token that is good as far as one can tell from here, and is not the `refused` one.
    async fn token(&self, refused: Option<&AccessToken>) -> Result<AccessToken, Failure> {
        let mut credential = self.0.credential.lock().await;
        let (current, due) = match &*credential {
            Credential::Ended => return Err(Failure::SessionEnded),
            Credential::Token { token, renew_at } => {
                (token.clone(), refused == Some(token) || *renew_at <= browser::now())
            }
        };
        if !due {
            return Ok(current);
        }
        let ended = match auth::refresh().await {
            Ok(auth) if auth.user.id == self.0.user_id => {
                let token = auth.access_token.clone();
                *credential = Credential::issued(auth);
                return Ok(token);
            }
            Ok(_) => Ended::OtherAccount,
            Err(failure) if failure.is_signed_out() => Ended::Expired,
            // Renewing ahead of time can wait; the server has not refused this token yet.
            Err(_) if refused.is_none() => return Ok(current),
            Err(failure) => return Err(failure),
        };
        *credential = Credential::Ended;
        drop(credential);
        (self.0.on_end)(ended);
        Err(Failure::SessionEnded)
    }

    async fn end(&self, ended: Ended) -> Failure {
        let mut credential = self.0.credential.lock().await;
        if !matches!(*credential, Credential::Ended) {
            *credential = Credential::Ended;
            drop(credential);
            (self.0.on_end)(ended);
        }
        Failure::SessionEnded
    }
}

impl Credential {
    fn issued(auth: AuthResponse) -> Self {
        // Reckoned from the token's life and not from its end: this machine's clock may be wrong.
        let life = f64::from(i32::try_from(auth.expires_in).unwrap_or(i32::MAX)) * 1000.0;
        Self::Token {
            token: auth.access_token,
            renew_at: browser::now() + life - (life / 10.0).min(60_000.0),
        }
    }
}
