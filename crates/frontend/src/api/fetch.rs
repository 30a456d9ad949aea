//! One request to the server and its answer, by `fetch`.

use super::call::{Answer, Call};
use super::failure::Failure;
use futures_util::future::LocalBoxFuture;
use gloo_net::http::Request;
use js_sys::Reflect;
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::error::{ErrorBody, ErrorCode};
use shared::text::AccessToken;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use web_sys::{AbortController, RequestInit};

/// A server that has said nothing for so long is not going to.
pub(super) const TIMEOUT: Duration = Duration::from_secs(20);

/// How a request gets to the server, and its answer back.
pub(super) type Way = dyn for<'a> Fn(&'a Call, &'a AccessToken) -> LocalBoxFuture<'a, Result<Answer, Failure>>;

/// The usual way.
pub(super) fn fetch_for<'a>(call: &'a Call, bearer: &'a AccessToken) -> LocalBoxFuture<'a, Result<Answer, Failure>> {
    Box::pin(fetch(call, Some(bearer)))
}

/// Sends a request for nobody in particular.
pub(super) async fn send_public<T: DeserializeOwned>(call: &Call) -> Result<T, Failure> {
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

/// How an access token is presented (RFC 6750).
const SCHEME: &str = "Bearer";

pub(super) fn set_headers(
    call: &Call,
    bearer: Option<&AccessToken>,
    set: &dyn Fn(&str, &str) -> Option<()>,
) -> Option<()> {
    set("Accept", "application/json")?;
    if call.body.is_some() {
        set("Content-Type", call.content_type)?;
    }
    if let Some(version) = call.version {
        set("If-Match", &format!("\"{version}\""))?;
    }
    if let Some(token) = bearer {
        set("Authorization", &format!("{SCHEME} {}", token.reveal()))?;
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

pub(super) fn refusal(status: u16, retry_after: Option<String>, body: &str) -> Failure {
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

/// Reads a body.
pub fn decode<T: DeserializeOwned>(body: &str) -> Result<T, Failure> {
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
