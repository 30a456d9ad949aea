//! A response that was read to its end, so that an assertion that fails can show all of it.

use reqwest::RequestBuilder;
use reqwest::header::{HeaderMap, SET_COOKIE};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;

/// A response, whole.
#[derive(Clone)]
pub struct Answer {
    /// What was asked: method and path.
    pub request: String,
    /// The status.
    pub status: u16,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, as it came over the wire.
    pub body: Vec<u8>,
}

/// Sends a request and reads the whole response.
pub trait Ask {
    /// Sends the request. Panics if no response comes, or one without a request id.
    fn ask(self) -> impl Future<Output = Answer> + Send;
}

impl Ask for RequestBuilder {
    async fn ask(self) -> Answer {
        let (client, request) = self.build_split();
        let request = request.expect("a well-formed request");
        let name = format!("{} {}", request.method(), request.url().path());
        let response = match client.execute(request).await {
            Ok(response) => response,
            Err(error) => panic!("{name}: no response: {error:?}"),
        };
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.expect("a whole body").to_vec(),
            request: name,
        };
        assert!(!answer.request_id().is_empty(), "no request id: {answer:?}");
        answer
    }
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The first header field of this name; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header field in ASCII"))
    }

    /// The id under which the server knows this request; empty if it did not say.
    pub fn request_id(&self) -> &str {
        self.header("x-request-id")
    }

    /// Goes on only if this is the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The body, read from JSON.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{error}: {self:?}"),
        }
    }

    /// The body, as any JSON.
    #[track_caller]
    pub fn value(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{error}: {self:?}"),
        }
    }

    /// The cookies that the response sets.
    pub fn cookies(&self) -> Vec<SetCookie> {
        let fields = self.headers.get_all(SET_COOKIE).iter();
        fields
            .map(|field| SetCookie::parse(field.to_str().expect("a cookie in ASCII")))
            .collect()
    }

    /// The session's cookie, which the response sets.
    #[track_caller]
    pub fn session_cookie(&self) -> SetCookie {
        self.cookie("taskward_session")
    }

    /// The device's cookie, which the response sets.
    #[track_caller]
    pub fn device_cookie(&self) -> SetCookie {
        self.cookie("taskward_device")
    }

    /// The one cookie of this name, with a prefix or without, and of no name that the server has no cookies of.
    #[track_caller]
    fn cookie(&self, name: &str) -> SetCookie {
        let bare = |cookie: &SetCookie| cookie.name.trim_start_matches("__Host-").to_owned();
        let (mut named, others): (Vec<_>, Vec<_>) = self.cookies().into_iter().partition(|cookie| bare(cookie) == name);
        assert_eq!(named.len(), 1, "one cookie of that name: {self:?}");
        for other in others {
            assert!(
                matches!(bare(&other).as_str(), "taskward_session" | "taskward_device"),
                "{other:?}"
            );
        }
        named.remove(0)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} → {}\n{:#?}\n{}",
            self.request,
            self.status,
            self.headers,
            self.text()
        )
    }
}

/// A `Set-Cookie` header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCookie {
    /// The cookie's name.
    pub name: String,
    /// The cookie's value.
    pub value: String,
    /// The attributes, as they are written, sorted.
    pub attributes: Vec<String>,
}

impl SetCookie {
    fn parse(field: &str) -> Self {
        let mut parts = field.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("name=value");
        let mut attributes: Vec<_> = parts.map(str::to_owned).collect();
        attributes.sort();
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            attributes,
        }
    }

    /// The pair, as a client sends it back.
    pub fn pair(&self) -> String {
        format!("{}={}", self.name, self.value)
    }

    /// Whether the attribute is there, exactly as written.
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|each| each == attribute)
    }

    /// `Max-Age`, in seconds.
    #[track_caller]
    pub fn max_age(&self) -> i64 {
        let ages: Vec<_> = self
            .attributes
            .iter()
            .filter_map(|each| each.strip_prefix("Max-Age="))
            .collect();
        assert_eq!(ages.len(), 1, "one Max-Age: {self:?}");
        ages[0].parse().expect("a number of seconds")
    }
}
