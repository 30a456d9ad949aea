//! A server as its clients see it: an address.

use crate::person::{PASSWORD, Person, plain};
use crate::{Answer, Ask};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use shared::paths;
use std::net::SocketAddr;

/// Where a server is, and how to get there.
#[derive(Clone, Debug)]
pub struct Site {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The origin: `http://127.0.0.1:…`, without a slash at the end.
    pub url: String,
    client: Client,
}

impl Site {
    /// The site at this address.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            url: format!("http://{address}"),
            client: plain(),
        }
    }

    /// A request without a token, from a client that keeps no cookies and follows no redirects.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A `GET` without a token.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// A `POST` without a token.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// A `POST` of JSON without a token.
    pub async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path).json(body).ask().await
    }

    /// Registers `<name>@example.org` with [`PASSWORD`].
    pub async fn register(&self, name: &str) -> Person {
        self.register_with(&format!("{name}@example.org"), PASSWORD).await
    }

    /// Registers.
    pub async fn register_with(&self, email: &str, password: &str) -> Person {
        Person::enter(&self.url, paths::REGISTER, email, password).await.0
    }

    /// Signs in to an account that was made some other way.
    pub async fn login_with(&self, email: &str, password: &str) -> Person {
        Person::enter(&self.url, paths::LOGIN, email, password).await.0
    }

    /// Signs the person in once more: a session of its own.
    pub async fn login(&self, person: &Person) -> Person {
        Person::enter(&self.url, paths::LOGIN, &person.email, &person.password)
            .await
            .0
    }

    /// Tries to sign in.
    pub async fn try_login(&self, email: &str, password: &str) -> Answer {
        self.post_json(paths::LOGIN, &json!({"email": email, "password": password}))
            .await
    }

    /// `POST /api/auth/refresh` with exactly this `Cookie` header.
    pub async fn refresh_with(&self, cookie: &str) -> Answer {
        self.post(paths::REFRESH).header("cookie", cookie).ask().await
    }

    /// `GET /api/auth/me` with exactly this `Authorization` header.
    pub async fn me_with(&self, authorization: &str) -> Answer {
        self.get(paths::ME).header("authorization", authorization).ask().await
    }
}
