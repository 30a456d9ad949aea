//! The one fetch wrapper: everything that the app says to the server, and hears from it, passes through here.
//!
//! A [`Client`] speaks for somebody who is signed in. It attaches the access token, which lives in its memory and
//! nowhere else, and renews it when it is refused or about to be: once, however many requests are waiting for it.

pub mod auth;
mod failure;
pub mod lists;
pub mod tasks;
mod transfer;
mod upload;

pub use failure::Failure;
pub use upload::OnSent;

use crate::browser;
use futures_util::future::LocalBoxFuture;
use futures_util::lock::Mutex;
use gloo_net::http::Request;
use js_sys::Reflect;
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::auth::{AuthResponse, User};
use shared::error::{ErrorBody, ErrorCode};
use shared::text::AccessToken;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use web_sys::{AbortController, RequestInit};

/// A server that has said nothing for so long is not going to.
const TIMEOUT: Duration = Duration::from_secs(20);

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
    async fn adopt(&self, auth: AuthResponse) -> User {
        let user = auth.user.clone();
        *self.0.credential.lock().await = Credential::issued(auth);
        user
    }

    async fn send<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        decode(&self.answer(call).await?.body)
    }

    /// Sends a request for a part of a list.
    async fn send_page<T: DeserializeOwned>(&self, call: &Call) -> Result<Page<T>, Failure> {
        let answer = self.answer(call).await?;
        Ok(Page {
            items: decode(&answer.body)?,
            next: answer.next,
        })
    }

    /// Sends a request whose answer has nothing to say that its status does not.
    async fn send_only(&self, call: &Call) -> Result<(), Failure> {
        self.answer(call).await.map(drop)
    }

    /// Sends a request, and once more if the token was refused and could be renewed.
    fn answer<'a>(&'a self, call: &'a Call) -> LocalBoxFuture<'a, Result<Answer, Failure>> {
        // Boxed, or every endpoint would carry a copy of all this.
        Box::pin(self.send_and_renew(call, &fetch_for))
    }

    async fn send_and_renew(&self, call: &Call, way: &Way) -> Result<Answer, Failure> {
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

/// One request, as far as it is the same whoever sends it.
struct Call {
    method: &'static str,
    path: String,
    body: Option<String>,
    content_type: &'static str,
    keepalive: bool,
    version: Option<i64>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is in it.
    pub items: Vec<T>,
    /// Where the next part is, if there is one.
    pub next: Option<String>,
}

/// What the server says to a request that it carried out.
struct Answer {
    body: String,
    next: Option<String>,
}

impl Call {
    fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            body: None,
            content_type: "application/json",
            keepalive: false,
            version: None,
        }
    }

    /// The request is to be carried out only if this is still the version of what it changes.
    fn if_match(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// What kind of file goes with it.
    fn file(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// The request is to arrive even if the page goes away at once.
    fn keepalive(mut self, keepalive: bool) -> Self {
        self.keepalive = keepalive;
        self
    }
}

/// How a request gets to the server, and its answer back.
type Way = dyn for<'a> Fn(&'a Call, &'a AccessToken) -> LocalBoxFuture<'a, Result<Answer, Failure>>;

/// The usual way.
fn fetch_for<'a>(call: &'a Call, bearer: &'a AccessToken) -> LocalBoxFuture<'a, Result<Answer, Failure>> {
    Box::pin(fetch(call, Some(bearer)))
}

/// Sends a request for nobody in particular.
async fn send_public<T: DeserializeOwned>(call: &Call) -> Result<T, Failure> {
    decode(&fetch(call, None).await?.body)
}

/// Aborted when the future is dropped, hence when what asked for the answer is no longer on the page.
async fn fetch(call: &Call, bearer: Option<&AccessToken>) -> Result<Answer, Failure> {
    let deadline = Deadline::start().ok_or(Failure::Unreachable)?;
    let request = request(call, bearer, &deadline).ok_or(Failure::Unreachable)?;
    let answer = async {
        let response = request.send().await?;
        let body = response.text().await?;
        Ok::<_, gloo_net::Error>((response, body))
    };
    match answer.await {
        Ok((response, body)) if response.ok() => Ok(Answer {
            body,
            next: response.headers().get("link").as_deref().and_then(next_page),
        }),
        Ok((response, body)) => Err(refusal(response.status(), response.headers().get("retry-after"), &body)),
        Err(_) if deadline.has_passed() => Err(Failure::TimedOut),
        Err(_) => Err(Failure::Unreachable),
    }
}

fn request(call: &Call, bearer: Option<&AccessToken>, deadline: &Deadline) -> Option<Request> {
    let init = RequestInit::new();
    init.set_method(call.method);
    init.set_signal(Some(&deadline.controller.signal()));
    // Browsers refuse more than 64 KiB of these at a time; notes of 10,000 characters may have two thirds of it.
    if call.keepalive && call.body.as_ref().is_none_or(|body| body.len() < 30_000) {
        // web-sys does not have this member yet.
        Reflect::set(&init, &"keepalive".into(), &true.into()).ok()?;
    }
    let headers = web_sys::Headers::new().ok()?;
    set_headers(call, bearer, &|name, value| headers.set(name, value).ok())?;
    if let Some(body) = &call.body {
        init.set_body(&body.as_str().into());
    }
    init.set_headers_headers(&headers);
    let request = web_sys::Request::new_with_str_and_init(&call.path, &init).ok()?;
    Some(request.into())
}

fn set_headers(call: &Call, bearer: Option<&AccessToken>, set: &dyn Fn(&str, &str) -> Option<()>) -> Option<()> {
    set("Accept", "application/json")?;
    if call.body.is_some() {
        set("Content-Type", call.content_type)?;
    }
    if let Some(version) = call.version {
        set("If-Match", &format!("\"{version}\""))?;
    }
    if let Some(token) = bearer {
        set("Authorization", &format!("Bearer {}", token.reveal()))?;
    }
    Some(())
}

/// What the app reads of a [`Problem`](shared::error::Problem): the rest says the same in other words.
#[derive(Deserialize)]
struct Refusal {
    error: ErrorBody,
}

/// The address of the next page in a `Link` header (RFC 8288), as a path: the server may be known by another name.
fn next_page(link: &str) -> Option<String> {
    let target = link.split(',').find(|link| link.contains("rel=\"next\""))?;
    let target = target.trim().strip_prefix('<')?.split_once('>')?.0;
    match target.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|path| rest.get(path..)).map(str::to_owned),
        None => Some(target.to_owned()),
    }
}

fn refusal(status: u16, retry_after: Option<String>, body: &str) -> Failure {
    match serde_json::from_str::<Refusal>(body) {
        Ok(Refusal { error }) => Failure::Refused {
            status,
            code: error.code,
            message: error.message,
            fields: error.fields,
            retry_after: retry_after.and_then(|seconds| seconds.parse().ok()),
            body: (status == 412).then(|| body.to_owned()),
        },
        // Something in between answered, such as a proxy whose server is down.
        Err(_) if matches!(status, 502..=504) => Failure::Unreachable,
        Err(_) => Failure::Refused {
            status,
            code: ErrorCode::Unknown,
            message: String::new(),
            fields: Vec::new(),
            retry_after: None,
            body: None,
        },
    }
}

fn decode<T: DeserializeOwned>(body: &str) -> Result<T, Failure> {
    serde_json::from_str(body).map_err(|_| Failure::Unreadable)
}

/// Aborts a request when its time is up, or when nobody waits for it any more.
struct Deadline {
    controller: AbortController,
    timer: Option<TimeoutHandle>,
    passed: Rc<Cell<bool>>,
}

impl Deadline {
    fn start() -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let passed = Rc::new(Cell::new(false));
        let timer = {
            let (controller, passed) = (controller.clone(), Rc::clone(&passed));
            let abort = move || {
                passed.set(true);
                controller.abort();
            };
            set_timeout_with_handle(abort, TIMEOUT).ok()
        };
        Some(Self {
            controller,
            timer,
            passed,
        })
    }

    fn has_passed(&self) -> bool {
        self.passed.get()
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        // Does nothing to a request that is complete.
        self.controller.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_whatever_the_server_calls_itself() {
        for (link, next) in [
            (
                "</api/u/tasks?limit=2&cursor=x>; rel=\"next\"",
                Some("/api/u/tasks?limit=2&cursor=x"),
            ),
            (
                "<https://h.example/api/u/tasks?cursor=x>; rel=\"next\"",
                Some("/api/u/tasks?cursor=x"),
            ),
            ("</a>; rel=\"prev\", </b>; rel=\"next\"", Some("/b")),
            ("</a>; rel=\"prev\"", None),
        ] {
            assert_eq!(next_page(link).as_deref(), next, "{link}");
        }
    }
}
