//! Between the app and the network: what was asked, with which token, and what came into the document, if only for a
//! moment.

use crate::page::Page;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::paths;

/// A request of the app.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Request {
    /// The method.
    pub(crate) method: String,
    /// The path.
    pub(crate) path: String,
    /// The access token that the app sent.
    pub(crate) token: Option<String>,
    /// The answer's status; 0 if there was none, `None` if there is none yet.
    pub(crate) status: Option<u16>,
}

impl Page {
    /// Puts a spy in every document that this tab opens from now on.
    pub(crate) async fn spy(&self) {
        self.inject(include_str!("spy.js")).await;
    }

    /// Everything that the current document has asked for.
    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.eval("return spy.requests", json!([])).await
    }

    /// The access token that the app sent last.
    pub(crate) async fn token(&self) -> String {
        let requests = self.requests().await;
        let token = requests.into_iter().rev().find_map(|request| request.token);
        token.expect("a request with a token")
    }

    /// How often the current document has renewed its token, or tried to.
    pub(crate) async fn renewals(&self) -> usize {
        let requests = self.requests().await;
        requests.iter().filter(|request| request.path == paths::REFRESH).count()
    }

    /// Whether something with this test id has been in the document since it was opened, or since `forget`.
    pub(crate) async fn has_seen(&self, testid: &str) -> bool {
        self.eval("return spy.seen.includes(arguments[0])", json!([testid]))
            .await
    }

    /// Forgets what the spy has noted.
    pub(crate) async fn forget(&self) {
        let _: Value = self
            .eval("spy.seen = []; spy.requests = []; return null", json!([]))
            .await;
    }

    /// Sets what the spy does: `stale`, `broken` or `held`.
    pub(crate) async fn tamper(&self, how: &str, value: Value) {
        let _: Value = self
            .eval("spy[arguments[0]] = arguments[1]; return null", json!([how, value]))
            .await;
    }
}
