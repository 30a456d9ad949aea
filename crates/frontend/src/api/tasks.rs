//! The endpoints of `/api/{user_id}/tasks` and of the trash that the app needs, a function each. Completing a task is an
//! update like any other: sent twice it does no harm, which toggling would.

use super::call::{Call, Page};
use super::client::Client;
use super::failure::Failure;
use shared::paths;
use shared::query::TaskQuery;
use shared::tasks::{ChangeTasks, CreateTask, Task, UpdateTask};
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

    /// What is in the trash, the last deleted first.
    pub async fn trash(&self) -> Result<Page<Task>, Failure> {
        let path = format!("{}?limit={}", paths::trash(self.user_id()), TaskQuery::MAX_LIMIT);
        self.send_page(&Call::new("GET", path)).await
    }

    /// Deletes all that is in the trash for good.
    pub async fn empty_trash(&self) -> Result<(), Failure> {
        self.send_only(&Call::new("DELETE", paths::trash(self.user_id()))).await
    }

    /// The request that adds a task.
    pub fn create_task(&self, task: &CreateTask) -> Call {
        Call::new("POST", paths::tasks(self.user_id())).json(task)
    }

    /// The request that changes what `changes` names of a task, if nobody has changed it since it was this version.
    pub fn update_task(&self, id: Uuid, version: i64, changes: &UpdateTask) -> Call {
        let call = Call::new("PUT", paths::task(self.user_id(), id)).json(changes);
        call.if_match(version).keepalive(true)
    }

    /// The request that applies one change to many tasks.
    pub fn update_tasks(&self, change: &ChangeTasks) -> Call {
        Call::new("PATCH", paths::tasks(self.user_id())).json(change)
    }

    /// The request that puts a task into the trash, even while the page is going away.
    pub fn delete_task(&self, id: Uuid) -> Call {
        Call::new("DELETE", paths::task(self.user_id(), id)).keepalive(true)
    }

    /// The request that takes a task out of the trash.
    pub fn restore_task(&self, id: Uuid) -> Call {
        Call::new("POST", paths::trash_restore(self.user_id(), id))
    }

    /// The request that deletes a task of the trash for good.
    pub fn purge_task(&self, id: Uuid) -> Call {
        Call::new("DELETE", paths::trashed(self.user_id(), id))
    }
}
