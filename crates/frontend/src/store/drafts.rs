//! Words that a person has typed and the server does not have yet. They live as long as the tab, so that neither a
//! session that ends nor a reload loses them, and only for the account that they were typed in.

use crate::browser;
use crate::tasks::quick_add::Draft;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const KEY: &str = "taskward.drafts";

/// The words of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What to do.
    pub title: String,
    /// More about it.
    pub description: String,
}

/// What stands in a task's editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Which task.
    pub id: Uuid,
    /// Its words.
    pub words: Words,
}

/// All words of one account that are not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unsent {
    /// Whose words they are.
    user_id: String,
    /// What stands in the field for a new task.
    new_task: Draft,
    /// New tasks that could not be added, while the field was already in use for the next one.
    tray: Vec<Draft>,
    /// Open editors.
    edits: Vec<Edit>,
}

impl Unsent {
    /// Keeps the words of this account, and drops those of any other.
    fn belong_to(&mut self, user_id: &str) {
        if self.user_id != user_id {
            *self = Self {
                user_id: user_id.to_owned(),
                ..Self::default()
            };
        }
    }

    /// Gives the words of a task that could not be added back to the field, or keeps them aside if it is in use.
    fn put_back(&mut self, draft: Draft) {
        if self.new_task.is_empty() {
            self.new_task = draft;
        } else {
            self.tray.push(draft);
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::quick_add::Line;

    fn words(title: &str) -> Words {
        Words {
            title: title.to_owned(),
            description: String::new(),
        }
    }

    fn draft(line: &str) -> Draft {
        Draft {
            line: Line::new(line),
            description: String::new(),
        }
    }

    #[test]
    fn words_survive_storage() {
        let mut unsent = Unsent::default();
        unsent.belong_to("ada");
        unsent.put_back(draft("milk"));
        unsent.edits.push(Edit {
            id: Uuid::from_u128(7),
            words: words("bread"),
        });
        let text = serde_json::to_string(&unsent).unwrap();
        assert_eq!(serde_json::from_str::<Unsent>(&text).unwrap(), unsent);
    }

    #[test]
    fn words_of_another_version_of_the_app_are_read_as_far_as_they_go() {
        let unsent: Unsent = serde_json::from_str(r#"{"user_id":"ada","new":1}"#).unwrap();
        assert_eq!(unsent.user_id, "ada");
    }

    #[test]
    fn the_same_account_finds_its_words_and_another_one_does_not() {
        let mut unsent = Unsent::default();
        unsent.belong_to("ada");
        unsent.put_back(draft("milk"));
        unsent.belong_to("ada");
        assert_eq!(unsent.new_task, draft("milk"));
        unsent.belong_to("eve");
        assert!(unsent.new_task.is_empty());
    }

    #[test]
    fn a_field_in_use_is_not_overwritten() {
        let mut unsent = Unsent {
            new_task: draft("half a thought"),
            ..Unsent::default()
        };
        unsent.put_back(draft("milk"));
        assert_eq!(unsent.new_task, draft("half a thought"));
        assert_eq!(unsent.tray, [draft("milk")]);
    }
}
