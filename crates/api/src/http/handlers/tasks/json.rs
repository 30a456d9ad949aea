//! Writes lists of tasks as JSON (RFC 8259): what `serde_json` would write, to the byte. The names of members are written as
//! they stand here, with all that is between two values in one piece, and ids and instants as they are, since there is nothing
//! in them to escape. Through a serialiser each of them is looked at anew: three times the work, and an eighth of what the list
//! that is asked for most costs the server.

use crate::db::task_row::Task;
use crate::db::types::UtcTime;
use crate::http::error::ApiError;
use serde::Serialize;
use shared::instant::Instants;
use shared::position::Position;
use shared::tasks::SubtaskProgress;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// Bytes of a task's JSON; of most of them somewhat less.
const USUAL_LENGTH: usize = 640;

/// A list that is being written.
pub(crate) struct Json {
    text: Vec<u8>,
    /// Whether no task is in the list yet.
    empty: bool,
    /// Whose the tasks are, as it stands in each of them.
    owner: Vec<u8>,
    instants: Instants,
    failure: Option<ApiError>,
}

impl Json {
    /// An empty list of this person's, with room for so many tasks: growing would cost more than writing.
    pub(super) fn list(user_id: &str, tasks: usize) -> Self {
        let mut list = Self {
            text: Vec::new(),
            empty: true,
            owner: Vec::new(),
            instants: Instants::default(),
            failure: None,
        };
        list.value(&user_id);
        list.owner = std::mem::replace(&mut list.text, Vec::with_capacity(2 + tasks * USUAL_LENGTH));
        list.raw("[");
        list
    }

    /// Adds a task.
    pub(super) fn push(&mut self, task: &Task) {
        if !std::mem::take(&mut self.empty) {
            self.raw(",");
        }
        self.raw(r#"{"id":"#);
        self.id(task.id);
        self.raw(r#","user_id":"#);
        self.text.extend_from_slice(&self.owner);
        self.raw(r#","title":"#);
        self.text(&task.title);
        self.raw(r#","description":"#);
        self.or_null(task.description.as_deref(), Self::text);
        self.raw(if task.completed {
            r#","completed":true,"created_at":"#
        } else {
            r#","completed":false,"created_at":"#
        });
        self.instant(task.created_at);
        self.raw(r#","updated_at":"#);
        self.instant(task.updated_at);
        self.raw(r#","due":"#);
        self.value(&task.due());
        self.raw(r#","priority":"#);
        self.value(&task.priority());
        self.raw(r#","tags":"#);
        self.value(&task.tags());
        self.raw(r#","list_id":"#);
        self.or_null(task.list_id, Self::id);
        self.raw(r#","position":"#);
        if Position::is_one(&task.position) {
            self.plain(&task.position);
        } else {
            self.value(&task.position());
        }
        self.raw(r#","parent_id":"#);
        self.or_null(task.parent_id, Self::id);
        let SubtaskProgress { total, completed } = task.subtasks();
        self.raw(r#","subtasks":{"total":"#);
        self.value(&total);
        self.raw(r#","completed":"#);
        self.value(&completed);
        self.raw(r#"},"recurrence":"#);
        self.value(&task.recurrence());
        self.raw(r#","completed_at":"#);
        self.or_null(task.completed_at(), Self::instant);
        self.raw(r#","deleted_at":"#);
        self.or_null(task.deleted_at, Self::instant);
        self.raw(r#","version":"#);
        self.value(&task.version);
        self.raw("}");
    }

    /// What has been written since this was asked the last time, of a list that goes on.
    ///
    /// # Errors
    /// If there is an instant among the tasks that cannot be written.
    pub(super) fn take(&mut self) -> Result<Vec<u8>, ApiError> {
        match self.failure.take() {
            None => Ok(std::mem::take(&mut self.text)),
            Some(failure) => Err(failure),
        }
    }

    /// The text.
    ///
    /// # Errors
    /// If there is an instant among the tasks that cannot be written.
    pub(super) fn end(mut self) -> Result<Vec<u8>, ApiError> {
        self.raw("]");
        self.failure.map_or(Ok(self.text), Err)
    }

    fn raw(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &impl Serialize) {
        if let Err(error) = value.serialize(&mut serde_json::Serializer::new(&mut self.text)) {
            self.failure = Some(ApiError::Internal(error.into()));
        }
    }

    /// Text as it is, if there is nothing in it to escape (RFC 8259 §7). One look at all of it is vectorised, so that it takes a
    /// fifth of what the serialiser takes, which looks at each byte for itself.
    fn text(&mut self, text: &str) {
        let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
            self.plain(text);
        } else {
            self.value(&text);
        }
    }

    /// Text in which there is nothing to escape.
    fn plain(&mut self, text: impl AsRef<[u8]>) {
        self.raw("\"");
        self.text.extend_from_slice(text.as_ref());
        self.raw("\"");
    }

    fn or_null<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.raw("null"),
        }
    }

    fn id(&mut self, id: impl Into<Uuid>) {
        let mut text = [0; Hyphenated::LENGTH];
        id.into().hyphenated().encode_lower(&mut text);
        self.plain(text);
    }

    fn instant(&mut self, instant: UtcTime) {
        match self.instants.text_of(instant.micros()) {
            Some(text) => self.plain(text),
            None => self.failure = Some(ApiError::Internal("the year does not have four digits".into())),
        }
    }
}
