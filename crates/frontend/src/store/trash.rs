//! What was deleted, and how it comes back.

use super::report::shorten;
use super::state::TaskStore;
use crate::api::{Failure, Page};
use crate::ui::toast::Toast;
use leptos::prelude::*;
use shared::tasks::Task;
use uuid::Uuid;

impl TaskStore {
    /// What is in the trash, from the beginning or from where a page before ends.
    pub async fn read_trash(self, next: Option<&str>) -> Result<Page<Task>, Failure> {
        let client = self.client.get_value();
        match next {
            Some(next) => client.more_tasks(next).await,
            None => client.trash().await,
        }
    }

    /// Takes a task out of the trash. `false` if that could not be done.
    pub async fn restore(self, id: Uuid, title: &str) -> bool {
        let client = self.client.get_value();
        match client.restore_task(id).await {
            Ok(_) => {
                self.refresh();
                self.toaster.show(Toast::info(format!("“{}” is back", shorten(title))));
                true
            }
            Err(failure) => {
                self.report_failure(&format!("Couldn’t bring back “{}”.", shorten(title)), &failure);
                false
            }
        }
    }

    /// Deletes what is in the trash for good: one task, or all. `false` if that could not be done.
    pub async fn empty_trash(self, only: Option<Uuid>) -> bool {
        let client = self.client.get_value();
        match client.empty_trash(only).await {
            Ok(()) => true,
            Err(failure) => {
                self.report_failure("Couldn’t empty the trash.", &failure);
                false
            }
        }
    }
}
