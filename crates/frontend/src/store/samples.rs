//! Which tasks are the samples that a new account begins with.

use crate::browser;
use uuid::Uuid;

/// Where this browser remembers which tasks these are.
const KEY: &str = "taskward.samples";

/// The samples of this browser.
pub fn remembered() -> Vec<Uuid> {
    let kept = browser::local_storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    kept.unwrap_or_default()
        .split(',')
        .filter_map(|id| id.parse().ok())
        .collect()
}

/// Remembers which tasks these are, by their ids with commas between them.
pub fn remember(ids: &str) {
    if let Some(storage) = browser::local_storage() {
        // Without it the samples are tasks like any other.
        let _ = storage.set_item(KEY, ids);
    }
}

/// The samples are gone.
pub fn forget() {
    if let Some(storage) = browser::local_storage() {
        // Harmless if it stays: the tasks it names are gone.
        let _ = storage.remove_item(KEY);
    }
}
