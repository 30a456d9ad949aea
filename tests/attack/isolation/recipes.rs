//! How each operation is asked for, and whose business its answer is.

use reqwest::Method;
use serde_json::{Value, json};
use shared::paths;
use tests::person::PASSWORD;

/// An operation of the description.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// As in the description, with `{user_id}` and `{id}` in it.
    pub(crate) path: String,
    pub(crate) id: String,
    /// The names of the security schemes that it takes; none: anybody may ask.
    pub(crate) security: Vec<String>,
    /// The status of its success.
    pub(crate) success: u16,
    pub(crate) has_body: bool,
}

/// Who may ask, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Anybody, and the answer is the same for everybody.
    Public,
    /// Anybody who can prove who they are by what the body holds.
    Credentials,
    /// Whoever has a token: it is about that person, and the path names nobody.
    Caller,
    /// Whoever has the session's cookie.
    Session,
    /// The person whom the path names.
    Tasks,
    /// The person whom the path names, about something of theirs.
    Thing(Thing),
}

/// What the `{id}` of a path is the id of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Task,
    TaskInTrash,
    List,
    ListInTrash,
}

/// What there is to know of an operation beyond its description.
pub(crate) struct Recipe {
    pub(crate) scope: Scope,
    /// A body with which it succeeds for the owner. A text `{id}` in it stands for the id of a task.
    pub(crate) body: Option<Value>,
    /// Whether it takes the session of whoever asks away.
    pub(crate) ends_the_session: bool,
}

/// Every operation of the description.
pub(crate) fn operations() -> Vec<Operation> {
    let document = api::description();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let security = operation["security"].as_array().expect("security is said of each");
            let successes: Vec<u16> = operation["responses"]
                .as_object()
                .expect("responses")
                .keys()
                .filter_map(|status| status.parse().ok())
                .filter(|status| *status < 400)
                .collect();
            assert_eq!(successes.len(), 1, "{method} {path}: one way to succeed");
            all.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                security: security
                    .iter()
                    .flat_map(|scheme| scheme.as_object().expect("a scheme").keys().cloned())
                    .collect(),
                success: successes[0],
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    all
}

impl Operation {
    /// What is known of it. Nobody may forget to say it of a new one.
    #[track_caller]
    pub(crate) fn recipe(&self) -> Recipe {
        let new = "battery horse correct";
        let recipe = |scope, body| Recipe {
            scope,
            body,
            ends_the_session: false,
        };
        let recipe = match (self.path.as_str(), self.method.as_str()) {
            (paths::REGISTER, "POST") => recipe(
                Scope::Credentials,
                Some(json!({"email": "new@example.org", "password": PASSWORD})),
            ),
            (paths::LOGIN, "POST") => recipe(
                Scope::Credentials,
                Some(json!({"email": "ada@example.org", "password": PASSWORD})),
            ),
            (paths::REFRESH, "POST") => recipe(Scope::Session, None),
            (paths::LOGOUT, "POST") => Recipe {
                ends_the_session: true,
                ..recipe(Scope::Session, None)
            },
            (paths::LOGOUT_EVERYWHERE, "POST") => Recipe {
                ends_the_session: true,
                ..recipe(Scope::Caller, None)
            },
            (paths::ME, "GET") => recipe(Scope::Caller, None),
            (paths::ME, "DELETE") => Recipe {
                ends_the_session: true,
                ..recipe(Scope::Caller, Some(json!({"password": PASSWORD})))
            },
            (paths::PASSWORD, "POST") => Recipe {
                ends_the_session: true,
                ..recipe(
                    Scope::Caller,
                    Some(json!({"current_password": PASSWORD, "new_password": new})),
                )
            },
            (paths::TASKS, "GET") => recipe(Scope::Tasks, None),
            (paths::TASKS, "POST") => recipe(Scope::Tasks, Some(json!({"title": "Planted"}))),
            (paths::TASKS, "PATCH") => recipe(
                Scope::Tasks,
                Some(json!({"ids": ["{id}"], "change": {"add_tags": ["planted"]}})),
            ),
            (paths::TASK, "GET" | "DELETE") | (paths::TASK_COMPLETE, "PATCH") => {
                recipe(Scope::Thing(Thing::Task), None)
            }
            (paths::TASK, "PUT") => recipe(Scope::Thing(Thing::Task), Some(json!({"title": "Planted"}))),
            (paths::LISTS | paths::EXPORT | paths::TRASH, "GET") | (paths::TRASH, "DELETE") => {
                recipe(Scope::Tasks, None)
            }
            (paths::LISTS, "POST") => recipe(Scope::Tasks, Some(json!({"name": "Planted"}))),
            (paths::LIST, "GET" | "DELETE") => recipe(Scope::Thing(Thing::List), None),
            (paths::LIST, "PUT") => recipe(Scope::Thing(Thing::List), Some(json!({"name": "Planted"}))),
            (paths::LIST_RESTORE, "POST") => recipe(Scope::Thing(Thing::ListInTrash), None),
            (paths::TRASHED, "DELETE") | (paths::TRASH_RESTORE, "POST") => {
                recipe(Scope::Thing(Thing::TaskInTrash), None)
            }
            (paths::IMPORT, "POST") => recipe(
                Scope::Tasks,
                Some(json!({"format": "taskward", "version": 1, "tasks": [{"id": "{id}", "title": "Planted"}]})),
            ),
            (paths::HEALTH | paths::READY | paths::OPENAPI | paths::DOCS, "GET") => recipe(Scope::Public, None),
            _ => panic!("{self:?} is new: say here how it is asked for, and by whom"),
        };
        self.assert_described_like(&recipe);
        recipe
    }

    /// The description must ask for the credentials that the scope needs: a route without them is found out here.
    #[track_caller]
    fn assert_described_like(&self, recipe: &Recipe) {
        let security: Vec<_> = self.security.iter().map(String::as_str).collect();
        let names = |name: &str| self.path.contains(name);
        let good = match recipe.scope {
            Scope::Public | Scope::Credentials => security.is_empty() && !names("{"),
            Scope::Caller => security == ["bearer"] && !names("{"),
            Scope::Session => security.contains(&"session") && !names("{"),
            Scope::Tasks => security == ["bearer"] && names("{user_id}") && !names("{id}"),
            Scope::Thing(_) => security == ["bearer"] && names("{user_id}") && names("{id}"),
        };
        assert!(good, "{self:?} is described otherwise than as {:?}", recipe.scope);
        assert_eq!(self.has_body, recipe.body.is_some(), "{self:?}");
    }
}
