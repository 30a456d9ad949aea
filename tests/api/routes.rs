//! Every route of the contract, for tests that hold for all of them.

use reqwest::Method;
use serde_json::{Value, json};
use shared::paths;
use uuid::Uuid;

/// A route, and a request to it that could succeed.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Absent if the route takes no body.
    pub(crate) body: Option<Value>,
}

fn route(method: Method, path: impl Into<String>, body: Option<Value>) -> Route {
    Route {
        method,
        path: path.into(),
        body,
    }
}

/// The routes that need a bearer token and name no user.
pub(crate) fn own_account() -> Vec<Route> {
    let change = json!({"current_password": "correct horse battery", "new_password": "battery horse correct"});
    vec![
        route(Method::GET, paths::ME, None),
        route(Method::POST, paths::LOGOUT_EVERYWHERE, None),
        route(Method::POST, paths::PASSWORD, Some(change)),
        route(
            Method::DELETE,
            paths::ME,
            Some(json!({"password": "correct horse battery"})),
        ),
    ]
}

/// The routes of the tasks and lists of this user.
pub(crate) fn tasks(user_id: &str, id: Uuid) -> Vec<Route> {
    let (task, list) = (paths::task(user_id, id), paths::list(user_id, id));
    let change = json!({"ids": [id], "change": {"priority": 1}});
    vec![
        route(Method::GET, paths::tasks(user_id), None),
        route(Method::POST, paths::tasks(user_id), Some(json!({"title": "Milk"}))),
        route(Method::PATCH, paths::tasks(user_id), Some(change)),
        route(Method::GET, paths::lists(user_id), None),
        route(Method::POST, paths::lists(user_id), Some(json!({"name": "Home"}))),
        route(Method::GET, &list, None),
        route(Method::PUT, &list, Some(json!({"name": "Flat"}))),
        route(Method::DELETE, &list, None),
        route(Method::POST, paths::list_restore(user_id, id), None),
        route(Method::GET, paths::trash(user_id), None),
        route(Method::DELETE, paths::trash(user_id), None),
        route(Method::POST, paths::trash_restore(user_id, id), None),
        route(Method::DELETE, paths::trashed(user_id, id), None),
        route(Method::GET, paths::export(user_id), None),
        route(Method::POST, paths::import(user_id), None),
        route(Method::GET, &task, None),
        route(Method::PUT, &task, Some(json!({"title": "Bread"}))),
        route(Method::PATCH, paths::task_complete(user_id, id), None),
        route(Method::DELETE, &task, None),
    ]
}

/// The routes that need a bearer token.
pub(crate) fn protected(user_id: &str, id: Uuid) -> Vec<Route> {
    let mut routes = own_account();
    routes.extend(tasks(user_id, id));
    routes
}

/// The routes that need nothing but a body.
pub(crate) fn public_with_body() -> Vec<Route> {
    let body = json!({"email": "ada@example.org", "password": "correct horse battery"});
    vec![
        route(Method::POST, paths::REGISTER, Some(body.clone())),
        route(Method::POST, paths::LOGIN, Some(body)),
    ]
}

/// The routes that take a body: none of them does anything with a bad one.
pub(crate) fn with_body(user_id: &str, id: Uuid) -> Vec<Route> {
    let mut routes = public_with_body();
    routes.extend(protected(user_id, id).into_iter().filter(|route| route.body.is_some()));
    routes
}

/// The paths of the contract, and the methods that each of them takes.
pub(crate) fn methods(user_id: &str, id: Uuid) -> Vec<(String, Vec<Method>)> {
    let post = || vec![Method::POST];
    let get = || vec![Method::GET];
    vec![
        (paths::REGISTER.to_owned(), post()),
        (paths::LOGIN.to_owned(), post()),
        (paths::REFRESH.to_owned(), post()),
        (paths::LOGOUT.to_owned(), post()),
        (paths::LOGOUT_EVERYWHERE.to_owned(), post()),
        (paths::PASSWORD.to_owned(), post()),
        (paths::ME.to_owned(), vec![Method::GET, Method::DELETE]),
        (paths::tasks(user_id), vec![Method::GET, Method::POST, Method::PATCH]),
        (paths::task(user_id, id), vec![Method::GET, Method::PUT, Method::DELETE]),
        (paths::task_complete(user_id, id), vec![Method::PATCH]),
        (paths::lists(user_id), vec![Method::GET, Method::POST]),
        (paths::list(user_id, id), vec![Method::GET, Method::PUT, Method::DELETE]),
        (paths::list_restore(user_id, id), post()),
        (paths::trash(user_id), vec![Method::GET, Method::DELETE]),
        (paths::trashed(user_id, id), vec![Method::DELETE]),
        (paths::trash_restore(user_id, id), post()),
        (paths::export(user_id), get()),
        (paths::import(user_id), post()),
        (paths::HEALTH.to_owned(), get()),
        (paths::READY.to_owned(), get()),
        (paths::OPENAPI.to_owned(), get()),
        (paths::DOCS.to_owned(), get()),
    ]
}
