//! Writes lists of tasks as JSON (RFC 8259): what `serde_json` would write, to the byte. The names of members are written as
//! they stand here, with all that is between two values in one piece, and ids and instants as they are, since there is nothing
//! in them to escape. Through a serialiser, sonic-rs' included, each of them is looked at anew: three times the work, and an
//! eighth of what the list that is asked for most costs the server.

use crate::error::ApiError;
use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::instant;
use shared::tasks::{SubtaskProgress, Task};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// Bytes of a task's JSON; of most of them somewhat less.
const USUAL_LENGTH: usize = 640;

/// These tasks of one person. Whose they are is written for each of them, but need not be in them.
///
/// # Errors
/// If there is an instant among them that cannot be written.
pub(super) fn list(tasks: impl ExactSizeIterator<Item = Task>, user_id: &str) -> Result<Vec<u8>, ApiError> {
    // Room for all: growing would cost more than writing.
    let mut json = Json(Vec::with_capacity(2 + tasks.len() * USUAL_LENGTH));
    let mut owner = Json(Vec::new());
    owner.value(&user_id)?;
    json.raw("[");
    for (at, task) in tasks.enumerate() {
        if at > 0 {
            json.raw(",");
        }
        json.task(&task, &owner)?;
    }
    json.raw("]");
    Ok(json.0)
}

struct Json(Vec<u8>);

impl Json {
    fn task(&mut self, task: &Task, owner: &Self) -> Result<(), ApiError> {
        let Task {
            id: task_id,
            user_id: _,
            title,
            description,
            completed,
            created_at,
            updated_at,
            due,
            priority,
            tags,
            list_id,
            position,
            parent_id,
            subtasks:
                SubtaskProgress {
                    total,
                    completed: subtasks_completed,
                },
            recurrence,
            completed_at,
            deleted_at,
            version,
        } = task;
        self.raw(r#"{"id":"#);
        self.plain(id(*task_id));
        self.raw(r#","user_id":"#);
        self.0.extend_from_slice(&owner.0);
        self.raw(r#","title":"#);
        self.value(title)?;
        self.raw(r#","description":"#);
        self.value(description)?;
        self.raw(if *completed {
            r#","completed":true,"created_at":"#
        } else {
            r#","completed":false,"created_at":"#
        });
        self.plain(instant(*created_at)?);
        self.raw(r#","updated_at":"#);
        self.plain(instant(*updated_at)?);
        self.raw(r#","due":"#);
        self.value(due)?;
        self.raw(r#","priority":"#);
        self.value(priority)?;
        self.raw(r#","tags":"#);
        self.value(tags)?;
        self.raw(r#","list_id":"#);
        self.plain_or_null(list_id.map(id));
        self.raw(r#","position":"#);
        self.value(position)?;
        self.raw(r#","parent_id":"#);
        self.plain_or_null(parent_id.map(id));
        self.raw(r#","subtasks":{"total":"#);
        self.value(total)?;
        self.raw(r#","completed":"#);
        self.value(subtasks_completed)?;
        self.raw(r#"},"recurrence":"#);
        self.value(recurrence)?;
        self.raw(r#","completed_at":"#);
        self.plain_or_null(completed_at.map(instant).transpose()?);
        self.raw(r#","deleted_at":"#);
        self.plain_or_null(deleted_at.map(instant).transpose()?);
        self.raw(r#","version":"#);
        self.value(version)?;
        self.raw("}");
        Ok(())
    }

    fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &impl Serialize) -> Result<(), ApiError> {
        value
            .serialize(&mut sonic_rs::Serializer::new(&mut self.0))
            .map_err(|error| ApiError::Internal(error.into()))
    }

    /// Text in which there is nothing to escape.
    fn plain(&mut self, text: impl AsRef<[u8]>) {
        self.raw("\"");
        self.0.extend_from_slice(text.as_ref());
        self.raw("\"");
    }

    fn plain_or_null(&mut self, text: Option<impl AsRef<[u8]>>) {
        match text {
            Some(text) => self.plain(text),
            None => self.raw("null"),
        }
    }
}

fn id(id: Uuid) -> [u8; Hyphenated::LENGTH] {
    let mut text = [0; Hyphenated::LENGTH];
    id.hyphenated().encode_lower(&mut text);
    text
}

fn instant(instant: DateTime<Utc>) -> Result<[u8; 27], ApiError> {
    instant::text_of(instant).ok_or_else(|| ApiError::Internal("the year does not have four digits".into()))
}
