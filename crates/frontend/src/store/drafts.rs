//! Words that a person has typed and the server does not have yet. They live as long as the tab, so that neither a
//! session that ends nor a reload loses them, and only for the account that they were typed in.

use crate::browser;
use crate::model::draft::{Draft, Edit, Unsent, Words};
use leptos::prelude::*;
use uuid::Uuid;

const KEY: &str = "taskward.drafts";

/// The words that are not sent, for whoever writes them.
#[derive(Clone, Copy)]
pub struct Drafts(RwSignal<Unsent>);

impl Drafts {
    /// Finds what an earlier visit in this tab has left.
    pub fn load() -> Self {
        let stored = browser::session_storage()
            .and_then(|storage| storage.get_item(KEY).ok().flatten())
            .and_then(|text| serde_json::from_str(&text).ok());
        Self(RwSignal::new(stored.unwrap_or_default()))
    }

    /// Keeps the words of this account, and drops those of any other.
    pub fn belong_to(self, user_id: &str) {
        self.change(|unsent| unsent.belong_to(user_id));
    }

    /// Drops everything: the person has left.
    pub fn forget(self) {
        self.change(|unsent| *unsent = Unsent::default());
    }

    /// What stands in the field for a new task, as it changes.
    pub fn new_task(self) -> Draft {
        self.0.with(|unsent| unsent.new_task.clone())
    }

    /// What stands in the field for a new task now.
    pub fn new_task_now(self) -> Draft {
        self.0.with_untracked(|unsent| unsent.new_task.clone())
    }

    /// Whether nothing stands in the field for a new task.
    pub fn is_new_task_empty(self) -> bool {
        self.0.with_untracked(|unsent| unsent.new_task.is_empty())
    }

    /// Keeps what stands in the field for a new task.
    pub fn set_new_task(self, draft: Draft) {
        self.change(|unsent| unsent.new_task = draft);
    }

    /// Gives the words of a task that could not be added back.
    pub fn put_back(self, draft: Draft) {
        self.change(|unsent| unsent.put_back(draft));
    }

    /// New tasks that could not be added, as they come and go.
    pub fn tray(self) -> Vec<Draft> {
        self.0.with(|unsent| unsent.tray.clone())
    }

    /// Takes words out of the tray.
    pub fn take_from_tray(self, draft: &Draft) {
        self.change(|unsent| {
            if let Some(place) = unsent.tray.iter().position(|kept| kept == draft) {
                unsent.tray.remove(place);
            }
        });
    }

    /// Open editors.
    pub fn edits(self) -> Vec<Edit> {
        self.0.with_untracked(|unsent| unsent.edits.clone())
    }

    /// What stands in a task's editor and is not sent yet.
    pub fn edit(self, id: Uuid) -> Option<Words> {
        self.0.with_untracked(|unsent| {
            let edit = unsent.edits.iter().find(|edit| edit.id == id);
            edit.map(|edit| edit.words.clone())
        })
    }

    /// Keeps what stands in a task's editor.
    pub fn set_edit(self, id: Uuid, words: Words) {
        self.change(|unsent| {
            unsent.edits.retain(|edit| edit.id != id);
            unsent.edits.push(Edit { id, words });
        });
    }

    /// A task's editor is closed for good: its words are saved, or given up.
    pub fn drop_edit(self, id: Uuid) {
        self.change(|unsent| unsent.edits.retain(|edit| edit.id != id));
    }

    fn change(self, change: impl FnOnce(&mut Unsent)) {
        self.0.update(change);
        let text = self
            .0
            .with_untracked(|unsent| serde_json::to_string(unsent).unwrap_or_default());
        if let Some(storage) = browser::session_storage() {
            // Full or forbidden storage: the words still live in memory.
            let _ = storage.set_item(KEY, &text);
        }
    }
}
