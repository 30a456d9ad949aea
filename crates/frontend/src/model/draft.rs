//! Drafts: words that a person has typed and the server does not have yet.

use super::input_line::InputLine;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    pub user_id: String,
    /// What stands in the field for a new task.
    pub new_task: Draft,
    /// New tasks that could not be added, while the field was already in use for the next one.
    pub tray: Vec<Draft>,
    /// Open editors.
    pub edits: Vec<Edit>,
}

impl Unsent {
    /// Keeps the words of this account, and drops those of any other.
    pub fn belong_to(&mut self, user_id: &str) {
        if self.user_id != user_id {
            *self = Self {
                user_id: user_id.to_owned(),
                ..Self::default()
            };
        }
    }

    /// Gives the words of a task that could not be added back to the field, or keeps them aside if it is in use.
    pub fn put_back(&mut self, draft: Draft) {
        if self.new_task.is_empty() {
            self.new_task = draft;
        } else {
            self.tray.push(draft);
        }
    }
}

/// What stands in the fields for a new task: worth keeping until it is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The line.
    pub line: InputLine,
    /// More about it.
    pub description: String,
}

impl Draft {
    /// Nothing that would be missed.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty() && self.description.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(title: &str) -> Words {
        Words {
            title: title.to_owned(),
            description: String::new(),
        }
    }

    fn draft(line: &str) -> Draft {
        Draft {
            line: InputLine::new(line),
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
