//! Sends a file, and tells how much of it has arrived: `fetch`, which everything else is sent by, cannot.

use super::call::{Answer, Call};
use super::client::Client;
use super::failure::Failure;
use super::fetch::{TIMEOUT, Way, decode, refusal, set_headers};
use crate::browser;
use js_sys::{Function, Promise};
use serde::de::DeserializeOwned;
use shared::text::AccessToken;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, ProgressEvent, XmlHttpRequest, XmlHttpRequestUpload};

/// Hears how much of a file has been sent: 0 to 1, and `None` once all of it has and the server is at work.
pub type OnSent = Rc<dyn Fn(Option<f64>)>;

impl Client {
    /// Sends a request that has a file, with the token and the renewal of all others.
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        call: &Call,
        file: Blob,
        on_sent: OnSent,
    ) -> Result<T, Failure> {
        let way: Box<Way> =
            Box::new(move |call, bearer| Box::pin(send(call, bearer, file.clone(), Rc::clone(&on_sent))));
        decode(&self.send_and_renew(call, &way).await?.body)
    }
}

/// Aborted when the future is dropped, as a fetch is.
async fn send(call: &Call, bearer: &AccessToken, file: Blob, on_sent: OnSent) -> Result<Answer, Failure> {
    let sending = Sending::start(call, bearer, &file, on_sent).map_err(|_| Failure::Unreachable)?;
    let end = JsFuture::from(sending.end.clone()).await.ok();
    let end = end.and_then(|event| event.dyn_into::<Event>().ok());
    match end.map(|event| event.type_()).as_deref() {
        Some("load") => sending.answer(),
        Some("timeout") => Err(Failure::TimedOut),
        _ => Err(Failure::Unreachable),
    }
}

/// A request that is on its way.
struct Sending {
    request: XmlHttpRequest,
    upload: XmlHttpRequestUpload,
    /// The event that ends it, whichever that is.
    end: Promise,
    _on_progress: Closure<dyn Fn(ProgressEvent)>,
    _on_sent: Closure<dyn Fn()>,
}

impl Sending {
    fn start(call: &Call, bearer: &AccessToken, file: &Blob, on_sent: OnSent) -> Result<Self, JsValue> {
        let request = XmlHttpRequest::new()?;
        request.open(call.method, &call.path)?;
        set_headers(call, Some(bearer), &|name, value| {
            request.set_request_header(name, value).ok()
        })
        .ok_or(JsValue::NULL)?;
        request.set_request_header("Content-Type", call.content_type)?;
        request.set_timeout(milliseconds(0.0));
        let end = Promise::new(&mut |resolve, _| listen(&request, Some(&resolve)));
        let on_progress = {
            let (request, on_sent, began) = (request.clone(), Rc::clone(&on_sent), browser::now());
            Closure::new(move |event: ProgressEvent| {
                // It is what says nothing that is given up, not what takes long.
                request.set_timeout(milliseconds(browser::now() - began));
                on_sent(Some(event.loaded() / event.total().max(1.0)));
            })
        };
        let on_sent = Closure::new(move || on_sent(None));
        let upload = request.upload()?;
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        upload.set_onload(Some(on_sent.as_ref().unchecked_ref()));
        request.send_with_opt_blob(Some(file))?;
        Ok(Self {
            request,
            upload,
            end,
            _on_progress: on_progress,
            _on_sent: on_sent,
        })
    }

    fn answer(&self) -> Result<Answer, Failure> {
        let status = self.request.status().unwrap_or_default();
        let body = self.request.response_text().ok().flatten().unwrap_or_default();
        if (200..300).contains(&status) {
            return Ok(Answer { body, next: None });
        }
        let retry_after = self.request.get_response_header("retry-after").ok().flatten();
        Err(refusal(status, retry_after, &body))
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        // They must not be called once they are gone.
        self.upload.set_onprogress(None);
        self.upload.set_onload(None);
        listen(&self.request, None);
        // What is complete has been read; anything else nobody waits for.
        let _ = self.request.abort();
    }
}

fn listen(request: &XmlHttpRequest, on_end: Option<&Function>) {
    request.set_onload(on_end);
    request.set_onerror(on_end);
    request.set_ontimeout(on_end);
    request.set_onabort(on_end);
}

/// When to give up, so long after the start of a request that was heard of just now.
fn milliseconds(elapsed: f64) -> u32 {
    let elapsed = Duration::try_from_secs_f64(elapsed / 1000.0).unwrap_or_default();
    u32::try_from((elapsed + TIMEOUT).as_millis()).unwrap_or(u32::MAX)
}
