//! What a person can change of a list.

use super::draft::Words;
use super::record::{Members, Record, each_member};
use shared::lists::{List, ListColor, UpdateList};
use shared::position::Position;
use shared::text::Name;
use uuid::Uuid;

/// What can be changed of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListContent {
    /// What it is called.
    pub name: Name,
    /// Its colour.
    pub color: ListColor,
    /// Its place among the lists.
    pub position: Position,
    /// Whether it is kept, but out of the way.
    pub archived: bool,
}

impl ListContent {
    /// The request that leads from `base` to this.
    pub fn changes_since(&self, base: &Self) -> UpdateList {
        UpdateList {
            name: (self.name != base.name).then(|| self.name.clone()),
            color: (self.color != base.color).then_some(self.color),
            position: (self.position != base.position).then(|| self.position.clone()),
            archived: (self.archived != base.archived).then_some(self.archived),
        }
    }

    /// The list as the person sees it.
    pub fn over(&self, base: &List) -> List {
        List {
            name: self.name.as_str().to_owned(),
            color: self.color,
            position: self.position.clone(),
            archived: self.archived,
            ..base.clone()
        }
    }
}

impl Record for List {
    type Content = ListContent;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn content(&self) -> ListContent {
        ListContent {
            name: Name::from_trusted(self.name.clone()),
            color: self.color,
            position: self.position.clone(),
            archived: self.archived,
        }
    }

    fn is_in_trash(&self) -> bool {
        false
    }
}

impl Members for ListContent {
    each_member!(name, color, position, archived);

    // A name is a word or two: the last one wins.
    fn merge_remote(&mut self, base: &Self, theirs: &Self) -> Option<Words> {
        self.rebase(base, theirs);
        None
    }

    fn words(&self) -> Words {
        Words {
            title: self.name.as_str().to_owned(),
            description: String::new(),
        }
    }
}
