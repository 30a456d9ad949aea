//! The URL of every endpoint: templates for the router and the API description, functions for clients.

/// Everything the API answers lies under this path.
pub const API: &str = "/api";

/// `POST`: make an account and sign in to it.
pub const REGISTER: &str = "/api/auth/register";
/// `POST`: sign in.
pub const LOGIN: &str = "/api/auth/login";
/// `POST`: exchange the session cookie for an access token.
pub const REFRESH: &str = "/api/auth/refresh";
/// `POST`: end this session.
pub const LOGOUT: &str = "/api/auth/logout";
/// `POST`: end every session of the account.
pub const LOGOUT_EVERYWHERE: &str = "/api/auth/logout-everywhere";
/// `GET`: who am I; `DELETE`: delete the account.
pub const ME: &str = "/api/auth/me";
/// `POST`: change the password.
pub const PASSWORD: &str = "/api/auth/password";

/// `GET`: a user's tasks; `POST`: add one.
pub const TASKS: &str = "/api/{user_id}/tasks";
/// `GET`, `PUT`, `DELETE`: one task.
pub const TASK: &str = "/api/{user_id}/tasks/{id}";
/// `PATCH`: toggle whether the task is done.
pub const TASK_COMPLETE: &str = "/api/{user_id}/tasks/{id}/complete";

/// `GET`: the process is up.
pub const HEALTH: &str = "/health";
/// `GET`: the process can serve, its database included.
pub const READY: &str = "/ready";
/// `GET`: the counters, on an address of their own. No route of the application.
pub const METRICS: &str = "/metrics";
/// `GET`: the OpenAPI 3.1 description of this API.
pub const OPENAPI: &str = "/api/openapi.json";
/// `GET`: a page to read and try the API.
pub const DOCS: &str = "/api/docs";

/// [`TASKS`] of one user.
#[must_use]
pub fn tasks(user_id: &str) -> String {
    format!("{API}/{user_id}/tasks")
}

/// [`TASK`] of one user.
#[must_use]
pub fn task(user_id: &str, id: uuid::Uuid) -> String {
    format!("{API}/{user_id}/tasks/{id}")
}

/// [`TASK_COMPLETE`] of one user.
#[must_use]
pub fn task_complete(user_id: &str, id: uuid::Uuid) -> String {
    format!("{API}/{user_id}/tasks/{id}/complete")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str, user_id: &str, id: &str) -> String {
        template.replace("{user_id}", user_id).replace("{id}", id)
    }

    #[test]
    fn client_paths_fill_in_the_routers_templates() {
        let id = uuid::Uuid::nil();
        let text = id.to_string();
        assert_eq!(tasks("u"), fill(TASKS, "u", &text));
        assert_eq!(task("u", id), fill(TASK, "u", &text));
        assert_eq!(task_complete("u", id), fill(TASK_COMPLETE, "u", &text));
    }
}
