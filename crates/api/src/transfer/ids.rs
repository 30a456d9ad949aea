//! Ids of what has none, or one of another program's: the same file gives the same ones, so that importing it twice adds
//! nothing.

use std::collections::HashMap;
use uuid::{Uuid, uuid};

/// The namespace of these ids (RFC 9562 §5.5). It must never change.
const NAMESPACE: Uuid = uuid!("fc2716b6-7629-4223-9efc-045851f86783");

/// Gives ids, and counts how often the same was asked for.
#[derive(Debug, Default)]
pub(super) struct Ids {
    seen: HashMap<Uuid, u32>,
}

impl Ids {
    /// The id of an item that its file gives this id. One that is a UUID is kept: it may be our own.
    pub(super) fn of_uid(uid: &str) -> Uuid {
        let uid = uid.trim();
        let own = Uuid::try_parse(uid.strip_prefix("urn:uuid:").unwrap_or(uid));
        own.ok().filter(|id| !id.is_nil()).unwrap_or_else(|| of("uid", uid))
    }

    /// The id of a list that is known by its name.
    pub(super) fn of_list(name: &str) -> Uuid {
        of("list", &name.to_lowercase())
    }

    /// The id of what was done of an item, among all that its file gives this id.
    pub(super) fn of_past(uid: Uuid, when: &str) -> Uuid {
        of("past", &format!("{uid}\n{when}"))
    }

    /// The id of a task that holds what a task's description had no room for.
    pub(super) fn of_rest(task: Uuid, number: usize) -> Uuid {
        of("rest", &format!("{task}\n{number}"))
    }

    /// The id of a row that says this. A second row that says the same has another one.
    pub(super) fn of_row(&mut self, row: &str) -> Uuid {
        let id = of("row", row);
        let count = self.seen.entry(id).or_default();
        *count += 1;
        match count {
            1 => id,
            count => of(&format!("row {count}"), row),
        }
    }
}

fn of(kind: &str, text: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{kind}\n{text}").as_bytes())
}
