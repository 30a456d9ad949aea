//! What was deleted, and how it comes back: entries of the replica like any other, whose place is the trash.

use super::state::TaskStore;
use crate::api::{Failure, Page};
use crate::browser::spawn;
use crate::model::replica::{Key, Place, Replica};
use crate::ui::toast::Toast;
use crate::words::report;
use leptos::prelude::*;

impl TaskStore {
    /// Reads what is in the trash, from the beginning or from where a page before ends, in the server's order.
    pub async fn read_trash(self, next: Option<&str>) -> Result<Page<Key>, Failure> {
        // What was just deleted is in it only when the server has heard of that.
        self.flush().await;
        let client = self.client.get_value();
        let asked = self.with_untracked(Replica::now);
        let page = match next {
            Some(next) => client.more_tasks(next).await?,
            None => client.trash().await?,
        };
        let ids: Vec<_> = page.items.iter().map(|task| task.id).collect();
        self.take_in(page.items, asked);
        Ok(Page {
            items: self.keys_of(&ids),
            next: page.next,
        })
    }

    /// Takes a task out of the trash, and says so when it is out.
    pub fn restore(self, key: Key) {
        self.place_in(key, Place::Home);
        spawn(async move {
            self.flush().await;
            // The person may have signed out by now.
            let said = self.replica.try_with_untracked(|replica| {
                let entry = replica.get(key).filter(|entry| entry.base_place == Place::Home)?;
                Some(report::is_back(entry.wanted.title.as_str()))
            });
            if let Some(said) = said.flatten() {
                self.toaster.show(Toast::info(said));
            }
        });
    }

    /// Deletes a task for good.
    pub fn purge(self, key: Key) {
        self.place_in(key, Place::Gone);
    }

    fn place_in(self, key: Key, place: Place) {
        self.replica.update(|replica| replica.set_place(key, place));
        self.send(key);
    }

    /// Deletes all that is in the trash for good.
    pub async fn empty_trash(self) {
        let client = self.client.get_value();
        match client.empty_trash().await {
            Ok(()) => {
                self.replica.try_update(Replica::purged);
            }
            Err(failure) => self.report_failure(report::TRASH_NOT_EMPTIED, &failure),
        }
    }
}
