//! What tasks and lists have in common, so that one replica keeps either in step with the server.

use super::draft::Words;
use uuid::Uuid;

/// Something that the server keeps in versions, and that a person changes.
pub trait Record {
    /// What can be changed of it.
    type Content: Members;

    /// The server's id.
    fn id(&self) -> Uuid;

    /// Raised by every change.
    fn version(&self) -> i64;

    /// What it says.
    fn content(&self) -> Self::Content;

    /// Whether the server has it in its trash.
    fn is_in_trash(&self) -> bool;
}

/// What can be changed of a record, member by member, so that two changes of different members never disturb each other.
pub trait Members: Clone + PartialEq {
    /// Three-way merge of what one side alone has changed: takes `theirs` of every member that is still as it was in
    /// `base`.
    fn rebase(&mut self, base: &Self, theirs: &Self);

    /// Rollback: takes back what was to be changed from `from` to `to`, unless something else has been asked for since.
    fn roll_back(&mut self, from: &Self, to: &Self);

    /// Three-way merge of a refused change, which was made to `base`, into what the server has now. What only one side
    /// has changed is what both want, and of what both have changed the last one wins, which is this one; but words that
    /// both have changed are left to the person, who is shown theirs and asked about the ones that are returned.
    fn merge_remote(&mut self, base: &Self, theirs: &Self) -> Option<Words>;

    /// What a person reads of it.
    fn words(&self) -> Words;

    /// Parts that belong to another record, and come and go with it.
    fn parent_id(&self) -> Option<Uuid> {
        None
    }

    /// Whether a reading of everything that is open has it.
    fn is_open(&self) -> bool {
        true
    }
}

/// Does the same with every member.
macro_rules! each_member {
    ($($member:ident),*) => {
        fn rebase(&mut self, base: &Self, theirs: &Self) {
            $(if self.$member == base.$member {
                self.$member.clone_from(&theirs.$member);
            })*
        }

        fn roll_back(&mut self, from: &Self, to: &Self) {
            $(if from.$member != to.$member && self.$member == to.$member {
                self.$member.clone_from(&from.$member);
            })*
        }
    };
}

pub(super) use each_member;
