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

    /// The request that adds a list.
    pub fn create_list(&self, list: &CreateList) -> Call {
        Call::new("POST", paths::lists(self.user_id())).json(list)
    }

    /// The request that changes what `changes` names of a list, if nobody has changed it since it was this version.
    pub fn update_list(&self, id: Uuid, version: i64, changes: &UpdateList) -> Call {
        let call = Call::new("PUT", paths::list(self.user_id(), id)).json(changes);
        call.if_match(version)
    }

    /// The request that puts a list and its tasks into the trash.
    pub fn delete_list(&self, id: Uuid) -> Call {
        Call::new("DELETE", paths::list(self.user_id(), id))
    }

    /// The request that takes a list out of the trash, and the tasks that went with it.
    pub fn restore_list(&self, id: Uuid) -> Call {
        Call::new("POST", paths::list_restore(self.user_id(), id))
    }
}
