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

/// `GET`: a user's tasks; `POST`: add one; `PATCH`: change several at once.
pub const TASKS: &str = "/api/{user_id}/tasks";
/// `GET`, `PUT`, `DELETE`: one task.
pub const TASK: &str = "/api/{user_id}/tasks/{id}";
/// `PATCH`: toggle whether the task is done.
pub const TASK_COMPLETE: &str = "/api/{user_id}/tasks/{id}/complete";

/// `GET`: a user's lists; `POST`: add one.
pub const LISTS: &str = "/api/{user_id}/lists";
/// `GET`, `PUT`, `DELETE`: one list.
pub const LIST: &str = "/api/{user_id}/lists/{id}";
/// `POST`: take a list out of the trash, and the tasks that went there with it.
pub const LIST_RESTORE: &str = "/api/{user_id}/lists/{id}/restore";
/// `GET`: a user's deleted tasks; `DELETE`: delete them for good.
pub const TRASH: &str = "/api/{user_id}/trash";
/// `DELETE`: delete one of them for good.
pub const TRASHED: &str = "/api/{user_id}/trash/{id}";
/// `POST`: take one of them out of the trash.
pub const TRASH_RESTORE: &str = "/api/{user_id}/trash/{id}/restore";
/// `GET`: everything that a user has, as a file.
pub const EXPORT: &str = "/api/{user_id}/export";
/// `POST`: add what is in such a file.
pub const IMPORT: &str = "/api/{user_id}/import";

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

/// [`LISTS`] of one user.
#[must_use]
pub fn lists(user_id: &str) -> String {
    format!("{API}/{user_id}/lists")
}

/// [`LIST`] of one user.
#[must_use]
pub fn list(user_id: &str, id: uuid::Uuid) -> String {
    format!("{API}/{user_id}/lists/{id}")
}

/// [`LIST_RESTORE`] of one user.
#[must_use]
pub fn list_restore(user_id: &str, id: uuid::Uuid) -> String {
    format!("{API}/{user_id}/lists/{id}/restore")
}

/// [`TRASH`] of one user.
#[must_use]
pub fn trash(user_id: &str) -> String {
    format!("{API}/{user_id}/trash")
}

/// [`TRASHED`] of one user.
#[must_use]
pub fn trashed(user_id: &str, id: uuid::Uuid) -> String {
    format!("{API}/{user_id}/trash/{id}")
}

/// [`TRASH_RESTORE`] of one user.
#[must_use]
pub fn trash_restore(user_id: &str, id: uuid::Uuid) -> String {
    format!("{API}/{user_id}/trash/{id}/restore")
}

/// [`EXPORT`] of one user.
#[must_use]
pub fn export(user_id: &str) -> String {
    format!("{API}/{user_id}/export")
}

/// [`IMPORT`] of one user.
#[must_use]
pub fn import(user_id: &str) -> String {
    format!("{API}/{user_id}/import")
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
        assert_eq!(lists("u"), fill(LISTS, "u", &text));
        assert_eq!(list("u", id), fill(LIST, "u", &text));
        assert_eq!(list_restore("u", id), fill(LIST_RESTORE, "u", &text));
        assert_eq!(trash("u"), fill(TRASH, "u", &text));
        assert_eq!(trashed("u", id), fill(TRASHED, "u", &text));
        assert_eq!(trash_restore("u", id), fill(TRASH_RESTORE, "u", &text));
        assert_eq!(export("u"), fill(EXPORT, "u", &text));
        assert_eq!(import("u"), fill(IMPORT, "u", &text));
    }
}
