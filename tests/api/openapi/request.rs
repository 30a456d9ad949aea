//! Requests made from the description of an operation.

use super::document::Operation;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use shared::lists::List;
use shared::paths;
use tests::person::PASSWORD;
use tests::{Ask, Person, TestApp};
use uuid::Uuid;

/// A request that would succeed, by somebody who has just registered and has two tasks.
pub(super) struct Attempt<'a> {
    app: &'a TestApp,
    operation: &'a Operation,
    person: Person,
    path: String,
    pub(super) body: Option<Value>,
}

/// The id of what the path is about: a task, or something that is made for it.
async fn thing(person: &Person, path: &str, task: Uuid) -> Uuid {
    let list = async || {
        let made = person.post(&paths::lists(&person.id)).json(&json!({"name": "Home"}));
        made.ask().await.expect(201).json::<List>().id
    };
    if path.starts_with(paths::TRASH) {
        // Two of them, so that there is a next page.
        let other = person.add("Gone").await.id;
        person.delete(&person.task(other)).ask().await.expect(200);
        let gone = person.add("Gone as well").await.id;
        person.delete(&person.task(gone)).ask().await.expect(200);
        return gone;
    }
    match path {
        paths::LIST => list().await,
        paths::LIST_RESTORE => {
            let gone = list().await;
            person.delete(&paths::list(&person.id, gone)).ask().await.expect(200);
            gone
        }
        _ => task,
    }
}

/// A body with which the operation succeeds, all of its members set. An operation that is not known here takes none.
pub(super) fn valid_body(operation: &Operation) -> Option<Value> {
    match (operation.path.as_str(), operation.method.as_str()) {
        (paths::REGISTER, "post") => {
            Some(json!({"email": format!("{}@example.org", Uuid::new_v4()), "password": PASSWORD, "name": "Ada"}))
        }
        (paths::LOGIN, "post") => Some(json!({"email": null, "password": PASSWORD})),
        (paths::PASSWORD, "post") => {
            Some(json!({"current_password": PASSWORD, "new_password": "battery horse correct"}))
        }
        (paths::ME, "delete") => Some(json!({"password": PASSWORD})),
        (paths::TASKS, "post") => Some(json!({
            "title": "Milk", "description": "Two litres", "due": {"date": "2027-01-31"}, "priority": 1,
            "tags": ["home"], "list_id": null, "parent_id": null, "recurrence": "FREQ=WEEKLY", "position": "8",
        })),
        (paths::TASK, "put") => Some(json!({
            "title": "Bread", "description": "A loaf", "completed": true, "due": {"date": "2027-01-31"}, "priority": 1,
            "tags": ["home"], "list_id": null, "parent_id": null, "recurrence": "FREQ=WEEKLY", "position": "8",
        })),
        (paths::TASKS, "patch") => Some(json!({
            "ids": [],
            "change": {
                "completed": false, "priority": 1, "due": {"date": "2027-01-31"}, "list_id": null, "add_tags": ["home"],
                "remove_tags": ["work"], "deleted": false,
            },
        })),
        (paths::LISTS, "post") => Some(json!({"name": "Home", "color": "teal"})),
        (paths::LIST, "put") => Some(json!({"name": "Home", "color": "teal", "position": "8", "archived": true})),
        (paths::IMPORT, "post") => Some(json!({"format": "taskward", "version": 1, "lists": [], "tasks": []})),
        _ => None,
    }
}

impl<'a> Attempt<'a> {
    pub(super) async fn prepare(app: &'a TestApp, operation: &'a Operation) -> Self {
        let person = app.register(&Uuid::new_v4().to_string()).await;
        person.add("Older").await;
        let task = person.add("Newer").await;
        let id = thing(&person, &operation.path, task.id).await;
        let mut path = operation.path.clone();
        for (name, place) in operation.parameters() {
            if place == "path" {
                let value = match name.as_str() {
                    "user_id" => person.id.clone(),
                    "id" => id.to_string(),
                    other => panic!("{operation:?}: what is {other}?"),
                };
                path = path.replace(&format!("{{{name}}}"), &value);
            }
        }
        assert!(
            !path.contains('{'),
            "{operation:?}: every part of the path is described"
        );
        let mut body = valid_body(operation);
        if operation.path == paths::LOGIN {
            body.as_mut().unwrap()["email"] = json!(person.email);
        }
        if let Some(ids) = body.as_mut().and_then(|body| body.get_mut("ids")) {
            *ids = json!([task.id]);
        }
        Self {
            app,
            operation,
            person,
            path,
            body,
        }
    }

    /// With every credential that the operation takes.
    pub(super) fn request(&self) -> RequestBuilder {
        let schemes = self.operation.security();
        let mut request = self.without_credentials();
        for scheme in &schemes {
            request = self.with(request, scheme);
        }
        request
    }

    /// With this credential alone.
    pub(super) fn with_only(&self, scheme: &str) -> RequestBuilder {
        self.with(self.without_credentials(), scheme)
    }

    fn with(&self, request: RequestBuilder, scheme: &str) -> RequestBuilder {
        match scheme {
            "bearer" => request.bearer_auth(&self.person.token),
            "session" => request.header("cookie", &self.person.cookie),
            other => panic!("{:?}: what is {other}?", self.operation),
        }
    }

    pub(super) fn without_credentials(&self) -> RequestBuilder {
        let mut request = self.bare();
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        if self.operation.has("limit") {
            // So that there is a next page.
            request = request.query(&[("limit", "1")]);
        }
        request
    }

    fn bare(&self) -> RequestBuilder {
        let method: Method = self.operation.method.to_uppercase().parse().unwrap();
        self.app.request(method, &self.path)
    }

    fn credentialed(&self) -> RequestBuilder {
        self.operation
            .security()
            .iter()
            .fold(self.bare(), |request, scheme| self.with(request, scheme))
    }

    /// A request that the operation answers with this status; `None` if no request alone brings that about.
    pub(super) async fn failing(mut self, app: &TestApp, status: u16) -> Option<RequestBuilder> {
        let operation = self.operation;
        Some(match status {
            400 if self.body.is_some() => self.credentialed().header("content-type", "application/json").body("{"),
            400 if operation.has("limit") => self.credentialed().query(&[("limit", "0")]),
            400 if operation.has("id") => {
                self.path = self.path.replace(self.path.split('/').nth(4)?, "nonsense");
                self.request()
            }
            400 if operation.has("format") => self.credentialed().query(&[("format", "nonsense")]),
            401 if operation.security().is_empty() => {
                self.body.as_mut()?["password"] = json!("wrong horse battery");
                self.request()
            }
            401 => self.without_credentials(),
            403 if operation.has("user_id") => {
                let other = app.register(&Uuid::new_v4().to_string()).await;
                self.path = self.path.replace(&self.person.id, &other.id);
                self.request()
            }
            403 => self.request().header("sec-fetch-site", "cross-site"),
            404 if operation.has("id") => {
                self.path = self
                    .path
                    .replace(self.path.split('/').nth(4)?, &Uuid::now_v7().to_string());
                self.request()
            }
            404 if self.body.as_ref().is_some_and(|body| body.get("ids").is_some()) => {
                self.body.as_mut()?["ids"] = json!([Uuid::now_v7()]);
                self.request()
            }
            409 if operation.path == paths::LISTS => {
                self.person.add_all_lists().await;
                self.request()
            }
            409 if operation.has("user_id") => {
                self.body.as_mut()?["parent_id"] = json!(self.person.add_full_parent().await);
                self.request()
            }
            409 => {
                self.body.as_mut()?["email"] = json!(self.person.email);
                self.request()
            }
            412 if operation.has("if-match") => self.request().header("if-match", "\"nonsense\""),
            413 => {
                let long = if operation.has("dry_run") {
                    17_000_000
                } else {
                    1_000_000
                };
                self.body.as_mut()?["filler"] = json!("x".repeat(long));
                self.request()
            }
            414 => self.request().query(&[("filler", "x".repeat(60_000))]),
            415 if operation.has("dry_run") => self.request().header("content-encoding", "gzip"),
            415 => self.credentialed().header("content-type", "text/plain").body("x"),
            431 => self.request().header("x-filler", "x".repeat(60_000)),
            _ => return None,
        })
    }
}
