//! A request and its answer, whichever way they go.

use serde::Serialize;

/// One request, as far as it is the same whoever sends it.
pub struct Call {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<String>,
    pub(super) content_type: &'static str,
    pub(super) keepalive: bool,
    pub(super) version: Option<i64>,
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
pub struct Answer {
    pub(super) body: String,
    pub(super) next: Option<String>,
}

impl Call {
    pub(super) fn new(method: &'static str, path: impl Into<String>) -> Self {
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
    pub(super) fn if_match(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// What kind of file goes with it.
    pub(super) fn file(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// The request is to arrive even if the page goes away at once.
    pub(super) fn keepalive(mut self, keepalive: bool) -> Self {
        self.keepalive = keepalive;
        self
    }
}
