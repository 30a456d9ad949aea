//! The endpoints of `/api/{user_id}/lists`, a function each.

use super::call::Call;
use super::client::Client;
use super::failure::Failure;
use shared::lists::{CreateList, List, UpdateList};
use shared::paths;
use uuid::Uuid;

impl Client {
    /// All lists, in order.
    pub async fn lists(&self) -> Result<Vec<List>, Failure> {
        self.send(&Call::new("GET", paths::lists(self.user_id()))).await
    }

    /// Adds a list.
    pub async fn create_list(&self, list: &CreateList) -> Result<List, Failure> {
        self.send(&Call::new("POST", paths::lists(self.user_id())).json(list))
            .await
    }

    /// Changes what `changes` names of a list, if nobody has changed it since it was this version.
    pub async fn update_list(&self, id: Uuid, version: i64, changes: &UpdateList) -> Result<List, Failure> {
        let call = Call::new("PUT", paths::list(self.user_id(), id)).json(changes);
        self.send(&call.if_match(version)).await
    }

    /// Puts a list and its tasks into the trash.
    pub async fn delete_list(&self, id: Uuid) -> Result<(), Failure> {
        self.send_only(&Call::new("DELETE", paths::list(self.user_id(), id)))
            .await
    }

    /// Takes a list out of the trash, and the tasks that went with it.
    pub async fn restore_list(&self, id: Uuid) -> Result<List, Failure> {
        self.send(&Call::new("POST", paths::list_restore(self.user_id(), id)))
            .await
    }
}
