//! Tasks as they go over the wire.

use crate::db::tasks;
use crate::error::ApiError;
use actix_web::http::header::{ContentType, ETAG, LINK};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::{Serialize, Serializer as _};
use shared::due::Due;
use shared::instant::Instant;
use shared::position::Position;
use shared::priority::Priority;
use shared::recurrence::Recurrence;
use shared::tasks::{SubtaskProgress, Task};
use std::borrow::Cow;
use uuid::Uuid;

/// Bytes of a task's JSON; of most of them somewhat less.
const USUAL_LENGTH: usize = 640;

/// A task, and its version as the `ETag`.
pub(crate) fn answer(mut response: HttpResponseBuilder, row: tasks::Task, user_id: &str) -> HttpResponse {
    response.insert_header((ETAG, format!("\"{}\"", row.version)));
    response.json(wire(row, user_id))
}

/// Tasks, and where the next page of them is: at this path, with that query. Written row by row, into room for tasks of a
/// usual length: a list of them all, and growing, would cost more than writing. `serde_json` would take half as long again.
pub(crate) fn answer_list(rows: &[tasks::Task], user_id: &str, path: &str, next: Option<String>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(next) = next {
        response.insert_header((LINK, format!("<{path}?{next}>; rel=\"next\"")));
    }
    let mut body = Vec::with_capacity(2 + rows.len() * USUAL_LENGTH);
    let tasks = rows.iter().map(|row| Written::of(row, user_id));
    match sonic_rs::Serializer::new(&mut body).collect_seq(tasks) {
        Ok(()) => response.content_type(ContentType::json()).body(body),
        Err(error) => HttpResponse::from_error(ApiError::Internal(error.into())),
    }
}

/// A task of somebody's.
pub(crate) fn wire(row: tasks::Task, user_id: &str) -> Task {
    let Written {
        id,
        completed,
        created_at,
        updated_at,
        due,
        priority,
        tags,
        list_id,
        parent_id,
        subtasks,
        recurrence,
        completed_at,
        deleted_at,
        version,
        ..
    } = Written::of(&row, user_id);
    Task {
        id,
        user_id: user_id.to_owned(),
        completed,
        created_at: created_at.0,
        updated_at: updated_at.0,
        due,
        priority,
        tags,
        list_id,
        parent_id,
        subtasks,
        recurrence,
        completed_at: completed_at.map(|instant| instant.0),
        deleted_at: deleted_at.map(|instant| instant.0),
        version,
        position: Position::try_from(row.position).unwrap_or_else(|_| Position::from_instant(created_at.0)),
        title: row.title,
        description: row.description,
    }
}

/// A [`Task`] that is written straight from its row: to copy its texts first would take a fourth of the time.
#[derive(Serialize)]
struct Written<'a> {
    id: Uuid,
    user_id: &'a str,
    title: &'a str,
    description: Option<&'a str>,
    completed: bool,
    created_at: Instant,
    updated_at: Instant,
    due: Option<Due>,
    priority: Priority,
    tags: Vec<String>,
    list_id: Option<Uuid>,
    position: Cow<'a, str>,
    parent_id: Option<Uuid>,
    subtasks: SubtaskProgress,
    recurrence: Option<Recurrence>,
    completed_at: Option<Instant>,
    deleted_at: Option<Instant>,
    version: i64,
}

impl<'a> Written<'a> {
    fn of(row: &'a tasks::Task, user_id: &'a str) -> Self {
        let count = |number: i64| u32::try_from(number).unwrap_or_default();
        let created_at = row.created_at.into();
        Self {
            id: row.id.into(),
            user_id,
            title: &row.title,
            description: row.description.as_deref(),
            completed: row.completed,
            created_at: Instant(created_at),
            updated_at: Instant(row.updated_at.into()),
            due: row.due(),
            priority: u8::try_from(row.priority)
                .ok()
                .and_then(|number| Priority::try_from(number).ok())
                .unwrap_or_default(),
            // Of most tasks there is nothing to parse.
            tags: match row.tags.as_str() {
                "[]" => Vec::new(),
                tags => serde_json::from_str(tags).unwrap_or_default(),
            },
            list_id: row.list_id.map(Into::into),
            position: if Position::is_valid(&row.position) {
                Cow::Borrowed(&row.position)
            } else {
                Cow::Owned(Position::from_instant(created_at).as_str().to_owned())
            },
            parent_id: row.parent_id.map(Into::into),
            subtasks: SubtaskProgress {
                total: count(row.subtasks_total),
                completed: count(row.subtasks_completed),
            },
            recurrence: row.recurrence.as_deref().and_then(|text| Recurrence::parse(text).ok()),
            // A server of the version before does not say when.
            completed_at: row
                .completed
                .then(|| Instant(row.completed_at.unwrap_or(row.updated_at).into())),
            deleted_at: row.deleted_at.map(|instant| Instant(instant.into())),
            version: row.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{answer_list, wire};
    use crate::db::tasks::Task;
    use crate::db::types::{ListId, TaskId, UtcTime};
    use crate::page::tests::task;
    use actix_web::body::MessageBody as _;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_list_is_written_as_its_tasks_are(title in "(?s).*", description in proptest::option::of("(?s).*")) {
            let plain = Task { title, description, ..task() };
            let rich = Task {
                due_zone: Some("Europe/Berlin".to_owned()),
                tags: r#"["flat","Grüße"]"#.to_owned(),
                list_id: Some(ListId::generate()),
                parent_id: Some(TaskId::generate()),
                subtasks_total: 3,
                recurrence: Some("FREQ=DAILY".to_owned()),
                completed_at: None,
                deleted_at: Some(UtcTime::now()),
                ..task()
            };
            let odd = Task { position: "no position".to_owned(), completed: false, due_order: None, ..task() };
            let tasks = [plain, rich, odd];
            let expected = serde_json::to_vec(&tasks.clone().map(|task| wire(task, "ada"))).unwrap();
            let written = answer_list(&tasks, "ada", "/", None).into_body().try_into_bytes().ok();
            prop_assert_eq!(written.as_deref(), Some(expected.as_slice()));
        }
    }
}
