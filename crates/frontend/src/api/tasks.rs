//! The endpoints of `/api/{user_id}/tasks` and of the trash that the app needs, a function each. Completing a task is an
//! update like any other: sent twice it does no harm, which toggling would.

use super::call::{Call, Page};
use super::client::Client;
use super::failure::Failure;
use shared::paths;
use shared::query::TaskQuery;
use shared::tasks::{ChangeTasks, CreateTask, Task, TasksChanged, UpdateTask};
use uuid::Uuid;

impl Client {
    /// The first of the tasks that the query means.
    pub async fn query_tasks(&self, query: TaskQuery) -> Result<Page<Task>, Failure> {
        let query = TaskQuery {
            limit: Some(TaskQuery::MAX_LIMIT),
            ..query
        };
        let path = format!("{}?{}", paths::tasks(self.user_id()), query.to_query_string());
        self.send_page(&Call::new("GET", path)).await
    }

    /// One task.
    pub async fn task(&self, id: Uuid) -> Result<Task, Failure> {
        self.send(&Call::new("GET", paths::task(self.user_id(), id))).await
    }

    /// The tasks that follow, from where the pages before them say so.
    pub async fn more_tasks(&self, next: &str) -> Result<Page<Task>, Failure> {
        self.send_page(&Call::new("GET", next)).await
    }

    /// Adds a task.
    pub async fn create_task(&self, task: &CreateTask) -> Result<Task, Failure> {
        self.send(&Call::new("POST", paths::tasks(self.user_id())).json(task))
            .await
    }

    /// Changes what `changes` names of a task, if nobody has changed it since it was this version.
    pub async fn update_task(&self, id: Uuid, version: i64, changes: &UpdateTask) -> Result<Task, Failure> {
        let call = Call::new("PUT", paths::task(self.user_id(), id)).json(changes);
        self.send(&call.if_match(version).keepalive(true)).await
    }

    /// Applies one change to many tasks.
    pub async fn update_tasks(&self, change: &ChangeTasks) -> Result<TasksChanged, Failure> {
        self.send(&Call::new("PATCH", paths::tasks(self.user_id())).json(change))
            .await
    }

    /// Puts a task into the trash, even while the page is going away.
    pub async fn delete_task(&self, id: Uuid) -> Result<(), Failure> {
        let call = Call::new("DELETE", paths::task(self.user_id(), id)).keepalive(true);
        self.send_only(&call).await
    }

    /// What is in the trash, the last deleted first.
    pub async fn trash(&self) -> Result<Page<Task>, Failure> {
        let path = format!("{}?limit={}", paths::trash(self.user_id()), TaskQuery::MAX_LIMIT);
        self.send_page(&Call::new("GET", path)).await
    }

    /// Takes a task out of the trash.
    pub async fn restore_task(&self, id: Uuid) -> Result<Task, Failure> {
        self.send(&Call::new("POST", paths::trash_restore(self.user_id(), id)))
            .await
    }

    /// Deletes what is in the trash for good: one task, or all there is.
    pub async fn empty_trash(&self, only: Option<Uuid>) -> Result<(), Failure> {
        let path = match only {
            Some(id) => paths::trashed(self.user_id(), id),
            None => paths::trash(self.user_id()),
        };
        self.send_only(&Call::new("DELETE", path)).await
    }
}
