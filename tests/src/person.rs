//! Somebody who uses the service: an account, the token in hand, and a cookie jar of their own.

use crate::{Answer, Ask};
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use shared::auth::AuthResponse;
use shared::lists::{List, MAX_LISTS};
use shared::paths;
use shared::tasks::{MAX_SUBTASKS, Task};
use uuid::Uuid;

/// The password of everybody who does not ask for another.
pub const PASSWORD: &str = "correct horse battery";

/// A person who has signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account's id, as in the paths.
    pub id: String,
    /// The email to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: String,
    /// The access token.
    pub token: String,
    /// The session cookie, as `name=value`.
    pub cookie: String,
    jar: Client,
    base: String,
}

impl Person {
    /// Registers or signs in, and keeps what comes back.
    pub(crate) async fn enter(base: &str, path: &str, email: &str, password: &str) -> (Self, Answer) {
        let jar = browser();
        let body = json!({"email": email, "password": password});
        let answer = jar.post(format!("{base}{path}")).json(&body).ask().await;
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        let auth: AuthResponse = answer.json();
        let person = Self {
            id: auth.user.id,
            email: email.to_owned(),
            password: password.to_owned(),
            token: auth.access_token.reveal().to_owned(),
            cookie: answer.session_cookie().pair(),
            jar,
            base: base.to_owned(),
        };
        (person, answer)
    }

    /// The same person, turning to another server.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    /// The same person with another token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            ..self.clone()
        }
    }

    /// A request to a path of the service, with the token and with what is in the cookie jar.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.jar.request(method, format!("{}{path}", self.base));
        request.header(AUTHORIZATION, format!("Bearer {}", self.token))
    }

    /// A `GET` with the token.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// A `POST` with the token.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// A `PUT` with the token.
    pub fn put(&self, path: &str) -> RequestBuilder {
        self.request(Method::PUT, path)
    }

    /// A `PATCH` with the token.
    pub fn patch(&self, path: &str) -> RequestBuilder {
        self.request(Method::PATCH, path)
    }

    /// A `DELETE` with the token.
    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    /// `POST /api/auth/refresh` as the app sends it: with the cookie jar, without a token.
    pub async fn refresh(&self) -> Answer {
        self.jar.post(format!("{}{}", self.base, paths::REFRESH)).ask().await
    }

    /// `GET /api/auth/me`.
    pub async fn me(&self) -> Answer {
        self.get(paths::ME).ask().await
    }

    /// The path of the person's tasks.
    pub fn tasks(&self) -> String {
        paths::tasks(&self.id)
    }

    /// The path of a task of the person.
    pub fn task(&self, id: Uuid) -> String {
        paths::task(&self.id, id)
    }

    /// The path that toggles a task of the person.
    pub fn task_complete(&self, id: Uuid) -> String {
        paths::task_complete(&self.id, id)
    }

    /// Adds a task from this body.
    pub async fn create(&self, body: &Value) -> Answer {
        self.post(&self.tasks()).json(body).ask().await
    }

    /// Adds a task with this title.
    pub async fn add(&self, title: &str) -> Task {
        self.create(&json!({"title": title})).await.expect(201).json()
    }

    /// Adds a list with this name.
    pub async fn add_list(&self, name: &str) -> List {
        let body = json!({"name": name});
        let answer = self.post(&paths::lists(&self.id)).json(&body).ask().await;
        answer.expect(201).json()
    }

    /// The lists, as the server has them.
    pub async fn lists(&self) -> Vec<List> {
        self.get(&paths::lists(&self.id)).ask().await.expect(200).json()
    }

    /// Adds lists and tasks as a file has them, many of them quickly.
    pub async fn import(&self, lists: &[Value], tasks: &[Value]) {
        let file = json!({"format": "taskward", "version": 1, "lists": lists, "tasks": tasks});
        self.post(&paths::import(&self.id)).json(&file).ask().await.expect(200);
    }

    /// Adds a task with as many subtasks as there may be.
    pub async fn add_full_parent(&self) -> Uuid {
        let parent = Uuid::now_v7();
        let subtask = |n| json!({"id": Uuid::now_v7(), "title": format!("Part {n}"), "parent_id": parent});
        let mut tasks = vec![json!({"id": parent, "title": "Whole"})];
        tasks.extend((0..MAX_SUBTASKS).map(subtask));
        self.import(&[], &tasks).await;
        parent
    }

    /// Adds as many lists as there may be.
    pub async fn add_all_lists(&self) {
        let list = |n| json!({"id": Uuid::now_v7(), "name": format!("List {n}")});
        let lists: Vec<_> = (0..MAX_LISTS).map(list).collect();
        self.import(&lists, &[]).await;
    }

    /// Changes a task.
    pub async fn update(&self, id: Uuid, body: &Value) -> Answer {
        self.put(&self.task(id)).json(body).ask().await
    }

    /// Reads a task.
    pub async fn read(&self, id: Uuid) -> Answer {
        self.get(&self.task(id)).ask().await
    }

    /// All tasks of the person, as the service lists them.
    pub async fn list(&self) -> Vec<Task> {
        self.get(&self.tasks()).ask().await.expect(200).json()
    }
}

/// A client with a cookie jar of its own.
fn browser() -> Client {
    Client::builder()
        .no_proxy()
        .cookie_store(true)
        .timeout(crate::PATIENCE)
        .build()
        .expect("a client")
}

/// A client without a cookie jar: it sends what the test writes, and nothing else.
pub(crate) fn plain() -> Client {
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(crate::PATIENCE)
        .build()
        .expect("a client")
}
