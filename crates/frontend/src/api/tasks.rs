//! The endpoints of `/api/{user_id}/tasks` that the app needs, a function each. Completing a task is an update like
//! any other: sent twice it does no harm, which toggling would.

use super::{Call, Client, Failure};
use shared::paths;
use shared::tasks::{CreateTask, Task, UpdateTask};
use uuid::Uuid;

impl Client {
    /// All tasks, newest first.
    pub async fn list_tasks(&self) -> Result<Vec<Task>, Failure> {
        self.send(&Call::new("GET", paths::tasks(self.user_id()))).await
    }

    /// Adds a task.
    pub async fn create_task(&self, task: &CreateTask) -> Result<Task, Failure> {
        self.send(&Call::new("POST", paths::tasks(self.user_id())).json(task))
            .await
    }

    /// Changes what `changes` names of a task.
    pub async fn update_task(&self, id: Uuid, changes: &UpdateTask) -> Result<Task, Failure> {
        self.send(&Call::new("PUT", paths::task(self.user_id(), id)).json(changes))
            .await
    }

    /// Deletes a task, even while the page is going away.
    pub async fn delete_task(&self, id: Uuid) -> Result<(), Failure> {
        let call = Call::new("DELETE", paths::task(self.user_id(), id)).keepalive(true);
        self.send_only(&call).await
    }
}
