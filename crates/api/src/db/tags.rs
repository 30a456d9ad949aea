//! The tags of a task, as the columns have them.

use super::schema::tasks;
use super::search::fold;
use diesel::prelude::*;
use shared::tags::Tags;

/// The columns that say which tags a task has.
#[derive(AsChangeset, Insertable, Clone, Debug)]
#[diesel(table_name = tasks, treat_none_as_default_value = false)]
pub struct TagColumns {
    /// As typed, as a JSON array.
    tags: String,
    /// Each folded, between line breaks, which none can have; to search by.
    tag_keys: String,
}

impl TagColumns {
    /// The columns of these tags.
    #[must_use]
    pub fn new(tags: &Tags) -> Self {
        let mut tag_keys = String::new();
        for tag in tags.iter() {
            if tag_keys.is_empty() {
                tag_keys.push('\n');
            }
            tag_keys.push_str(&fold(tag));
            tag_keys.push('\n');
        }
        Self {
            tags: tags.to_json(),
            tag_keys,
        }
    }

    /// The columns as another task has them.
    pub(super) fn copied(tags: String, tag_keys: String) -> Self {
        Self { tags, tag_keys }
    }
}

impl Default for TagColumns {
    fn default() -> Self {
        Self::new(&Tags::default())
    }
}
